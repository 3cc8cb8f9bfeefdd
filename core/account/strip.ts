// A source's time at a glance: stretches in which all is complete, something is missing, or it was silent longer than it may be. Pure.
import type { Millis } from '../event.js';

export interface Step { readonly start: Millis; readonly span: number; readonly gap: boolean; readonly received: number }
export interface Stretch { readonly state: 'complete' | 'gap' | 'silent'; readonly from: Millis; readonly to: Millis }

/** `steps` in order of time. Before its first message ever (`firstSeen`) a source has no stretch. */
export function stretchesOf(steps: readonly Step[], { from, to, firstSeen, silenceMs }: { readonly from: Millis; readonly to: Millis; readonly firstSeen: Millis; readonly silenceMs: number }): readonly Stretch[] {
  const stretches: { state: Stretch['state']; from: Millis; to: Millis }[] = [];
  const add = (state: Stretch['state'], start: Millis, end: Millis): void => {
    const begin = Math.max(start, from), until = Math.min(end, to), last = stretches[stretches.length - 1];
    if (until <= begin) return;
    if (last?.state === state && last.to >= begin) last.to = Math.max(last.to, until); else stretches.push({ state, from: begin, to: until });
  };
  let at = Math.max(from, firstSeen);
  for (const { start, span, gap, received } of steps) {
    if (received === 0 && !gap) continue;
    if (start > at) add(start - at > silenceMs ? 'silent' : 'complete', at, start);
    add(gap ? 'gap' : 'complete', Math.max(start, Math.min(at, start)), start + span);
    at = Math.max(at, start + span);
  }
  if (at < to) add(to - at > silenceMs ? 'silent' : 'complete', at, to);
  return stretches;
}
