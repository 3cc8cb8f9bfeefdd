// haidang dead-letters: what the store would not take as it was, with the reason, and those of them that somebody chooses sent again as
// new frames. The old position stays as it is: a frame that is sent again gets a position of its own.
import { InvalidArgumentError, type Command } from 'commander';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { InvalidError } from '../../core/errors.js';
import type { Event } from '../../core/event.js';
import { loadConfig } from '../../core/process/config.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';
import type { Store } from '../../core/store/store.js';

export interface Letter { readonly id: string; readonly stream: string; readonly seq: number; readonly at: string; readonly reason: string; readonly original: string; readonly bytes: Buffer }
interface Options { readonly limit: number; readonly to?: string; readonly all?: boolean }
const LIMIT = 1_000;

export function registerDeadLetters(program: Command): void {
  const letters = program.command('dead-letters').description('what could not be stored as it should be: list it, send it again');
  const limit = (command: Command): Command => command.option('--limit <n>', 'how many of the newest are looked at', count, LIMIT);
  limit(letters.command('list').description('one JSON line a dead letter, newest first: id, stream, seq, at, reason, original')).action(async ({ limit: most }: Options) => {
    for (const { bytes: _bytes, ...letter } of await withStore((store) => lettersOf(store, most))) process.stdout.write(`${JSON.stringify(letter)}\n`);
  });
  limit(letters.command('send [ids...]').description('send the originals of these again, as new frames over syslog TCP; the old positions stay as they are'))
    .option('--to <host:port>', 'the listener; absent: that of the configuration').option('--all', 'every one that is listed')
    .action(async (ids: readonly string[], { limit: most, to, all }: Options) => {
      if ((all === true) === (ids.length > 0)) throw new InvalidError('expected ids of dead letters, or --all');
      const found = await withStore((store) => lettersOf(store, most)), chosen = all === true ? found : ids.map((id) => {
        const letter = found.find((one) => one.id === id);
        if (letter === undefined) throw new InvalidError(`expected the id of one of the newest ${most} dead letters, got ${id}`);
        return letter;
      });
      const { host, syslog: { port } } = loadConfig(process.env, process.cwd());
      await send(to ?? `${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`, chosen.map(({ bytes }) => bytes));
      process.stdout.write(`${chosen.length} sent\n`);
    });
}

async function withStore<T>(ask: (store: Store) => Promise<T>): Promise<T> {
  const config = loadConfig(process.env, process.cwd()), { openStore } = await import('../../core/store/open.js'), store = await openStore({ folder: resolve(config.data), elasticsearch: elasticsearchOf(config) });
  try { return await ask(store); } finally { await store.close(); }
}

export async function lettersOf(store: Store, limit: number): Promise<readonly Letter[]> {
  const kept = (await store.deadLetters.list({ limit })).items.map(({ id, stream, seq, reason, at, body }): Letter => ({ id, stream, seq, at: new Date(at).toISOString(), reason, original: body, bytes: Buffer.from(body) }));
  const refused = (await store.shared?.refused(limit) ?? []).map(({ id, stream, seq, reason, received, text }): Letter => {
    const bytes = originalOf(JSON.parse(text) as Event);
    return { id, stream, seq, at: new Date(received).toISOString(), reason, original: bytes.toString('utf8'), bytes };
  });
  return [...refused, ...kept];
}

/** The frame's bytes as they arrived. */
function originalOf(event: Event): Buffer {
  const exact = event['event.original_b64'], text = event['event.original'];
  return typeof exact === 'string' ? Buffer.from(exact, 'base64') : Buffer.from(typeof text === 'string' ? text : '');
}

/** Frames counted in octets, so that what is in them ends none; resolves when the other end has closed, too. */
function send(to: string, frames: readonly Buffer[]): Promise<void> {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(to) ?? [];
  if (port === '') throw new InvalidError(`--to: expected host:port, got ${JSON.stringify(to)}`);
  return new Promise((done, failed) => {
    const socket = connect({ host, port: Number(port) }).on('error', failed).on('close', () => { done(); });
    socket.end(Buffer.concat(frames.flatMap((frame) => [Buffer.from(`${frame.length} `), frame])));
    socket.resume();
  });
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 10_000) throw new InvalidArgumentError(`expected a whole number from 1 to 10000, got ${JSON.stringify(text)}`);
  return value;
}
