// `prefix.key` for products' own keys, remembered: building and hashing such a name for every field of every event costs more than
// reading the field.
import { remembered } from './keys.js';

export const nativeNames = (prefix: string): ((key: string) => string) => remembered((key) => `${prefix}.${key}`);
