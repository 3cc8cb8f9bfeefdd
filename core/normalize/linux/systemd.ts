// systemd and its login manager.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { readPam } from './pam.js';

const RULES = messageRules([
  ['Started Session {} of User {user.name}.', 'session_opened'],
  ['Started Session {} of user {user.name}.', 'session_opened'],
  ['Started {} - Session {} of User {user.name}.', 'session_opened'],
  ['Started {service.name>}.', 'service_started'],
  ['Starting {service.name>}...'],
  ['Stopped {service.name>}.', 'service_stopped'],
  ['Stopping {service.name>}...'],
  ['Reloaded {service.name>}.', 'config_changed'],
  ['Reloading.', 'config_changed'],
  ['Failed to start {service.name>}.', 'service_failed'],
  ['Failed to start {service.name~}', 'service_failed'],
  ["{service.name}: Failed with result '{event.reason~}'.", 'service_failed'],
  ['{service.name}: Main process exited, code={event.reason}, status={}', 'service_failed'],
  ['{service.name}: Succeeded.', 'service_stopped'],
  ['{service.name}: Deactivated successfully.', 'service_stopped'],
  ['{service.name}: Consumed {*}'],
  ['New session {} of user {user.name}.', 'session_opened'],
  ["New session '{}' of user '{user.name~}' with class {*}", 'session_opened'],
  ['{service.name}: Control process exited, code={event.reason}, status={}', 'service_failed'],
  ['{service.name}: Start request repeated too quickly.', 'service_failed'],
  ["{service.name}: Failed to {*}", 'service_failed'],
  ['The system will power off now!', 'system_stopped'],
  ['The system will reboot now!', 'system_stopped'],
  ['Failed {event.reason~}', 'service_failed'],
  ['Session {} logged out.{*}', 'session_closed'],
  ['Removed session {}.', 'session_closed'],
  ['System is powering down.', 'system_stopped'],
  ['System is rebooting.', 'system_stopped'],
  ['Startup finished in {*}', 'system_started'],
]);

function readSystemd(draft: Draft): boolean {
  if (!applyRules(RULES, draft.text, draft)) readPam(draft);
  const unit = UNIT.exec(draft.getText('service.name') ?? '')?.[1];
  if (unit !== undefined) draft.put('service.name', unit);
  return true;
}

/** Since version 249 a unit stands before what it is: `nginx.service - A high performance web server`. */
const UNIT = /^(?:target )?(\S{1,255}\.(?:service|socket|timer|mount|scope|target|path|slice|device|swap|automount)) - /;

export const systemd: Format = { name: 'linux.systemd', programs: ['systemd', 'systemd-logind', 'systemd-journald', 'systemd-udevd', 'systemd-resolved', 'systemd-networkd', 'systemd-timesyncd', 'systemd-shutdown', 'init'], read: readSystemd };
