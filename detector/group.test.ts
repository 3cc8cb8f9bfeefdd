import type { AlertHead, EventCopy, Hit, ProofEvent } from '../core/alert.js';
import type { Event } from '../core/event.js';
import { apply, type Incident } from '../core/incident.js';
import { Policy } from '../core/policy.js';
import { loadPolicies } from '../core/process/policy-file.js';
import type { AlertState, AlertWrite } from '../core/store/store.js';
import { alertOf, entityOf, kindOf, type Finding, type RuleInfo } from './alerts.js';
import { group, incidentKey, JOIN_MS, yearOf, type Decided, type Known } from './group.js';
import { refOf } from './hit-ref.js';
import { correlationAlertId, singleAlertId } from './ids.js';

const rule: RuleInfo = { name: { uid: 'r1', version: 'v1', title: 'Failed sign-in', titleVi: 'Đăng nhập thất bại', level: 'medium' }, family: 'sign-in', entity: [] };
const START = Date.UTC(2026, 10, 22);

let seq = 0;
function hit(part: Partial<Hit> & { event?: Event } = {}): Hit {
  const n = ++seq;
  return {
    rule: rule.name, stream: 's.1.2', seq: n, eventId: `s.1.2.${n}.abc`, time: START + n, received: START + n, system: 'PORTAL', tier: 2, reports: true, atoms: [{ question: 'message contains "failed"', start: 0, end: 6 }],
    event: { 'event.original': `line ${n}`, 'source.ip': '203.0.113.9', 'host.name': 'web-01', 'user.name': 'root' }, ...part,
  };
}
const single = (one: Hit, of: RuleInfo = rule): Finding => ({ id: singleAlertId(of.name.uid, of.name.version, one.eventId), rule: of, completing: one, hits: [refOf(one)], whole: [one] });
const known = (part: Partial<Known> = {}): Known => ({
  alerts: new Map(), incidents: new Map(), byKey: new Map(), numbers: new Map(), now: START + 1_000, demoSystems: new Set(),
  notices: { recipients: [{ to: 'truc@soc.example', tiers: [1, 2], severity: 'medium', language: 'vi' }, { to: 'high@soc.example', tiers: [1, 2, 3, 4, 5], severity: 'high', language: 'en' }], publicUrl: 'https://soc.example/' }, ...part,
});
/** What is written, of either kind. */
const written = (write: AlertWrite | undefined): AlertHead & { readonly eventIds: readonly string[]; readonly events: readonly (ProofEvent | EventCopy)[] } =>
  (write?.kind === 'whole' ? write.alert : { ...(write as Extract<AlertWrite, { kind: 'growth' }>).head, eventIds: write!.eventIds, events: write!.copies });
/** What the store would say afterwards. */
function stored({ alerts, incidents }: Decided, before: Partial<Known> = {}): Partial<Known> {
  const all = new Map([...(before.incidents ?? []), ...incidents.map(({ incident }) => [incident.id, incident] as const)]);
  const states = alerts.map((write): [string, AlertState] => { const { eventIds, events, ...head } = written(write); return [head.id, { head, has: eventIds, copies: events.length }]; });
  return { alerts: new Map([...(before.alerts ?? []), ...states]), incidents: all, byKey: new Map([...all.values()].map((one) => [one.key, one])), numbers: new Map([[2026, all.size]]) };
}
const only = ({ incidents }: Decided): Incident => { expect(incidents).toHaveLength(1); return incidents[0]!.incident; };

test('an alert opens an incident in the rule\'s words, about its entity and host', () => {
  const decided = group([single(hit())], known());
  expect(only(decided)).toMatchObject({
    number: 'SC-2026-0001', title: 'Failed sign-in: 203.0.113.9 on web-01', titleVi: 'Đăng nhập thất bại: 203.0.113.9 trên web-01', severity: 'medium', tier: 2, system: 'PORTAL', status: 'new', eventCount: 1,
    entities: [{ kind: 'ip', value: '203.0.113.9' }, { kind: 'user', value: 'root' }, { kind: 'host', value: 'web-01' }],
  });
  expect(decided.alerts[0]).toMatchObject({ kind: 'whole', alert: { incident: only(decided).id, eventCount: 1, events: [{ original: expect.stringContaining('line'), atoms: [{ start: 0, end: 6 }] }] } });
  expect(decided.notices.map(({ recipient }) => recipient)).toEqual(['truc@soc.example']);
  expect(decided.notices[0]!.text).toContain(`https://soc.example/incidents/${only(decided).id}`);
});

