// Which sealed files to join next. Pure. Minutes become hours while a day lasts, hours become the day when it is over; a file that is
// large enough is left alone, so that an event is rewritten a bounded number of times.
import type { SealedFile } from './manifest.js';

const JOINED_EVENTS_MAX = 1_500_000;
const FILES_A_LEVEL = [12, 24] as const;

export interface CompactionPlan { readonly files: readonly SealedFile[]; readonly level: number }

export function planCompaction(files: readonly SealedFile[], today: string): CompactionPlan | undefined {
  const days = new Map<string, SealedFile[]>();
  for (const file of files) days.set(`${file.tier} ${file.day}`, [...(days.get(`${file.tier} ${file.day}`) ?? []), file]);
  for (const group of days.values()) {
    const over = (group[0] as SealedFile).day < today;
    for (const [level, most] of FILES_A_LEVEL.entries()) {
      const small = group.filter((file) => file.level === level).sort((a, b) => a.fromTime - b.fromTime);
      const chosen = fitting(over ? group.filter((file) => file.level < 2).sort((a, b) => a.fromTime - b.fromTime) : small);
      if (over ? chosen.length > 1 : small.length >= most && chosen.length > 1) return { files: chosen, level: over ? 2 : level + 1 };
    }
  }
  return undefined;
}

/** The first files that together are not too large. */
function fitting(files: readonly SealedFile[]): readonly SealedFile[] {
  const chosen: SealedFile[] = [];
  let events = 0;
  for (const file of files) {
    if (events + file.events > JOINED_EVENTS_MAX) { if (chosen.length > 1) break; chosen.length = 0; events = 0; if (file.events > JOINED_EVENTS_MAX / 2) continue; }
    chosen.push(file);
    events += file.events;
  }
  return chosen;
}
