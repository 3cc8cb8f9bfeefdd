// Reading a query as it is typed, for color and completion only: the server decides what it means. Pure.
export type TokenKind = 'field' | 'word' | 'sign' | 'value' | 'space';
export interface Token { readonly kind: TokenKind; readonly text: string; readonly start: number }

const PIECE = /(\s+)|("(?:\\.|[^"\\])*"?)|([@A-Za-z_][\w.@/-]*)(?=:)|((?:AND|OR|NOT)(?=[\s()]|$))|([:()[\]<>=]+)|([^\s:()[\]<>="]+)|(.)/gu;

export function tokens(query: string): Token[] {
  return [...query.matchAll(PIECE)].map((match) => {
    const [text, space, quoted, field, word, sign] = match;
    const kind: TokenKind = space !== undefined ? 'space' : quoted !== undefined ? 'value' : field !== undefined ? 'field' : word !== undefined ? 'word' : sign !== undefined ? 'sign' : 'value';
    return { kind, text, start: match.index };
  });
}

export interface Completion { readonly from: number; readonly to: number; readonly typed: string }
/** The piece at the caret that could become a field name, or undefined where a value is being written. */
export function fieldAt(query: string, caret: number): Completion | undefined {
  const typed = /(?:^|[\s(])([@A-Za-z_][\w.@-]*)$/.exec(query.slice(0, caret))?.[1];
  if (typed === undefined || /^(AND|OR|NOT)$/.test(typed)) return undefined;
  const rest = /^[\w.@-]*/.exec(query.slice(caret))?.[0] ?? '';
  return { from: caret - typed.length, to: caret + rest.length, typed };
}
