// Oracle Database: the alert log as text (a time on a line of its own, then what happened) and as XML, which is also the listener's XML log.
//   2026-02-17T13:40:03.123456+07:00
//   Errors in file /u01/.../hoso_ora_991.trc  (incident=1234):
//   ORA-00600: internal error code, arguments: [x]
//   <msg time='2026-02-17T13:40:03.123+07:00' org_id='oracle' comp_id='rdbms' type='NOTIFICATION' level='16' host_id='db1' pid='991'> <txt>text </txt> </msg>
// Database Administrator's Guide, "Monitoring a Database with Trace Files and the Alert Log"
import { readIso, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { nativeNames } from '../native-names.js';
import { seek } from '../seek.js';
import { eachElement } from '../windows/elements.js';
import { readListener } from './oracle.js';

const NATIVE = nativeNames('oracle.alert');

/** What the text says after its time. */
function putSaid(draft: Draft, text: string): void {
  const said = text.slice(0, 8192), code = seek(said, '-', /\b((?:ORA|TNS)-)(\d{1,5})\b/);
  if (code !== null) draft.put('event.code', `${code[1] as string}${(code[2] as string).padStart(5, '0')}`);
  draft.put('file.path', seek(said, ' in file ', /\bin file (\/[^\s(]{1,400}?|[A-Za-z]:\\[^\s(]{1,400}?)[.:]?(?:\s|$)/)?.[1]);
  const client = seek(said, 'Client address: ', /Client address: \(ADDRESS=\(PROTOCOL=(\w{2,6})\)\(HOST=([^)]{1,255})\)(?:\(PORT=(\d{1,5})\))?/);
  if (client !== null) { draft.put('source.ip', client[2]); draft.put('source.port', client[3]); }
  if (said.includes('Fatal NI connect error')) draft.act('connection', 'failure');
  else if (said.startsWith('Starting ORACLE instance')) draft.act('service_started');
  else if (said.startsWith('Shutting down ORACLE instance') || said.startsWith('Shutting down instance') || said.startsWith('Instance terminated by')) draft.act('service_stopped');
  else if (/^(?:ALTER SYSTEM SET|ALTER DATABASE|Completed: |CREATE TABLESPACE|DROP TABLESPACE|ALTER TABLESPACE)/i.test(said)) { draft.put('oracle.query', said.startsWith('ALTER SYSTEM') ? said.split('\n', 1)[0] : undefined); draft.act('config_changed'); }
  else if (code !== null) draft.act('database_error');
}

function readText(draft: Draft): boolean {
  const start = startOf(draft.head);
  if (start < 0) return false;
  putSaid(draft, draft.text.slice(start));
  draft.put('service.name', 'oracle');
  return true;
}

function readXml(draft: Draft): boolean {
  const names = new Map<string, string>();
  let said: string | undefined;
  eachElement(draft.text, (name, attributes, text) => {
    if (name === 'txt') said ??= text.trim();
    if (name === 'msg') for (let i = 0; i + 1 < attributes.length; i += 2) names.set(attributes[i] as string, attributes[i + 1] as string);
  });
  if (names.size < 3) return false;
  for (const [name, value] of names) draft.keep(NATIVE(name), value);
  const stamp = readIso(names.get('time') ?? '', 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.fill('host.name', names.get('host_id'));
  draft.put('host.ip', names.get('host_addr'));
  draft.put('process.pid', names.get('pid'));
  draft.put('log.level', LEVELS[names.get('type') ?? '']);
  draft.put('service.name', 'oracle');
  const text = said ?? '';
  draft.setText(text);
  const time = draft.time;
  if (readListener(draft)) { draft.time = time; return true; } // the element's own time has a zone
  putSaid(draft, text);
  draft.event['event.dataset'] = 'oracle.alert';
  return true;
}
const LEVELS: Readonly<Record<string, string | undefined>> = { INCIDENT_ERROR: 'critical', ERROR: 'error', WARNING: 'warning', NOTIFICATION: 'notice', TRACE: 'debug' };

/** Where the text begins behind a time, or -1 where it has no words of Oracle's. */
function startOf(head: string): number {
  const start = LEAD.exec(head)?.[0].length ?? 0;
  return STARTS.test(start === 0 ? head : head.slice(start)) ? start : -1;
}
const LEAD = /^(?:\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}(?: [+-]\d\d:\d\d)?)\s{1,2}/;
const STARTS = /^(?:(?:ORA|TNS)-\d{1,5}\s?: |Errors in file (?:\/|[A-Z]:\\)|(?:Starting|Shutting down) ORACLE instance|Thread \d{1,3} (?:advanced to|opened at) log sequence|ALTER SYSTEM SET |Completed: (?:ALTER|CREATE|DROP) |(?:\*{20,100}\s{1,2})?Fatal NI connect error \d)/;
/** A program that is none of Oracle's tells of such an error too: the line is then its own. */
const OURS = /^(?:$|.*(?:ora|alert|tnslsnr|listener))/;
export const oracleAlert: Format = { name: 'oracle.alert', holds: ['ORA-0', 'TNS-0', 'Errors in file ', ' ORACLE instance', ' log sequence', 'ALTER SYSTEM SET ', 'Completed: ', 'Fatal NI connect error '], detect: ({ head, program }) => OURS.test(program) && startOf(head) >= 0, read: readText };
export const oracleLog: Format = { name: 'oracle.alert', holds: ["^<msg time='"], detect: ({ head }) => head.startsWith("<msg time='") && head.includes(" org_id='oracle'"), read: readXml };
