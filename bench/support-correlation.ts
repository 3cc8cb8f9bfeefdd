// How many hits a second a correlation takes: value_count in 100 groups of 1,800 different values in a window each.
import { Correlator } from '../core/sigma/correlate.js';
import { compile } from './support-rules.js';

const RULES = `title: base
name: base
logsource: {product: linux}
detection: {s: {a: 1}, condition: s}
---
title: values
correlation: {type: value_count, rules: [base], group-by: [user], timespan: 1h, condition: {field: value, gte: 100000}}
`;
const GROUPS = 100, VALUES = 1800, HITS = 1_000_000;

/** Hits a second of processor time, once all windows are full; and how many are held then. */
export function valueCountRate(): { readonly rate: number; readonly held: number } {
  const { rules, correlations } = compile([{ file: 'correlation.yml', text: RULES }]), correlator = new Correlator<number>(correlations), rule = rules[0]?.uid ?? '';
  const stepMs = 3_600_000 / (GROUPS * VALUES), events = Array.from({ length: GROUPS * VALUES }, (_, i) => ({ user: `user${i % GROUPS}`, value: `198.51.100.${Math.floor(i / GROUPS)}` }));
  let at = 0;
  const take = (count: number): void => {
    for (const end = at + count; at < end; at++) {
      const time = Math.floor(at * stepMs);
      correlator.advance(time);
      correlator.add({ rule, time, order: at, event: events[at % events.length] as (typeof events)[number], ref: at });
    }
  };
  take(GROUPS * VALUES);
  const started = process.cpuUsage();
  take(HITS);
  const { user, system } = process.cpuUsage(started);
  return { rate: HITS / (user + system) * 1e6, held: correlator.counts.held };
}
