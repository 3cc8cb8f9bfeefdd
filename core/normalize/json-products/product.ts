// Products whose own JSON is told by a few of its members and read by a table: what each member means, the words of its own that are ours, how it ended.
// Every member stays under its own name. What a table cannot say, `more` does.
import type { Value } from '../../event.js';
import { splitAccount } from '../account.js';
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { keepOwn, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from '../json-fields.js';
import type { Lookup } from '../lookup.js';

export interface Product {
  readonly dataset: string;
  /** `vendor / product`. */
  readonly maker: string;
  /** Names of which one stands in all of them, and what must hold besides. */
  readonly marks: readonly string[];
  readonly is: (flat: Flat) => boolean;
  /** Where the time stands, the first that is there; written in UTC where it names no zone. */
  readonly time: readonly string[];
  readonly names: Names;
  /** The member that says what happened, and its words that are ours; another word stays the action as it is. */
  readonly says?: readonly [member: string, words: Lookup<Action>];
  readonly alert?: true;
  readonly more?: (draft: Draft, flat: Flat) => void;
}

/** `field: member member` a line, the first member that is there. */
export function means(text: string): Names {
  return text.trim().split('\n').flatMap((line) => { const colon = line.indexOf(':'); return line.slice(colon + 1).trim().split(/\s+/).map((member) => [member, line.slice(0, colon).trim()] as const); });
}

export function productKind({ dataset, maker, is, time, names, says, alert, more }: Product): JsonKind {
  const [vendor = '', product = ''] = maker.split(' / ');
  return {
    dataset, is,
    read(draft, flat) {
      keepOwn(draft, flat);
      putJsonTime(draft, first(flat, time), true);
      putAll(draft, flat, names);
      draft.fill('observer.vendor', vendor); draft.fill('observer.product', product);
      for (const [name, domain] of ACCOUNTS) partAccount(draft, name, domain);
      if (says !== undefined) say(draft, textOf(flat, says[0]), says[1], undefined);
      more?.(draft, flat);
      if (alert === true) draft.put('event.kind', 'alert');
    },
  };
}
export const first = (flat: Flat, members: readonly string[]): string | undefined => { for (const member of members) { const text = textOf(flat, member); if (text !== undefined) return text; } return undefined; };

const ACCOUNTS = [['user.name', 'user.domain'], ['user.target.name', 'user.target.domain'], ['source.user.name', 'source.user.domain']] as const;
/** `CORP\bob` and `bob@corp.example` are a name and its domain. */
function partAccount(draft: Draft, field: string, domainField: string): void {
  const text = draft.getText(field);
  if (text === undefined || !/[\\@]/.test(text)) return;
  const { name, domain } = splitAccount(text);
  if (domain !== undefined) { draft.put(field, name); draft.fill(domainField, domain); }
}

/** The member's own word is the action, unless it is one of ours; how it ended stands beside it. */
export function say(draft: Draft, word: string | undefined, ours: Lookup<Action>, outcome: 'success' | 'failure' | undefined): void {
  if (word === undefined) return;
  const known = ours[word];
  if (known !== undefined) draft.act(known, outcome);
  else { draft.event['event.action'] = word; if (outcome !== undefined) draft.event['event.outcome'] = outcome; }
}

/** `success`, `FAILURE`, `true`: how it ended, where a word says so. */
export function outcomeOf(word: Value | undefined): 'success' | 'failure' | undefined {
  if (word === undefined || word === null || Array.isArray(word)) return undefined;
  const text = String(word);
  return /^(?:succe|true|allow|ok\b|granted)/i.test(text) ? 'success' : /^(?:fail|false|den|error|reject|block|challenge_fail)/i.test(text) ? 'failure' : undefined;
}
/** Severities in words, as numbers from 1 (informational) to 5 (critical). */
export function severityOf(word: string | undefined): number | undefined {
  const number = Number(word);
  if (word === undefined || Number.isFinite(number)) return word === undefined || word.trim() === '' ? undefined : number;
  return /^(?:info|unspecified|normal)/i.test(word) ? 1 : /^low/i.test(word) ? 2 : /^(?:med|warn|moderate)/i.test(word) ? 3 : /^high/i.test(word) ? 4 : /^crit/i.test(word) ? 5 : undefined;
}
