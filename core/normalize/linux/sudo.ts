// sudo and su. sudo's own keys (TTY, PWD, USER, COMMAND) are kept by name: rules ask for them.
import { flatten } from '../../event.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { textOf } from '../json-fields.js';
import { readJson } from '../json-text.js';
import { applyRules, messageRules } from '../rules.js';
import { readPam } from './pam.js';

/** `bob : [reason ; ]TTY=pts/1 ; PWD=/home/bob ; USER=root ; COMMAND=/bin/sh -c "..."`: the command is the rest of the line. */
function readSudo(draft: Draft): boolean {
  const { text } = draft;
  if (text.startsWith('@cee:') || text.startsWith('{')) return readRecord(draft, text);
  const colon = text.indexOf(' : ');
  if (text.startsWith(' : (command continued) ', colon)) { draft.put('user.name', text.slice(0, colon).trim()); return true; } // the rest of a long command
  if (colon <= 0 || colon > 256) { readPam(draft); return true; }
  draft.put('user.name', text.slice(0, colon).trim());
  let p = colon + 3, reason = '';
  while (p < text.length) {
    const rest = text.startsWith('COMMAND=', p);
    let end = rest ? commandEnd(text) : text.indexOf(' ; ', p);
    if (end < 0) end = text.endsWith(' ;') ? text.length - 2 : text.length;
    const part = text.slice(p, end), equals = part.indexOf('=');
    if (equals > 0 && KEYS.has(part.slice(0, equals))) draft.put(part.slice(0, equals), part.slice(equals + 1).trim());
    else if (reason === '') reason = part.trim();
    p = end + 3;
  }
  const command = draft.getText('COMMAND');
  draft.put('process.command_line', command);
  draft.put('user.effective.name', draft.get('USER'));
  draft.put('process.working_directory', draft.get('PWD') ?? draft.get('CWD'));
  if (command !== undefined) draft.put('process.executable', command.split(' ', 1)[0]);
  draft.put('event.reason', reason);
  if (draft.has('EXIT') || draft.has('SIGNAL')) { draft.put('process.exit_code', draft.get('EXIT')); draft.act('process_ended'); }
  else if (reason === '') draft.act('sudo_command');
  else if (command === undefined && !REFUSED.test(reason)) return true; // a warning, after which sudo goes on: a host without an address, a line of sudoers
  else draft.act(reason.includes('incorrect password') || reason.includes('password is required') || reason.includes('authentication') ? 'sudo_auth_failed' : 'sudo_denied');
  return true;
}
/** Why sudo refuses before it knows the command. */
const REFUSED = /^unknown (?:user|group|uid|gid|login class)|\bnot (?:allowed|permitted|found in)\b|\bNOT\b|password|authentication|account|must have a tty/;
/** Behind a command of which `log_exit_status` tells how it ended, ` ; EXIT=1` or ` ; SIGNAL=KILL ; EXIT=137`: an argument with a space in it stands in quotes. */
const ENDED = /(?: ; SIGNAL=[A-Z\d+-]{1,20})?(?: ; EXIT=\d{1,5})?$/;
const ENDED_CHARS = 50;
const commandEnd = (text: string): number => text.length - (ENDED.exec(text.slice(-ENDED_CHARS))?.[0].length ?? 0);
/** `log_format = json` of sudoers: `@cee:{"sudo":{"accept":{"submituser":"an","runuser":"root","command":"/bin/sh",...}}}`. */
function readRecord(draft: Draft, text: string): boolean {
  const read = readJson(text.slice(text.indexOf('{')), true), whole = read?.value;
  if (whole === undefined || whole === null || typeof whole !== 'object') return true;
  const flat = flatten(whole), kind = ['accept', 'reject', 'alert', 'exit'].find((one) => Object.keys(flat).some((key) => key.startsWith(`sudo.${one}.`)));
  if (kind === undefined) return true;
  const value = (name: string): string | undefined => textOf(flat, `sudo.${kind}.${name}`), args = flat[`sudo.${kind}.runargv`], command = value('command');
  draft.put('user.name', value('submituser')); draft.put('user.effective.name', value('runuser')); draft.put('process.working_directory', value('submitcwd') ?? value('runcwd'));
  draft.put('process.executable', command); draft.put('process.command_line', Array.isArray(args) && command !== undefined ? [command, ...args.slice(1).map(String)].join(' ') : command);
  draft.put('USER', value('runuser')); draft.put('PWD', value('submitcwd')); draft.put('TTY', value('ttyname')); draft.put('COMMAND', draft.get('process.command_line'));
  draft.put('process.exit_code', value('exit_value')); draft.put('event.reason', value('reason'));
  const seconds = Number(value('submit_time.seconds') ?? value('server_time.seconds'));
  if (seconds > 0) draft.timeFrom(seconds * 1000);
  if (kind === 'accept') draft.act('sudo_command'); else if (kind === 'exit') draft.act('process_ended'); else draft.act(/password|authentication/i.test(value('reason') ?? '') ? 'sudo_auth_failed' : 'sudo_denied');
  return true;
}
const KEYS = new Set(['TTY', 'PWD', 'CWD', 'USER', 'GROUP', 'ENV', 'TSID', 'HOST', 'CHROOT', 'COMMAND', 'SIGNAL', 'EXIT']);

