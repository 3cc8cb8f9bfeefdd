// A list of templates with what each one means. The first that fits wins.
import { codeAt } from '../text.js';
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import { fits, template, type Template } from './template.js';

interface MessageRule {
  readonly form: Template;
  readonly action?: Action;
}
/** Rules by how the texts begin that they fit: a text is followed along `next` as far as it goes, and there stand the rules that it may fit, in their order. */
export interface MessageRules {
  /** What the text has here, behind what it had before. */
  readonly begin: string;
  readonly rules: readonly MessageRule[];
  readonly next: ReadonlyMap<number, MessageRules>;
}
export type Row = readonly [form: string, action?: Action];

export const messageRules = (rows: readonly Row[]): MessageRules => branch(rows.map(([form, action]) => ({ form: template(form), action })), '', '');

/** Reads `text` by the first rule that fits; true when one did. */
export function applyRules(rules: MessageRules, text: string, draft: Draft): boolean {
  let branch = rules, p = 0;
  for (let next = branch.next.get(codeAt(text, 0)); next !== undefined && text.startsWith(next.begin, p); next = branch.next.get(codeAt(text, p))) { branch = next; p += next.begin.length; }
  for (const { form, action } of branch.rules) {
    if (!fits(form, text, draft)) continue;
    if (action !== undefined) draft.act(action);
    return true;
  }
  return false;
}

/** The branch of all texts that begin with `before` and `begin`. */
function branch(rules: readonly MessageRule[], before: string, begin: string): MessageRules {
  const so = before + begin, longer = new Map<number, MessageRule[]>(), next = new Map<number, MessageRules>();
  for (const rule of rules) {
    const { start } = rule.form;
    if (start.length <= so.length || !start.startsWith(so)) continue;
    const code = start.charCodeAt(so.length), group = longer.get(code);
    if (group === undefined) longer.set(code, [rule]); else group.push(rule);
  }
  for (const [code, group] of longer) next.set(code, branch(rules, so, sharedStart(group).slice(so.length)));
  return { begin, rules: rules.filter(({ form: { start } }) => so.startsWith(start)), next };
}

function sharedStart(rules: readonly MessageRule[]): string {
  let shared = rules[0]?.form.start ?? '';
  for (const { form: { start } } of rules) while (!start.startsWith(shared)) shared = shared.slice(0, -1);
  return shared;
}
