// systemd and its login manager.
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';
import { isIp, splitEndpoint } from '../net.js';
import { applyRules, messageRules } from '../rules.js';
import { readPam } from './pam.js';

const RULES = messageRules([
  ['Started Session {} of User {user.name}.', 'session_opened'],
  ['Started Session {} of user {user.name}.', 'session_opened'],
  ['Started {} - Session {} of User {user.name}.', 'session_opened'],
  ['Started {service.name>}.', 'service_started'],
  ['Finished {service.name>}.', 'service_stopped'],
  ['Reached target {service.name>}.', 'service_started'],
  ['Stopped target {service.name>}.', 'service_stopped'],
  ['Listening on {service.name>}.', 'service_started'],
  ['Closed {service.name>}.', 'service_stopped'],
  ['Mounted {service.name>}.'],
  ['Unmounted {service.name>}.'],
  ['Created slice {service.name>}.'],
  ['Removed slice {service.name>}.'],
  ['Dependency failed for {service.name>}.', 'service_failed'],
  ['Timed out waiting for {service.name>}.', 'service_failed'],
  ['{service.name}: Scheduled restart job, restart counter is at {*}'],
  ['{service.name}: A process of this unit has been killed by the OOM killer.', 'out_of_memory'],
  ['{service.name}: Main process exited, code=exited, status=0/SUCCESS', 'service_stopped'],
  ['{service.name}: Killing process {process.pid} ({process.name~}) with signal {event.reason}.', 'process_ended'],
  ['{service.name}: Unit entered failed state.', 'service_failed'],
  ['{service.name}: start operation timed out. Terminating.', 'service_failed'],
  ['{service.name}: State {~} timed out. {*}', 'service_failed'],
  ['{service.name}: Watchdog timeout {*}', 'service_failed'],
  ['{service.name}: Service {~}, scheduling restart.'],
  ['{service.name}: {~} process exited, code={event.reason}, status={}', 'service_failed'],
  ['[🡕] Process {process.pid} ({process.name~}) of user {user.id} {*}', 'process_crashed'],
  ['Process {process.pid} ({process.name~}) of user {user.id} {*}', 'process_crashed'],
  ['Power key pressed{*}', 'system_stopped'],
  ['Suspending...'],
  ['Synchronized to time server {systemd.server~} ({destination.domain~}).'],
  ['Synchronized to time server for the first time {systemd.server~} ({destination.domain~}).'],
  ['{observer.ingress.interface.name}: DHCPv4 address {host.ip~}/{} via {*}', 'dhcp_lease'],
  ['{observer.ingress.interface.name}: DHCPv4 address {host.ip~}/{}, gateway {*}', 'dhcp_lease'],
  ['{observer.ingress.interface.name}: Lost carrier'],
  ['{observer.ingress.interface.name}: Gained carrier'],
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
  const server = splitEndpoint(draft.getText('systemd.server') ?? '');
  if (isIp(server.host)) { draft.put('destination.ip', server.host); draft.put('destination.port', server.port); draft.put('network.protocol', 'ntp'); }
  const unit = UNIT.exec(draft.getText('service.name') ?? '')?.[1];
  if (unit !== undefined) draft.put('service.name', unit);
  return true;
}

/** Since version 249 a unit stands before what it is: `nginx.service - A high performance web server`. */
const UNIT = /^(?:target )?(\S{1,255}\.(?:service|socket|timer|mount|scope|target|path|slice|device|swap|automount)) - /;

export const systemd: Format = { name: 'linux.systemd', programs: ['systemd', 'systemd-logind', 'systemd-journald', 'systemd-udevd', 'systemd-resolved', 'systemd-networkd', 'systemd-timesyncd', 'systemd-shutdown', 'systemd-coredump', 'systemd-hostnamed', 'systemd-timedated', 'systemd-machined', 'systemd-oomd', 'systemd-sleep', 'systemd-fsck', 'systemd-modules-load', 'systemd-sysctl', 'systemd-tmpfiles', 'systemd-networkd-wait-online', 'init'], read: readSystemd };
