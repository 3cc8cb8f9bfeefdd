// Times as a description spells them: `iso`, `epoch` (seconds, milli-, micro- or nanoseconds), `auto` (any shape we know), or letters:
// yyyy yy MM M MMM dd d HH H hh h a mm ss S... XXX, anything else as itself, words of the form in 'quotes'.
import type { Millis } from '../../event.js';
import { digitsEnd, epochMillis, monthAt, readIso, readOffset, readTime, resolve } from '../../message/time.js';

const TOKEN = /'[^']*'|yyyy|yy|MMM|MM|M|dd|d|HH|H|hh|h|a|mm|ss|S+|XXX|Z|[^A-Za-z']/y;

export const isTimeForm = (form: string): boolean => form === 'iso' || form === 'epoch' || form === 'auto' || tokensOf(form)?.some((token) => token === 'dd' || token === 'd') === true;

function tokensOf(form: string): readonly string[] | undefined {
  const tokens: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < form.length;) {
    const found = TOKEN.exec(form);
    if (found === null) return undefined;
    tokens.push(found[0]);
  }
  return form.length > 100 ? undefined : tokens;
}

export type ReadTime = (text: string, received: Millis, zone: string) => Millis | undefined;

export function timeReader(form: string): ReadTime {
  if (form === 'epoch') return (text) => epochMillis(text.trim());
  if (form === 'iso' || form === 'auto') {
    return (text, received, zone) => {
      const stamp = form === 'iso' ? readIso(text.trim(), 0) : readTime(text.trim(), 0) ?? readIso(text.trim(), 0);
      return stamp === undefined ? form === 'auto' ? epochMillis(text.trim()) : undefined : resolve(stamp, received, zone);
    };
  }
  const tokens = tokensOf(form) ?? [];
  return (text, received, zone) => readLetters(tokens, text.trim(), received, zone);
}

interface Parts { year: number; month: number; day: number; hour: number; minute: number; second: number; milli: number; half: 'a' | 'p' | ''; offset: number }

function readLetters(tokens: readonly string[], text: string, received: Millis, zone: string): Millis | undefined {
  const parts: Parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, milli: 0, half: '', offset: NaN };
  let p = 0;
  for (const token of tokens) {
    const end = readToken(token, text, p, parts);
    if (end === undefined) return undefined;
    p = end;
  }
  const { year, month, day, hour, minute, second, milli, half, offset } = parts;
  const whole = half === '' ? hour : hour % 12 + (half === 'p' ? 12 : 0);
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year === 0 ? 2024 : year, month, 0)).getUTCDate() || whole > 23 || minute > 59 || second > 60) return undefined;
  return resolve({ end: p, year, month, day, millis: ((whole * 60 + minute) * 60 + second) * 1000 + milli, offset }, received, zone);
}

/** Where the token ends in the text, or undefined where the text does not have it. */
function readToken(token: string, text: string, at: number, parts: Parts): number | undefined {
  const number = (least: number, most: number, put: (value: number) => void): number | undefined => {
    const end = digitsEnd(text, at, most);
    if (end < at + least) return undefined;
    put(Number(text.slice(at, end)));
    return end;
  };
  switch (token) {
    case 'yyyy': return number(4, 4, (value) => { parts.year = value; });
    case 'yy': return number(2, 2, (value) => { parts.year = value + (value < 70 ? 2000 : 1900); });
    case 'MMM': { parts.month = monthAt(text, at); return parts.month === 0 ? undefined : at + 3; }
    case 'MM': return number(2, 2, (value) => { parts.month = value; });
    case 'M': return number(1, 2, (value) => { parts.month = value; });
    case 'dd': return number(2, 2, (value) => { parts.day = value; });
    case 'd': return number(1, 2, (value) => { parts.day = value; });
    case 'HH': case 'hh': return number(2, 2, (value) => { parts.hour = value; });
    case 'H': case 'h': return number(1, 2, (value) => { parts.hour = value; });
    case 'mm': return number(2, 2, (value) => { parts.minute = value; });
    case 'ss': return number(2, 2, (value) => { parts.second = value; });
    case 'a': {
      const half = text.slice(at, at + 2).toLowerCase();
      if (half === 'am' || half === 'pm') { parts.half = half === 'am' ? 'a' : 'p'; return at + 2; }
      const named = ['sa', 'ch'].indexOf(half); // Windows in Vietnamese writes SA and CH
      if (named < 0) return undefined;
      parts.half = named === 0 ? 'a' : 'p';
      return at + 2;
    }
    case 'XXX': case 'Z': { const { end, offset } = readOffset(text, at); parts.offset = offset; return Number.isNaN(offset) ? undefined : end; }
    default: {
      if (token.startsWith('S')) return number(1, 9, (value) => { const width = digitsEnd(text, at, 9) - at; parts.milli = Math.floor(value / 10 ** (width - 3)); });
      const literal = token.startsWith("'") ? token === "''" ? "'" : token.slice(1, -1) : token;
      return text.startsWith(literal, at) ? at + literal.length : undefined;
    }
  }
}
