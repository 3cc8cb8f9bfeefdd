// JSON as others write events -> flat events: nested objects become dotted names, EVTX dumps (`Event.System…`) become the flat
// Windows form, integers beyond 2^53 keep their digits. And an event's own time.
import { emptyEvent, flatten, type Event, type Millis, type Value } from '../event.js';

/** The event in a line of JSON; throws SyntaxError as JSON.parse does. A line that holds no object is no event. */
export function eventFromJson(line: string): Event | undefined {
  const value: unknown = JSON.parse(line);
  if (!isObject(value)) return undefined;
  switch (formOf(value)) {
    case 'event': return value as Event;
    case 'object': return eventFromObject(value);
    case 'lost digits': return eventFromObject(JSON.parse(quoteLongIntegers(line)) as Record<string, unknown>);
  }
}

/** What JSON.parse made: an event as it is; something to be read; or numbers that stood for more digits than a number holds. */
function formOf(value: Readonly<Record<string, unknown>>): 'event' | 'object' | 'lost digits' {
  let isEvent = true;
  for (const name in value) {
    const inner = value[name];
    if (typeof inner === 'number') { if (hasLostDigits(inner)) return 'lost digits'; }
    else if (typeof inner === 'object' && inner !== null) {
      if (holdsLostDigits(inner)) return 'lost digits';
      isEvent = false;
    } else if (isEvent && name.includes(' ')) isEvent = false;
  }
  return isEvent ? 'event' : 'object';
}

const hasLostDigits = (value: number): boolean => value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
function holdsLostDigits(value: object): boolean {
  for (const inner of Array.isArray(value) ? (value as unknown[]) : Object.values(value) as unknown[]) {
    if (typeof inner === 'number' ? hasLostDigits(inner) : typeof inner === 'object' && inner !== null && holdsLostDigits(inner)) return true;
  }
  return false;
}

export function eventFromObject(value: Readonly<Record<string, unknown>>): Event {
  const system = isObject(value['Event']) ? value['Event']['System'] : undefined;
  if (isObject(system)) return fromEvtx(value['Event'] as Record<string, unknown>, system);
  const event = flatten(value);
  // Names with blanks are an EVTX habit ("Threat Name"); Sigma writes them without.
  if (!('Channel' in event) && !('winlog.channel' in event)) return event;
  for (const name of Object.keys(event)) {
    if (!name.includes(' ')) continue;
    event[name.replaceAll(' ', '')] ??= event[name] as Value;
    delete event[name];
  }
  return event;
}

const INTEGER = /^-?\d+$/;

/** Puts integers of 16 digits and more in quotes, outside of strings and unless they have a fraction or an exponent. */
function quoteLongIntegers(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (piece) => (INTEGER.test(piece) && !Number.isSafeInteger(Number(piece)) ? `"${piece}"` : piece));
}

function fromEvtx(root: Readonly<Record<string, unknown>>, system: Readonly<Record<string, unknown>>): Event {
  const event = emptyEvent();
  const put = (name: string, value: unknown): void => {
    const plain = name.replaceAll(' ', '');
    if (isObject(value)) {
      const attributes = value['#attributes'];
      if (isObject(attributes)) for (const [attribute, held] of Object.entries(attributes)) event[`${plain}_${attribute}`] = held as Value;
      if ('#text' in value) event[plain] = value['#text'] as Value;
      for (const [inner, held] of Object.entries(value)) if (!inner.startsWith('#')) put(inner, held);
    } else event[plain] = value as Value;
  };
  for (const [name, value] of Object.entries(system)) put(name, value);
  for (const part of ['EventData', 'UserData']) {
    const data = root[part];
    if (!isObject(data)) continue;
    for (const [name, value] of Object.entries(data)) {
      if (name.startsWith('#')) continue;
      if (name === 'Data') putData(event, value, put); else put(name, value);
    }
  }
  return event;
}

/** `<Data Name="x">`: by its name; without names a text, or several. */
function putData(event: Record<string, Value>, value: unknown, put: (name: string, value: unknown) => void): void {
  const unnamed: Value[] = [];
  for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const attributes = isObject(item) ? item['#attributes'] : undefined, name = isObject(attributes) ? attributes['Name'] : undefined;
    if (isObject(item) && typeof name === 'string') put(name, item['#text'] ?? null);
    else if (isObject(item) && Array.isArray(item['#text'])) unnamed.push(...(item['#text'] as Value[]));
    else unnamed.push((isObject(item) ? item['#text'] ?? null : item) as Value);
  }
  if (unnamed.length > 0) event['Data'] = unnamed.length === 1 ? (unnamed[0] as Value) : unnamed;
}

/** `@timestamp`, else the time Windows wrote: undefined when there is none. A time without a zone is UTC. */
export function eventTime(event: Event): Millis | undefined {
  for (const field of ['@timestamp', 'TimeCreated_SystemTime']) {
    const value = Object.hasOwn(event, field) ? event[field] : undefined;
    if (typeof value === 'number' && Number.isFinite(value)) return value > 1e11 ? value : value * 1000;
    if (typeof value !== 'string') continue;
    const zoned = /(?:Z|[+-]\d{2}:?\d{2})\s*$/i.test(value) ? value : `${value.trim()}Z`;
    const time = Date.parse(zoned.trim().replace(/^(\d{4}-\d{2}-\d{2}) +/, '$1T'));
    if (!Number.isNaN(time)) return time;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
