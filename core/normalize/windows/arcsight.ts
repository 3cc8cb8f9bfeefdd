// Windows events in CEF: as ArcSight's connectors map them (`Microsoft-Windows-Security-Auditing:4625`, accounts, processes and machines in CEF's own keys),
// and as NXLog writes them, every field under its own name. What the event means follows from its number as in any other form.
import type { Value } from '../../event.js';
import type { Draft } from '../draft.js';
import { putAccount } from '../account.js';
import type { Told } from '../vendor/told.js';
import { isUser, putWindows } from './windows.js';
import { logonOf, reasonOf, statusOf } from './reasons.js';
import { putProcess } from './parts.js';
import { channelOf } from './text.js';

export function readArcSight(draft: Draft, { product, code, value }: Told): void {
  const [, source, number] = /^([\w. $-]{2,120}):(\d{1,5})$/.exec(code) ?? [], id = number ?? value('externalId') ?? code;
  if (!/windows|sysmon/i.test(product) || !/^\d{1,5}$/.test(id)) return;
  if (value('usrName') !== undefined) { putWindows(draft, { id, channel: 'Security', computer: value('resource'), keywords: value('cat'), data: NO_DATA }); return; } // LEEF's own names
  const acting = isUser(id) ? 'destination' : draft.has('source.user.name') ? 'source' : 'destination', domain = value(acting === 'source' ? 'sntdom' : 'dntdom');
  for (const field of ['user.name', 'user.domain', 'destination.process.name', 'destination.process.pid', 'destination.user.id', 'source.user.id', 'observer.name']) delete draft.event[field];
  const refused = /fail/i.test(`${value('categoryOutcome') ?? ''} ${value('deviceSeverity') ?? ''}`);
  putWindows(draft, { channel: value('cat') ?? (/^(?:Security|Microsoft-Windows-Security-Auditing)$/.test(source ?? '') ? 'Security' : channelOf(product === 'Sysmon' ? 'Microsoft-Windows-Sysmon' : source ?? '')), id, provider: source, computer: value('dvchost') ?? value('dhost'), keywords: refused ? 'Audit Failure' : undefined, data: NO_DATA });
  putAccount(draft, 'user', draft.getText(`${acting}.user.name`));
  draft.put('user.domain', domain);
  const started = value('dproc'), by = value('sproc');
  putProcess(draft, 'process', started ?? by ?? value('deviceProcessName'));
  draft.put('process.pid', value(started === undefined ? 'spid' : 'dpid'));
  if (started !== undefined) { putProcess(draft, 'process.parent', by); draft.put('process.parent.pid', value('spid')); }
  for (const place of ['1', '2', '3', '4', '5', '6']) {
    const text = value(`cs${place}`), label = value(`cs${place}Label`);
    if (label === 'Reason or Error Code') draft.put('event.reason', statusOf(text) ?? reasonOf(text));
    if (value(`cn${place}Label`) === 'LogonType') draft.put('winlog.logon.type', logonOf(value(`cn${place}`)));
  }
}
const NO_DATA: Readonly<Record<string, Value>> = Object.freeze(Object.create(null) as Record<string, Value>);

/** NXLog keeps every field under its own name, so that the event's data are all there. */
export function readNxlog(draft: Draft, { code, value }: Told): void {
  const id = value('EventID') ?? (/^\d{1,5}$/.test(code) ? code : undefined), channel = value('Channel'), provider = value('SourceName') ?? value('vSrcName');
  if (id === undefined || channel === undefined && provider === undefined) return;
  const data: Record<string, Value> = Object.create(null) as Record<string, Value>;
  for (const key of Object.keys(draft.event)) { const name = /^(?:cef\.extensions|leef)\.([A-Z]\w{1,60})$/.exec(key)?.[1]; if (name !== undefined && !FRAME.has(name)) data[name] = draft.event[key] as Value; }
  putWindows(draft, { channel, id, provider, computer: value('Hostname') ?? value('dvchost') ?? value('identHostName'), record: value('RecordNumber'), time: value('EventTime'), pid: value('ProcessID'), user: value('AccountName'), domain: value('Domain'), level: value('Severity'), keywords: value('EventType') ?? value('outcome') ?? value('Keywords'), message: value('Message'), data });
}
const FRAME = new Set(['EventTime', 'Hostname', 'EventType', 'SeverityValue', 'Severity', 'EventID', 'SourceName', 'ProviderGuid', 'Version', 'Task', 'OpcodeValue', 'RecordNumber', 'ThreadID', 'Channel', 'Message', 'EventReceivedTime', 'SourceModuleName', 'SourceModuleType', 'AccountName', 'AccountType', 'Domain', 'UserID']);
