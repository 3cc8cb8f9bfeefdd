// Expressions that are asked only where a text stands without which they cannot match. Seeking a text is quick and the same code for all; each
// expression is code of its own, which most lines find cold.

/** What `form` finds in a text that holds `needs`; null in any other. `form` neither matches nor remembers anything where `needs` is missing. */
export const seek = (text: string, needs: string, form: RegExp): RegExpExecArray | null => (text.includes(needs) ? form.exec(text) : null);
