// What watches machines and services: Nagios (and Naemon, Icinga 1), Icinga 2, Monit. One format, a data set each.
//   [1771310403] SERVICE ALERT: web-01;HTTPS;CRITICAL;HARD;3;Socket timeout
//   [2026-02-17 13:40:03 +0700] information/HttpServerConnection: Request: GET /v1/status (from [203.0.113.9]:51234, user: an, agent: curl/7.88, status: Unauthorized)
//   [2026-02-17T13:40:03+0700] error    : 'web' failed protocol test [HTTP] at [10.0.0.5]:80
// https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/configmain.html https://icinga.com/docs/icinga-2/latest/doc/15-troubleshooting/ https://mmonit.com/monit/documentation/
import { readIso } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { splitEndpoint } from './net.js';
import { readSentence } from './sentences.js';
import { putRequest } from './web/request.js';

const NAGIOS_KINDS = '(?:HOST|SERVICE) (?:ALERT|NOTIFICATION|FLAPPING ALERT|DOWNTIME ALERT|EVENT HANDLER|ACKNOWLEDGE ALERT)|(?:CURRENT|INITIAL) (?:HOST|SERVICE) STATE|EXTERNAL COMMAND|PASSIVE (?:HOST|SERVICE) CHECK|GLOBAL (?:HOST|SERVICE) EVENT HANDLER|LOG (?:ROTATION|VERSION)|Auto-save';
const NAGIOS_SAYS = new RegExp(`^(${NAGIOS_KINDS}): `), NAGIOS_TIME = /^\[(\d{10})\] /, NAGIOS_OWN = /^(?:Nagios \d[\w.]{0,10} starting|Caught SIG\w{1,6}|Successfully shutdown|(?:wproc|qh|Warning|Error): )/;
/** What stands between the semicolons of each kind; the last takes the rest. */
const HOST = ['host', 'state', 'state_type', 'attempt', 'output'], SERVICE = ['host', 'service', 'state', 'state_type', 'attempt', 'output'];
const NAGIOS_COLUMNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['HOST ALERT', HOST], ['SERVICE ALERT', SERVICE], ['CURRENT HOST STATE', HOST], ['CURRENT SERVICE STATE', SERVICE], ['INITIAL HOST STATE', HOST], ['INITIAL SERVICE STATE', SERVICE],
  ['HOST NOTIFICATION', ['contact', 'host', 'state', 'command', 'output']], ['SERVICE NOTIFICATION', ['contact', 'host', 'service', 'state', 'command', 'output']],
  ['HOST DOWNTIME ALERT', ['host', 'state', 'output']], ['SERVICE DOWNTIME ALERT', ['host', 'service', 'state', 'output']], ['HOST FLAPPING ALERT', ['host', 'state', 'output']], ['SERVICE FLAPPING ALERT', ['host', 'service', 'state', 'output']],
  ['PASSIVE HOST CHECK', ['host', 'state', 'output']], ['PASSIVE SERVICE CHECK', ['host', 'service', 'state', 'output']], ['EXTERNAL COMMAND', ['command', 'arguments']],
]);

function readNagios(draft: Draft): boolean {
  const timed = NAGIOS_TIME.exec(draft.head), said = draft.text.slice(timed?.[0].length ?? 0, 4_000).trimEnd(), found = NAGIOS_SAYS.exec(said);
  if (timed !== null) draft.time = Number(timed[1]) * 1000;
  draft.put('service.name', 'nagios'); draft.put('event.dataset', 'nagios.log');
  const kind = found?.[1] ?? '', columns = NAGIOS_COLUMNS.get(kind) ?? [];
  draft.put('nagios.kind', kind === '' ? undefined : kind);
  for (let rest = said.slice(found?.[0].length ?? 0), i = 0; i < columns.length && rest !== ''; i++) {
    const end = i === columns.length - 1 ? -1 : rest.indexOf(';'), value = (end < 0 ? rest : rest.slice(0, end)).trim();
    draft.put(columns[i] === 'output' ? 'event.reason' : `nagios.${columns[i] ?? ''}`, value === '' ? undefined : value);
    rest = end < 0 ? '' : rest.slice(end + 1);
  }
  if (kind === 'EXTERNAL COMMAND') draft.act(draft.getText('nagios.command')?.startsWith('PROCESS_') === true ? 'audit_record' : 'config_changed'); // results that others send in are none
  else if (kind !== '') draft.act('audit_record');
  else if (/^Nagios \S{1,12} starting/.test(said)) draft.act('service_started');
  else if (said.startsWith('Successfully shutdown')) draft.act('service_stopped');
  return true;
}

