// PostgreSQL's log_destination = jsonlog (15 and later). https://www.postgresql.org/docs/current/runtime-config-logging.html
import { keepAll, has, putAll, putJsonTime, textOf, type JsonKind, type Names } from '../json-fields.js';
import { putPostgresqlMessage } from './postgresql.js';

const NAMES: Names = [
  ['user', 'user.name'], ['dbname', 'postgresql.log.database'], ['pid', 'process.pid'], ['remote_port', 'source.port'], ['state_code', 'event.code'], ['statement', 'postgresql.log.query'], ['application_name', 'postgresql.log.application_name'],
];
export const postgresqlJson: JsonKind = {
  dataset: 'postgresql.log',
  is: (flat) => has(flat, 'error_severity', 'message') && (has(flat, 'pid') || has(flat, 'backend_type')),
  read(draft, flat) {
    keepAll(draft, 'postgresql.log', flat);
    putJsonTime(draft, textOf(flat, 'timestamp'));
    putAll(draft, flat, NAMES);
    const from = textOf(flat, 'remote_host');
    if (from !== '[local]') draft.put('source.ip', from);
    const said = textOf(flat, 'message') ?? '', level = textOf(flat, 'error_severity') ?? '';
    draft.event['message'] = said;
    draft.put('log.level', level);
    putPostgresqlMessage(draft, said, level);
    draft.fill('event.reason', textOf(flat, 'detail') ?? textOf(flat, 'hint'));
  },
};
