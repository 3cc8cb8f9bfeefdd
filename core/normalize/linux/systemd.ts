// systemd and its login manager.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { applyRules, messageRules } from '../rules.js';
import { readPam } from './pam.js';

const RULES = messageRules([
  ['Started {service.name~}.', 'service_started'],
  ['Starting {service.name~}...'],
  ['Stopped {service.name~}.', 'service_stopped'],
  ['Stopping {service.name~}...'],
  ['Reloaded {service.name~}.', 'config_changed'],
  ['Reloading.', 'config_changed'],
  ['Failed to start {service.name~}.', 'service_failed'],
  ['Failed to start {service.name~}', 'service_failed'],
  ["{service.name}: Failed with result '{event.reason~}'.", 'service_failed'],
  ['{service.name}: Main process exited, code={event.reason}, status={}', 'service_failed'],
  ['{service.name}: Succeeded.', 'service_stopped'],
  ['{service.name}: Deactivated successfully.', 'service_stopped'],
  ['{service.name}: Consumed {*}'],
  ['New session {} of user {user.name}.', 'session_opened'],
  ['Session {} logged out.{*}', 'session_closed'],
  ['Removed session {}.', 'session_closed'],
  ['System is powering down.', 'system_stopped'],
  ['System is rebooting.', 'system_stopped'],
  ['Startup finished in {*}', 'system_started'],
]);

function readSystemd(draft: Draft): boolean {
  if (!applyRules(RULES, draft.text, draft)) readPam(draft);
  return true;
}

export const systemd: Format = { name: 'linux.systemd', programs: ['systemd', 'systemd-logind', 'systemd-journald', 'systemd-udevd', 'systemd-resolved', 'systemd-networkd', 'systemd-timesyncd', 'systemd-shutdown', 'init'], read: readSystemd };
