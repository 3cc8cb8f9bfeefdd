// FreeRADIUS: `(12) Login OK: [an] (from client ap1 port 0 cli 00-00-5E-00-53-09)`, a refusal with its reason before the name. The client is the access
// point or switch that asked, the calling station the device behind it. A name ends at the last bracket that can be its own. https://wiki.freeradius.org/ (radiusd.conf, log { auth = yes })
import { putAccount } from './account.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp, macOf } from './net.js';

const SAID = /^(?:[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4} )?(?:: )?(?:Auth: )?(?:\(\d{1,10}\) )?(?:\w{1,20}: )?(Login OK|Login incorrect|Invalid user)(?: \((.{1,300}?)\))?: \[(.{0,300})\] \(from client (\S{1,253}) port (\d{1,10})(?: cli ([^\s)]{1,64}))?/;
function readFreeradius(draft: Draft): boolean {
  const found = SAID.exec(draft.head);
  if (found === null) return readOther(draft);
  const [, verdict, why, user, client, port, station = ''] = found;
  putAccount(draft, 'user', nameOf(user as string));
  draft.put('event.reason', why);
  draft.put('observer.name', client);
  draft.put('observer.ingress.interface.name', port === '0' ? undefined : port);
  if (isIp(station)) draft.put('source.ip', station); else draft.put('source.mac', macOf(station));
  draft.put('service.name', 'radius');
  draft.act(verdict === 'Login OK' ? 'login' : 'login_failed');
  return true;
}

/** A server that asks though nobody knows it, and what else the daemon says of itself. */
function readOther(draft: Draft): boolean {
  const unknown = /Ignoring request to (?:auth|acct)\S{0,20} address \S{1,60} port (\d{1,5}) bound to server \S{1,60} from unknown client ([0-9a-fA-F.:]{2,60}) port (\d{1,5})(?: proto (udp|tcp))?/.exec(draft.head);
  draft.put('service.name', 'radius');
  if (unknown === null) { readOwn(draft); return true; }
  draft.put('source.ip', unknown[2]); draft.put('source.port', unknown[3]); draft.put('destination.port', unknown[1]); draft.put('network.transport', unknown[4]);
  draft.act('connection_denied'); draft.put('event.reason', 'unknown client');
  return true;
}

/** Its file's other lines, `Info: Ready to process requests`, and a request whose secret is not the server's. */
const OWN = /^(?:[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \d{4} )?: (Auth|Info|Warning|Error|Debug|Proxy|Acct): /;
function readOwn(draft: Draft): void {
  const lead = OWN.exec(draft.head), said = draft.head.slice(lead?.[0].length ?? 0), secret = /Received packet from ([0-9a-fA-F.:]{2,60}) with invalid (?:Message-Authenticator|Request Authenticator)/.exec(said);
  if (lead?.[1] === 'Warning' || lead?.[1] === 'Error' || lead?.[1] === 'Info') draft.put('log.level', lead[1].toLowerCase());
  if (secret !== null) { draft.put('source.ip', secret[1]); draft.put('event.reason', 'shared secret is incorrect'); draft.act('connection_denied'); }
  else if (said.startsWith('Ready to process requests')) draft.act('service_started'); else if (said.startsWith('Exiting normally')) draft.act('service_stopped');
}

/** Behind the name stands how it was checked, or the password where that is logged; a machine's own name has a slash in it. */
function nameOf(text: string): string {
  const how = text.indexOf('/<'), plain = how >= 0 ? text.slice(0, how) : text, slash = plain.indexOf('/', plain.startsWith('host/') ? 5 : 0);
  return slash < 0 ? plain : plain.slice(0, slash);
}

export const freeradius: Format = { name: 'freeradius.log', holds: [' (from client ', ' from unknown client ', ': Info: ', ': Auth: ', ': Warning: ', ': Error: ', ': Debug: ', ': Proxy: ', ': Acct: '], programs: ['radiusd', 'freeradius'], detect: ({ head }) => SAID.test(head) || OWN.test(head) || /(?:^|: )Ignoring request to (?:auth|acct)[^\n]{1,200} from unknown client /.test(head), read: readFreeradius };
