// Application servers: WebLogic, WebSphere and Liberty, Payara and GlassFish with Oracle's middleware (one layout), SharePoint's ULS.
//   ####<Feb 17, 2026, 1:40:03,123 PM ICT> <Notice> <Security> <machine> <server> <thread> <user> <> <context> <1771310403123> <BEA-090078> <text>
//   [2/17/26 13:40:03:123 ICT] 0000007b LTPAServerObj E   SECJ0369E: text
//   [2026-02-17T13:40:03.123+0700] [component] [WARNING] [message id] [module] [tid: ...] [userId: an] text
//   02/17/2026 13:40:03.12 <tab>w3wp.exe (0x1A2C) <tab>0x0B14<tab>area<tab>category<tab>event<tab>level<tab>text<tab>correlation
// https://docs.oracle.com/middleware/12213/wls/WLLOG/logging_services.htm https://www.ibm.com/docs/en/was/9.0.5 (basic log format)
import { readDayMonth, readIso, readMonthDay, readSlashed, spaces, type Stamp } from '../../message/time.js';
import { fillAccount, putAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { lookup } from '../lookup.js';
import { messageRules, applyRules } from '../rules.js';
import { readSentence } from '../sentences.js';
import { putError } from '../stack-trace.js';

const SAID_MAX = 4_000;

function putSaid(draft: Draft, rules: ReturnType<typeof messageRules>, text: string): void {
  const [first = ''] = text.slice(0, SAID_MAX).split('\n', 1);
  if (!applyRules(rules, first, draft)) readSentence(draft, first);
  putError(draft, text);
}

// --- WebLogic ----------------------------------------------------------------------------------------------------------------------
const WEBLOGIC = /^(?:####)?<((?:[A-Z][a-z]{2} \d{1,2}|\d{1,2} [A-Z][a-z]{2}),? \d{4},? \d{1,2}:\d\d:\d\d(?:[,.]\d{1,3})?(?: [AP]M)?)(?: ([\w:+/-]{1,30}))?> <(\w{1,20})> <([^<>]{0,100})> </;
const HALF = / ([AP])M$/, MESSAGE_ID = /^[A-Z]{2,10}-\d{3,8}$/;
const WEBLOGIC_SAID = messageRules([
  ['User {user.name>} in security realm {} has had {} invalid login attempts, locking account for {*}', 'user_locked'], ['Authentication for user {user.name>} denied', 'login_failed'], ['Authentication denied: Boot identity not valid{*}', 'login_failed'],
  ['Server state changed to RUNNING{*}', 'service_started'], ['Server state changed to SHUTTING_DOWN{*}', 'service_stopped'], ['Server shutdown has been requested by {user.name}', 'service_stopped'],
]);

function readWeblogic(draft: Draft): boolean {
  const found = WEBLOGIC.exec(draft.head);
  if (found === null) return false;
  const [lead, when = '', zone = '', level = '', subsystem] = found, cells = draft.text.slice(lead.length).replace(/>\s*$/, '').split('> <', 12), at = cells.findIndex((cell) => MESSAGE_ID.test(cell));
  const text = draft.text.slice(lead.length + cells.slice(0, at + 1).reduce((sum, cell) => sum + cell.length + 3, 0)).replace(/>\s*$/, ''), epoch = cells.find((cell) => /^\d{13}$/.test(cell)), stamp = weblogicTime(when, zone);
  draft.timeFrom(epoch === undefined ? stamp : Number(epoch));
  draft.put('log.level', level.toLowerCase());
  draft.put('weblogic.subsystem', subsystem);
  if (at >= 4) {
    draft.fill('host.name', cells[0]);
    draft.put('weblogic.server', cells[1]);
    draft.put('process.thread.name', cells[2]);
    if (cells[3]?.startsWith('<') === false) putAccount(draft, 'user', cells[3]); // `<WLS Kernel>` and the like are the server itself
  }
  if (at >= 0) draft.put('event.code', cells[at]);
  draft.put('service.name', 'weblogic');
  putSaid(draft, WEBLOGIC_SAID, text);
  return true;
}

function weblogicTime(when: string, zone: string): Stamp | undefined {
  const half = HALF.exec(when), text = `${(half === null ? when : when.slice(0, half.index)).replace(/(\d{4}),/, '$1').replace(/,(?=\d{1,3}$)/, '.')} ${zone}`, stamp = readMonthDay(text.replace(',', ''), 0) ?? readDayMonth(text.replace(',', ''), 0);
  if (stamp === undefined || half === null) return stamp;
  const noon = 12 * 3_600_000;
  return { ...stamp, millis: stamp.millis % noon + (half[1] === 'P' ? noon : 0) };
}

export const weblogic: Format = { name: 'weblogic.log', holds: ['####<', '^<'], detect: ({ head }) => WEBLOGIC.test(head), read: readWeblogic };

// --- WebSphere ---------------------------------------------------------------------------------------------------------------------
const WEBSPHERE = /^\[(\d{1,2})([/.])(\d{1,2})\2(\d\d|\d{4}),? {1,2}(\d{1,2}:\d\d:\d\d):(\d{3}) ([A-Z]{2,5}(?:[+-]\d\d:?\d\d)?)\] ([0-9a-f]{8}) (?:id=\S{0,20} )?(\S{1,200}) {1,30}([FEWAICDORZ<>123]) {1,10}/;
const TYPES = lookup({ F: 'fatal', E: 'error', W: 'warning', A: 'notice', I: 'info', C: 'info', D: 'debug', O: 'info', R: 'error' });
const WEBSPHERE_SAID = messageRules([
  ['CWWKS1100A: Authentication did not succeed for user ID {user.name>}. {event.reason~}', 'login_failed'], ['SECJ0369E: {event.reason~}', 'login_failed'], ['SECJ0118E: {} error during authentication for user {user.name}', 'login_failed'], ['SECJ0118E: {event.reason~}', 'login_failed'],
  ['SECJ0129E: Authorization failed for user {user.name>} while {event.reason~}', 'access_denied'], ['SECJ0129E: {event.reason~}', 'access_denied'], ['WSVR0001I: Server {} open for e-business', 'service_started'], ['WSVR0024I: Server {} stopped', 'service_stopped'], ['CWWKF0011I: {*}', 'service_started'], ['CWWKE0036I: {*}', 'service_stopped'],
]);

function readWebsphere(draft: Draft): boolean {
  const found = WEBSPHERE.exec(draft.head);
  if (found === null) return false;
  const [lead, first = '', , second = '', year = '', clock = '', thousandth = '', zone = '', thread, logger, type = ''] = found, text = draft.text.slice(lead.length);
  const stamp = readSlashed(`${first}/${second}/${year.length === 2 ? `20${year}` : year} ${clock}.${thousandth} ${zone}`, 0);
  draft.timeFrom(stamp);
  draft.put('process.thread.id', parseInt(thread as string, 16));
  draft.put('log.logger', logger);
  draft.put('log.level', TYPES[type]);
  draft.put('event.code', /^([A-Z]{4,5}\d{4}[A-Z]):/.exec(text)?.[1]);
  draft.put('service.name', 'websphere');
  putSaid(draft, WEBSPHERE_SAID, text);
  return true;
}

export const websphere: Format = { name: 'websphere.log', holds: ['^[0/', '^[00/', '^[0.', '^[00.'], detect: ({ head }) => WEBSPHERE.test(head), read: readWebsphere };

// --- Oracle Diagnostic Logging, Payara, GlassFish -----------------------------------------------------------------------------------
const ODL = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}[+-]\d\d:?\d\d)\] \[([^\]]{0,100})\] \[([A-Z_]{2,30}(?::\d{1,3})?)\] \[([^\]]{0,100})\] \[([^\]]{0,200})\] (?=\[[a-zA-Z_]{2,40}: )/, SUPPLEMENT = /\[([a-zA-Z_]{2,40}): ((?:[^\][]|\[[^\][]{0,200}\]){0,500})\] ?/y;
const ODL_FIELDS = lookup({ host_id: 'host.name', client_id: 'source.ip', ecid: 'odl.ecid', APP: 'odl.app' });

function readOdl(draft: Draft): boolean {
  const found = ODL.exec(draft.head);
  if (found === null) return false;
  const [lead, when = '', component, level = '', id, module] = found, stamp = readIso(when, 0);
  draft.timeFrom(stamp);
  draft.put('log.level', level.toLowerCase());
  draft.put('service.name', component);
  draft.put('event.code', id);
  draft.put('log.logger', module);
  SUPPLEMENT.lastIndex = lead.length;
  let end = lead.length;
  for (let part = SUPPLEMENT.exec(draft.head); part !== null; part = SUPPLEMENT.exec(draft.head)) {
    const [, key = '', value = ''] = part, field = ODL_FIELDS[key];
    end = SUPPLEMENT.lastIndex;
    if (field !== undefined) draft.fill(field, value);
    else if (key === 'userId') { if (!value.startsWith('<')) putAccount(draft, 'user', value); } // `<anonymous>`, `<WLS Kernel>`
    else if (key === 'tid') draft.put('process.thread.name', /_ThreadName=([^\]]{1,200})/.exec(value)?.[1] ?? value);
  }
  const text = draft.text.slice(end).replace(/^\[\[\s*/, '').replace(/\]\]\s*$/, '').trim();
  readSentence(draft, text.slice(0, SAID_MAX));
  putError(draft, text);
  return true;
}

