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
  is: (flat) => textOf(flat, 'kind') === 'Event' && (textOf(flat, 'apiVersion') ?? '').startsWith('audit.k8s.io'),
  read(draft, flat) {
    keepAll(draft, 'kubernetes.audit', flat);
    putJsonTime(draft, textOf(flat, 'stageTimestamp') ?? textOf(flat, 'requestReceivedTimestamp'));
    putAll(draft, flat, NAMES);
    putClient(draft, flat['sourceIPs']);
    const verb = textOf(flat, 'verb');
    if (verb !== undefined) draft.put('http.request.method', verb);
    putTarget(draft, textOf(flat, 'requestURI') ?? '');
    act(draft, flat, verb ?? '');
  },
};

/** The first of them is the client's, those behind it of the proxies in between. */
function putClient(draft: Draft, addresses: Flat[string] | undefined): void {
  const all = Array.isArray(addresses) ? addresses.map(String).filter(isIp) : [];
  draft.put('source.ip', all[0]);
}

/** How it ended is known when the answer is: a stage before it tells of none, and a request that panicked failed. */
function act(draft: Draft, flat: Flat, verb: string): void {
  const stage = textOf(flat, 'stage'), code = Number(textOf(flat, 'responseStatus.code') ?? NaN), refused = textOf(flat, 'annotations.authorization.k8s.io/decision') === 'forbid' || textOf(flat, 'responseStatus.status') === 'Failure';
  const outcome = refused || code >= 400 || stage === 'Panic' ? 'failure' : stage === 'RequestReceived' && Number.isNaN(code) ? undefined : 'success';
  draft.act('http_request', outcome);
  const type = TYPES[verb];
  if (type !== undefined && has(flat, 'objectRef.resource')) draft.put('event.type', type);
}
const TYPES = lookup({ create: 'creation', update: 'change', patch: 'change', delete: 'deletion', deletecollection: 'deletion', get: 'access', list: 'access', watch: 'access' });
