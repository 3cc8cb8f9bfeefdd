// The configuration: haidang.yaml with overrides from the environment, checked whole at the start. What is wrong is told with file,
// line, what was expected and what came; nothing starts on a configuration that is not understood.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { NUMBERINGS } from '../account/numbers.js';
import { parseNetwork } from '../ip.js';
import { ENCODINGS } from '../message/encoding.js';
import { ProblemError, type Problem } from '../problem.js';
import { SEVERITIES, type Severity } from '../tier.js';
import { elasticsearch, overrideElasticsearch } from './elasticsearch.js';
import type { ServiceName } from './health-server.js';
import { checkInputs, inputs, limits } from './inputs.js';
import { foreignSections } from './service-config.js';

const tier = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
const port = z.number().int().min(0).max(65535);
const network = z.string().refine((text) => parseNetwork(text) !== undefined, 'expected an address or a network such as 10.1.0.0/16, without host bits');
const timezone = z.string().refine(isTimezone, 'expected a time zone name such as Asia/Ho_Chi_Minh');

const shape = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  data: z.string().min(1).default('./data'),
  console: z.strictObject({
    port: port.default(8080),
    publicUrl: z.url().optional(),
    tls: z.strictObject({ certificateFile: z.string(), keyFile: z.string() }).optional(),
    /** Where collectors that run apart say how they are, for the page of the system's status. */
    collectors: z.array(z.strictObject({ url: z.url({ protocol: /^https?$/, error: 'expected http:// or https://' }), tokenFile: z.string().optional() })).default([]),
  }).prefault({}),
  syslog: z.strictObject({
    port: port.default(5514),
    frameBytesMax: z.number().int().min(1024).max(16 * 1024 * 1024).default(1024 * 1024),
    /** Whose PROXY headers are believed, over TCP. */
    proxies: z.array(network).default([]),
  }).prefault({}),
  inputs,
  limits,
  /** The store, where it is not the embedded one. */
  elasticsearch: elasticsearch.optional(),
  /** Whose messages' own host names count. */
  relays: z.array(network).default([]),
  unassignedTier: tier.default(3),
  systems: z.array(z.strictObject({
    id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'expected 1 to 32 letters, digits, _ or -'),
    name: z.string().min(1), tier, unit: z.string().default(''), timezone: timezone.optional(), encoding: z.enum(ENCODINGS).optional(),
    senders: z.array(z.strictObject({ sender: z.string().min(1).max(255), timezone: timezone.optional(), encoding: z.enum(ENCODINGS).optional() })).optional(),
    match: z.array(z.strictObject({ listener: z.string().optional(), certificate: z.string().optional(), address: network, host: z.string().optional() })).min(1),
  })).default([]),
  mail: z.strictObject({
    smtpUrl: z.string().regex(/^smtps?:\/\//, 'expected smtp:// or smtps://'),
    passwordFile: z.string().optional(),
    from: z.string().default('haidang@localhost'),
    recipients: z.array(z.strictObject({
      to: z.string().min(3), tiers: z.array(tier).min(1).default([1, 2, 3, 4, 5]), severity: z.enum(SEVERITIES as [Severity, ...Severity[]]).default('high'), language: z.enum(['vi', 'en']).default('vi'),
    })).default([]),
  }).optional(),
  /** Days of receipt kept, by tier; never less than the policy pack asks. */
  retentionDays: z.strictObject({ 1: z.number().int().positive(), 2: z.number().int().positive(), 3: z.number().int().positive(), 4: z.number().int().positive(), 5: z.number().int().positive() }).partial().default({}),
  /** Numberings of senders that say nothing here: those who number more than they send. */
  numbers: z.strictObject({ ignore: z.array(z.enum(NUMBERINGS)).default([]) }).prefault({}),
  /** Values for rules with placeholders (`expand`). */
  placeholders: z.record(z.string(), z.array(z.union([z.string(), z.number()]))).default({}),
  /** Intake stops when less than this is free on the data folder's disk; without it max(3 segments, min(5 %, 2 GB)). */
  freeBytesMin: z.number().int().nonnegative().optional(),
  adminPasswordFile: z.string().optional(),
  /** Of services that run apart: where they say how they are. Without a port 8081 for a collector, 8082 for a detector. */
  health: z.strictObject({ host: z.string().min(1).optional(), port: port.optional(), tokenFile: z.string().optional() }).prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
});
export type Config = z.infer<typeof shape>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the file that HAIDANG_CONFIG names, else ./haidang.yaml if there is one; of a service that runs apart, its own. Throws ProblemError. */
export function loadConfig(env: Environment, cwd: string, service?: ServiceName): Config {
  const named = env['HAIDANG_CONFIG'];
  const file = resolve(cwd, named ?? 'haidang.yaml');
  if (named !== undefined && !existsSync(file)) throw new ProblemError([{ code: 'config.missing', file, message: 'expected a configuration file here (HAIDANG_CONFIG names it), found none', expected: 'a file', got: 'nothing' }]);
  return parseConfig(existsSync(file) ? readFileSync(file, 'utf8') : '', file, env, service);
}

