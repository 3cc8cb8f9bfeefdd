// The main job by three processes on one cluster: lines in over TCP and UDP at a collector, matched by a detector, an incident in the
// API of a console, triaged there; then all stop kindly. Lines of our own: somebody guesses passwords.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../core/process/built.js';
import { Client, sendTcp, sendUdp, until } from './product.js';
import { startApart, type Apart, type ApartService, type Cluster } from './apart.js';

const ATTACKER = '203.0.113.77', HOST = 'web-01';
const failed = (i: number, from = ATTACKER): string => `<86>${new Date(Date.now() - 60_000 + i * 1_000).toISOString()} ${HOST} sshd[${4_000 + i}]: Failed password for root from ${from} port ${40_000 + i} ssh2`;
const REFUSAL = /\b40[13]\b|security_exception|unauthorized/;

interface Incident { readonly id: string; readonly version: number; readonly status: string; readonly alertCount: number; readonly entities: readonly { readonly kind: string; readonly value: string }[] }

export async function mainJobApart(clusterOf: (service: ApartService) => Cluster, commands: Partial<Record<ApartService, readonly string[]>> = {}): Promise<void> {
  const running: Apart[] = [], start = async (service: ApartService, config = ''): Promise<Apart> => { const one = await startApart(service, clusterOf(service), { config, command: commands[service] }); running.push(one); return one; };
  try {
    const console = await start('console', 'systems: [{id: WEB, name: Web, tier: 3, unit: VP, match: [{address: 127.0.0.0/8}]}]\n'), detector = await start('detector'), collector = await start('collector');
    // As a container's health check asks.
    for (const { health, url } of running) execFileSync(process.execPath, [join(projectRoot, 'docker', 'health.mjs')], { env: { PATH: process.env['PATH'], ...(health === '' ? { HAIDANG_CONSOLE_PORT: new URL(url).port } : { HAIDANG_HEALTH_PORT: new URL(health).port }) } });

    const client = await Client.signIn(console.url), tcp = Array.from({ length: 30 }, (_, i) => failed(i)), udp = Array.from({ length: 30 }, (_, i) => failed(30 + i));
    await sendTcp(collector.syslogPort, tcp);
    await sendUdp(collector.syslogPort, udp);
    const count = async (): Promise<number> => (await client.get<{ total: number }>('/api/events?limit=1')).total;
    await until(count, (total) => total === 60, '60 events', 60_000);
    const about = ({ entities }: Incident): boolean => entities.some(({ kind, value }) => kind === 'ip' && value === ATTACKER);
    const incidents = await until(() => client.all<Incident>('/api/incidents'), (items) => items.some(about), `an incident that names ${ATTACKER}`, 60_000), incident = incidents.find(about) as Incident;
    await until(() => client.get<{ items: { system: string; stored: number; evaluated: number; lost: number }[] }>('/api/sources'), ({ items }) => items.reduce((sum, { evaluated }) => sum + evaluated, 0) === 60, 'all 60 evaluated', 60_000);
    expect((await client.all<{ 'haidang.system': string }>('/api/events')).every((event) => event['haidang.system'] === 'WEB')).toBe(true);

    // The detector may still add alerts: then one looks again, as a person would.
    const assign = async (): Promise<Response> => client.request('POST', `/api/incidents/${incident.id}/changes`, { version: (await client.get<Incident>(`/api/incidents/${incident.id}`)).version, change: { kind: 'assigned', assignee: 'admin' } });
    const answer = await until(assign, ({ status }) => status !== 409, 'an answer to the version that stands', 30_000);
    expect([answer.status, answer.ok ? '' : await answer.text()]).toEqual([200, '']);
    expect((await client.get<Incident>(`/api/incidents/${incident.id}`)).status).toBe('assigned');

    // What a person changes about a rule is in force at the detector soon.
    const rule = (await client.get<{ items: { id: string; state: string }[] }>('/api/rules?limit=500')).items.find(({ state }) => state === 'alive') as { id: string };
    const before = await ruleSetOf(detector);
    expect((await client.request('PATCH', `/api/rules/${encodeURIComponent(rule.id)}`, { version: 0, enabled: false })).status).toBe(200);
    await until(() => ruleSetOf(detector), (n) => n > before, 'the changed rules at the detector', 60_000);

    const figures = await (await fetch(`${collector.health}/metrics`)).text();
    expect(figures).toMatch(/haidang_listener_received_frames\{listener="tcp"\} 30/);
    expect(figures).toMatch(/haidang_listener_received_frames\{listener="udp"\} 30/);
    expect(await (await fetch(`${detector.health}/metrics`)).text()).toMatch(/haidang_evaluated_events 6\d/);
    for (const one of [collector, detector, console]) {
      expect([one.service, await one.stop()]).toEqual([one.service, 0]);
      const wrong = one.output().split('\n').filter((line) => REFUSAL.test(line) || /"level":(?:50|60)/.test(line));
      expect([one.service, wrong]).toEqual([one.service, []]);
    }
  } finally {
    for (const one of running) await one.kill();
  }
}

const ruleSetOf = async ({ health }: Apart): Promise<number> => Number(/^haidang_rule_set (\d+)/m.exec(await (await fetch(`${health}/metrics`)).text())?.[1] ?? 0);
