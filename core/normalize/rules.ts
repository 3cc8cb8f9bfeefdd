// A list of templates with what each one means. The first that fits wins.
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import { fits, template, type Template } from './template.js';

export interface MessageRule {
  readonly form: Template;
  readonly action?: Action;
}
export type Row = readonly [form: string, action?: Action];

export function messageRules(rows: readonly Row[]): readonly MessageRule[] {
  return rows.map(([form, action]) => ({ form: template(form), action }));
}

/** Reads `text` by the first rule that fits; true when one did. */
export function applyRules(rules: readonly MessageRule[], text: string, draft: Draft): boolean {
  for (const { form, action } of rules) {
    if (!fits(form, text, draft)) continue;
    if (action !== undefined) draft.act(action);
    return true;
  }
  return false;
}
