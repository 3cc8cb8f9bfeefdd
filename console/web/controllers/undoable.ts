// Changes to one or many incidents with a result per item and one undo. While it runs it says how far it is.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ChangeRequest, IncidentFull, IncidentItem } from '../../api.js';
import { ApiError, said } from '../client.js';
import type { Done } from '../parts/docked-bar.js';
import { sendChange } from './changes.js';
import { words } from './locale.js';

export class Undoable implements ReactiveController {
  done: Done | undefined;
  constructor(private readonly host: ReactiveControllerHost, private readonly changed: (incident: IncidentFull) => void) { host.addController(this); }
  hostConnected(): void { /* nothing to start */ }

  clear(): void { this.say(undefined); }
  undo(): void { this.done?.undo?.(); }
  private say(done: Done | undefined): void { this.done = done; this.host.requestUpdate(); }

  /** Sends `change` for each, one after another; `back` makes each undone again, from what it was and is. */
  async run(items: readonly IncidentItem[], change: (item: IncidentItem) => ChangeRequest, text: (count: number) => string, back?: (was: IncidentItem) => ChangeRequest): Promise<void> {
    const failures: string[] = [], applied: { was: IncidentItem; is: IncidentFull }[] = [];
    for (const [index, item] of items.entries()) {
      if (items.length > 1) this.say({ text: words().queue.bulkRunning(index, items.length), busy: true });
      try {
        const next = await sendChange(item, change(item));
        applied.push({ was: item, is: next });
        this.changed(next);
      } catch (error) {
        const failure = ApiError.from(error);
        failures.push(`${item.number}: ${failure.status === 409 ? words().incident.conflict(failure.problem?.detail ?? '?') : said(failure)}`);
      }
    }
    const undo = back === undefined || applied.length === 0 ? undefined : () => void this.run(applied.map(({ is }) => is), (is) => back((applied.find(({ was }) => was.id === is.id) as { was: IncidentItem }).was), (count) => words().queue.undone(count));
    this.say({ text: applied.length > 0 || failures.length === 0 ? text(applied.length) : words().error.notDone, failures, undo });
  }
}
