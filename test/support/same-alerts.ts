// The alerts of a store beside those that `haidang eval` gives over the stored events: rule, group, every contributing event.
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../core/store/store.js';
import { EVERYTHING } from '../../core/store/store.js';
import { runCommand } from './product.js';

export interface Evaluated { readonly 'event.id': string }

/** `events` in the order in which they are evaluated. Returns how many alerts there are. */
export async function sameAlerts(store: Store, events: readonly Evaluated[], rules: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-same-alerts-')), file = join(folder, 'events.ndjson');
  // A long proof stores more than one string can hold.
  for (let at = 0; at < events.length; at += 1000) appendFileSync(file, events.slice(at, at + 1000).map((event) => `${JSON.stringify(event)}\n`).join(''));
  const evaluated = await runCommand(['eval', '--rules', rules, file]);
  rmSync(folder, { recursive: true });
  expect({ code: evaluated.code, err: evaluated.err }).toEqual({ code: 0, err: '' });
  const want = evaluated.out.split('\n').filter((text) => text !== '').map((text) => {
    const { rule, group, line: at, proof } = JSON.parse(text) as { rule: { id: string }; group?: Record<string, string>; line: number; proof: { lines?: number[] } };
    return describeAlert(rule.id, group, (proof.lines ?? [at]).map((one) => (events[one - 1] as Evaluated)['event.id']));
  });
  const got: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.alerts.list({ scope: EVERYTHING }, { limit: 200, cursor });
    for (const { rule, group, eventIds } of page.items) got.push(describeAlert(rule.uid, group, eventIds));
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(got.sort()).toEqual(want.sort());
  return want.length;
}
const describeAlert = (rule: string, group: Record<string, string> | undefined, ids: readonly string[]): string =>
  JSON.stringify([rule, Object.entries(group ?? {}).map(([field, value]) => [field, String(value)]).sort(), ids.length, createHash('sha256').update([...ids].sort().join()).digest('hex')]);
