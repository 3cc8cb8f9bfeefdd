// `prefix.key` for products' own keys, remembered: building and hashing such a name for every field of every event costs more than
// reading the field.

const NAMES_MAX = 4000;

export function nativeNames(prefix: string): (key: string) => string {
  const names = new Map<string, string>();
  return (key) => {
    let name = names.get(key);
    if (name === undefined) {
      name = `${prefix}.${key}`;
      if (names.size < NAMES_MAX && key.length < 80) names.set(key, name);
    }
    return name;
  };
}
