import fc from 'fast-check';
import { elasticsearchUrl, forgetPrefix, randomPrefix } from '../../test/support/elasticsearch.js';
import type { Event } from '../event.js';
import { streamName } from '../record.js';
import { templates } from '../store/elasticsearch/templates.js';
import { anEvent, aPredicate, aRun, WORDS } from '../store/samples.js';
import { match } from './match.js';
import type { Predicate } from './predicate.js';
import { indexed } from './query-dsl-tokens.js';
import { searchDocument } from './query-dsl-document.js';
import { compileDsl } from './query-dsl.js';

const prefix = randomPrefix(), stream = { collector: '0190f3a0-0000-7000-8000-0000000000cc', epoch: 2, tier: 3 };
let url: string | undefined;
beforeAll(async () => { url = await elasticsearchUrl(); }, 720_000);
afterAll(async () => { if (url !== undefined) await forgetPrefix(url, prefix); });

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${String(url)}${path}`, { method, headers: { 'content-type': 'application/json' }, body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 2000)}`);
  return JSON.parse(text);
}

interface Indexed { readonly index: string; readonly events: readonly Event[]; readonly odd: ReadonlySet<number> }
let made = 0;
async function fill(given: readonly Event[]): Promise<Indexed> {
  const { events } = aRun(stream, 1, given), index = `${prefix}events-t3-${++made}`, [events_] = templates({ prefix });
  await ask('PUT', `/_index_template/${String(events_?.name)}`, events_?.body);
  await ask('PUT', `/${index}`);
  const odd = new Set<number>();
  for (let at = 0; at < events.length; at += 500) {
    const lines = events.slice(at, at + 500).flatMap((event, i) => {
      if (indexed(event).odd) odd.add(at + i + 1);
      const { id, text } = searchDocument(event, streamName(stream), stream.tier, at + i + 1);
      return [JSON.stringify({ create: { _id: id } }), text];
    });
    const { errors, items } = await ask('POST', `/${index}/_bulk`, `${lines.join('\n')}\n`) as { errors: boolean; items: unknown[] };
    if (errors) throw new Error(JSON.stringify(items).slice(0, 2000));
  }
  await ask('POST', `/${index}/_refresh`);
  return { index, events, odd };
}

/** Which positions the server says yes to, for each predicate. */
async function answers(index: string, predicates: readonly Predicate[]): Promise<readonly ReadonlySet<number>[]> {
  const body = predicates.map((predicate) => `{}\n${JSON.stringify({ size: 1_000, _source: false, docvalue_fields: ['seq'], query: { constant_score: { filter: compileDsl(predicate).query } } })}\n`).join('');
  const { responses } = await ask('POST', `/${index}/_msearch`, body) as { responses: { error?: unknown; hits?: { hits: { fields: { seq: number[] } }[] } }[] };
  return responses.map(({ error, hits }, i) => {
    if (hits === undefined) throw new Error(`${JSON.stringify(predicates[i])}\n${JSON.stringify(compileDsl(predicates[i] as Predicate).query)}\n${JSON.stringify(error).slice(0, 1500)}`);
    return new Set(hits.hits.map(({ fields }) => fields.seq[0] as number));
  });
}

/** Fails where the server misses what match finds, or claims to be exact and is not. */
async function compare(given: readonly Event[], predicates: readonly Predicate[]): Promise<{ readonly compared: number; readonly exact: number; readonly odd: number }> {
  const { index, events, odd } = await fill(given);
  let compared = 0, exact = 0;
  for (let at = 0; at < predicates.length; at += 100) {
    const some = predicates.slice(at, at + 100), found = await answers(index, some);
    some.forEach((predicate, i) => {
      const dsl = compileDsl(predicate), yes = found[i] as ReadonlySet<number>;
      if (dsl.exact) exact++;
      events.forEach((event, n) => {
        if (odd.has(n + 1)) return;
        compared++;
        const expected = match(predicate, event), got = yes.has(n + 1);
        if (expected ? !got : dsl.exact && got) throw new Error(`expected ${expected} (exact: ${dsl.exact}), got ${got}\n${JSON.stringify(predicate)}\n${JSON.stringify(event)}\n${JSON.stringify(dsl.query)}`);
      });
    });
  }
  return { compared, exact, odd: odd.size };
}

