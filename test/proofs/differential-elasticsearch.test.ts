// The differential proof's way through a real Elasticsearch, where there is one: rules as Query DSL, candidates asked again.
import { compileDsl } from '../../core/predicate/query-dsl.js';
import { elasticsearchUrl } from '../support/elasticsearch.js';
import { printDifference, prove } from './differential.js';
import { StoredWay } from './stored.js';

const CASES = Number(process.env['HAIDANG_CASES'] ?? 10_000), SEED = Number(process.env['HAIDANG_SEED'] ?? 1), url = await elasticsearchUrl();

if (url === undefined) test('not run: random rules over random events on Elasticsearch', () => undefined);
else {
  test('random rules over random events: searches on Elasticsearch find what `match` says', async () => {
    const way = await StoredWay.openElasticsearch(url), started = Date.now();
    let exact = 0;
    const counted = { name: way.name, verdicts: async (batch: Parameters<typeof way.verdicts>[0]) => {
      exact += batch.rules.filter(({ predicate }) => compileDsl(predicate).exact).length;
      return way.verdicts(batch);
    } };
    try {
      const { figures: { cases, rules, events, yes }, difference } = await prove({ cases: CASES, seed: SEED, waysOf: () => [counted] });
      expect(difference === undefined ? '' : printDifference(difference)).toBe('');
      if (process.env['HAIDANG_CASES'] !== undefined) process.stdout.write(`${cases} cases on Elasticsearch from seed ${SEED}: ${rules} rules, ${events} events, ${yes} times yes, ${exact} questions exact; ${Math.round((Date.now() - started) / 1000)} s\n`);
      expect(exact / rules).toBeGreaterThan(0.1);
    } finally {
      await way.close();
    }
  }, Math.max(180_000, CASES * 20));
}
