// ClamAV: what its scanner found, in syslog and in its own file. https://docs.clamav.net/manual/Usage/Configuration.html
//   /srv/a.zip: Win.Test.EICAR_HDB-1 FOUND     instream(203.0.113.9@51122): Eicar-Signature(44d88612fea8a8f36de82e1278abb02f:68) FOUND
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { isIp } from './net.js';

const FOUND = /^(?:(?:[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} [\d:]{8} \d{4} )?-> )?(?:ScanOnAccess: )?(.{1,500}): ([\w.:/ -]{2,200}?)(?:\(([0-9a-f]{32}):(\d{1,15})\))? FOUND$/;
/** clamav-milter (`LogInfected` and `LogClean`, basic and full): `Message 4XyZ from <a@b> to <c@d> with subject 'x' message-id '<e@f>' date '...' infected by Eicar`. */
const PASSED = /^(Clean m|M)essage (?:(\w{6,20}) )?from <([^>]{0,320})> to <([^>]{1,320})>(?: with subject '(.{0,400}?)' message-id '<?([^'>]{0,400})>?' date '[^']{0,80}')?(?: infected by (\S{1,200}))?$/s;
function readMilter(draft: Draft): boolean {
  const found = PASSED.exec(draft.text.slice(0, 2500).replace(TIMED, '').trim());
  if (found === null) return false;
  const [, clean, queue, from, to, subject, id, name] = found;
  draft.put('postfix.queue_id', queue); draft.put('email.from.address', from); draft.put('email.to.address', to); draft.put('email.subject', subject); draft.put('email.message_id', id);
  if (clean === 'Clean m') { draft.act('mail', 'success'); return true; }
  draft.put('threat.name', name); draft.put('rule.name', name);
  draft.act('malware_detected'); draft.put('event.kind', 'alert');
  return true;
}
const TIMED = /^(?:[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} [\d:]{8} \d{4} )?(?:-> )?/;
function readClamav(draft: Draft): boolean {
  const found = FOUND.exec(draft.text.slice(0, 2000).trim());
  draft.put('observer.product', 'ClamAV');
  if (found === null && readMilter(draft)) return true;
  if (found === null) { if (/^(?:clamd daemon \d|\+\+\+ Started at )/.test(draft.head)) draft.act('service_started'); else if (draft.head.startsWith('--- Stopped at ')) draft.act('service_stopped'); else if (/^(?:-> )?\S{1,60}\.(?:cld|cvd) updated|Database (?:updated|correctly reloaded)/.test(draft.head)) draft.act('config_changed'); return draft.program !== ''; }
  const [, place = '', name, md5, size] = found, stream = /^instream\(([0-9a-fA-F.:]{2,60}|local)(?:@(\d{1,5}))?\)$/.exec(place);
  if (stream === null) draft.put('file.path', place); else if (isIp(stream[1] as string)) { draft.put('source.ip', stream[1]); draft.put('source.port', stream[2]); }
  draft.put('threat.name', name); draft.put('rule.name', name); draft.put('file.hash.md5', md5); draft.put('file.size', size);
  draft.act('malware_detected'); draft.put('event.kind', 'alert');
  return true;
}
export const clamav: Format = { name: 'clamav.log', holds: [' FOUND'], unnamed: true, programs: ['clamd', 'freshclam', 'clamonacc', 'clamscan', 'clamdscan', 'clamav-milter', 'clamav'], detect: ({ head, program }) => program === '' && head.trimEnd().endsWith(' FOUND') && FOUND.test(head.trim()), read: readClamav };
