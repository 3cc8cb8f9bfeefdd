// Our own JSON for applications that have no standard of their own (portal, documents, LGSP, mobile API, call centre, cameras): one object a
// line with `"schema":"haidang/1"`. docs/adding-a-log-format.md says what each member means; what it does not name is kept under app.*.
import type { Value } from '../event.js';
import { epochMillis, readIso, resolve } from '../message/time.js';
import { putAccount } from './account.js';
import { ACTIONS, type Action } from './actions.js';
import type { Draft } from './draft.js';
import type { JsonKind } from './json-fields.js';
import { nativeNames } from './native-names.js';
import { hashKind, splitEndpoint } from './net.js';
import { putTarget } from './web/request.js';
import { ENDS } from './ends.js';

export const KINDS = ['portal', 'documents', 'lgsp', 'mobile', 'call-centre', 'camera', 'other'] as const;

/** Members that are fields of every event. */
const FIELDS: readonly (readonly [member: string, field: string])[] = [
  ['user.id', 'user.id'], ['user.domain', 'user.domain'], ['user.roles', 'user.roles'], ['client.port', 'source.port'], ['client.mac', 'source.mac'], ['client.host', 'source.domain'], ['client.agent', 'user_agent.original'],
  ['server.port', 'destination.port'], ['server.host', 'destination.domain'], ['request.method', 'http.request.method'], ['request.status', 'http.response.status_code'], ['request.bytes', 'http.response.body.bytes'], ['request.id', 'http.request.id'], ['request.referrer', 'http.request.referrer'],
  ['file.path', 'file.path'], ['file.name', 'file.name'], ['file.size', 'file.size'], ['code', 'event.code'], ['reason', 'event.reason'], ['level', 'log.level'], ['rule', 'rule.name'], ['group', 'group.name'], ['mail.subject', 'email.subject'], ['mail.from', 'email.from.address'], ['mail.to', 'email.to.address'],
];

export const ourJson: JsonKind = {
  dataset: 'app.other',
  is: (flat) => typeof flat['schema'] === 'string' && /^haidang\/\d{1,3}$/.test(flat['schema']),
  read(draft, flat) {
    const text = (member: string): string | undefined => { const value = Object.hasOwn(flat, member) ? flat[member] : undefined; return value === undefined || value === null || value === '' ? undefined : Array.isArray(value) ? value.map(String).join(', ') : String(value); };
    for (const key of Object.keys(flat)) if (key !== 'schema' && key !== 'time') draft.event[kept(key)] = flat[key] as Value;
    const kind = text('kind') ?? 'other';
    draft.event['event.dataset'] = `app.${(KINDS as readonly string[]).includes(kind) ? kind : 'other'}`;
    draft.event['event.module'] = 'app';
    if (text('schema') !== 'haidang/1') draft.notes.push('schema_newer');
    const time = text('time') ?? '', stamp = readIso(time, 0), at = stamp === undefined ? epochMillis(time) : resolve(stamp, draft.received, draft.zone);
    if (at !== undefined) draft.time = at; else draft.notes.push('time_unreadable');
    for (const [member, field] of FIELDS) draft.put(field, Array.isArray(flat[member]) ? flat[member] : text(member));
    draft.put('service.name', text('app'));
    draft.put('host.name', text('host'));
    draft.put('message', text('message'));
    putAccount(draft, 'user', text('user.name') ?? text('user'));
    putAccount(draft, 'user.target', text('target.user'));
    if (draft.has('user.name')) draft.fill('source.user.name', draft.get('user.name'));
    putEnd(draft, 'source', text('client.ip') ?? text('client'));
    putEnd(draft, 'destination', text('server.ip'));
    const url = text('request.url');
    if (url !== undefined) putTarget(draft, url);
    const hash = text('file.hash'), hashed = hashKind(hash ?? '');
    if (hashed !== undefined) draft.put(`file.hash.${hashed}`, hash);
    const lasted = Number(text('request.duration_ms'));
    if (Number.isFinite(lasted)) draft.put('event.duration', Math.round(lasted * 1_000_000));
    putAction(draft, text('action'), text('result'));
  },
};

const kept = nativeNames('app');

/** One of our words means what it means; another is kept as it is, with the result beside it. */
function putAction(draft: Draft, action: string | undefined, result: string | undefined): void {
  const outcome = result === 'success' || result === 'failure' ? result : undefined;
  if (action !== undefined && Object.hasOwn(ACTIONS, action)) draft.act(action as Action, outcome);
  else { draft.put('event.action', action); draft.put('event.outcome', outcome); }
}

function putEnd(draft: Draft, side: 'source' | 'destination', text: string | undefined): void {
  if (text === undefined) return;
  const { host, port } = splitEndpoint(text);
  draft.put(ENDS[side].ip, host);
  if (port !== undefined) draft.fill(ENDS[side].port, port);
}
