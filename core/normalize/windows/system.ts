// The System log: the service control manager, which calls its data by place only, and who shut a machine down. Where an agent sends the text alone,
// the same stands in its sentences.
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';
import { applyRules, messageRules } from '../rules.js';
import { putProcess, putUser, type Read } from './parts.js';

/** Where the service stands that an event of the manager is about (`param1` in most), and why it came to that. */
const SERVICE = lookup({ 7009: 'param2', 7011: 'param2', 7032: 'param3', 7026: '' }), REASON = lookup({ 7000: 'param2', 7001: 'param3', 7023: 'param2', 7024: 'param2', 7032: 'param4', 7038: 'param3' });
const OF_MANAGER = /^70[0-4]\d$/;

export function putSystem(draft: Draft, id: string, text: Read, message: string): void {
  if (OF_MANAGER.test(id)) {
    draft.fill('service.name', text(SERVICE[id] ?? 'param1'));
    draft.put('event.reason', text(REASON[id] ?? ''));
  } else if (id === '1074' && text('param1') !== undefined) {
    putProcess(draft, 'process', text('param1')?.replace(/ \([^()]{1,64}\)$/, '')); // the machine it ran on
    putUser(draft, text('param7'));
    draft.put('event.reason', text('param3'));
  }
  if (text('param1') === undefined && message !== '' && applyRules(SENTENCES, message.slice(0, 2000).replace(/\s+/g, ' '), draft)) {
    putProcess(draft, 'process', draft.getText('process.executable'));
    putUser(draft, draft.getText('user.name'));
  }
}

/** What became of a service is told by its new state; of a machine by the kind of the shutdown. */
export function putSystemMeaning(draft: Draft, id: string, text: Read): void {
  if (id !== '7036') return;
  const state = text('param2');
  if (state === 'running') draft.act('service_started'); else if (state === 'stopped') draft.act('service_stopped');
}

const SENTENCES = messageRules([
  ['The {service.name~} service entered the running state.{*}', 'service_started'],
  ['The {service.name~} service entered the stopped state.{*}', 'service_stopped'],
  ['The {service.name~} service entered the {} state.{*}'],
  ['The {service.name~} service failed to start due to the following error: {event.reason~}', 'service_failed'],
  ['The {service.name~} service terminated unexpectedly.{*}', 'service_failed'],
  ['The {service.name~} service terminated with the following error: {event.reason~}', 'service_failed'],
  ['The {service.name~} service terminated with the following service-specific error: {event.reason~}', 'service_failed'],
  ['The {service.name~} service hung on starting.{*}', 'service_failed'],
  ['The start type of the {service.name~} service was changed from {*}', 'config_changed'],
  ['The {service.name~} service was successfully sent a {*}'],
  ['A timeout was reached ({} milliseconds) while waiting for the {service.name~} service to connect.{*}', 'service_failed'],
  ['A timeout ({} milliseconds) was reached while waiting for a transaction response from the {service.name~} service.{*}', 'service_failed'],
  ['The process {process.executable~} ({}) has initiated the {~} of computer {} on behalf of user {user.name~} for the following reason: {event.reason~} Reason Code: {*}', 'system_stopped'],
  ['The Event log service was started.{*}', 'system_started'],
  ['The Event log service was stopped.{*}', 'system_stopped'],
  ['The previous system shutdown at {~} was unexpected.{*}', 'system_stopped'],
  ['The {} log file was cleared.{*}', 'log_cleared'],
  ['The system time has changed to {*}', 'config_changed'],
]);
