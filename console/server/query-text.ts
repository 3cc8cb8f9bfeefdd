// Search text -> predicate: every word must stand somewhere in the event.
import { and, type Predicate } from '../../core/predicate/predicate.js';
import type { Problem } from '../../core/problem.js';

export function parseQuery(text: string): { readonly predicate: Predicate; readonly problems: readonly Problem[]; readonly ownRecords: boolean } {
  return { predicate: and(text.split(/\s+/).filter((word) => word !== '').map((word): Predicate => ({ kind: 'text', path: [], text: word }))), problems: [], ownRecords: false };
}
