// The balance as an equation that holds at every moment: what was received is on each side, also while some of it is on its way. A term
// that is nothing is left out, but for those a side is named after. Pure.
export type Term = 'received' | 'parsed' | 'unparsed' | 'stored' | 'evaluated' | 'not_read' | 'not_stored' | 'not_evaluated' | 'under_way';
export interface Side { readonly terms: readonly { readonly term: Term; readonly count: number }[] }

export interface Flow {
  /** All there is, `underWay` among it. */
  readonly received: number;
  readonly underWay: number;
  readonly parsed?: number;
  readonly unparsed?: number;
  readonly stored: number;
  readonly evaluated: number;
}

/** Received = parsed + unparsed + under way = stored + under way = evaluated + under way, with what is missing from a step named on its side. */
export function equationOf({ received, underWay, parsed, unparsed, stored, evaluated }: Flow): readonly Side[] {
  const committed = received - underWay, notStored = committed - stored;
  const side = (named: readonly (readonly [Term, number])[], rest: readonly (readonly [Term, number])[]): Side => ({ terms: [...named, ...rest.filter(([, count]) => count !== 0)].map(([term, count]) => ({ term, count })) });
  return [
    side([['received', received]], []),
    ...(parsed === undefined || unparsed === undefined ? [] : [side([['parsed', parsed], ['unparsed', unparsed]], [['not_read', committed - parsed - unparsed], ['under_way', underWay]])]),
    side([['stored', stored]], [['not_stored', notStored], ['under_way', underWay]]),
    side([['evaluated', evaluated]], [['not_evaluated', stored - evaluated], ['not_stored', notStored], ['under_way', underWay]]),
  ];
}