test('a mail names the rule that made it, with its author and licence, in both languages', () => {
  const shared: RuleInfo = { ...rule, name: { ...rule.name, author: 'A. Writer\n(team)', license: 'DRL 1.1' } };
  const text = (of: RuleInfo): string => group([single(hit({ rule: of.name }), of)], known()).notices[0]!.text;
  expect(text(shared)).toContain('Luật: Đăng nhập thất bại (tác giả: A. Writer (team); giấy phép: DRL 1.1)\n');
  expect(text(shared)).toContain('Rule: Failed sign-in (author: A. Writer (team); license: DRL 1.1)\n');
  expect(text(rule)).toContain('Rule: Failed sign-in\n');
});

test('alerts of one family about one entity join; another entity or system opens its own', () => {
  const other = hit({ event: { 'source.ip': '198.51.100.7' } });
  const decided = group([single(hit()), single(hit()), single(other), single(hit({ system: 'MAIL' }))], known());
  expect(decided.incidents.map(({ incident }) => [incident.system, incident.alerts.length])).toEqual([['PORTAL', 2], ['PORTAL', 1], ['MAIL', 1]]);
  expect(decided.incidents.map(({ incident }) => incident.number)).toEqual(['SC-2026-0001', 'SC-2026-0002', 'SC-2026-0003']);
});

test('an incident has the deadline of the policy in force; without a policy it has none', () => {
  const policy = new Policy(loadPolicies(), START), decided = group([single(hit())], known({ policy }));
  expect(only(decided).due).toBe(policy.limit('acknowledge', 2, 'medium', START + 1_000)?.at);
  expect(only(group([single(hit())], known()))).not.toHaveProperty('due');
  const raised = group([single(hit(), { ...rule, name: { ...rule.name, uid: 'r2', level: 'critical' } })], known({ policy, ...stored(decided) }));
  expect([only(raised).id, only(raised).due]).toEqual([only(decided).id, START + 1_000 + 60 * 60_000]);
});

test('a stored open incident is joined, a closed one is not', () => {
  const first = group([single(hit())], known());
  const again = group([single(hit())], known(stored(first)));
  expect(again.incidents[0]).toMatchObject({ seen: 1, incident: { id: only(first).id, version: 2, eventCount: 2 } });
  expect(again.notices).toEqual([]);
  const closed = apply(only(first), { kind: 'closed', verdict: 'true_positive' }, START, 'lan', 'c');
  const after = group([single(hit())], known({ ...stored(first), byKey: new Map([[closed.key, closed]]) }));
  expect(after.incidents[0]).toMatchObject({ seen: 0, incident: { number: 'SC-2026-0002' } });
});

test('an incident takes alerts for 24 h of received time after its last one, also within a round', () => {
  const first = group([single(hit())], known()), received = only(first).lastReceived;
  const later = (ms: number): Hit => hit({ received: received + ms });
  expect(group([single(later(JOIN_MS))], known(stored(first))).incidents[0]!.seen).toBe(1);
  expect(group([single(later(JOIN_MS + 1))], known(stored(first))).incidents[0]!.seen).toBe(0);
  expect(group([single(hit({ received })), single(later(JOIN_MS + 5)), single(later(2 * JOIN_MS))], known()).incidents.map(({ incident }) => incident.alerts.length)).toEqual([1, 2]);
});

test('deciding again gives the same ids; what is stored already changes nothing', () => {
  const findings = [single(hit()), single(hit())];
  const once = group(findings, known()), twice = group(findings, known());
  expect(twice).toEqual(once);
  expect(group(findings, known(stored(once)))).toEqual({ alerts: [], incidents: [], notices: [] });
});

