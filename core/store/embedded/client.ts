// Opens the embedded store in a thread of its own and speaks to it: every method of every role is a message there and back. What a
// commit carries is copied, not moved: after a ConflictError the caller tries again with the same bytes.
import { Worker } from 'node:worker_threads';
import { builtUrl } from '../../process/built.js';
import type { Commit, Store, StoreNews } from '../store.js';
import { receiveError, ROLES, type OwnMethod, type Reply, type Request, type Role } from './rpc.js';

export interface EmbeddedOptions {
  readonly folder: string;
  /** Room kept for control data on a full disk. */
  readonly reserveBytes?: number;
}

/** Takes the folder for this process alone. Throws when it cannot be written or another process has it. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Store> {
  const connection = new Connection(new Worker(builtUrl(import.meta.url, './worker.js'), { workerData: options, name: 'store' }));
  await connection.opened;
  const roles = Object.fromEntries(ROLES.map((role) => [role, connection.role(role)])) as unknown as Pick<Store, Role>;
  const own = (method: OwnMethod, ...args: readonly unknown[]): Promise<never> => connection.call(undefined, method, args) as Promise<never>;
  return {
    ...roles,
    commit: (commit) => own('commit', compact(commit)),
    onNews: (listener) => connection.onNews(listener),
    health: () => own('health'),
    keep: (retentionDays, now) => own('keep', retentionDays, now),
    removeDemo: () => own('removeDemo'),
    close: () => connection.close(),
  };
}

/** A view of a larger buffer would take the whole buffer along. */
function compact(commit: Commit): Commit {
  const runs = commit.runs.map((run) => ({ ...run, events: run.events.byteLength === run.events.buffer.byteLength && run.events.constructor === Uint8Array ? run.events : new Uint8Array(run.events) }));
  return { ...commit, runs };
}

interface Waiting { resolve(value: unknown): void; reject(error: Error): void }

class Connection {
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Set<(news: StoreNews) => void>();
  private next = 1;
  private gone: Error | undefined;
  private closing: Promise<void> | undefined;
  readonly opened: Promise<void>;

  constructor(private readonly worker: Worker) {
    this.opened = new Promise((resolve, reject) => {
      this.waiting.set(0, { resolve: () => resolve(), reject });
    });
    worker.on('message', (reply: Reply) => this.receive(reply));
    worker.on('error', (error) => this.end(new Error(`the store's thread died: ${error.message}`, { cause: error })));
    worker.on('exit', (code) => this.end(new Error(this.closing === undefined ? `the store's thread ended by itself (exit code ${code})` : 'the store is closed')));
  }

  call(role: Role | undefined, method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.gone !== undefined) return Promise.reject(new Error(this.gone.message, { cause: this.gone }));
    if (this.closing !== undefined && method !== 'close') return Promise.reject(new Error('the store is closed'));
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const request: Request = { id, role, method, args };
      this.worker.postMessage(request);
    });
  }

  /** An object whose every method is a call. */
  role(role: Role): object {
    const methods = new Map<string, (...args: readonly unknown[]) => Promise<unknown>>();
    return new Proxy({}, {
      get: (_target, name) => {
        // Not a promise: `await store.events` must not call it.
        if (typeof name !== 'string' || name === 'then') return undefined;
        let method = methods.get(name);
        if (method === undefined) methods.set(name, method = (...args) => this.call(role, name, args));
        return method;
      },
    });
  }

  onNews(listener: (news: StoreNews) => void): () => void {
    this.listeners.add(listener);
    return () => { this.listeners.delete(listener); };
  }

  close(): Promise<void> {
    if (this.gone !== undefined) return Promise.resolve();
    return this.closing ??= this.call(undefined, 'close', []).then(() => undefined).finally(() => this.worker.terminate());
  }

  private receive(reply: Reply): void {
    switch (reply.kind) {
      case 'news': for (const listener of this.listeners) listener(reply.news); return;
      case 'opened': this.settle(0)?.resolve(undefined); return;
      case 'answer': this.settle(reply.id)?.resolve(reply.value); return;
      case 'error': {
        const error = receiveError(reply.error);
        if (reply.id === undefined) this.end(error); else this.settle(reply.id)?.reject(error);
      }
    }
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private end(error: Error): void {
    this.gone ??= error;
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
  }
}
