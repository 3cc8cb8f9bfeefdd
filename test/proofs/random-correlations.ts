// Random correlations of every type over three base rules for sign-ins: bounds, groups, spans, aliases, conditions and chains by
// chance. `isLateSafe`: only those that late hits may still change, which a set needs whose lines may be days late.
import type { Random } from '../../core/sigma/random/random.js';

export const BASES = ['failed', 'accepted', 'invalid'] as const;
export const BASE_RULES = [['failed', 'Failed password'], ['accepted', 'Accepted password'], ['invalid', 'Invalid user']].map(([name, text], i) => `title: ${name}
name: ${name}
id: 10000000-0000-4000-8000-00000000000${i}
logsource:
  product: linux
  service: sshd
detection:
  sel:
    message|contains: '${text}'
  condition: sel
level: low
`).join('---\n');

const NOW = ['event_count', 'value_count', 'temporal', 'temporal_ordered'] as const;
const LATER = ['value_sum', 'value_avg', 'value_percentile', 'value_median', 'event_count', 'value_count', 'temporal', 'temporal_ordered'] as const;

/** YAML of one correlation of each type and a few more, some over others. */
export function randomCorrelations(random: Random, isLateSafe: boolean): string {
  const types: readonly string[] = isLateSafe ? [...NOW, random.pick(NOW), random.pick(NOW)] : [...NOW, ...LATER], names: string[] = [];
  const documents = types.map((type, i) => {
    const mayWait = !isLateSafe && i >= NOW.length;
    // Now and then one correlation reads another.
    const rules = random.shuffled([...BASES, ...(names.length > 0 && random.chance(0.35) ? [random.pick(names)] : [])]).slice(0, random.between(1, 3));
    if (type.startsWith('temporal') && rules.length < 2) rules.push(...BASES.filter((base) => !rules.includes(base)).slice(0, 1));
    const name = `c${i}`;
    names.push(name);
    return `title: ${name} ${type}
name: ${name}
id: 20000000-0000-4000-8000-0000000000${String(i).padStart(2, '0')}
correlation:
  type: ${type}
  rules:${list(rules)}
${groupBy(random, rules)}  timespan: ${random.pick(['10s', '30s', '1m', '2m', '5m'])}
${condition(random, type, rules, mayWait)}  generate: ${random.chance(0.4)}
level: medium
`;
  });
  return documents.join('---\n');
}

const list = (items: readonly string[], indent = '    '): string => items.map((item) => `\n${indent}- ${item}`).join('');

function groupBy(random: Random, rules: readonly string[]): string {
  const fields = random.pick([[], ['source.ip'], ['source.ip'], ['user.name'], ['source.ip', 'user.name'], ['who']]);
  if (fields.length === 0) return '';
  const alias = fields.includes('who') ? `  aliases:\n    who:\n${rules.map((rule) => `      ${rule}: ${random.pick(['user.name', 'host.name'])}\n`).join('')}` : '';
  return `  group-by:${list(fields)}\n${alias}`;
}

function condition(random: Random, type: string, rules: readonly string[], mayWait: boolean): string {
  const few = random.between(1, 5), field = random.pick(['user.name', 'source.ip']);
  const bound = (at: number): string => (mayWait ? random.pick([`gte: ${at}`, `gt: ${at}`, `lt: ${at}`, `lte: ${at}`, `eq: ${at}`, `neq: ${at}`, `gte: ${at}\n    lte: ${at + 2}`]) : random.pick([`gte: ${at}`, `gt: ${at}`]));
  switch (type) {
    case 'event_count': return `  condition:\n    ${bound(few)}\n`;
    case 'value_count': return `  condition:\n    field:${random.pick([` ${field}`, list(['user.name', 'source.ip'], '      ')])}\n    ${bound(random.between(1, 3))}\n`;
    case 'value_sum': return `  condition:\n    field: source.port\n    ${bound(random.between(3, 15))}\n`;
    case 'value_percentile': return `  condition:\n    field: source.port\n    percentile: ${random.pick([0, 50, 90, 95, 100])}\n    ${bound(few)}\n`;
    case 'value_avg': case 'value_median': return `  condition:\n    field: source.port\n    ${bound(few)}\n`;
    default: {
      if (random.chance(0.4)) return '';
      if (random.chance(0.2)) return `  condition:\n    ${mayWait ? bound(random.between(1, rules.length)) : 'gte: 2'}\n`;
      const [first, ...rest] = rules, word = (): string => random.pick(['and', 'and', 'or']);
      return `  condition: ${[first, ...rest.map((rule) => `${word()} ${mayWait && random.chance(0.4) ? 'not ' : ''}${rule}`)].join(' ')}\n`;
    }
  }
}
