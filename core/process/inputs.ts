// `inputs:` of the configuration: what listens besides syslog over UDP and TCP. Nothing does unless it stands there.
import { z } from 'zod';
import { parseNetwork } from '../ip.js';
import { compileRegex } from '../predicate/regex.js';

const port = z.number().int().min(0).max(65535), file = z.string().min(1);
const inputName = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'expected 1 to 32 letters, digits, _ or -');
const common = {
  /** What records and the registry's `listener` call it; without it the kind. */
  name: inputName.optional(),
  host: z.string().min(1).optional(),
};
const streams = {
  ...common,
  /** Whose PROXY headers are believed. */
  proxies: z.array(z.string().refine((text) => parseNetwork(text) !== undefined, 'expected an address or a network such as 10.1.0.0/16, without host bits')).default([]),
};
const certificates = {
  caFile: file.optional(),
  clientCertificates: z.enum(['none', 'optional', 'required']).default('none'),
};
const optionalTls = { certificateFile: file.optional(), keyFile: file.optional(), ...certificates };

const input = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tls'), ...streams, port: port.default(6514), certificateFile: file, keyFile: file, ...certificates }),
  z.strictObject({ kind: z.literal('relp'), ...streams, port: port.default(2514), ...optionalTls }),
  z.strictObject({ kind: z.literal('beats'), ...streams, port: port.default(5044), ...optionalTls }),
  z.strictObject({
    kind: z.literal('http'), ...streams, port: port.default(8514), ...optionalTls,
    /** Who may send, by the SHA-256 of what they show; `name` is their `listener`. */
    tokens: z.array(z.strictObject({ name: inputName, sha256: z.string().regex(/^[0-9a-fA-F]{64}$/, 'expected the SHA-256 of a token as 64 hex digits') })).default([]),
  }),
  z.strictObject({ kind: z.literal('gelf-udp'), ...common, port: port.default(12201) }),
  z.strictObject({ kind: z.literal('gelf-tcp'), ...streams, port: port.default(12201), ...optionalTls }),
  z.strictObject({
    kind: z.literal('file'), name: inputName.optional(),
    /** Of the last part only, * and ? stand for any letters. */
    path: file.refine((text) => !/[*?].*\//.test(text), 'expected * and ? in the last part of the path only'),
    from: z.enum(['beginning', 'end']).default('beginning'),
    /** Where messages have several lines: what the first of each looks like. */
    multiline: z.string().min(1).superRefine((source, context) => { const compiled = compileRegex(source, ''); if ('reason' in compiled) context.addIssue({ code: 'custom', message: `expected a regular expression in RE2 syntax (no look-around, no back references): ${compiled.reason}` }); }).optional(),
  }),
], { error: ({ code }) => (code === 'invalid_union' ? 'expected one of the kinds tls, relp, beats, http, gelf-udp, gelf-tcp, file' : undefined) });
export type Input = z.infer<typeof input>;
export const inputs = z.array(input).default([]);

const bytes = z.number().int().min(64 * 1024).max(1024 * 1024 * 1024);
/** What one sender, and all together, may take of the collector; what is not given is the collector's own. */
export const limits = z.strictObject({
  connectionsMax: z.number().int().min(1).max(1_000_000).optional(),
  connectionsPerSourceMax: z.number().int().min(1).max(1_000_000).optional(),
  /** An unfinished line of a silent connection is a message after this. */
  idleMs: z.number().int().min(100).max(3_600_000).optional(),
  http: z.strictObject({
    /** A body that is longer, or unpacks to more, is refused. */
    bodyBytesMax: bytes.default(16 * 1024 * 1024),
    /** Of all bodies under way; one source has at most half of it. */
    bodiesBytesMax: bytes.default(96 * 1024 * 1024),
    /** From a request's head to the end of its body. */
    bodyMs: z.number().int().min(100).max(3_600_000).default(60_000),
  }).refine(({ bodyBytesMax, bodiesBytesMax }) => bodiesBytesMax >= bodyBytesMax * 2, { path: ['bodiesBytesMax'], message: 'expected at least twice bodyBytesMax, since one source has half of it' }).prefault({}),
}).prefault({});

export const nameOfInput = ({ name, kind }: Input): string => name ?? kind;

export interface InputProblem { readonly path: readonly (string | number)[]; readonly message: string }

/** What is wrong with inputs that are well formed each, and with systems that ask for one of them. */
export function checkInputs({ host, syslog, inputs: all, systems }: {
  readonly host: string; readonly syslog: { readonly port: number }; readonly inputs: readonly Input[];
  readonly systems: readonly { readonly match: readonly { readonly listener?: string | undefined }[] }[];
}): InputProblem[] {
  const problems: InputProblem[] = [];
  const names = new Set(['udp', 'tcp']), places = new Map(['udp', 'tcp'].map((transport) => [`${transport} ${host} ${syslog.port}`, 'syslog']));
  all.forEach((each, at) => {
    const name = nameOfInput(each);
    if (names.has(name)) problems.push({ path: ['inputs', at, each.name === undefined ? 'kind' : 'name'], message: `expected each name once, got ${name} again: give this input a \`name\`` });
    names.add(name);
    if (each.kind === 'file') return;
    const place = `${each.kind === 'gelf-udp' ? 'udp' : 'tcp'} ${each.host ?? host} ${each.port}`, taken = places.get(place);
    if (each.port !== 0 && taken !== undefined) problems.push({ path: ['inputs', at, 'port'], message: `expected a port of its own, got ${each.port}, which ${taken} has` });
    places.set(place, name);
    if (each.kind === 'http') each.tokens.forEach((token, position) => {
      if (names.has(token.name)) problems.push({ path: ['inputs', at, 'tokens', position, 'name'], message: `expected each name once, among inputs and tokens, got ${token.name} again` });
      names.add(token.name);
    });
    if (each.kind === 'gelf-udp') return;
    if ((each.certificateFile === undefined) !== (each.keyFile === undefined)) problems.push({ path: ['inputs', at], message: 'expected certificateFile and keyFile together, got one of them' });
    if (each.clientCertificates === 'none') return;
    if (each.certificateFile === undefined) problems.push({ path: ['inputs', at, 'clientCertificates'], message: 'expected certificateFile and keyFile, without which no client is asked for a certificate' });
    if (each.caFile === undefined) problems.push({ path: ['inputs', at, 'clientCertificates'], message: 'expected a caFile that says whose client certificates are trusted' });
  });
  systems.forEach(({ match }, system) => {
    match.forEach(({ listener }, at) => {
      if (listener !== undefined && !names.has(listener)) problems.push({ path: ['systems', system, 'match', at, 'listener'], message: `expected one of ${[...names].join(', ')}, got ${listener}` });
    });
  });
  return problems;
}
