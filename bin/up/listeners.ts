// What the collector listens on and which files it follows, from the configuration.
import { resolve } from 'node:path';
import type { IntakeOptions, ListenerOptions, TlsOptions } from '../../collector/options.js';
import type { Config } from '../../core/process/config.js';
import type { FileInput } from '../../collector/tail/tail.js';
import { nameOfInput, type Input } from '../../core/process/inputs.js';

export function listenersOf({ host, syslog, inputs }: Config, syslogPort: number): ListenerOptions[] {
  return [
    ...(['tcp', 'udp'] as const).map((kind): ListenerOptions => ({ name: kind, kind, host, port: syslogPort, setting: 'HAIDANG_SYSLOG_PORT', ...(kind === 'tcp' && syslog.proxies.length > 0 ? { proxies: syslog.proxies } : {}) })),
    ...inputs.flatMap((input, at): ListenerOptions[] => {
      if (input.kind === 'file') return [];
      const tls = tlsOf(input), { kind, port } = input, proxies = 'proxies' in input ? input.proxies : [];
      return [{
        name: nameOfInput(input), kind, host: input.host ?? host, port, setting: `inputs.${at}.port`, ...(tls === undefined ? {} : { tls }), ...(proxies.length === 0 ? {} : { proxies }),
        ...(kind === 'http' && input.tokens.length > 0 ? { tokens: input.tokens } : {}),
      }];
    }),
  ];
}

/** What senders may take, as the collector asks for it: what is not given is not named. */
export const limitsOf = ({ limits: { http, ...connections } }: Config): Pick<IntakeOptions, 'connectionsMax' | 'connectionsPerSourceMax' | 'idleMs' | 'http'> =>
  ({ http, ...Object.fromEntries(Object.entries(connections).filter(([, value]) => value !== undefined)) });

export const filesOf = ({ inputs }: Config): FileInput[] => inputs.flatMap((input) => (input.kind === 'file' ? [{ name: nameOfInput(input), path: resolve(input.path), from: input.from, multiline: input.multiline }] : []));

function tlsOf(input: Exclude<Input, { kind: 'file' }>): TlsOptions | undefined {
  if (input.kind === 'gelf-udp') return undefined;
  const { certificateFile, keyFile, caFile, clientCertificates } = input;
  if (certificateFile === undefined || keyFile === undefined) return undefined;
  return { certificateFile, keyFile, clientCertificates, ...(caFile === undefined ? {} : { caFile }) };
}
