// Made-up events, predicates and runs for tests and benchmarks of stores: ordinary ones, and those that break things.
import fc from 'fast-check';
import type { Alert, Hit } from '../alert.js';
import { emptyEvent, type Event, type Value } from '../event.js';
import { HitWriter } from '../pipeline/hits.js';
import type { EvaluatedRun } from '../pipeline/run.js';
import type { PatternPart, Predicate } from '../predicate/predicate.js';
import { streamName, type Stream } from '../record.js';
import type { AlertWrite, Commit } from './store.js';

/** 2026-11-20T00:00:00Z */
export const START = 1_795_132_800_000;
export const stamp = (ms: number): string => new Date(START + ms).toISOString();
export const idOf = (event: Event): string => String(event['event.id']);

/** A run of these events from position `from`, with the fields every stored event has; `events` is what must come back. */
export function aRun(stream: Stream, from: number, given: readonly Event[]): { readonly run: EvaluatedRun; readonly events: readonly Event[] } {
  const events = given.map((event, i): Event => {
    const seq = from + i, at = stamp(seq * 1000);
    return Object.assign(emptyEvent(), {
      '@timestamp': at, 'event.created': at, 'haidang.collector': stream.collector, 'haidang.epoch': stream.epoch, 'haidang.tier': stream.tier, 'haidang.seq': seq,
      'event.id': `${streamName(stream)}.${seq}.${(BigInt(seq) * 0x9e3779b97f4a7c15n & 0xffffffffffffffffn).toString(16).padStart(16, '0')}`,
    }, ...[event].map((one) => Object.fromEntries(Object.entries(one))));
  });
  const text = events.map((event) => JSON.stringify(event)).join('\n');
  // As it comes back: own names only.
  const read = events.map((event) => JSON.parse(JSON.stringify(event)) as Event);
  return {
    events: read,
    run: {
      stream, from, to: from + given.length - 1, receivedFrom: START, receivedTo: START, ruleSet: 1, count: given.length, events: new TextEncoder().encode(given.length === 0 ? '' : `${text}\n`),
      hits: new Uint8Array(), sources: [], xor: '0000000000000000',
    },
  };
}
export const commitOf = (...runs: readonly EvaluatedRun[]): Commit => ({ runs, alerts: [], incidents: [], notices: [] });

export const whole = (alert: Alert): AlertWrite => ({ kind: 'whole', alert });

/** The run with these hits of its events, by position; what a hit says of its event is the run's. */
export function withHits(run: EvaluatedRun, hits: readonly Hit[]): EvaluatedRun {
  const writer = new HitWriter(), names = new Map(hits.map(({ rule }) => [rule.uid, rule]));
  for (const seq of [...new Set(hits.map((hit) => hit.seq))].sort((a, b) => a - b)) {
    const of = hits.filter((hit) => hit.seq === seq), [first] = of as [Hit, ...Hit[]], { eventId: id, time, received, system } = first;
    writer.add({ at: seq - run.from, id, time, received, system }, of.map(({ rule, reports, atoms }) => ({ rule: names.get(rule.uid) ?? rule, reports, atoms })));
  }
  return { ...run, hits: writer.bytes() };
}

/** Texts that break case folding, Unicode forms, numbers, addresses, quoting. */
export const WORDS: readonly string[] = ['alpha', 'Alpha', 'ALPHA beta', 'đăng nhập', 'Đăng Nhập thất bại', 'dang nhap', 'ĐĂNG', 'straße', 'STRASSE', 'ẞ', 'σίσυφος', 'ΣΊΣΥΦΟΣ', 'İstanbul', 'istanbul', 'ı', 'ſecret', 'secret', 'K', 'k', 'ﬁ', '😀', 'a😀b', 'e\u0301', 'é',
  'ự', 'u\u031b\u0323', '가나', '≮', 'tab\there', 'line\nbreak', 'quote"d', "o'clock", 'back\\slash', '100%', 'a_b', 'a*b', '?', '', ' ', ' 5 ', '5', '05', '5.0', '-7', '4624', '1e3', '1e400', '9007199254740993', '12345678901234567890',
  'true', 'null', '10.1.2.3', '10.1.200.3', '192.0.2.7', '010.1.2.3', '10.1.2.3.4', '10.256.1.1', '2001:db8::1', '2001:0DB8:0:0::1', '::ffff:10.1.2.3', '::', '2026-11-20T10:11:12Z', '1795132800', '[1,2]', '{"a":1}', '\u0001x', '\ud800', 'nul\u0000', '.', '(x', '|', '^a', 'a$'];
/** Any code point: fast-check's own table of them takes a second to make, in every suite that reads this file. */
const point = fc.integer({ min: 0, max: 0x10_f7ff }).map((at) => String.fromCodePoint(at < 0xd800 ? at : at + 0x800));
const text = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...WORDS) }, { weight: 2, arbitrary: fc.string({ maxLength: 6 }) }, { weight: 1, arbitrary: fc.array(point, { maxLength: 4 }).map((points) => points.join('')) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map((two) => two.join(' ')) });
const scalar = fc.oneof({ weight: 6, arbitrary: text }, fc.constantFrom(0, 1, 5, -7, 80, 443, 4624, 0.5, 12.25, 1e21, 1e-7, 2 ** 53, 1_795_132_800), fc.boolean(), fc.constant(null));
const value: fc.Arbitrary<Value> = fc.oneof({ weight: 8, arbitrary: scalar }, { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) }, { weight: 1, arbitrary: fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }) });

