// Questions to sealed files.
import type { EventQuery } from '../store.js';
import type { Place } from './ask.js';
import type { StoredEvent } from './hot.js';
import type { SealedFile } from './manifest.js';

export class Sealed {
  async newest(_files: readonly SealedFile[], _query: EventQuery, _after: Place | undefined, _limit: number): Promise<readonly StoredEvent[]> { return []; }
  async count(_files: readonly SealedFile[], _query: EventQuery): Promise<number> { return 0; }
  async histogram(_files: readonly SealedFile[], _query: EventQuery, _intervalMs: number): Promise<Map<number, number>> { return new Map(); }
  async facets(_files: readonly SealedFile[], _query: EventQuery, _field: string, _limit: number, _also: readonly string[]): Promise<Map<string, number>> { return new Map(); }
  async positions(_files: readonly SealedFile[], _stream: string, _from: number, _limit: number): Promise<readonly StoredEvent[]> { return []; }
}
