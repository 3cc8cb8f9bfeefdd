// What carries calls beside Asterisk: Kamailio, its own lines and what a script logs.
//   INFO: auth [api.c:102]: auth_check_hdr_md5(): text          ERROR: <script>: text
// https://www.kamailio.org/wikidocs/cookbooks/ (core, log_prefix; xlog)
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { readSentence } from './sentences.js';

const KAMAILIO = /^(?:\{[^}\n]{0,200}\} )?(ALERT|BUG|CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG): (<?[\w-]{1,40}>?)(?: \[([\w/.-]{1,120}):(\d{1,6})\])?: (?:(\w{1,80})\(\): ?)?/;

function readKamailio(draft: Draft): boolean {
  const found = KAMAILIO.exec(draft.head), said = draft.text.slice(found?.[0].length ?? 0, 2_000);
  draft.put('log.level', found?.[1]?.toLowerCase()); draft.put('log.logger', found?.[2]?.replace(/[<>]/g, ''));
  draft.put('log.origin.file.name', found?.[3]); draft.put('log.origin.file.line', found?.[4]); draft.put('log.origin.function', found?.[5]);
  draft.put('service.name', 'kamailio');
  readSentence(draft, said);
  return true;
}

export const kamailio: Format = { name: 'kamailio.log', programs: ['kamailio', 'openser', 'opensips'], read: readKamailio };
