// Ids that are made of what they name: whoever makes an alert, incident or notice again makes the same one (reference protocol 1).
import { hash } from 'node:crypto';
import type { Millis } from '../core/event.js';

const H = (...parts: readonly (string | number)[]): string => hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);

export const singleAlertId = (uid: string, version: string, eventId: string): string => H('alert', uid, version, eventId);

/** `slot` = floor(t / T) of the hit that completes the window (or, where only the end can tell, opens it). */
export function correlationAlertId(uid: string, version: string, group: Readonly<Record<string, string>>, slot: number): string {
  const sorted = Object.keys(group).sort().flatMap((name) => [name, group[name] as string]);
  return H('correlation', uid, version, slot, ...sorted);
}
export const slotOf = (time: Millis, timespanMs: number): number => Math.floor(time / timespanMs);

export const incidentId = (key: string, alertId: string): string => H('incident', key, alertId);
export const changeId = (incident: string, alertId: string): string => H('change', incident, alertId);
export const noticeId = (incident: string, change: string, channel: string, recipient: string): string => H('notice', incident, change, channel, recipient);
export const silenceAlertId = (system: string, sender: string, lastSeen: Millis): string => H('silence', system, sender, lastSeen);
