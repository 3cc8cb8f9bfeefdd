// Which atoms bring a rule to be asked: a set of which one is true whenever the rule is. The least likely such set is chosen;
// a rule without one is asked about every event.
import { assertNever } from '../../assert.js';
import type { Node, Question } from './plan.js';

export interface Witness { readonly atoms: readonly number[]; readonly likely: number }

/** Undefined when the node can be true while every atom is false. */
export function witnessOf(node: Node, questions: readonly Question[], likelihoods: ArrayLike<number>): Witness | undefined {
  const of = (atoms: readonly number[]): Witness => ({ atoms, likely: atoms.reduce((sum, atom) => sum + (likelihoods[atom] as number), 0) });
  const visit = (one: Node): Witness | undefined => {
    switch (one.kind) {
      case 'constant': return one.value ? undefined : of([]);
      case 'decided': return of([one.atom]);
      case 'asked': { const hints = questions[one.question]?.hints; return hints === undefined ? undefined : of(hints); }
      case 'not': return undefined;
      case 'and': {
        let best: Witness | undefined;
        for (const part of one.parts) { const found = visit(part); if (found !== undefined && (best === undefined || found.likely < best.likely)) best = found; }
        return best;
      }
      case 'or': {
        const atoms: number[] = [];
        for (const part of one.parts) {
          const found = visit(part);
          if (found === undefined) return undefined;
          for (const atom of found.atoms) atoms.push(atom);
        }
        return of([...new Set(atoms)]);
      }
      default: return assertNever(one);
    }
  };
  return visit(node);
}