export const odl: Format = { name: 'odl.log', holds: ['^[0000-00-00'], detect: ({ head }) => ODL.test(head), read: readOdl };

// --- SharePoint --------------------------------------------------------------------------------------------------------------------
const ULS = /^(\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d\.\d\d)\*? *\t([\w.-]{1,100}) {1,3}\((?:[\w.-]{1,100}:)?0x([0-9A-Fa-f]{1,8})\) *\t0x([0-9A-Fa-f]{1,8}) *\t([^\t]{0,100})\t([^\t]{0,100})\t([^\t]{0,20})\t([A-Za-z ]{1,30})\t([^\t]*)(?:\t([^\t\n]{0,100}))?/;

function readUls(draft: Draft): boolean {
  const found = ULS.exec(draft.text.slice(0, 32_768));
  if (found === null) return false;
  const [, when = '', process, pid = '', thread = '', area = '', category = '', code = '', level = '', text = '', correlation] = found, stamp = readSlashed(when, 0);
  draft.timeFrom(stamp);
  draft.put('process.name', process);
  draft.put('process.pid', parseInt(pid, 16));
  draft.put('process.thread.id', parseInt(thread, 16));
  draft.put('sharepoint.area', area.trim());
  draft.put('sharepoint.category', category.trim());
  draft.put('event.code', code.trim());
  draft.put('log.level', level.trim().toLowerCase());
  draft.put('sharepoint.correlation', correlation?.trim());
  draft.put('service.name', 'sharepoint');
  readSentence(draft, text.slice(spaces(text, 0), SAID_MAX));
  fillAccount(draft, 'user', /\bUser=([^\s;,]{1,200})/.exec(text.slice(0, SAID_MAX))?.[1]);
  putError(draft, text);
  return true;
}

export const sharepoint: Format = { name: 'sharepoint.uls', holds: [' (0x'], detect: ({ head }) => ULS.test(head), read: readUls };
