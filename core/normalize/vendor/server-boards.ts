// What looks after machines from outside them: HPE's iLO, Dell's iDRAC, Lenovo's XClarity Controller, and APC's cards of power supplies.
//   #ILO5: Browser login: an - 192.0.2.7(DNS name not found).
//   Severity: Warning, Category: Audit, MessageID: USR0031, Message: Unable to log in for root from 203.0.113.9 using GUI.
//   FQXSPSE4001I: Remote Login Successful. Login ID: an from Web at IP address 192.0.2.7.
//   Web user 'an' logged in from 192.0.2.7. 0x0014
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp } from '../net.js';
import { readSentence } from '../sentences.js';

const ILO = /^(?:#ILO\d: )?(?:\d\d\/\d\d\/\d{4} \d\d:\d\d(?::\d\d)? )?(?=\S)/, IDRAC = /^Severity: ([\w -]{2,20}), Category: ([\w -]{2,30}), MessageID: ([A-Z]{2,6}\d{2,6}), Message: /, XCC = /(?:^|[ :])(FQX[A-Z]{4}\d{4}[A-Z])[: ] ?/, APC = / 0x([0-9A-Fa-f]{4})\s*$/;
const APC_WORDS = /^(?:Web|Console|Telnet|SSH|FTP|SNMP|Control|Local|Remote|User|Detected|Configuration|Password|UPS|On battery|No longer|Input|Output|Battery|Restored|Lost|Graceful|Turned|Passed|Failed|Switched|Initiated|Started|Completed|Set the |Removed|System|Network|Firmware|Outlet|Environment|Temperature|Humidity|Communication|The |A )/;

function readBoard(draft: Draft): boolean {
  const said = draft.text.slice(0, 2000);
  const ilo = draft.program.startsWith('#ilo') ? draft.program : /^#ILO\d: /.exec(said)?.[0].toLowerCase();
  if (ilo !== undefined) return tell(draft, 'hpe.ilo', 'HPE', `iLO ${ilo.charAt(4)}`, said.replace(ILO, ''));
  const idrac = IDRAC.exec(said);
  if (idrac !== null) {
    draft.put('event.code', idrac[3]); draft.put('dell.idrac.category', idrac[2]); draft.put('log.level', idrac[1]?.toLowerCase());
    return tell(draft, 'dell.idrac', 'Dell', 'iDRAC', said.slice(idrac[0].length));
  }
  const xcc = XCC.exec(said.slice(0, 200)), tagged = /^fqx[a-z]{4}\d{4}[a-z]$/.test(draft.program) ? draft.program.toUpperCase() : undefined;
  if (xcc !== null || tagged !== undefined) { draft.put('event.code', tagged ?? xcc?.[1]); return tell(draft, 'lenovo.xcc', 'Lenovo', 'XClarity Controller', tagged === undefined && xcc !== null ? said.slice(xcc.index + xcc[0].length) : said); }
  const apc = APC_WORDS.test(said) ? APC.exec(said) : null;
  if (apc === null) return false;
  draft.put('event.code', `0x${apc[1] as string}`);
  return tell(draft, 'apc.ups', 'APC', undefined, said.slice(0, apc.index));
}

function tell(draft: Draft, dataset: string, vendor: string, product: string | undefined, said: string): true {
  for (const field of ['process.name', 'process.pid']) Reflect.deleteProperty(draft.event, field); // the board's name, no program
  draft.put('event.dataset', dataset); draft.put('observer.vendor', vendor); draft.put('observer.product', product);
  const ilo = /^(?:[\w -]{2,30}) (?:login|logout): (\S{1,128}) - ([0-9a-fA-F.:]{3,45})\(/i.exec(said), named = /\b(?:Login ID|Userid|user name|using|log in for|user)[:=]? '?(?!from\b|was\b|account\b|attempting\b|name\b|GUI\b|SSH\b)([\w.@\\-]{1,128}?)'?(?=[,.]? |[,.]?$|')/i.exec(said);
  fillAccount(draft, 'user', ilo?.[1] ?? named?.[1]);
  const address = ilo?.[2] ?? /\b(?:from|IP address|from IP address):? ?(?:IP )?(?:address )?([0-9a-fA-F.:]{3,45}?)(?:\.$|[\s,;(]|\.\s|$)/.exec(said)?.[1];
  if (address !== undefined && isIp(address)) draft.put('source.ip', address); else readSentence(draft, said);
  if (/(?:log ?in|authentication|logon|log in)\b.{0,60}(?:fail|unsuccess|denied|attempt)|unable to log ?in|failed to log ?in|login failures?|unauthorized/i.test(said)) draft.act('login_failed');
  else if (/log ?out|logged (?:out|off)|log ?off|session .{0,20}(?:closed|timed out)/i.test(said)) draft.act('logout');
  else if (/\blog ?in\b|logged (?:in|on)|logon/i.test(said)) draft.act('login');
  else if (/(?:user|account) .{0,60}(?:added|created)|added (?:user|account)/i.test(said)) draft.act('user_created'); else if (/(?:user|account) .{0,60}(?:deleted|removed)/i.test(said)) draft.act('user_deleted'); else if (/password .{0,60}(?:changed|modified|set)|(?:user|account) .{0,60}modified/i.test(said)) draft.act('user_changed');
  else if (/(?:event|audit|system|integrated management) log .{0,20}(?:cleared|cleaned)|cleared by/i.test(said)) draft.act('log_cleared');
  else if (/(?:configuration|settings?|setup) .{0,60}(?:changed|modified|updated|set to)/i.test(said)) draft.act('config_changed');
  else if (/power(?:ed)? (?:on|up)\b|server (?:power )?(?:restored|reset)|host .{0,20}(?:powered on|restarted)/i.test(said)) draft.act('system_started'); else if (/power(?:ed|ing)? (?:off|down)|server power removed/i.test(said)) draft.act('system_stopped');
  return true;
}

const BOARD = /^(?:#ilo\d|fqx[a-z]{4}\d{4}[a-z])$/;
const LOOKS = /^(?:Severity: .{2,80}MessageID: |#ILO\d: |.{0,160}(?:FQX[A-Z]{4}\d{4}[A-Z]| 0x[0-9A-Fa-f]{4}\s*$))/;
export const serverBoards: Format = { name: 'server.management', holds: ['MessageID: ', 'FQX', ' 0x', '^#ILO0: '], likePrograms: BOARD, detect: ({ head, program }) => BOARD.test(program) || LOOKS.test(head), read: readBoard };
