// Components of Kubernetes (API server, kubelet, scheduler, proxy ...) as klog prints them: severity and day glued together, time, thread, file and line,
// then a text in quotes with `key=value`, or a sentence.
//   I0217 13:40:03.123456       1 httplog.go:132] "HTTP" verb="GET" URI="/api/v1/secrets" userAgent="kubectl/v1.29" srcIP="203.0.113.9:51122" resp=403
// https://kubernetes.io/docs/concepts/cluster-administration/system-logs/
import { digits } from '../message/time.js';
import { putAccount } from './account.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { lookup } from './lookup.js';
import { nativeNames } from './native-names.js';
import { splitEndpoint } from './net.js';
import { eachPair } from './pairs.js';
import { seek } from './seek.js';
import { readSentence } from './sentences.js';
import { putTarget } from './web/request.js';

const KLOG = /^([IWEF])(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)\.(\d{3})\d{3} +(\d{1,10}) ([\w.-]{1,100}):(\d{1,6})\] /;
const LEVELS = lookup({ I: 'info', W: 'warning', E: 'error', F: 'fatal' });
const NATIVE = nativeNames('kubernetes.klog');
const NAMES = lookup({ userAgent: 'user_agent.original', verb: 'http.request.method', resp: 'http.response.status_code', err: 'error.message', podUID: 'kubernetes.pod.uid', containerName: 'container.name', username: 'user.name', user: 'user.name', node: 'orchestrator.resource.parent.name' });
/** What the API server answers whom it lets do nothing. */
const FORBIDDEN = /\bis forbidden: User "([^"]{1,253})" cannot (\w{1,20}) resource "([^"]{1,100})"/;

function readKlog(draft: Draft): boolean {
  const found = KLOG.exec(draft.head);
  if (found === null) return false;
  const [lead, level = '', hour, minute, second, thousandth, thread, file, line] = found, said = draft.text.slice(lead.length, lead.length + 16_384);
  draft.timeFrom({ end: 0, year: 0, month: digits(lead, 1, 2), day: digits(lead, 3, 2), millis: ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(thousandth), offset: NaN });
  draft.put('log.level', LEVELS[level]);
  draft.put('process.thread.id', Number(thread));
  draft.put('log.origin.file.name', file);
  draft.put('log.origin.file.line', Number(line));
  draft.put('service.name', draft.program === '' ? 'kubernetes' : draft.program);
  const end = said.startsWith('"') ? said.indexOf('" ', 1) : -1;
  if (end > 0) readPairs(draft, said.slice(end + 2)); else readSentence(draft, said);
  const forbidden = seek(said, ' is forbidden: User "', FORBIDDEN);
  if (forbidden !== null) { putAccount(draft, 'user', forbidden[1]); draft.put('kubernetes.klog.verb', forbidden[2]); draft.put('kubernetes.klog.resource', forbidden[3]); draft.act('access_denied'); }
  else if (said.startsWith('"Unable to authenticate the request"')) draft.act('login_failed');
  else if (draft.has('http.request.method')) draft.act('http_request', Number(draft.get('http.response.status_code')) >= 400 ? 'failure' : undefined);
  return true;
}

function readPairs(draft: Draft, text: string): void {
  eachPair(text, {}, (key, value) => {
    draft.keep(NATIVE(key), value);
    const field = NAMES[key];
    if (field !== undefined) draft.put(field, value);
    else if (key === 'URI') putTarget(draft, value);
    else if (key === 'srcIP') { const { host, port } = splitEndpoint(value); draft.put('source.ip', host); draft.put('source.port', port); }
    else if (key === 'pod' && value.includes('/')) { draft.put('orchestrator.namespace', value.slice(0, value.indexOf('/'))); draft.put('orchestrator.resource.name', value.slice(value.indexOf('/') + 1)); }
  });
}

export const klog: Format = { name: 'kubernetes.klog', holds: ['^I0000 00:00:00.000000 ', '^W0000 00:00:00.000000 ', '^E0000 00:00:00.000000 ', '^F0000 00:00:00.000000 '], detect: ({ head }) => KLOG.test(head), read: readKlog };
