// The event of one line while it is being read: what the header said, the text still to be read, and ways to add fields that keep
// their types (FIELDS): a number where a number belongs, an address where an address belongs, nothing where the log says nothing.
import { emptyEvent, read, write, type Millis, type Value } from '../event.js';
import type { ParseContext } from '../message/context.js';
import { resolve, type Stamp } from '../message/time.js';
import { fieldOf } from '../fields.js';
import { ACTIONS, type Action } from './actions.js';
import type { Bytes } from './candidates.js';
import { isIp } from './net.js';

export class Draft {
  readonly event: Record<string, Value> = emptyEvent();
  /** Text after the header. */
  text = '';
  /** The first characters of it: detectors look no further, so that a long line costs no more than a short one. */
  head = '';
  /** The text's bytes, where each is one character. */
  ascii: Bytes | undefined;
  /** The text as JSON where it was read as such already, null where it is none as a whole. */
  json: object | null | undefined;
  /** The sender's program, lower-case, without path and parentheses; empty when the header has none. */
  program = '';
  /** A PAM module stands behind the program's name, `login(pam_unix)`. */
  module = false;
  /** The event's time is the header's (or, failing that, the receive time) unless the text has a better one. */
  time: Millis | undefined;
  /** The time is the header's. */
  headed = false;
  /** What happened is told by plain words only. */
  worded = false;
  /** Structured data of the header, `id.name` and value. */
  structured: readonly (readonly [string, string])[] | undefined;
  /** Tags for the event. */
  readonly notes: string[] = [];

  constructor(readonly received: Millis, readonly zone: string, readonly source: string, readonly context?: ParseContext) {}

  setText(text: string): void {
    this.text = text;
    this.head = text.length > HEAD_CHARS ? text.slice(0, HEAD_CHARS) : text;
  }

  /** The text's own time, a stamp as read or an instant: the event's, unless the header had one. */
  timeFrom(time: Stamp | Millis | undefined, zone = this.zone): void {
    if (time !== undefined && !this.headed) this.time = typeof time === 'number' ? time : resolve(time, this.received, zone);
  }

  /** Sets a field, in the type its column has; a value that says nothing (empty, `-`, not a number) or does not fit is left out. */
  put(field: string, value: Value | undefined): void {
    if (value === undefined || value === null || value === '' || value === '-' || (typeof value === 'number' && !Number.isFinite(value))) return;
    const known = fieldOf(field);
    if (known === undefined) { this.event[field] = typeof value === 'string' ? COUNTS.has(field) && COUNT.test(value) ? Number(value) : value : typeof value === 'number' && LABELS.has(field) ? String(value) : value; return; }
    switch (known.type) {
      case 'long': case 'double': {
        if (typeof value === 'number') { this.event[field] = value; return; }
        const number = typeof value === 'string' ? Number(value) : NaN;
        if (Number.isFinite(number) && String(value).trim() !== '') this.event[field] = number;
        return;
      }
      case 'ip': {
        const text = String(value);
        if (isIp(text)) this.event[field] = text.startsWith('::ffff:') && isIp(text.slice(7)) && text.includes('.') ? text.slice(7) : text; // an IPv4 address as IPv6 sockets write it is searched for as itself
        else this.#putUnlikeIp(field, text.replace(EDGES, ''));
        return;
      }
      case 'keyword': case 'text': if (typeof value === 'string' && value.length <= NOTHING_MAX && saysNothing(value)) return; this.event[field] = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value; return;
      case 'date': case 'boolean': this.event[field] = value; return;
      default: known.type satisfies never;
    }
  }
  /** An address in quotes, or a name where an address was expected. */
  #putUnlikeIp(field: string, text: string): void {
    if (isIp(text)) { this.put(field, text); return; }
    if (DOMAIN_SIDE.test(field) && NAME.test(text) && !NOBODY.has(text.toLowerCase())) this.fill(`${field.slice(0, -3)}.domain`, text);
  }
  /** Sets the field where it is still missing. */
  fill(field: string, value: Value | undefined): void {
    if (!this.has(field)) this.put(field, value);
  }
  /** A product's own key under its own name (never a column): the first value that says something stays. */
  keep(name: string, value: string): void {
    if (value !== '' && value !== '-' && !Object.hasOwn(this.event, name)) this.event[name] = value;
  }
  has(field: string): boolean { return Object.hasOwn(this.event, field); }
  get(field: string): Value | undefined { return read(this.event, field); }
  getText(field: string): string | undefined {
    const value = read(this.event, field);
    return value === undefined || value === null ? undefined : String(value);
  }

  /** Says what happened, in our words (actions.ts): action, category, type and outcome. */
  act(action: Action, outcome?: 'success' | 'failure'): void {
    const meaning = ACTIONS[action];
    write(this.event, 'event.action', action);
    write(this.event, 'event.category', meaning.category);
    if (meaning.type !== undefined) write(this.event, 'event.type', meaning.type);
    const result = outcome ?? meaning.outcome;
    if (result !== undefined) write(this.event, 'event.outcome', result);
  }
}

/** Fields that count something and are no columns. */
const COUNTS: ReadonlySet<string> = new Set(['source.packets', 'destination.packets', 'network.packets', 'file.size', 'http.request.bytes', 'http.response.bytes', 'http.request.body.bytes']), COUNT = /^\d{1,15}$/;
/** Fields that are numbers by their look and names by their use, and are no columns. */
const LABELS: ReadonlySet<string> = new Set(['dns.id', 'network.vlan.id', 'network.inner.vlan.id', 'rule.version', 'rule.uuid', 'cloud.account.id', 'organization.id', 'device.id']);
const HEAD_CHARS = 600;
/** What programs write where they know nothing. Compared by length first: most short values are none of these. */
const saysNothing = (text: string): boolean => {
  switch (text.length) {
    case 3: return text === 'n/a' || text === 'N/A';
    case 4: return text === 'null';
    case 6: return text === '(none)' || text === '(null)' || text === '<null>';
    default: return false;
  }
};
const NOTHING_MAX = 6, NOBODY: ReadonlySet<string> = new Set(['unknown', 'none', 'undefined']);
const EDGES = /^[\s"]+|[\s"]+$/g, NAME = /^[^\s"'<>()=]{1,255}$/;
const DOMAIN_SIDE = /^(?:source|destination)\.ip$/;