test('a graver alert raises the incident and is told to those who asked for it', () => {
  const first = group([single(hit())], known());
  const grave: RuleInfo = { ...rule, name: { ...rule.name, uid: 'r2', level: 'high' } };
  const raised = group([single(hit(), grave)], known(stored(first)));
  expect(only(raised).severity).toBe('high');
  expect(raised.notices.map(({ recipient, subject }) => [recipient, subject.includes('raised') || subject.includes('tăng mức')])).toEqual([['truc@soc.example', true], ['high@soc.example', true]]);
});

test('on tier 4 an alert is one step graver', () => {
  const decided = group([single(hit({ tier: 4 }))], known());
  expect(written(decided.alerts[0])).toMatchObject({ severity: 'high', tier: 4 });
  expect(decided.notices.map(({ recipient }) => recipient)).toEqual(['high@soc.example']);
});

test('a storm: from the 101st alert of a rule on no copies, no timeline entry, every id counted', () => {
  const decided = group(Array.from({ length: 150 }, () => single(hit())), known());
  const incident = only(decided);
  expect(incident).toMatchObject({ eventCount: 150, version: 150 });
  expect(incident.alerts).toHaveLength(150);
  expect(incident.timeline).toHaveLength(100);
  expect(decided.alerts.map((write) => written(write).events.length)).toEqual([...Array<number>(100).fill(1), ...Array<number>(50).fill(0)]);
  expect(decided.notices).toHaveLength(1);
  const more = group([single(hit())], known(stored(decided)));
  expect(written(more.alerts[0])).toMatchObject({ events: [], eventCount: 1 });
  expect(only(more).alerts).toHaveLength(151);
});

describe('a correlation', () => {
  const correlation: RuleInfo = { name: { ...rule.name, uid: 'c1', title: 'Brute force' }, family: 'c1', entity: [] };
  const finding = (hits: Hit[], completing: Hit): Finding => ({ id: correlationAlertId('c1', 'v1', { 'source.ip': '203.0.113.9' }, 7), rule: correlation, completing, hits: hits.map(refOf), whole: hits.length <= 100 ? hits : [...hits.slice(0, 50), ...hits.slice(-50)], group: { 'source.ip': '203.0.113.9' } });

  test('grows in its incident, even a closed one, and is one alert', () => {
    const hits = Array.from({ length: 8 }, () => hit());
    const first = group([finding(hits.slice(0, 5), hits[4]!)], known());
    const closed = apply(only(first), { kind: 'closed', verdict: 'true_positive' }, START, 'lan', 'c');
    const before = stored(first);
    const grown = group([finding(hits.slice(2), hits[7]!)], known({ ...before, incidents: new Map([[closed.id, closed]]), byKey: new Map([[closed.key, closed]]) }));
    expect(grown.alerts).toHaveLength(1);
    expect(grown.alerts[0]).toMatchObject({ kind: 'growth', head: { id: written(first.alerts[0]).id, eventCount: 8, time: hits[4]!.time }, eventIds: hits.slice(5).map(({ eventId }) => eventId) });
    expect(only(grown)).toMatchObject({ id: closed.id, status: 'closed', eventCount: 8, alerts: [written(first.alerts[0]).id] });
    expect(grown.notices).toEqual([]);
  });

  test('every copied line lights what groups it, behind what its rule says', () => {
    const grouping: RuleInfo = { ...correlation, grouping: { names: ['ip', 'user.name', 'gone'], paths: new Map([['r1', [['source.ip'], ['TargetUserName', 'user.name'], ['gone']]]]) } };
    const line = 'sign-in of lần from 203.0.113.9: no', at = 'sign-in of lần from '.length + 2;
    const one = hit({ event: { 'event.original': line, 'source.ip': '203.0.113.9', 'user.name': ['lần', 'x'] } }), other = hit({ event: { 'event.original': 'nothing', 'source.ip': '203.0.113.9' } });
    const groupAtoms = [
      { question: 'ip groups', ask: { is: 'groups', name: 'ip' }, field: 'source.ip', value: '203.0.113.9', start: at, end: at + 11 },
      { question: 'user.name groups', ask: { is: 'groups', name: 'user.name' }, field: 'user.name', value: 'lần', start: 11, end: 16 },
      { question: 'user.name groups', ask: { is: 'groups', name: 'user.name' }, field: 'user.name', value: 'x' },
    ];
    const alert = alertOf({ ...finding([one, other], other), rule: grouping }, { incident: 'i', created: 1, storm: false });
    expect(alert).toMatchObject({ copies: [{ atoms: one.atoms, grouping: groupAtoms }, { atoms: other.atoms, grouping: [{ question: 'ip groups', ask: { is: 'groups', name: 'ip' }, field: 'source.ip', value: '203.0.113.9' }] }] });
    const second = { ...one, rule: { ...rule.name, uid: 'r2' }, atoms: [{ question: 'second rule' }] };
    const both = alertOf({ ...finding([one, second], other), rule: grouping }, { incident: 'i', created: 1, storm: false });
    expect(both).toMatchObject({ eventIds: [one.eventId], copies: [{ rule: 'r1', atoms: [...one.atoms, { question: 'second rule' }], grouping: groupAtoms }] });
  });

  test('that reaches into a higher tier is for those who may see that tier', () => {
    const first = group([finding([hit()], hit())], known());
    const grown = group([finding([hit({ tier: 4, system: 'CORE' })], hit())], known(stored(first)));
    expect(written(grown.alerts[0]).tier).toBe(4);
    expect(only(grown).tier).toBe(4);
  });
});

