// What is not there must not be read: names that nobody has, outcomes that a line does not know.
import { parseLine } from '../../message/parse-line.js';

const NS = '<30>Feb 17 13:40:03 db-01 ', received = Date.parse('2026-02-17T06:41:00Z');

test.each([
  ['2026-02-17 06:40:03 UTC::@:[991]:LOG:  checkpoint starting: time', ['user.name', 'postgresql.log.database']],
  ['2026-02-17 13:40:03.123 +07 [991] binh@app LOG:  provided user name (binh) and authenticated user name (root) do not match', ['event.outcome']],
  ['2026-02-17 13:40:03.123 +07 [991] an@app LOG:  AUDIT: SESSION,2,1,ROLE,GRANT,,,GRANT SELECT ON ho_so TO PUBLIC;,<not logged>', ['user.target.name']],
  ['260217 13:40:03\t    12 Connect\tan@203.0.113.9 on  using TCP/IP', ['event.outcome', 'mysql.database']],
  ['# Thread_id: 15  Schema:   QC_hit: No', ['mysql.database']],
  [`${NS}mysql-server_auditing: db-01,an,203.0.113.9,4,7,QUERY,mysql,'DROP USER \\'binh\\'@\\'%\\'',1227`, ['user.target.name']],
  [`${NS}mosquitto[77]: 1771310403: Client <unknown> disconnected, not authorised.`, ['mosquitto.client_id']],
])('%s: %j is not told', (raw, names) => {
  const { event } = parseLine({ raw, received });
  for (const name of names) expect(event).not.toHaveProperty([name]);
});
