import { compileRules } from '../../core/sigma/compile-rules.js';
import { SeenFields } from '../../core/sigma/seen-fields.js';
import { sha256 } from './rule-files.js';
import { listRules } from './rules-list.js';

const rule = (title: string, item: string, logsource = '{product: linux, service: sshd}'): string => `title: ${title}\nname: ${title}\nlevel: low\nlogsource: ${logsource}\ndetection: {s: {${item}}, condition: s}\n`;
const TEXT = [
  rule('alive', 'message: a'), rule('field', 'user.email: a'), rule('source', 'a: 1', '{product: macos, service: unified_log}'), rule('value', "user.name|expand: '%admins%'"), rule('broken', 'a|nope: 1'),
  'title: waits\ncorrelation: {type: event_count, rules: [field, source], timespan: 1m, condition: {gte: 2}}\n', 'title: fed\ncorrelation: {type: event_count, rules: [field, alive], timespan: 1m, condition: {gte: 2}}\n',
].join('---\n');

test('every rule has one state with its reason; a correlation waits when all that feeds it does', () => {
  const seen = new SeenFields();
  seen.see({ 'event.dataset': 'linux.sshd', 'log.syslog.appname': 'sshd', message: 'x' });
  const kinds = seen.take().map(({ key, events, fields }) => ({ key, events, fields: new Set(fields) })), set = compileRules([{ file: 'r.yml', text: TEXT }], { sha256 });
  expect(listRules(set, kinds).map(({ state, title, reason }) => [title, state, reason])).toEqual([
    ['alive', 'alive', ''], ['field', 'field_missing', 'none of 1 events of linux / sshd had user.email'], ['source', 'source_missing', 'no format or table here feeds macos / unified_log'], ['value', 'placeholder_unset', 'expected values for %admins%, got none'],
    ['waits', 'field_missing', 'none of 1 events of linux / sshd had user.email'], ['fed', 'alive', ''],
    ['broken', 'refused', expect.stringMatching(/^r\.yml:\d+:\d+: expected a modifier/) as string],
  ]);
  expect(listRules(set).filter(({ state }) => state === 'field_missing')).toEqual([]);
});
