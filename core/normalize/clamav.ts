// ClamAV: what its scanner found, in syslog and in its own file. https://docs.clamav.net/manual/Usage/Configuration.html
//   /srv/a.zip: Win.Test.EICAR_HDB-1 FOUND     instream(203.0.113.9@51122): Eicar-Signature(44d88612fea8a8f36de82e1278abb02f:68) FOUND
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp } from './net.js';

const FOUND = /^(?:(?:[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} [\d:]{8} \d{4} )?-> )?(?:ScanOnAccess: )?(.{1,500}): ([\w.:/ -]{2,200}?)(?:\(([0-9a-f]{32}):(\d{1,15})\))? FOUND$/;
function readClamav(draft: Draft): boolean {
  const found = FOUND.exec(draft.text.slice(0, 2000).trim());
  draft.put('observer.product', 'ClamAV');
  if (found === null) { if (/^(?:-> )?\S{1,60}\.(?:cld|cvd) updated|Database (?:updated|correctly reloaded)/.test(draft.head)) draft.act('config_changed'); return draft.program !== ''; }
  const [, place = '', name, md5, size] = found, stream = /^instream\(([0-9a-fA-F.:]{2,60}|local)(?:@(\d{1,5}))?\)$/.exec(place);
  if (stream === null) draft.put('file.path', place); else if (isIp(stream[1] as string)) { draft.put('source.ip', stream[1]); draft.put('source.port', stream[2]); }
  draft.put('threat.name', name); draft.put('rule.name', name); draft.put('file.hash.md5', md5); draft.put('file.size', size);
  draft.act('malware_detected'); draft.put('event.kind', 'alert');
  return true;
}
export const clamav: Format = { name: 'clamav.log', holds: [' FOUND'], unnamed: true, programs: ['clamd', 'freshclam', 'clamonacc', 'clamscan', 'clamdscan', 'clamav-milter', 'clamav'], detect: ({ head, program }) => program === '' && head.trimEnd().endsWith(' FOUND') && FOUND.test(head.trim()), read: readClamav };