const ICINGA = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})\] (debug|notice|information|warning|critical)\/(\w{2,60}): /;
const ICINGA_REQUEST = /^Request:? ([A-Z]{3,7} \S{1,2000}) \(from (\[[\da-fA-F:.]{2,45}\]:\d{1,5})(?:, user: ([^,)]{0,128}))?(?:, agent: ([^)]{0,400}?))?(?:, status: ([\w ]{2,40}))?\)/;

function readIcinga(draft: Draft): boolean {
  const found = ICINGA.exec(draft.head);
  if (found === null) return false;
  const said = draft.text.slice(found[0].length, found[0].length + 4_000), request = ICINGA_REQUEST.exec(said);
  draft.timeFrom(readIso(found[1] as string, 0));
  draft.put('log.level', found[2] === 'information' ? 'info' : found[2]); draft.put('log.logger', found[3]);
  draft.put('service.name', 'icinga2'); draft.put('event.dataset', 'icinga2.log');
  if (request === null) { readSentence(draft, said); return true; }
  const [, what = '', from = '', user, agent, status] = request, { host, port } = splitEndpoint(from);
  putRequest(draft, what);
  draft.put('source.ip', host); draft.put('source.port', port); draft.put('user_agent.original', agent === '' ? undefined : agent);
  draft.put('user.name', user === '<unauthenticated>' || user === '' ? undefined : user); draft.put('event.reason', status);
  draft.act('http_request', status === undefined ? undefined : status === 'OK' ? 'success' : 'failure');
  return true;
}

const MONIT = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)\] (debug|info|notice|warning|error|critical|alert) {1,4}: /;

function readMonit(draft: Draft): boolean {
  const found = MONIT.exec(draft.head), said = draft.text.slice(found?.[0].length ?? 0, 2_000).trim();
  if (found !== null) { draft.timeFrom(readIso(found[1] as string, 0)); draft.put('log.level', found[2]); }
  draft.put('service.name', 'monit'); draft.put('event.dataset', 'monit.log');
  const denied = /^HttpRequest: access denied -- client \[?([\da-fA-F:.]{3,45})\]?: (?:wrong password for|unknown) user '([^'\n]{0,128})'/.exec(said), about = /^'([^'\n]{1,128})' (.{1,400})/.exec(said);
  if (denied !== null) { draft.put('source.ip', denied[1]); draft.put('user.name', denied[2]); draft.act('login_failed'); }
  else if (about === null) readSentence(draft, said);
  else { draft.put('monit.service', about[1]); draft.put('event.reason', about[2]); draft.act('audit_record'); }
  return true;
}

export const monitoring: Format = {
  name: 'monitoring.lines', programs: ['nagios', 'nagios3', 'nagios4', 'naemon', 'icinga', 'monit'], unnamed: true,
  holds: ['^[0000000000] ', '] debug/', '] notice/', '] information/', '] warning/', '] critical/', '0] debug  ', '0] info  ', '0] notice ', '0] warning  ', '0] error  ', '0] critical ', '0] alert  '],
  detect: ({ head, program }) => program === '' && (looksLikeNagios(head) || ICINGA.test(head) || MONIT.test(head)),
  read: (draft) => draft.program === 'monit' || draft.program === '' && MONIT.test(draft.head) ? readMonit(draft) : readIcinga(draft) || readNagios(draft),
};
function looksLikeNagios(head: string): boolean {
  const timed = NAGIOS_TIME.exec(head), said = timed === null ? '' : head.slice(timed[0].length);
  return timed !== null && (NAGIOS_SAYS.test(said) || NAGIOS_OWN.test(said));
}