test('the entity is what the rule says, else its group, else address, user, host', () => {
  const named: RuleInfo = { ...rule, entity: [['TargetUserName', 'user.name'], ['host.name']] };
  expect(entityOf(single(hit(), named))).toEqual(['root', 'web-01']);
  expect(entityOf({ ...single(hit()), group: { b: '2', a: '1' } })).toEqual(['1', '2']);
  expect(entityOf(single(hit({ event: { 'user.name': ['lan', 'an'], 'host.name': 'h' } })))).toEqual(['lan']);
  expect(entityOf(single(hit({ event: {} })))).toEqual([]);
  expect(incidentKey(single(hit({ event: {} })))).toBe('["sign-in",[],"PORTAL"]');
});

test.each([['source.ip', '203.0.113.9', 'ip'], ['SourceIp', '2001:db8::1', 'ip'], ['TargetUserName', 'an', 'user'], ['user.name', 'an', 'user'], ['host.name', 'web', 'host'], ['Image', 'C:\\a.exe', 'file'], ['url.original', '/a', 'url'], ['x', 'y', 'host'],
  ['source.domain', 'a.example', 'host'], ['destination.domain', 'b.example', 'host'], ['url.domain', 'c.example', 'url'], ['query', 'd.example', 'url']])(
  '%s %s is a %s', (field, value, kind) => expect(kindOf(field, value)).toBe(kind));

test('what kind an entity is, is told from the name as the rule writes it', () => {
  const named: RuleInfo = { ...rule, entity: [['host.name', 'winlog.event_data.host.name', 'winlog.user_data.host.name'], ['TargetUserName', 'winlog.event_data.TargetUserName', 'user.target.name', 'host.user']] };
  const { entities } = written(group([single(hit({ event: { 'host.name': 'dc-01', 'winlog.event_data.TargetUserName': 'lan' } }), named)], known()).alerts[0]);
  expect(entities).toEqual([{ kind: 'host', value: 'dc-01' }, { kind: 'user', value: 'lan' }]);
});

test('a number is of the year as people here count it', () => {
  expect(yearOf(Date.UTC(2026, 11, 31, 16, 59))).toBe(2026);
  expect(yearOf(Date.UTC(2026, 11, 31, 17, 0))).toBe(2027);
});

test('what a log says cannot break out of a mail\'s subject or its line', () => {
  const decided = group([single(hit({ event: { 'source.ip': 'a\r\nBcc: x@example.org', 'host.name': 'h\u2028i' } }))], known());
  expect(decided.notices[0]!.subject).not.toMatch(/[\r\n\u2028]/);
  expect(decided.notices[0]!.text).not.toContain('\nBcc');
});
