// Smaller formats of sensors: Snort, Kaspersky.
import { readIso, readSlashed, resolve } from '../../message/time.js';
import type { Draft } from '../draft.js';
import type { Format } from '../format.js';

// --- Snort: `05/30-19:09:10.917356 [**] [1:527:8] NAME [**] [Classification: x] [Priority: 2] {UDP} 192.0.2.1:68 -> 198.51.100.1:67` ------------
const SNORT_RULE = /\[(\d{1,10}):(\d{1,10}):(\d{1,6})\] (.{1,400}?)(?: \[\*\*\]|\[Classification| \{)/;
const SNORT_ENDS = /([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))? -> ([0-9a-fA-F.:]{3,45}?)(?::(\d{1,5}))?(?:\s|$)/;
function readSnort(draft: Draft): boolean {
  const { head } = draft;
  const rule = SNORT_RULE.exec(head), ends = SNORT_ENDS.exec(head);
  if (rule === null || ends === null) return false;
  draft.put('rule.id', rule[2]);
  draft.put('rule.name', rule[4]);
  draft.put('rule.category', /\[Classification: ([^\]]{1,200})\]/.exec(head)?.[1]);
  draft.put('event.severity', /\[Priority: (\d{1,2})\]/.exec(head)?.[1]);
  draft.put('source.ip', ends[1]); draft.put('source.port', ends[2]); draft.put('destination.ip', ends[3]); draft.put('destination.port', ends[4]);
  draft.put('network.transport', (/\{([A-Za-z0-9-]{2,12})\}/.exec(head)?.[1] ?? /^(TCP|UDP|ICMP|IPV6-ICMP) TTL/m.exec(head)?.[1])?.toLowerCase());
  const time = /(\d\d)\/(\d\d)(?:\/(\d\d))?-(\d\d:\d\d:\d\d(?:\.\d{1,6})?)/.exec(head);
  if (time !== null) {
    const stamp = readIso(`${time[3] === undefined ? '2024' : `20${time[3]}`}-${time[1] ?? ''}-${time[2] ?? ''} ${time[4] ?? ''}`, 0);
    if (stamp !== undefined && !draft.headed) draft.time = resolve(time[3] === undefined ? { ...stamp, year: 0 } : stamp, draft.received, draft.zone);
  }
  draft.act('intrusion_detected');
  return true;
}

// --- Kaspersky: `Name: value\r\nName: value`, the line ends escaped or real -----------------------------------------------------------
function readKaspersky(draft: Draft): boolean {
  const values = new Map<string, string>();
  for (const part of draft.text.slice(0, 16_384).split(/\\r\\n|\r?\n/, 100)) {
    const colon = part.indexOf(': ');
    if (colon > 0 && colon < 60) values.set(part.slice(0, colon).trim(), part.slice(colon + 2).trim());
  }
  if (values.size < 3) return false;
  const user = /^(?:([^\\]{1,64})\\)?([^\\(]{1,128}?)\s*(?:\([^)]*\))?$/.exec(values.get('User') ?? '');
  draft.put('user.domain', user?.[1]);
  draft.put('user.name', user?.[2]?.replace(/\$$/, ''));
  draft.put('file.path', values.get('Object'));
  draft.put('file.hash.md5', values.get('MD5'));
  draft.put('file.hash.sha256', values.get('SHA256'));
  draft.put('process.pid', values.get('Process ID'));
  draft.put('rule.name', values.get('Type') === undefined ? undefined : values.get('Name'));
  const release = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (.*)$/.exec(values.get('Release date') ?? '');
  const stamp = release === null ? undefined : readSlashed(release[0], 0);
  if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone);
  draft.act('malware_detected');
  return true;
}

export const snort: Format = { name: 'snort.log', holds: ['[**]', '->'], programs: ['snort'], detect: ({ head }) => head.includes('[**]') || head.includes('->') && SNORT_RULE.test(head), read: readSnort };
export const kaspersky: Format = { name: 'kaspersky.endpoint', holds: ['^Event type: ', '^Result description: '], detect: ({ head }) => /^(?:Event type|Result description): /.test(head) && /\\r\\n|\n/.test(head), read: readKaspersky };
