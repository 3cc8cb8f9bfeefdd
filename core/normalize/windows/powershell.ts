// PowerShell: what ran, as which script, and under whom. The host, the engine and the user stand inside a text of one of two spellings:
// `HostApplication=powershell.exe -File a.ps1` in the classic log, `Host Application = powershell.exe -File a.ps1` in the operational one.
// https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_logging_windows
import type { Value } from '../../event.js';
import type { Draft } from '../draft.js';
import { putFile, putRows, putUser, rows, type Read } from './parts.js';

const PLAIN = rows('ScriptBlockText > powershell.file.script_block_text | ScriptBlockId > powershell.file.script_block_id | MessageNumber > powershell.sequence | MessageTotal > powershell.total');
/** A label in both spellings, and its field. */
const LABELS: readonly (readonly [classic: string, operational: string, field: string])[] = [
  ['HostApplication=', 'Host Application = ', 'process.command_line'], ['ScriptName=', 'Script Name = ', 'file.path'], ['HostId=', 'Host ID = ', 'powershell.id'], ['HostVersion=', 'Host Version = ', 'powershell.process.executable_version'], ['EngineVersion=', 'Engine Version = ', 'powershell.engine.version'],
  ['RunspaceId=', 'Runspace ID = ', 'powershell.runspace_id'], ['PipelineId=', 'Pipeline ID = ', 'powershell.pipeline_id'], ['CommandName=', 'Command Name = ', 'powershell.command.name'], ['CommandType=', 'Command Type = ', 'powershell.command.type'], ['CommandPath=', 'Command Path = ', 'powershell.command.path'],
];

export function putPowershell(draft: Draft, data: Readonly<Record<string, Value>>, text: Read, message: string): void {
  putRows(draft, PLAIN, text);
  const told = Object.keys(data).filter((key) => key !== 'ScriptBlockText' && key !== 'Payload').map((key) => data[key]); // a script may say anything
  for (const value of message.startsWith('Creating Scriptblock text') ? told : [...told, message]) {
    if (typeof value !== 'string' || !HOST.test(value)) continue;
    const said = value.slice(0, 16_384);
    for (const [classic, operational, field] of LABELS) draft.fill(field, labelled(said, classic) ?? labelled(said, operational));
    if (!draft.has('user.name')) putUser(draft, labelled(said, 'UserId=') ?? labelled(said, 'User = '));
    const other = labelled(said, 'Connected User = '); // who came over the network, where another account runs what they ask for
    if (other !== undefined) { draft.put('source.user.name', other.slice(other.indexOf('\\') + 1)); if (other.includes('\\')) draft.put('source.user.domain', other.slice(0, other.indexOf('\\'))); }
  }
  putFile(draft, draft.getText('file.path') ?? text('Path'));
}

const HOST = /Host ?(?:Application|Name) ?=/;

/** What stands behind a label up to the end of its line, real or written out. */
function labelled(text: string, label: string): string | undefined {
  for (let at = text.indexOf(label); at >= 0; at = text.indexOf(label, at + 1)) {
    if (at > 0 && /[A-Za-z]/.test(text.charAt(at - 1)) && !/\\[nrt]$/.test(text.slice(at - 2, at)) || label === 'User = ' && text.endsWith('Connected ', at)) continue;
    const start = at + label.length, end = LINE_END.exec(text.slice(start, start + VALUE_MAX))?.index, value = text.slice(start, end === undefined ? start + VALUE_MAX : start + end).trim();
    if (value !== '') return value;
    return undefined;
  }
  return undefined;
}
const LINE_END = /[\n\r]|\\n\\t|\\n\\n|\\r\\n/, VALUE_MAX = 8192;
