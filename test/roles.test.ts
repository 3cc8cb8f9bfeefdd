// Each service with the credential that its role describes, on a real Elasticsearch with security switched on: what it may not do is
// refused, and it does the main job without meeting a refusal.
import { rolesFile, SERVICE_ROLES, type ServiceRole } from '../core/store/elasticsearch/roles.js';
import { deleteRetiredIndices, openStore, setUpElasticsearch } from '../core/store/open.js';
import { aRun, commitOf } from '../core/store/samples.js';
import { mainJobApart } from './support/main-job-apart.js';
import { securedElasticsearch, type RealmUser } from './support/elasticsearch.js';

const prefix = 'sec-', admin = { username: 'root1', password: 'pass-root-1' };
const users: readonly RealmUser[] = [{ name: admin.username, password: admin.password, roles: ['superuser'] }, ...SERVICE_ROLES.map((role) => ({ name: role, password: `pass-${role}-1`, roles: [`${prefix}${role}`] }))];
const auth = (role: ServiceRole): { readonly username: string; readonly password: string } => ({ username: role, password: `pass-${role}-1` });
const server = await securedElasticsearch(rolesFile(prefix), users), url = server?.url ?? '';

type Action = readonly [method: string, path: string, body?: object];
async function status(who: { readonly username: string; readonly password: string }, [method, path, body]: Action): Promise<number> {
  const answer = await fetch(`${url}/${path}`, { method, headers: { authorization: `Basic ${Buffer.from(`${who.username}:${who.password}`).toString('base64')}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? undefined : JSON.stringify(body) });
  const { errors, items } = await answer.json().catch(() => ({})) as { errors?: boolean; items?: Record<string, { status: number }>[] };
  return errors === true ? Object.values(items?.[0] ?? {})[0]?.status ?? 0 : answer.status;
}
const all = { query: { match_all: {} } }, event = { id: 'x', time: 1, tier: 3 };
const EVENTS = `${prefix}events-t3-2026.w47`, OTHER = `${prefix}events-t3-2020.w01`;
const at = (index: string): string => `${prefix}${index}`;

/** May, and may not. */
const RIGHTS: Readonly<Record<ServiceRole, { readonly may: readonly Action[]; readonly mayNot: readonly Action[] }>> = {
  collector: {
    may: [
      ['PUT', `${EVENTS}/_create/of-collector`, event], ['PUT', `${at('control')}/_create/of-collector`, {}], ['PUT', `${at('ledger')}/_create/of-collector`, {}], ['GET', `${at('control')}/_doc/of-collector`], ['POST', `${at('ledger')}/_search`, all],
      ['GET', `${EVENTS}/_stats?level=shards`], ['GET', '_snapshot/_all'],
    ],
    mayNot: [
      ['PUT', `${EVENTS}/_doc/known`, event], ['DELETE', `${EVENTS}/_doc/known`], ['GET', `${EVENTS}/_doc/known`], ['POST', `${EVENTS}/_search`, all], ['POST', `${EVENTS}/_refresh`], ['PUT', `${OTHER}/_create/1`, event], ['PUT', OTHER], ['DELETE', EVENTS],
      ['PUT', `${at('control')}/_doc/known`, {}], ['DELETE', `${at('control')}/_doc/known`], ['PUT', `${at('ledger')}/_doc/known`, {}], ['POST', `${at('alerts')}/_search`, all], ['PUT', `${at('alerts')}/_create/1`, {}], ['GET', `${at('incidents')}/_doc/1`], ['PUT', `${at('audit')}/_create/1`, {}],
      ['PUT', '_index_template/mine', { index_patterns: ['mine'] }], ['PUT', '_security/role/mine', {}], ['PUT', `${EVENTS}/_settings`, { index: { number_of_replicas: 0 } }],
    ],
  },
  detector: {
    may: [
      ['POST', `${EVENTS}/_search`, all], ['GET', `${EVENTS}/_stats?level=shards`], ['PUT', `${prefix}events-t2-2026.w47`], ...['control', 'ledger', 'ledger-t3-2026.w47', 'alerts', 'incidents', 'notices'].map((index): Action => ['PUT', `${at(index)}/_doc/of-detector`, {}]), ['POST', `${at('ledger')}/_refresh`], ['PUT', `${at('ledger-t2-2026.w47')}`],
    ],
    mayNot: [
      ['PUT', `${EVENTS}/_create/1`, event], ['PUT', `${EVENTS}/_doc/known`, event], ['DELETE', `${EVENTS}/_doc/known`], ['DELETE', EVENTS], ['PUT', `${at('audit')}/_create/1`, {}], ['DELETE', at('ledger')], ...['incidents', 'control', 'ledger', 'alerts', 'ledger-t3-2026.w47'].map((index): Action => ['DELETE', `${at(index)}/_doc/known`]), ['DELETE', at('ledger-t3-2026.w47')],
      ['PUT', '_index_template/mine', { index_patterns: ['mine'] }], ['PUT', '_security/role/mine', {}], ['PUT', 'elsewhere'],
    ],
  },
  console: {
    may: [['POST', `${EVENTS}/_search`, all], ['PUT', `${at('control')}/_doc/of-console`, {}], ['PUT', `${at('incidents')}/_doc/of-console`, {}], ['PUT', `${at('audit')}/_create/of-console`, {}], ['DELETE', `${at('control')}/_doc/of-console`]],
    mayNot: [
      ['PUT', `${EVENTS}/_create/2`, event], ['PUT', `${EVENTS}/_doc/known`, event], ['DELETE', `${EVENTS}/_doc/known`], ['PUT', OTHER], ['DELETE', EVENTS], ['PUT', `${at('audit')}/_doc/of-console`, {}], ['DELETE', `${at('audit')}/_doc/of-console`], ['DELETE', `${at('incidents')}/_doc/known`],
      ['PUT', '_index_template/mine', { index_patterns: ['mine'] }], ['PUT', '_security/role/mine', {}],
    ],
  },
  retention: {
    may: [['GET', `${at('control')}/_doc/known`], ['POST', `${at('control')}/_search`, all]],
    mayNot: [
      ['PUT', `${at('control')}/_create/1`, {}], ['PUT', `${at('control')}/_doc/known`, {}], ['DELETE', `${at('control')}/_doc/known`], ['DELETE', at('control')], ['DELETE', at('ledger')], ['DELETE', at('alerts')], ['DELETE', at('audit')], ['POST', `${EVENTS}/_search`, all], ['GET', `${EVENTS}/_doc/known`], ['PUT', `${EVENTS}/_create/3`, event],
      ['DELETE', `${EVENTS}/_doc/known`], ['PUT', OTHER], ['POST', `${at('ledger')}/_search`, all], ['POST', `${at('ledger-t3-2026.w47')}/_search`, all], ['PUT', `${at('ledger-t3-2026.w47')}/_doc/known`, {}], ['POST', `${at('incidents')}/_search`, all],
    ],
  },
  one: {
    may: [['GET', '_snapshot/_all'], ['PUT', `${EVENTS}/_create/of-one`, event], ['POST', `${EVENTS}/_search`, all], ['PUT', `${prefix}events-t1-2026.w47`], ['DELETE', `${prefix}events-t1-2026.w47`], ['PUT', `${at('audit')}/_create/of-one`, {}]],
    mayNot: [['PUT', `${EVENTS}/_doc/known`, event], ['DELETE', at('control')], ['DELETE', `${at('audit')}/_doc/of-one`], ['PUT', '_index_template/mine', { index_patterns: ['mine'] }], ['PUT', '_security/role/mine', {}]],
  },
};

if (server === undefined) test('not run: rights on Elasticsearch', () => undefined);
else {
  const forget = async (): Promise<void> => {
    for (const index of ['control', 'ledger', 'alerts', 'incidents', 'notices', 'audit']) await status(admin, ['DELETE', at(index)]);
    const found = await (await fetch(`${url}/_cat/indices/${prefix}*?format=json&h=index`, { headers: { authorization: `Basic ${Buffer.from(`${admin.username}:${admin.password}`).toString('base64')}` } })).json() as { index: string }[];
    for (const { index } of found) await status(admin, ['DELETE', index]);
  };
  beforeEach(async () => {
    await forget();
    await setUpElasticsearch({ nodes: [url], prefix, auth: admin });
  });
  afterAll(async () => {
    await forget();
    await server.stop();
  });

  test.each(SERVICE_ROLES)('%s: what it may do it may, all else is refused', async (role) => {
    for (const index of [EVENTS, at('ledger-t3-2026.w47')]) expect(await status(admin, ['PUT', index])).toBe(200);
    expect(await status(admin, ['PUT', `${at('ledger-t3-2026.w47')}/_doc/known`, {}])).toBe(201);
    for (const index of ['control', 'ledger', 'incidents', 'alerts', 'audit']) expect(await status(admin, ['PUT', `${at(index)}/_doc/known`, {}])).toBe(201);
    expect(await status(admin, ['PUT', `${EVENTS}/_doc/known`, event])).toBe(201);
    const { may, mayNot } = RIGHTS[role], outcome = async (actions: readonly Action[]): Promise<readonly string[]> => { const said = []; for (const action of actions) said.push(`${action[0]} ${action[1]} ${await status(auth(role), action)}`); return said; };
    expect((await outcome(may)).filter((line) => !/ 20[01]$/.test(line))).toEqual([]);
    expect((await outcome(mayNot)).filter((line) => !line.endsWith(' 403'))).toEqual([]);
    expect(await status(admin, ['GET', OTHER])).toBe(404);
  });

  test('retention takes away what is retired, and only with its credential', async () => {
    const of = (role: ServiceRole) => ({ nodes: [url], prefix, auth: auth(role), role }), one = await openStore({ folder: '', elasticsearch: of('one') }), stream = { collector: '0190f3a0-0000-7000-8000-0000000000fc', epoch: 1, tier: 3 };
    await one.commit(commitOf(aRun(stream, 1, [{ message: 'a', 'haidang.system': 'portal' }]).run));
    await one.close();
    const detector = await openStore({ folder: '', elasticsearch: of('detector') }), later = Date.parse('2027-03-01');
    await detector.keep({ 3: 30 }, later);
    await detector.keep({ 3: 30 }, later);
    await detector.close();
    expect(await status(admin, ['GET', EVENTS])).toBe(200);
    await expect(deleteRetiredIndices(of('console'))).rejects.toThrow(/403/);
    const deleted = await deleteRetiredIndices(of('retention'));
    for (const index of [EVENTS, at('ledger-t3-2026.w47')]) expect([index, deleted.includes(index), await status(admin, ['GET', index])]).toEqual([index, true, 404]);
  });

  test('the main job by three processes, each with its own credential: no refusal is met', async () => {
    await mainJobApart((role) => ({ url, prefix, user: { name: role, password: auth(role).password } }));
  }, 180_000);
}
