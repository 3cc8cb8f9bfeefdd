// The language on screen and its words. `words()` is the whole table, typed: a key that one language lacks does not compile.
// A component made from `Part` draws itself again when the language changes.
import type { Language } from '../../api.js';
import { en } from '../words/messages.en.js';
import { vi } from '../words/messages.vi.js';
import type { Words } from '../words/words.js';

const KEY = 'haidang.language';
const tables: Readonly<Record<Language, Words>> = { vi, en };
const listeners = new Set<() => void>();
let current: Language = localStorage.getItem(KEY) === 'en' ? 'en' : 'vi';
document.documentElement.lang = current;

export const language = (): Language => current;
export const words = (): Words => tables[current];

export function setLanguage(next: Language): void {
  if (next === current) return;
  current = next;
  localStorage.setItem(KEY, next);
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

/** The text of a thing that may have been named in both languages. */
export const named = (thing: { readonly title: string; readonly titleVi?: string }): string => (current === 'vi' && thing.titleVi ? thing.titleVi : thing.title);