/** Text of the file and the environment -> configuration, or ProblemError with everything that is wrong. */
export function parseConfig(text: string, file: string, env: Environment = {}, service?: ServiceName): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problems: Problem[] = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { code: 'config.yaml', file, line, column: col, message: `not readable as YAML: ${error.message.split('\n')[0] ?? ''}`, expected: 'YAML' };
  });
  if (problems.length > 0) throw new ProblemError(problems);
  const given = (document.toJS({ maxAliasCount: 0 }) ?? {}) as Record<string, unknown>;
  if (typeof given !== 'object' || Array.isArray(given)) throw new ProblemError([{ code: 'config.shape', file, line: 1, message: `expected names with values, got ${Array.isArray(given) ? 'a list' : typeof given}` }]);
  if (service !== undefined) for (const name of foreignSections(service, given)) problems.push({ code: 'config.foreign', file, ...placeOfKey(document, lines, [], name), message: `${name}: expected what a ${service} needs, got another service's part. Keep each service's configuration, and its secrets, by itself.`, got: name });
  const overridden = override(given, env, problems);
  const parsed = shape.safeParse(overridden);
  if (!parsed.success) for (const issue of parsed.error.issues) problems.push(located(issue, document, lines, file));
  else {
    problems.push(...duplicates(parsed.data, document, lines, file));
    problems.push(...checkInputs(parsed.data).map(({ path, message }) => ({ code: 'config.inputs', file, ...placeOf(document, lines, path), message: `${path.join('.')}: ${message}` })));
  }
  if (problems.length > 0) throw new ProblemError(problems);
  return parsed.data as Config;
}

function override(given: Record<string, unknown>, env: Environment, problems: Problem[]): Record<string, unknown> {
  const part = (name: string): Record<string, unknown> => (typeof given[name] === 'object' && given[name] !== null ? { ...(given[name] as Record<string, unknown>) } : {});
  const result: Record<string, unknown> = { ...given };
  const portFrom = (name: string): number | undefined => {
    const value = env[name];
    if (value === undefined || value === '') return undefined;
    if (/^\d{1,5}$/.test(value) && Number(value) <= 65535) return Number(value);
    problems.push({ code: 'config.environment', message: `${name}: expected a port from 0 to 65535, got ${JSON.stringify(value)}`, expected: 'a port', got: value });
    return undefined;
  };
  if (env['HAIDANG_HOST']) result['host'] = env['HAIDANG_HOST'];
  if (env['HAIDANG_DATA']) result['data'] = env['HAIDANG_DATA'];
  if (env['HAIDANG_ADMIN_PASSWORD_FILE']) result['adminPasswordFile'] = env['HAIDANG_ADMIN_PASSWORD_FILE'];
  const healthPort = portFrom('HAIDANG_HEALTH_PORT');
  if (healthPort !== undefined) result['health'] = { ...part('health'), port: healthPort };
  const cluster = overrideElasticsearch(given['elasticsearch'], env);
  if (cluster !== undefined) result['elasticsearch'] = cluster;
  const consolePort = portFrom('HAIDANG_CONSOLE_PORT'), syslogPort = portFrom('HAIDANG_SYSLOG_PORT');
  if (consolePort !== undefined) result['console'] = { ...part('console'), port: consolePort };
  if (syslogPort !== undefined) result['syslog'] = { ...part('syslog'), port: syslogPort };
  if (env['HAIDANG_SMTP_URL'] || env['HAIDANG_SMTP_PASSWORD_FILE'] || env['HAIDANG_MAIL_TO']) {
    const mail = part('mail');
    if (env['HAIDANG_SMTP_URL']) mail['smtpUrl'] = env['HAIDANG_SMTP_URL'];
    if (env['HAIDANG_SMTP_PASSWORD_FILE']) mail['passwordFile'] = env['HAIDANG_SMTP_PASSWORD_FILE'];
    if (env['HAIDANG_MAIL_TO']) mail['recipients'] = env['HAIDANG_MAIL_TO'].split(',').map((to) => ({ to: to.trim() }));
    result['mail'] = mail;
  }
  return result;
}

function located(issue: z.core.$ZodIssue, document: Document.Parsed, lines: LineCounter, file: string): Problem {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const name = path.join('.') || 'the configuration';
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const place = unknown === undefined ? placeOf(document, lines, path) : placeOfKey(document, lines, path, unknown);
  const message = unknown !== undefined ? `${[...path, unknown].join('.')}: expected one of the known names here, got this one` : `${name}: ${issue.message.replace(/^Invalid input: /, '')}`;
  return { code: `config.${issue.code}`, file, ...place, message };
}

/** The line of a value, or of the nearest thing above it that the file has. */
function placeOf(document: Document.Parsed, lines: LineCounter, path: readonly (string | number)[]): { line?: number; column?: number } {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range !== undefined) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return {};
}

function placeOfKey(document: Document.Parsed, lines: LineCounter, path: readonly (string | number)[], key: string): { line?: number; column?: number } {
  const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const found = isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.key : undefined;
  if (!isScalar(found) || !found.range) return placeOf(document, lines, path);
  const { line, col } = lines.linePos(found.range[0]);
  return { line, column: col };
}

function duplicates({ systems }: Config, document: Document.Parsed, lines: LineCounter, file: string): Problem[] {
  const seen = new Set<string>();
  return systems.flatMap(({ id }, at) => {
    if (!seen.has(id)) { seen.add(id); return []; }
    return [{ code: 'config.duplicate', file, ...placeOf(document, lines, ['systems', at, 'id']), message: `systems.${at}.id: expected each system once, got ${id} again`, got: id }];
  });
}

function isTimezone(name: string): boolean {
  try { new Intl.DateTimeFormat('en', { timeZone: name }); return true; } catch { return false; }
}