test('the server finds all that match finds, and where it says exact nothing else', async () => {
  if (url === undefined) return;
  const sums = { compared: 0, exact: 0 };
  for (const seed of [1, 2]) {
    const { compared, exact } = await compare(fc.sample(anEvent, { numRuns: 150, seed }), fc.sample(aPredicate, { numRuns: 250, seed }));
    sums.compared += compared;
    sums.exact += exact;
  }
  expect(sums.compared).toBeGreaterThan(50_000);
  expect(sums.exact).toBeGreaterThan(200);
}, 180_000);

test('every awkward text is compared with every other in every way', async () => {
  if (url === undefined) return;
  const events = [...WORDS, ...WORDS.map((word) => `x ${word} y`)].flatMap((message): Event[] => [{ message }, { tags: ['a', message], 'event.original': `<13>${message}` }]);
  const predicates = WORDS.flatMap((text): Predicate[] => [['message'], ['other.field', 'tags'], ['event.original']].flatMap((path): Predicate[] => [
    { kind: 'string', path, pattern: [{ kind: 'text', text }], cased: false }, { kind: 'string', path, pattern: [{ kind: 'any' }, { kind: 'text', text }], cased: false },
    { kind: 'string', path, pattern: [{ kind: 'text', text }, { kind: 'one' }, { kind: 'any' }], cased: true }, { kind: 'text', path, text }, { kind: 'number', path, op: 'lte', value: 5, text: '5' },
  ]).concat([{ kind: 'text', path: [], text }, { kind: 'not', part: { kind: 'text', path: [], text } }, { kind: 'keyword', pattern: [{ kind: 'text', text }], cased: false, wholeToken: false }]));
  const { compared, exact, odd } = await compare(events, predicates);
  expect(compared).toBeGreaterThan(100_000);
  expect(exact).toBeGreaterThan(predicates.length * 0.4);
  expect(odd).toBeLessThan(events.length * 0.1);
}, 180_000);

test('numbers and addresses of known fields are compared by the server', async () => {
  if (url === undefined) return;
  const values = [0, 5, -7, 0.5, 443, '443', ' 443 ', '0443', '1e400', '-1e400', '12345678901234567890', true, 'x', null, [1, '2', [3]], '10.1.2.3', '::ffff:10.1.2.3', '2001:db8::1', '2001:0DB8:0:0::1', '::1', '10.1.2.3%eth0', 'fe80::1%eth0'];
  const events = values.flatMap((value): Event[] => [{ 'source.port': value }, { 'source.ip': value }, { other: value }]);
  const predicates = [['source.port'], ['source.ip'], ['other'], ['no.such', 'source.port']].flatMap((path): Predicate[] => [
    ...(['eq', 'lt', 'lte', 'gt', 'gte'] as const).flatMap((op) => ['5', '443', '0.5', '-7', '1e3', '9007199254740993', '0'].map((text): Predicate => ({ kind: 'number', path, op, value: Number(text), text }))),
    ...['10.0.0.0/8', '0.0.0.0/0', '::/0', '2001:db8::/32', '::1', '10.1.2.3', '::ffff:0:0/96', 'no'].map((network): Predicate => ({ kind: 'cidr', path, network })),
  ]);
  const { exact, odd } = await compare(events, [...predicates, ...predicates.map((part): Predicate => ({ kind: 'not', part }))]);
  expect(odd).toBe(0);
  expect(exact).toBeGreaterThan(100);
});

