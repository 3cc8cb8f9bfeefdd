// `haidang doctor`: is this machine fit, and is what was configured sound? One line a check; exit code 1 when something must be done.
import type { Command } from 'commander';
import { X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { isDatagram, type TlsOptions } from '../../collector/options.js';
import { filesOf as pathsOf } from '../../collector/tail/paths.js';
import type { FileInput } from '../../collector/tail/tail.js';
import { loadConfig, type Config } from '../../core/process/config.js';
import { printProblem, ProblemError } from '../../core/problem.js';
import { filesOf, listenersOf } from '../up/listeners.js';

type Verdict = 'ok' | 'warning' | 'problem';
interface Finding { readonly verdict: Verdict; readonly what: string; readonly text: string }
const GIB = 1024 ** 3;

export function registerDoctor(program: Command): void {
  program.command('doctor')
    .description('checks this machine, the configuration, the data folder and the ports')
    .action(async () => {
      const findings = await examine();
      for (const { verdict, what, text } of findings) process.stdout.write(`${verdict.padEnd(8)} ${what.padEnd(14)} ${text}\n`);
      process.exitCode = findings.some(({ verdict }) => verdict === 'problem') ? 1 : 0;
    });
}

async function examine(): Promise<Finding[]> {
  const findings: Finding[] = [{ verdict: 'ok', what: 'node', text: `${process.versions.node} (20.19 or newer is needed, 24 is recommended)` }];
  let config: Config;
  try {
    config = loadConfig(process.env, process.cwd());
    findings.push({ verdict: 'ok', what: 'configuration', text: 'understood' });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return [...findings, ...error.problems.map((problem): Finding => ({ verdict: 'problem', what: 'configuration', text: printProblem(problem) }))];
  }
  const data = resolve(config.data);
  return [...findings, dataFolder(data), disk(data), receiveBuffer(), await port('console', 'tcp', config.host, config.console.port), ...await inputs(config), mail(config), systems(config)];
}

/** Looks only: the folder itself, or where it would be made, must be writable. */
function dataFolder(path: string): Finding {
  const there = nearest(path);
  try {
    if (!statSync(there).isDirectory()) throw new Error(`${there} is not a folder`);
    accessSync(there, constants.W_OK);
    return { verdict: 'ok', what: 'data', text: there === path ? path : `${path} (is made at the first start)` };
  } catch (error) {
    return { verdict: 'problem', what: 'data', text: `expected a folder that can be written at ${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function nearest(path: string): string {
  let folder = path;
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

function disk(path: string): Finding {
  const { bavail, bsize, blocks } = statfsSync(nearest(path));
  const free = bavail * bsize, text = `${(free / GIB).toFixed(1)} GiB free of ${((blocks * bsize) / GIB).toFixed(1)}`;
  return { verdict: free < 2 * GIB ? 'problem' : free < 10 * GIB ? 'warning' : 'ok', what: 'disk', text: free < 10 * GIB ? `${text}: expected 10 GiB or more` : text };
}

function receiveBuffer(): Finding {
  const file = '/proc/sys/net/core/rmem_max';
  if (!existsSync(file)) return { verdict: 'ok', what: 'udp buffer', text: 'not known on this system' };
  const bytes = Number(readFileSync(file, 'utf8'));
  if (bytes >= 4 * 1024 * 1024) return { verdict: 'ok', what: 'udp buffer', text: `net.core.rmem_max = ${bytes}` };
  return { verdict: 'warning', what: 'udp buffer', text: `net.core.rmem_max = ${bytes}: expected 4194304 or more, or bursts over UDP are lost (sysctl -w net.core.rmem_max=16777216)` };
}

/** Every listener's port, its certificate, and every followed path. */
async function inputs(config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, kind, host, port: number, tls } of listenersOf(config, config.syslog.port)) {
    const what = name === 'tcp' || name === 'udp' ? `syslog ${name}` : name;
    findings.push(await port(what, isDatagram(kind) ? 'udp' : 'tcp', host, number));
    if (tls !== undefined) findings.push(certificate(what, tls));
  }
  return [...findings, ...await Promise.all(filesOf(config).map(followed))];
}

function port(what: string, transport: 'tcp' | 'udp', host: string, number: number): Promise<Finding> {
  return new Promise((found) => {
    const place = `${transport} ${host}:${number}`;
    const failed = (error: NodeJS.ErrnoException): void => { found({ verdict: error.code === 'EADDRINUSE' ? 'warning' : 'problem', what, text: `${place}: ${error.code === 'EADDRINUSE' ? 'taken (by Hải Đăng itself, if it is running)' : error.message}` }); };
    const free: Finding = { verdict: 'ok', what, text: number === 0 ? `${place}: any free port` : `${place} is free` };
    if (transport === 'tcp') {
      const server = createServer().on('error', failed);
      server.listen(number, host, () => server.close(() => { found(free); }));
    } else {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').on('error', failed);
      socket.bind(number, host, () => socket.close(() => { found(free); }));
    }
  });
}

function certificate(what: string, { certificateFile, keyFile, caFile }: TlsOptions): Finding {
  try {
    const cert = readFileSync(certificateFile), key = readFileSync(keyFile), ca = caFile === undefined ? undefined : readFileSync(caFile);
    createSecureContext({ cert, key, ca });
    const { validTo } = new X509Certificate(cert), days = Math.floor((Date.parse(validTo) - Date.now()) / 86_400_000);
    return { verdict: days < 0 ? 'problem' : days < 30 ? 'warning' : 'ok', what, text: `${certificateFile} ${days < 0 ? 'expired' : 'is valid until'} ${new Date(validTo).toISOString().slice(0, 10)}` };
  } catch (error) {
    return { verdict: 'problem', what, text: `its certificate files cannot be used: ${error instanceof Error ? error.message : String(error)}` };
  }
}

async function followed({ name, path }: FileInput): Promise<Finding> {
  const paths = (await pathsOf(path)).filter((each) => existsSync(each)), unreadable = paths.find((each) => { try { accessSync(each, constants.R_OK); return false; } catch { return true; } });
  if (unreadable !== undefined) return { verdict: 'problem', what: name, text: `${unreadable} cannot be read by this user` };
  if (paths.length > 0) return { verdict: 'ok', what: name, text: `${path}: ${paths.length} ${paths.length === 1 ? 'file' : 'files'}` };
  return existsSync(dirname(path)) ? { verdict: 'warning', what: name, text: `${path}: nothing there yet` } : { verdict: 'problem', what: name, text: `${path}: expected a folder ${dirname(path)}, found none` };
}

function mail({ mail: settings }: Config): Finding {
  if (settings === undefined) return { verdict: 'warning', what: 'mail', text: 'no SMTP server is configured: nobody is told of incidents by mail' };
  return { verdict: settings.recipients.length === 0 ? 'warning' : 'ok', what: 'mail', text: settings.recipients.length === 0 ? 'no recipients are configured' : `${settings.recipients.length} recipients` };
}

function systems({ systems: list, unassignedTier }: Config): Finding {
  return list.length === 0
    ? { verdict: 'warning', what: 'systems', text: `none in the configuration: what no system in the console matches counts as unassigned, tier ${unassignedTier}` }
    : { verdict: 'ok', what: 'systems', text: `${list.length} in the configuration` };
}
