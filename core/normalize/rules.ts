// A list of templates with what each one means. The first that fits wins.
import { codeAt } from '../text.js';
import type { Action } from './actions.js';
import type { Draft } from './draft.js';
import { fits, template, type Template } from './template.js';

interface MessageRule {
  readonly form: Template;
  readonly action?: Action;
}
/** Rules by the first character of the texts that they fit, in their order; those that fit any are among each. */
export interface MessageRules {
  readonly byFirst: ReadonlyMap<number, readonly MessageRule[]>;
  readonly ofAny: readonly MessageRule[];
}
export type Row = readonly [form: string, action?: Action];

export function messageRules(rows: readonly Row[]): MessageRules {
  const rules = rows.map(([form, action]): MessageRule => ({ form: template(form), action }));
  const startsWith = (code: number) => ({ form: { start } }: MessageRule): boolean => start === '' || start.charCodeAt(0) === code;
  const byFirst = new Map(rules.filter(({ form }) => form.start !== '').map(({ form: { start } }) => [start.charCodeAt(0), rules.filter(startsWith(start.charCodeAt(0)))]));
  return { byFirst, ofAny: rules.filter(({ form }) => form.start === '') };
}

/** Reads `text` by the first rule that fits; true when one did. */
export function applyRules({ byFirst, ofAny }: MessageRules, text: string, draft: Draft): boolean {
  for (const { form, action } of byFirst.get(codeAt(text, 0)) ?? ofAny) {
    if (!fits(form, text, draft)) continue;
    if (action !== undefined) draft.act(action);
    return true;
  }
  return false;
}
