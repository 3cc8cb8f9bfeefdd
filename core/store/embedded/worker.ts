// The store's thread: opens the store and answers requests, each as soon as it is done.
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../assert.js';
import type { EmbeddedOptions } from './client.js';
import { openHere } from './embedded.js';
import { sendError, type Reply, type Request } from './rpc.js';

const port = parentPort;
assert(port !== null, 'the store runs in a worker thread');
const reply = (message: Reply): void => port.postMessage(message);

try {
  const store = await openHere(workerData as EmbeddedOptions);
  store.onNews((news) => reply({ kind: 'news', news }));
  port.on('message', ({ id, role, method, args }: Request) => {
    const target = (role === undefined ? store : store[role]) as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
    const call = async (): Promise<unknown> => {
      assert(typeof target[method] === 'function', `the store has a method ${role ?? 'store'}.${method}`);
      return target[method](...args);
    };
    call().then((value) => {
      reply({ kind: 'answer', id, value });
      if (role === undefined && method === 'close') port.close();
    }, (error: unknown) => reply({ kind: 'error', id, error: sendError(error) }));
  });
  reply({ kind: 'opened' });
} catch (error) {
  reply({ kind: 'error', id: undefined, error: sendError(error) });
  port.close();
}
