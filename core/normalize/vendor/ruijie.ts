// Ruijie's and Reyee's switches, gateways and wireless controllers. RGOS writes as Cisco's IOS does, `226:Feb 17 13:40:03 Ruijie %SYS-5-CONFIG_I: Configured from console by
// an on vty0 (192.0.2.7)`, and with RFC 5424 puts module, level and mnemonic into the header. It is told by that header, by a name that it has from the factory, or by
// the space in its ports' names (`GigabitEthernet 0/5`).
import type { Action } from '../actions.js';
import { fillAccount } from '../account.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { ciscoIos } from './cisco-ios.js';

const MODULE = /^[a-z][a-z0-9_]{1,19}$/, MNEMONIC = /^[A-Z][A-Z0-9_]{3,31}$/, OWN_NAME = /^(?:ruijie|reyee|rg-|eg\d{3,4}|s\d{4}[a-z]?-)/i, OWN_PORT = /\b(?:Ten|TwentyFive|Forty|Hundred)?(?:Gigabit|Fast)?Ethernet \d{1,2}\/\d{1,3}/;

/** Module, level and mnemonic where RFC 5424 has program, process and message id. */
function headerOf(draft: Draft): string | undefined {
  const module = draft.getText('log.syslog.appname'), level = draft.getText('log.syslog.procid'), mnemonic = draft.getText('log.syslog.msgid');
  return module !== undefined && /^[A-Z]/.test(module) && module === module.toUpperCase() && level !== undefined && /^[0-7]$/.test(level) && mnemonic !== undefined && MNEMONIC.test(mnemonic) ? `%${module}-${level}-${mnemonic}: ` : undefined;
}

function readRuijie(draft: Draft): boolean {
  const header = draft.head.startsWith('%') ? undefined : headerOf(draft), { text } = draft;
  if (header !== undefined) { draft.setText(`${header}${text}`); for (const field of ['process.name', 'process.pid']) Reflect.deleteProperty(draft.event, field); }
  const read = ciscoIos.read(draft);
  if (header !== undefined) draft.setText(text);
  if (!read) return false;
  draft.put('observer.vendor', 'Ruijie');
  for (const key of ['facility', 'message']) { const value = draft.event[`cisco.ios.${key}`]; Reflect.deleteProperty(draft.event, `cisco.ios.${key}`); draft.put(`ruijie.rgos.${key}`, value); }
  const said = text.slice(0, 1000), code = draft.getText('event.code') ?? '', login = /\buser:? ?(?!login\b|logout\b)\[?([\w.@-]{1,64})\]?/i.exec(said)?.[1] ?? /^([\w.@-]{1,64}) (?:login|logout|logged)\b/i.exec(said)?.[1];
  if (/LOG|AUTH|SSH|TELNET|WEB/.test(code) && login !== 'User') fillAccount(draft, 'user', login);
  draft.fill('source.ip', /\bvty\d{1,3} ([0-9a-fA-F.:]{3,45})\b/.exec(said)?.[1]);
  draft.fill('observer.ingress.interface.name', /\b((?:[A-Z][A-Za-z]{0,20}Ethernet|AggregatePort|VLAN) \d[\d/.]{0,12})/.exec(said)?.[1]?.replace(/\.$/, ''));
  const action: Action | undefined = draft.has('event.action') ? undefined : /LOGIN_?FAIL|AUTH\w{0,12}_FAIL/.test(code) ? 'login_failed' : /LOGOUT/.test(code) ? 'logout' : /^LOGIN|LOGIN(?:_SUCC\w*)?$/.test(code) ? 'login' : /^CONFIG/.test(code) ? 'config_changed' : undefined;
  if (action !== undefined) draft.act(action);
  return true;
}

export const ruijie: Format = {
  name: 'ruijie.rgos', holds: ['^%'], likePrograms: MODULE,
  detect: (draft) => draft.head.startsWith('%') ? OWN_NAME.test(draft.getText('log.syslog.hostname') ?? '') || OWN_PORT.test(draft.head) : MODULE.test(draft.program) && headerOf(draft) !== undefined,
  read: readRuijie,
};
