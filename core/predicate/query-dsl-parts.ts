// What queries are put together from: a query with whether it finds nothing else than what was asked. Pure: no Node API.
export type Query = Readonly<Record<string, unknown>>;
export interface Dsl {
  readonly query: Query;
  readonly exact: boolean;
}

export const MATCH_ALL: Query = { match_all: {} };
export const MATCH_NONE: Query = { match_none: {} };
export const EVERYTHING: Dsl = { query: MATCH_ALL, exact: false };
export const NOTHING: Dsl = { query: MATCH_NONE, exact: true };

export function both(parts: readonly Dsl[]): Dsl {
  if (parts.length === 1) return parts[0] as Dsl;
  return parts.length === 0 ? { query: MATCH_ALL, exact: true } : { query: { bool: { filter: parts.map(({ query }) => query) } }, exact: parts.every(({ exact }) => exact) };
}

/** Alternatives; terms of one field become one list, since a query may hold only so many clauses. */
export function either(parts: readonly Dsl[]): Dsl {
  if (parts.length === 0) return NOTHING;
  if (parts.length === 1) return parts[0] as Dsl;
  const lists = new Map<string, Set<string>>(), others: Query[] = [];
  for (const { query } of parts) {
    const [field, value] = termOf(query) ?? [];
    if (field === undefined || value === undefined) { others.push(query); continue; }
    lists.set(field, (lists.get(field) ?? new Set<string>()).add(value));
  }
  const should = [...[...lists].map(([field, values]): Query => ({ terms: { [field]: [...values] } })), ...others], exact = parts.every((part) => part.exact);
  return should.length === 1 ? { query: should[0] as Query, exact } : { query: { bool: { should, minimum_should_match: 1 } }, exact };
}
function termOf(query: Query): readonly [string, string] | undefined {
  const inner = query['term'];
  if (typeof inner !== 'object' || inner === null) return undefined;
  const [field, value] = Object.entries(inner)[0] ?? [];
  return field !== undefined && typeof value === 'string' && !field.startsWith('ip.') ? [field, value] : undefined;
}

export const negated = ({ query, exact }: Dsl): Dsl => ({ query: { bool: { must_not: [query] } }, exact });
export const loose = ({ query }: Dsl): Dsl => ({ query, exact: false });
export const term = (field: string, value: string): Dsl => ({ query: { term: { [field]: value } }, exact: true });
