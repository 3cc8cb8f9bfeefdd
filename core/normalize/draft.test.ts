import { Draft } from './draft.js';

const put = (fields: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> => {
  const draft = new Draft(0, 'UTC', '192.0.2.1');
  for (const [field, value] of Object.entries(fields)) draft.put(field, value);
  return { ...draft.event };
};

test('what says nothing is no value, and what was quoted is read without its quotes', () => {
  expect(put({ 'user.name': 'n/a', 'url.domain': '(none)', 'event.reason': '(null)', 'source.ip': 'unknown', 'destination.ip': ' "203.0.113.9"' })).toEqual({ 'destination.ip': '203.0.113.9' });
  expect(put({ 'source.ip': ' mail.example.vn', 'destination.ip': 'an@192.0.2.1 (LOCAL)' })).toEqual({ 'source.domain': 'mail.example.vn' });
  expect(put({ 'source.ip': '::ffff:192.0.2.1', 'destination.domain': 'named', 'destination.ip': 'other' })).toEqual({ 'source.ip': '192.0.2.1', 'destination.domain': 'named' });
});
