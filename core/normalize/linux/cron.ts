// cron, its relatives, and crontab: `(root) CMD (command)`, `(root) REPLACE (root)`.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { readPam } from './pam.js';

const RULES = messageRules([
  ['(*system*) RELOAD ({file.path~})', 'cron_changed'],
  ['(*system*{~}) RELOAD ({file.path~})', 'cron_changed'],
  ['(*system*{~}) {event.reason~} (/{*}'], // INSECURE MODE (group/other writable) (/etc/cron.d/x), WRONG FILE OWNER (/etc/cron.d/x)
  ['(*system*{~}) {} ({event.reason>})'],
  ['({user.name}) CMD ([{cron.child_pid}] {process.command_line>})', 'cron_command'],
  ['({user.name}) END ([{cron.child_pid}] {process.command_line>})', 'process_ended'],
  ['({user.name}) CMD ({process.command_line>})', 'cron_command'],
  ['({user.name}) CMD {process.command_line~}', 'cron_command'],
  ['({user.name}) CMDEND ({process.command_line>})', 'process_ended'],
  ['({user.name}) REPLACE ({user.target.name})', 'cron_changed'],
  ['({user.name}) DELETE ({user.target.name})', 'cron_changed'],
  ['({user.name}) BEGIN EDIT ({user.target.name})', 'cron_changed'],
  ['({user.name}) END EDIT ({user.target.name})', 'cron_changed'],
  ['({user.name}) RELOAD ({file.path~})', 'cron_changed'],
  ['({user.name}) LIST ({user.target.name})', 'cron_listed'],
  ['({user.name}) AUTH ({event.reason~})', 'access_denied'],
  ['({user.name}) FAILED to authorize user with PAM ({event.reason~})', 'access_denied'],
  ['({user.name}) CMDOUT ({event.reason>})'],
  ['({user.name}) MAIL ({event.reason>})'],
  ['({user.name}) ORPHAN ({event.reason~})'],
  ['({}) STARTUP ({~})', 'service_started'],
  ['({}) INFO ({event.reason~})'],
  ['({}) {} ({event.reason>})'],
  ["Job `{service.name~}' started", 'process_started'],
  ["Job `{service.name~}' terminated{*}", 'process_ended'],
  ['({file.path}) starting {process.name}', 'process_started'],
  ['({file.path}) finished {process.name}', 'process_ended'],
]);

function readCron(draft: Draft): boolean {
  if (!applyRules(RULES, draft.text, draft)) readPam(draft);
  return true;
}

export const cron: Format = { name: 'linux.cron', programs: ['cron', 'crond', 'crontab', 'anacron', 'fcron', '/usr/sbin/cron', 'atd', 'run-parts'], read: readCron };