const FIELD_NAMES = ['message', 'event.original', 'host.name', 'user.name', 'tags', 'source.ip', 'source.port', 'event.category', 'event.dataset', 'winlog.event_id', 'log.syslog.appname', 'process.pid', 'custom.field', 'a/b~c', 'quo"te', "quo'te", '__proto__', 'Số', 'event.reason'];
const fieldName = fc.constantFrom(...FIELD_NAMES);
export const anEvent: fc.Arbitrary<Event> = fc.tuple(fc.array(fc.tuple(fieldName, value), { maxLength: 9 }), fc.constantFrom('portal', 'tax'), text, fc.boolean()).map(([pairs, system, words, tail]) => {
  const event = emptyEvent();
  event['haidang.system'] = system;
  for (const [name, one] of pairs) event[name] = one;
  if (tail) { event['message'] = words; event['event.original'] = `<13>host app: ${words}`; }
  return JSON.parse(JSON.stringify(event)) as Event;
});

const path = fc.array(fc.oneof({ weight: 5, arbitrary: fieldName }, fc.constantFrom('@timestamp', 'event.id', 'haidang.seq', 'haidang.tier', 'no.such.field', 'haidang.system')), { minLength: 1, maxLength: 2 });
const part: fc.Arbitrary<PatternPart> = fc.oneof({ weight: 3, arbitrary: text.map((one): PatternPart => ({ kind: 'text', text: one })) }, fc.constant<PatternPart>({ kind: 'any' }), fc.constant<PatternPart>({ kind: 'one' }));
const pattern = fc.oneof(fc.array(part, { maxLength: 4 }), text.map((one): PatternPart[] => [{ kind: 'any' }, { kind: 'text', text: one }, { kind: 'any' }]));
const comparison = fc.constantFrom('eq' as const, 'lt' as const, 'lte' as const, 'gt' as const, 'gte' as const);
const regexes = ['a', '^a', 'a$', '[0-9]+', '\\d{2,3}', '(?:alpha|beta)', 'h.t', '\\bnh', '\\w+ \\w+', 'x|^$', '[^a-z]', '.+', 'đ', '(?i)ALPHA', '\\p{L}', 's.*e', '\\s', '10\\.1\\.[0-9]+', '(a)(b)?', '.$', '^.{0,3}$'];
const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  fc.record({ kind: fc.constant('string' as const), path, pattern, cased: fc.boolean() }), fc.record({ kind: fc.constant('string' as const), path, pattern, cased: fc.boolean() }),
  fc.tuple(path, comparison, fc.constantFrom('5', '4624', '0.5', '-7', '80', '9007199254740993', '1e3', '61', '3')).map(([one, op, digits]): Predicate => ({ kind: 'number', path: one, op, value: Number(digits), text: digits })),
  fc.record({ kind: fc.constant('regex' as const), path, source: fc.constantFrom(...regexes), flags: fc.constantFrom('', 'i', 's', 'im', 'ims') }),
  fc.record({ kind: fc.constant('cidr' as const), path, network: fc.constantFrom('10.0.0.0/8', '10.1.2.0/24', '192.0.2.7', '0.0.0.0/0', '2001:db8::/32', '::/0', 'nonsense') }),
  fc.record({ kind: fc.constant('exists' as const), path }), fc.record({ kind: fc.constant('null' as const), path }),
  fc.record({ kind: fc.constant('fieldref' as const), path, other: path, op: fc.constantFrom('equals' as const, 'contains' as const, 'startswith' as const, 'endswith' as const), cased: fc.boolean() }),
  fc.record({ kind: fc.constant('datepart' as const), path, part: fc.constantFrom('hour' as const, 'day' as const), op: comparison, value: fc.constantFrom(10, 20) }),
  fc.record({ kind: fc.constant('keyword' as const), pattern, cased: fc.boolean(), wholeToken: fc.boolean() }),
  fc.record({ kind: fc.constant('keywordRegex' as const), source: fc.constantFrom(...regexes), flags: fc.constantFrom('', 'i') }),
  fc.record({ kind: fc.constant('text' as const), path: fc.oneof(path, fc.constant([])), text }), fc.record({ kind: fc.constant('text' as const), path: fc.constant([]), text }),
);
export const aPredicate: fc.Arbitrary<Predicate> = fc.letrec<{ tree: Predicate }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3, withCrossShrink: true }, { weight: 5, arbitrary: leaf },
    fc.array(tie('tree'), { maxLength: 3 }).map((parts): Predicate => ({ kind: 'and', parts })), fc.array(tie('tree'), { maxLength: 3 }).map((parts): Predicate => ({ kind: 'or', parts })),
    tie('tree').map((one): Predicate => ({ kind: 'not', part: one })), fc.boolean().map((one): Predicate => ({ kind: 'constant', value: one }))),
})).tree;
