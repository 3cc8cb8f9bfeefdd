// The program's own log: one JSON line to standard error, never the content of events. ERROR means that someone must act now.
import { pino, type Logger } from 'pino';

export type Log = Logger;

export function createLog(level: string, name: string): Log {
  return pino({ level, base: { service: name }, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: ['password', '*.password', 'token', '*.token'], censor: '[hidden]' } }, pino.destination({ dest: 2, sync: true }));
}
