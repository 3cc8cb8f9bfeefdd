// `haidang doctor`: is this machine fit, and is what was configured sound? One line a check; exit code 1 when something must be done.
import type { Command } from 'commander';
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { loadConfig, type Config } from '../../core/process/config.js';
import { printProblem, ProblemError } from '../../core/problem.js';

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
  return [...findings, dataFolder(data), disk(data), receiveBuffer(), await port('console', config.host, config.console.port), await port('syslog', config.host, config.syslog.port), mail(config), systems(config)];
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

function port(what: string, host: string, number: number): Promise<Finding> {
  return new Promise((found) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => found({ verdict: error.code === 'EADDRINUSE' ? 'warning' : 'problem', what, text: `${host}:${number}: ${error.code === 'EADDRINUSE' ? 'taken (by Hải Đăng itself, if it is running)' : error.message}` }));
    server.listen(number, host, () => server.close(() => found({ verdict: 'ok', what, text: `${host}:${number} is free` })));
  });
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