test('what the server would refuse is asked in a simpler way', async () => {
  if (url === undefined) return;
  const any = { kind: 'any' } as const, one = { kind: 'one' } as const, text = (words: string) => ({ kind: 'text', text: words }) as const, path = ['message'];
  const lines = ['a'.repeat(3000), 'ab'.repeat(1500), `x${'a'.repeat(40)}y`, 'short', `${'q'.repeat(9000)}`];
  const patterns = [[any, text('a'.repeat(400)), any], [any, text('ab'.repeat(300)), any, text('ab'.repeat(300)), any], [any, text('a'), ...Array.from({ length: 60 }, () => one), text('a'), any], [any, ...Array.from({ length: 30 }, () => one)],
    Array.from({ length: 200 }, () => [any, text('a')]).flat(), [text('a'.repeat(3000))], [text('a'.repeat(2990)), any], [any, text('q'.repeat(8500)), any]];
  const { odd } = await compare(lines.map((message) => ({ message })), patterns.flatMap((pattern): Predicate[] => [{ kind: 'string', path, pattern, cased: false }]));
  expect(odd).toBe(1);
  const many = Array.from({ length: 20_000 }, (_, i): Predicate => ({ kind: 'string', path, pattern: [text(`value ${i}`)], cased: false }));
  await compare([{ message: 'Value 7' }, { message: 'value 20000' }], [{ kind: 'or', parts: many }, { kind: 'not', part: { kind: 'or', parts: many } }]);
});

test('words of any length are found by what stands in them, between whatever separates them', async () => {
  if (url === undefined) return;
  const word = (units: number): string => Array.from({ length: units }, (_, i) => 'abcdefghijklmnopqrstuvw'[i * i % 23]).join(''), lengths = [1, 199, 200, 201, 254, 255, 256, 300, 600, 8_000];
  const separators = [' ', '\t', '\u00a0', '\u2028', '\u3000', '"', '(', '[x]', '\x1f', '\x85'], points = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).filter((point) => point !== '\0');
  const events = [...lengths.map((units) => ({ 'event.original': `id=${word(units)}`, message: `q ${word(units)}\\z` })), ...separators.map((one) => ({ 'event.original': `left${one}right` })), ...points.map((point) => ({ 'event.original': `<${point}>`, message: `in${point}side` }))];
  const wanted = [...lengths.flatMap((units) => [word(units), `=${word(units)}`, `${word(units)}\\`]), word(300).slice(190, 270), word(600).slice(250, 520), ...separators.flatMap((one) => [`left${one}right`, `ft${one}ri`, `t${one}`, one]), ...points.map((point) => `n${point}s`), 'left', 'eft right', 'lef right', 'left righ', 'left ight'];
  const { compared, odd } = await compare(events, wanted.flatMap((text): Predicate[] => [{ kind: 'text', path: [], text }, { kind: 'keyword', pattern: [{ kind: 'text', text }], cased: false, wholeToken: false }, { kind: 'text', path: ['event.original'], text }]));
  expect(compared).toBeGreaterThan(200_000);
  expect(odd).toBeLessThan(10);
}, 180_000);

test('what is left to the matcher is rare for ordinary questions', () => {
  const contains = (text: string): Predicate => ({ kind: 'string', path: ['message'], pattern: [{ kind: 'any' }, { kind: 'text', text }, { kind: 'any' }], cased: false });
  const ordinary: Predicate[] = [
    contains('đăng nhập'), { kind: 'text', path: [], text: 'thất-bại' }, { kind: 'text', path: [], text: '203.0.113.7' }, { kind: 'text', path: [], text: 'C:\\Windows' }, { kind: 'text', path: ['user.name'], text: 'nguyễn' }, { kind: 'not', part: contains('x') },
    { kind: 'number', path: ['source.port'], op: 'gte', value: 1024, text: '1024' }, { kind: 'cidr', path: ['source.ip'], network: '10.0.0.0/8' }, { kind: 'exists', path: ['user.name'] },
    { kind: 'string', path: ['haidang.system'], pattern: [{ kind: 'text', text: 'Portal' }], cased: true },
  ];
  for (const predicate of ordinary) expect({ predicate, exact: compileDsl(predicate).exact }).toEqual({ predicate, exact: true });
});
