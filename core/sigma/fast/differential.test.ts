// The fast engine against its oracles: the reference interpreter and the plain meaning of a predicate. The same rules and events
// meet SQL, the store and proofs in test/proofs. HAIDANG_CASES asks for more than the usual number (a case: one rule about one event).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '../../event.js';
import { match } from '../../predicate/match.js';
import { projectRoot } from '../../process/built.js';
import { compileRules, type RuleSource } from '../compile-rules.js';
import { Engine, type Routing } from '../engine.js';
import { eventFromJson, eventFromObject } from '../events.js';
import { randomEvent } from '../random/random-event.js';
import { printRule, randomRule } from '../random/random-rule.js';
import { Random } from '../random/random.js';
import { drawStock, PLACEHOLDERS } from '../random/stock.js';
import { printFlow } from '../random/tree.js';
import { FastEngine } from './engine.js';

const CASES = Number(process.env['HAIDANG_CASES'] ?? 80_000);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const namesOf = (hits: readonly { readonly rule: { readonly uid: string } }[]): string[] => hits.map(({ rule }) => rule.uid);

test('random rules over random events: the fast engine, the reference and the meaning give the same hits in the same order', () => {
  let hits = 0, verdicts = 0;
  for (let seed = 1; verdicts < CASES; seed++) {
    const random = new Random(seed), stock = drawStock(random), drawn = random.many(1, 12, () => printRule(randomRule(random, stock)));
    // Some rules ask the same as another.
    const texts = [...drawn, ...drawn.slice(0, seed % 3)];
    const set = compileRules(texts.map((text, i) => ({ file: `${i}.yml`, text })), { sha256, placeholders: PLACEHOLDERS });
    const fast = new FastEngine(set, { anyLogsource: true }), reference = new Engine(set, { anyLogsource: true });
    for (const event of random.many(10, 40, () => eventFromJson(printFlow(randomEvent(random, stock))) ?? {})) {
      const met = namesOf(fast.evaluate(event)), meant = set.rules.filter(({ predicate }) => match(predicate, event)).map(({ uid }) => uid);
      expect({ seed, event, met }).toEqual({ seed, event, met: meant });
      expect({ seed, event, met: namesOf(reference.evaluate(event)) }).toEqual({ seed, event, met: meant });
      hits += met.length;
      verdicts += set.rules.length;
    }
  }
  // A proof over rules that never fire would prove nothing.
  expect(hits / verdicts).toBeGreaterThan(0.1);
  expect(hits / verdicts).toBeLessThan(0.7);
}, Math.max(180_000, CASES * 20));

const shared = join(projectRoot, '..', 'shared', 'sigma');

test('all of the public corpus over real Windows events: hit sets are equal, routed and unrouted, also when memory is short', () => {
  if (!existsSync(shared)) {
    expect(process.env['CI']).toBeUndefined();
    process.stdout.write('not run: the public corpus over Windows events (../shared is absent)\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'haidang-fast-'));
  try {
    for (const archive of ['sigmahq-rules.tar.gz', 'windows-events.tar.gz']) execFileSync('tar', ['xzf', join(shared, archive), '-C', folder]);
    const sources = filesIn(folder, '.yml').map((file): RuleSource => ({ file, text: readFileSync(file, 'utf8') }));
    const events = filesIn(folder, '.ndjson').concat(filesIn(folder, '.jsonl')).flatMap((file) => readFileSync(file, 'utf8').split('\n')).filter((line) => line.startsWith('{'))
      .map((line) => eventFromObject((JSON.parse(line) as { event: Record<string, unknown> }).event));
    expect(events.length).toBeGreaterThan(1000);
    const set = compileRules(sources, { sha256 });
    const compare = (routing: Routing, some: readonly Event[], bytesMax?: number): FastEngine => {
      const fast = new FastEngine(set, routing, bytesMax), reference = new Engine(set, routing);
      let hits = 0;
      for (const event of some) {
        const met = namesOf(fast.evaluate(event));
        expect(met).toEqual(namesOf(reference.evaluate(event)));
        hits += met.length;
      }
      expect(hits).toBeGreaterThan(some.length / 10);
      return fast;
    };
    expect(compare({}, events).stats().byReference).toBe(0);
    compare({ anyLogsource: true }, events.filter((_, i) => i % 50 === 0));
    const short = compare({}, events.filter((_, i) => i % 10 === 0), 4_000_000);
    expect(short.stats().byReference).toBeGreaterThan(0);
    expect(short.stats().bytes).toBeLessThanOrEqual(4_000_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 240_000);

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path, ending) : name.endsWith(ending) ? [path] : [];
  });
}
