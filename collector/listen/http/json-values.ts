// Finds JSON values in bytes without reading them, so that what is kept of a body is what came: values one behind the other, the
// elements of a list, the members of an object. Strings and brackets are followed; what stands between them is the reader's business.
const QUOTE = 34, BACKSLASH = 92, COMMA = 44, COLON = 58, OPEN = new Set([123, 91]), CLOSE = new Set([125, 93]), SPACE = new Set([32, 9, 10, 13]);
const BRACKET = 91, BRACE = 123, CLOSE_BRACKET = 93, CLOSE_BRACE = 125;

/** Values one behind the other, white space between them or none; a list alone counts as its elements. Undefined: not JSON. */
export function valuesOf(bytes: Buffer): Buffer[] | undefined {
  const values: Buffer[] = [];
  for (let at = skip(bytes, 0); at < bytes.length;) {
    const end = valueEnd(bytes, at);
    if (end < 0) return undefined;
    values.push(bytes.subarray(at, end));
    at = skip(bytes, end);
  }
  const [first] = values;
  return values.length === 1 && first?.[0] === BRACKET ? elementsOf(first) : values;
}

/** The elements of a list. Undefined: not one. */
export function elementsOf(list: Buffer): Buffer[] | undefined {
  const elements: Buffer[] = [];
  return list[0] === BRACKET && inside(list, CLOSE_BRACKET, (at) => {
    const end = valueEnd(list, at);
    if (end >= 0) elements.push(list.subarray(at, end));
    return end;
  }) ? elements : undefined;
}

/** The members of an object by their names as written; of a name that stands twice the last. Undefined: not one. */
export function membersOf(object: Buffer): Map<string, Buffer> | undefined {
  const members = new Map<string, Buffer>();
  return object[0] === BRACE && inside(object, CLOSE_BRACE, (at) => {
    const nameEnd = object[at] === QUOTE ? stringEnd(object, at) : -1, colon = nameEnd < 0 ? -1 : skip(object, nameEnd);
    if (colon < 0 || object[colon] !== COLON) return -1;
    const valueAt = skip(object, colon + 1), end = valueEnd(object, valueAt);
    if (end >= 0) members.set(object.toString('utf8', at + 1, nameEnd - 1), object.subarray(valueAt, end));
    return end;
  }) ? members : undefined;
}

// Goes through what stands between the brackets, comma by comma; `read` answers where an item ends, -1 where it is none.
function inside(bytes: Buffer, close: number, read: (at: number) => number): boolean {
  let at = skip(bytes, 1);
  if (bytes[at] === close) return true;
  for (;;) {
    const end = read(at);
    if (end < 0) return false;
    at = skip(bytes, end);
    if (bytes[at] === close) return true;
    if (bytes[at] !== COMMA) return false;
    at = skip(bytes, at + 1);
  }
}

function skip(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && SPACE.has(bytes[at] as number)) at++;
  return at;
}

/** Behind the value that begins at `at`; -1 where it has no end. */
function valueEnd(bytes: Buffer, at: number): number {
  const first = bytes[at];
  if (first === undefined) return -1;
  if (first === QUOTE) return stringEnd(bytes, at);
  if (!OPEN.has(first)) {
    let end = at;
    for (; end < bytes.length; end++) {
      const byte = bytes[end] as number;
      if (byte === COMMA || byte === COLON || byte === QUOTE || SPACE.has(byte) || OPEN.has(byte) || CLOSE.has(byte)) break;
    }
    return end === at ? -1 : end;
  }
  for (let depth = 0, end = at; end < bytes.length;) {
    const byte = bytes[end] as number;
    if (byte === QUOTE) {
      end = stringEnd(bytes, end);
      if (end < 0) return -1;
      continue;
    }
    end++;
    if (byte === BRACE || byte === BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return end;
  }
  return -1;
}

function stringEnd(bytes: Buffer, at: number): number {
  for (let end = bytes.indexOf(QUOTE, at + 1); end >= 0; end = bytes.indexOf(QUOTE, end + 1)) {
    let escapes = 0;
    while (bytes[end - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end + 1;
  }
  return -1;
}