const SU = messageRules([
  ['FAILED SU (to {user.effective.name}) {user.name} on {}', 'su_failed'],
  ['FAILED su for {user.effective.name} by {user.name}', 'su_failed'],
  ['Successful su for {user.effective.name} by {user.name}', 'su'],
  ['(to {user.effective.name}) {user.name} on {}', 'su'],
  ['{user.name} to {user.effective.name} on {}', 'su'],
  ["'su {user.effective.name}' failed for {user.name} on {}", 'su_failed'],
  ["'su {user.effective.name}' succeeded for {user.name} on {}", 'su'],
  ["BAD SU {user.name} to {user.effective.name} on {}", 'su_failed'],
]);
const SU_SIGN = /^([+-]) (\S{1,64}) ([^\s:]{1,64})[:-](\S{1,64})$/; // "+ /dev/pts/0 bob:root"

function readSu(draft: Draft): boolean {
  if (applyRules(SU, draft.text, draft) || readPam(draft)) return true;
  const sign = draft.text.length < 300 ? SU_SIGN.exec(draft.text) : null;
  if (sign !== null) {
    draft.act(sign[1] === '+' ? 'su' : 'su_failed');
    draft.put('user.name', sign[3]);
    draft.put('user.effective.name', sign[4]);
  }
  return true;
}

export const sudo: Format = { name: 'linux.sudo', holds: ['COMMAND='], programs: ['sudo'], detect: ({ head }) => /^\s{0,8}\S{1,64} : (?:[^;]{1,80} ; )?(?:TTY=\S{1,40} ; )?PWD=\/.{0,300} ; USER=\S{1,64} ; .{0,200}COMMAND=/.test(head), read: readSudo };
const DOAS = messageRules([
  ['{user.name} ran command {process.command_line~} as {user.effective.name~} from {process.working_directory~}', 'sudo_command'],
  ['command not permitted for {user.name~}: {process.command_line~}', 'sudo_denied'],
  ['failed command for {user.name~}: {process.command_line~}', 'sudo_denied'],
  ['failed auth for {user.name}', 'sudo_auth_failed'],
]);
export const doas: Format = {
  name: 'linux.sudo', programs: ['doas'],
  read(draft) {
    if (!applyRules(DOAS, draft.text, draft)) readPam(draft);
    draft.put('process.executable', draft.getText('process.command_line')?.split(' ', 1)[0]);
    return true;
  },
};
export const su: Format = { name: 'linux.su', programs: ['su', 'su-l', 'runuser'], read: readSu };
