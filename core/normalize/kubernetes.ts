// Kubernetes' audit log, one event of audit.k8s.io an object: who asked the API server for what, and what came of it. All members are kept under
// `kubernetes.audit`, by which rules look for them. https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
import type { Draft } from './draft.js';
import { has, keepAll, putAll, putJsonTime, textOf, type Flat, type JsonKind, type Names } from './json-fields.js';
import { lookup } from './lookup.js';
import { isIp } from './net.js';
import { putTarget } from './web/request.js';

const NAMES: Names = [
  ['user.username', 'user.name'], ['user.uid', 'user.id'], ['userAgent', 'user_agent.original'], ['responseStatus.code', 'http.response.status_code'], ['verb', 'kubernetes.verb'], ['impersonatedUser.username', 'user.effective.name'], ['responseStatus.reason', 'event.reason'], ['responseStatus.message', 'event.reason'], ['annotations.authorization.k8s.io/reason', 'event.reason'],
  ['objectRef.namespace', 'orchestrator.namespace'], ['objectRef.resource', 'orchestrator.resource.type'], ['objectRef.name', 'orchestrator.resource.name'], ['objectRef.apiVersion', 'orchestrator.api_version'],
];
export const kubernetes: JsonKind = {
  dataset: 'kubernetes.audit_logs',
  is: (flat) => isAudit(textOf(flat, 'kind'), textOf(flat, 'apiVersion')) || isAudit(textOf(flat, 'kubernetes.audit.kind'), textOf(flat, 'kubernetes.audit.apiVersion')),
  read(draft, flat) {
    if (has(flat, 'kubernetes.audit.apiVersion')) { draft.fill('host.name', textOf(flat, 'host.name')); readAudit(draft, innerOf(flat)); } else readAudit(draft, flat);
  },
};
const isAudit = (kind: string | undefined, version: string | undefined): boolean => kind === 'Event' && version?.startsWith('audit.k8s.io') === true;
/** As a shipper keeps it that has read it already. */
const innerOf = (flat: Flat): Flat => Object.fromEntries(Object.entries(flat).filter(([key]) => key.startsWith(PREFIX)).map(([key, value]) => [key.slice(PREFIX.length), value] as const));
const PREFIX = 'kubernetes.audit.';

export function readAudit(draft: Draft, flat: Flat): void {
  keepAll(draft, 'kubernetes.audit', flat);
  putJsonTime(draft, textOf(flat, 'stageTimestamp') ?? textOf(flat, 'requestReceivedTimestamp'));
  putAll(draft, flat, NAMES);
  putClient(draft, flat['sourceIPs']);
  const verb = textOf(flat, 'verb');
  if (verb !== undefined) draft.put('http.request.method', verb);
  putTarget(draft, textOf(flat, 'requestURI') ?? '');
  act(draft, flat, verb ?? '');
}

/** The first of them is the client's, those behind it of the proxies in between. */
function putClient(draft: Draft, addresses: Flat[string] | undefined): void {
  const all = Array.isArray(addresses) ? addresses.map(String).filter(isIp) : [];
  draft.put('source.ip', all[0]);
}

/** How it ended is known when the answer is: a stage before it tells of none, and a request that panicked failed. */
function act(draft: Draft, flat: Flat, verb: string): void {
  const stage = textOf(flat, 'stage'), code = Number(textOf(flat, 'responseStatus.code') ?? NaN), refused = textOf(flat, 'annotations.authorization.k8s.io/decision') === 'forbid' || textOf(flat, 'responseStatus.status') === 'Failure';
  const outcome = refused || code >= 400 || stage === 'Panic' ? 'failure' : stage === 'RequestReceived' && Number.isNaN(code) ? undefined : 'success';
  const type = TYPES[verb], resource = textOf(flat, 'objectRef.resource'), part = textOf(flat, 'objectRef.subresource');
  if (resource === 'pods' && (part === 'exec' || part === 'attach')) { draft.put('process.command_line', commandIn(draft.getText('url.query') ?? '')); draft.act('shell_command', outcome); return; }
  draft.act(resource === 'secrets' && type === 'access' ? 'credentials_read' : resource !== undefined && type !== undefined && type !== 'access' && !ASKING.has(resource) ? 'config_changed' : 'http_request', outcome);
  if (type !== undefined && resource !== undefined) draft.put('event.type', type);
}
/** Created only to be answered: what may be done, who one is; or to tell of what happened. */
const ASKING = new Set(['subjectaccessreviews', 'selfsubjectaccessreviews', 'localsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews', 'tokenreviews', 'events', 'leases', 'endpoints', 'endpointslices', 'nodes', 'bindings']);
/** `command=sh&command=-c&command=id&container=web`. */
const commandIn = (query: string): string => query.slice(0, 8000).split('&').filter((pair) => pair.startsWith('command=')).map((pair) => decoded(pair.slice(8).replaceAll('+', ' '))).join(' ');
function decoded(text: string): string { try { return decodeURIComponent(text); } catch { return text; } }
const TYPES = lookup({ create: 'creation', update: 'change', patch: 'change', delete: 'deletion', deletecollection: 'deletion', get: 'access', list: 'access', watch: 'access' });
