import fc from 'fast-check';
import { Draft } from './draft.js';
import { applyRules, messageRules, type Row } from './rules.js';
import { fits, template } from './template.js';

const ROWS: readonly Row[] = [
  ['Connection closed by {source.ip} port {source.port}{*}', 'ssh_disconnected'], ['Connection closed by {source.ip}{*}', 'connection_ended'], ['{service.name}: stopped', 'service_stopped'], ['Connection {event.reason~} by {user.name}', 'connection'],
  ['Connection', 'connection_started'], ['Close {user.name}', 'logout'], ['{user.name} closed{*}', 'session_closed'], ['Connection closed by invalid user {user.name}', 'ssh_login_failed'],
];
const words = ['Connection', ' closed by ', ' reset by ', '192.0.2.1', ' port 22', ' invalid user ', 'binh', 'Close ', 'Clo', ': stopped', ' closed', ' ', ''];

test('a text is read by the first rule that fits it, as if each were tried', () => {
  const rules = messageRules(ROWS);
  fc.assert(fc.property(fc.array(fc.constantFrom(...words), { maxLength: 5 }), (parts) => {
    const text = parts.join(''), read = new Draft(0, 'UTC', ''), tried = new Draft(0, 'UTC', '');
    const row = ROWS.find(([form]) => text.startsWith(template(form).start) && fits(template(form), text, tried));
    if (row?.[1] !== undefined) tried.act(row[1]);
    expect([applyRules(rules, text, read), read.event]).toEqual([row !== undefined, tried.event]);
  }), { numRuns: 2000 });
});
