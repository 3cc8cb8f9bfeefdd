import { networkInterfaces } from 'node:os';
import { startHealthServer } from './health-server.js';

const outside = Object.values(networkInterfaces()).flatMap((list) => list ?? []).find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test('says ready or why not, and gives figures to this machine', async () => {
  let problem: string | undefined;
  const server = await startHealthServer({ host: '127.0.0.1', port: 0, problem: async () => problem, metrics: async () => 'haidang_info 1\n' });
  try {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    problem = 'the store does not answer';
    const answer = await fetch(`${server.url}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'not ready', problem }]);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toBe('haidang_info 1\n');
    expect((await fetch(`${server.url}/other`)).status).toBe(404);
    expect((await fetch(`${server.url}/healthz`, { method: 'POST' })).status).toBe(405);
  } finally { await server.stop(); }
});

test('a taken port is named, with what to set', async () => {
  const options = { host: '127.0.0.1', problem: async () => undefined, metrics: async () => '' }, first = await startHealthServer({ ...options, port: 0 });
  await expect(startHealthServer({ ...options, port: Number(new URL(first.url).port) })).rejects.toThrow(/in use.*HAIDANG_HEALTH_PORT/);
  await first.stop();
});

test('another machine needs the token for figures, none for health', async () => {
  if (outside === undefined) { process.stdout.write('not run: figures for another machine (this one has no address but the loopback)\n'); return; }
  const server = await startHealthServer({ host: outside, port: 0, problem: async () => undefined, metrics: async () => 'x 1\n', token: 'a-long-token' });
  try {
    const figures = async (authorization?: string): Promise<number> => (await fetch(`${server.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } })).status;
    expect([(await fetch(`${server.url}/healthz`)).status, await figures(), await figures('Bearer another'), await figures('Bearer a-long-token')]).toEqual([200, 401, 401, 200]);
  } finally { await server.stop(); }
});
