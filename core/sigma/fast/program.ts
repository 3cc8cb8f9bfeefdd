// A rule as closures over the marks: decided atoms first, since they cost a look, then those that are decided now, questions last.
import { assertNever } from '../../assert.js';
import type { Marks } from './marks.js';
import type { Node } from './plan.js';

export type Program = () => boolean;
/** Answers a question about the event at hand. */
export type Ask = (question: number) => boolean;

export function compileProgram(node: Node, marks: Marks, ask: Ask): Program {
  switch (node.kind) {
    case 'constant': { const { value } = node; return () => value; }
    case 'decided': { const { atom } = node; return () => marks.isTrue(atom); }
    case 'asked': { const { question } = node; return () => ask(question); }
    case 'not': { const part = compileProgram(node.part, marks, ask); return () => !part(); }
    case 'and': case 'or': {
      const atoms = node.parts.flatMap((part) => (part.kind === 'decided' ? [part.atom] : []));
      const decided = Int32Array.from([...atoms.filter((atom) => !marks.isLater(atom)), ...atoms.filter((atom) => marks.isLater(atom))]);
      const rest = node.parts.filter((part) => part.kind !== 'decided').sort((one, two) => cost(one) - cost(two)).map((part) => compileProgram(part, marks, ask));
      return node.kind === 'and' ? every(decided, rest, marks) : some(decided, rest, marks);
    }
    default: return assertNever(node);
  }
}

function every(decided: Int32Array, rest: readonly Program[], marks: Marks): Program {
  return () => {
    for (let i = 0; i < decided.length; i++) if (!marks.isTrue(decided[i] as number)) return false;
    for (let i = 0; i < rest.length; i++) if (!(rest[i] as Program)()) return false;
    return true;
  };
}

function some(decided: Int32Array, rest: readonly Program[], marks: Marks): Program {
  return () => {
    for (let i = 0; i < decided.length; i++) if (marks.isTrue(decided[i] as number)) return true;
    for (let i = 0; i < rest.length; i++) if ((rest[i] as Program)()) return true;
    return false;
  };
}

/** Any order gives the same answer: what asks little comes first. */
function cost(node: Node): number {
  switch (node.kind) {
    case 'constant': return 0;
    case 'decided': return 1;
    case 'asked': return 100;
    case 'not': return 1 + cost(node.part);
    case 'and': case 'or': return 1 + node.parts.reduce((most, part) => Math.max(most, cost(part)), 0);
    default: return assertNever(node);
  }
}
