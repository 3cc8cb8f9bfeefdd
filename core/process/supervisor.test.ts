import { spawn } from 'node:child_process';
import { Supervisor, type Turn } from './supervisor.js';

const PAUSES = { firstMs: 20, mostMs: 60, goodMs: 60_000, stopMs: 2000 };
/** Runs a child that does what `script` says, in the turn's words; returns what was said and how it ended. */
async function supervise(script: (turn: Turn) => string, until?: (supervisor: Supervisor, said: readonly string[]) => void): Promise<{ code: number; said: string[]; turns: Turn[] }> {
  const said: string[] = [], turns: Turn[] = [];
  const supervisor = new Supervisor({
    pauses: PAUSES, say: (line) => { said.push(line); until?.(supervisor, said); },
    start: (turn) => { turns.push(turn); return spawn(process.execPath, ['-e', script(turn)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: { ...process.env, NODE_OPTIONS: '' } }); },
  });
  return { code: await supervisor.run(), said, turns };
}
const READY = "process.send('ready');", WAITS = "process.on('message', () => process.exit(0)); setInterval(() => {}, 1000);";

test('one that never became ready is not started again: its exit code is ours', async () => {
  expect(await supervise(() => 'process.exit(78)')).toMatchObject({ code: 78, said: [], turns: [{ restarts: 0, inRow: 0 }] });
});

test('ends in a row: pauses double up to their most, the fifth is called a crash loop; a stop ends it', async () => {
  const { said, turns } = await supervise(() => `${READY} setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20)`, (supervisor, lines) => { if (lines.length === 6) supervisor.stop(); });
  expect(said.map((line) => [/in ([\d.]+) s/.exec(line)?.[1], line.includes('crash loop'), line.includes('SIGKILL')])).toEqual([
    ['0.02', false, true], ['0.04', false, true], ['0.06', false, true], ['0.06', false, true], ['0.06', true, true], ['0.06', true, true],
  ]);
  expect(turns.map(({ restarts, inRow }) => [restarts, inRow])).toEqual([[0, 0], [1, 1], [2, 2], [3, 3], [4, 4], [5, 5]]);
  expect(turns.slice(1).every(({ endedAt = 0 }) => Math.abs(Date.now() - endedAt) < 60_000)).toBe(true);
});

test('asked to stop it is told so, and its exit code is ours', async () => {
  const result = await supervise(({ restarts }) => (restarts === 0 ? `${READY} setTimeout(() => process.exit(3), 20)` : `${READY} ${WAITS}`), (supervisor) => { setTimeout(() => { supervisor.stop(); }, 500); });
  expect(result).toMatchObject({ code: 0, said: [expect.stringContaining('exit code 3') as unknown] });
});

test('one that ended well although nobody asked is started again at once', async () => {
  const { said, turns } = await supervise(({ restarts }) => (restarts === 0 ? `${READY} setTimeout(() => process.exit(0), 20)` : `${READY} ${WAITS}`), (supervisor) => { setTimeout(() => { supervisor.stop(); }, 500); });
  expect(said).toHaveLength(1);
  expect(turns[1]).toMatchObject({ restarts: 1, inRow: 0 });
});
