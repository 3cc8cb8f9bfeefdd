// Windows' events as rules name their parts: the data as a whole, levels and keywords by number or word, the log that was cleared.
import { meets } from './line.test-helper.js';

const XML = (channel: string, id: number, level: string, data: string): string => `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>${String(id)}</EventID><Level>${level}</Level><Keywords>0x8010000000000000</Keywords><Channel>${channel}</Channel><Computer>dc1</Computer></System>${data}</Event>`;
const UNNAMED = '<EventData><Data>MsMpEng.exe</Data><Data>1.2</Data><Data>mpengine.dll</Data></EventData>', CLEARED = '<UserData><LogFileCleared><SubjectUserName>an</SubjectUserName><Channel>Application</Channel></LogFileCleared></UserData>';
const APPLICATION = '{product: windows, service: application}', SYSTEM = '{product: windows, service: system}';

test.each<readonly [string, string, string, string | object, boolean]>([
  ['data without names, as a whole', APPLICATION, '{Data|contains|all: [MsMpEng.exe, mpengine.dll]}', XML('Application', 1000, '2', UNNAMED), true],
  ['the same out of a rendered text', APPLICATION, '{Data|contains|all: [MsMpEng.exe, mpengine.dll]}', { winlog: { channel: 'Application', event_id: '1000', provider_name: 'P', event_data: { param1: 'MsMpEng.exe' } }, message: 'Faulting application MsMpEng.exe, module mpengine.dll' }, true],
  ['a level by its number', APPLICATION, '{Level: 2}', XML('Application', 1000, '2', UNNAMED), true],
  ['a level by its word', APPLICATION, '{Level: Error}', XML('Application', 1000, '2', UNNAMED), true],
  ['another level', APPLICATION, '{Level: 4}', XML('Application', 1000, '2', UNNAMED), false],
  ["an audit's keyword in bits", '{product: windows, service: security}', "{EventID: 4673, Keywords: '0x8010000000000000'}", { EventID: 4673, Channel: 'Security', SourceName: 'Microsoft-Windows-Security-Auditing', EventType: 'AUDIT_FAILURE' }, true],
  ['the log that was cleared', SYSTEM, '{EventID: 104, Channel: Application}', XML('System', 104, '4', CLEARED), true],
  ['and not the one that tells of it', SYSTEM, '{EventID: 104, Channel: System}', XML('System', 104, '4', CLEARED), false],
])('%s', (_name, logsource, search, line, hits) => { expect(meets(logsource, search, line)).toBe(hits); });
