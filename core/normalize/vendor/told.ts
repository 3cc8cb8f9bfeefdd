// What a message in CEF or LEEF tells, whichever of the two it is in, to those who know its product (cef-products.ts).
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { isIp } from '../net.js';

export interface Told {
  readonly product: string;
  /** The class of the event. */
  readonly code: string;
  readonly name: string;
  /** The last value of a key. */
  readonly value: (key: string) => string | undefined;
}

/** Says what happened; where the device has a word for what it did about it, that stays the action. */
export function mean(draft: Draft, action: Action, outcome?: 'success' | 'failure'): void {
  const own = draft.get('event.action');
  draft.act(action, outcome);
  if (own !== undefined) draft.event['event.action'] = own;
}

/** The machine that an event is about, which a manager or a console sends for it under its own header; an address alone would stand beside the name of another. */
export function putMachine(draft: Draft, name: string | undefined, address?: string): void {
  if (name === undefined || isIp(name)) return;
  draft.put('host.name', name);
  if (address !== undefined && isIp(address)) draft.put('host.ip', address);
}

/** What a device does when it does not let something through. */
export const isBlocked = (word: string | undefined): boolean => word !== undefined && /block|den(?:y|ied)|drop|reject|reset|terminat|prevent|prohibit/i.test(word) && !/\b(?:not|un)[ -]?block/i.test(word);
