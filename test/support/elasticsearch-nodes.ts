// Nodes of a real Elasticsearch that one test has to itself (elasticsearch-nodes-child.mjs): it may kill them, start them again, and change what
// holds for the whole cluster.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../core/process/built.js';

export interface Nodes {
  readonly urls: readonly string[];
  /** SIGKILL of a node; its data stays. */
  kill(node: number): Promise<void>;
  /** Returns when it answers again, whatever the others do. */
  start(node: number): Promise<void>;
  stop(): Promise<void>;
}
export interface NodesOptions { readonly count: number; readonly settings?: Readonly<Record<string, string | number | boolean>>; readonly heapMb?: number }
type Answer = { readonly kind: 'ready'; readonly urls: readonly string[] } | { readonly kind: 'absent'; readonly why: string } | { readonly kind: 'done'; readonly id: number } | { readonly kind: 'failed'; readonly id: number; readonly why: string };

/** Undefined, after saying why, where there can be none; in CI that is a failure. */
export async function startNodes({ count, settings = {}, heapMb = 512 }: NodesOptions): Promise<Nodes | undefined> {
  const child = fork(join(projectRoot, 'test', 'support', 'elasticsearch-nodes-child.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
  const gone = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  let asked = 0;
  const heard = (accepts: (answer: Answer) => boolean): Promise<Answer> => new Promise((resolve, reject) => {
    const end = (): void => { child.off('message', hear); child.off('exit', died); }, hear = (message: unknown): void => { if (accepts(message as Answer)) { end(); resolve(message as Answer); } };
    const died = (): void => { end(); reject(new Error('the nodes of Elasticsearch are gone')); };
    child.on('message', hear);
    child.on('exit', died);
  });
  const ask = async (kind: 'kill' | 'start', node: number): Promise<void> => {
    const id = ++asked, answer = heard((one) => 'id' in one && one.id === id);
    child.send({ kind, node, id });
    const said = await answer;
    if (said.kind === 'failed') throw new Error(said.why);
  };
  const stop = async (): Promise<void> => { if (child.connected) child.disconnect(); await gone; };
  const first = heard(({ kind }) => kind === 'ready' || kind === 'absent');
  child.send({ count, settings, heapMb });
  const answer = await first;
  if (answer.kind === 'ready') return { urls: answer.urls, kill: (node) => ask('kill', node), start: (node) => ask('start', node), stop };
  await stop();
  const why = answer.kind === 'absent' ? answer.why : 'no reason given';
  if (process.env['CI']) throw new Error(`expected an Elasticsearch in CI: ${why}`);
  process.stdout.write(`not run: tests on ${count} nodes of Elasticsearch (${why})\n`);
  return undefined;
}
