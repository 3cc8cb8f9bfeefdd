// haidang user: adds, lists, changes, removes users. Beside a running server the server does it; otherwise the store is opened here.
import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Accounts, parseRoles, parseTiers } from '../../console/server/accounts.js';
import { readPasswordFile } from '../../console/server/first-admin.js';
import { userCommands, type UserLine } from '../../console/server/user-commands.js';
import { InvalidError } from '../../core/errors.js';
import { systemClock } from '../../core/process/clock.js';
import { loadConfig } from '../../core/process/config.js';
import { askControl } from '../../core/process/control.js';
import { elasticsearchOf } from '../../core/process/elasticsearch.js';

interface Options {
  readonly name?: string;
  readonly role?: string;
  readonly tiers?: string;
  readonly passwordFile?: string;
  readonly readsLogs?: boolean;
  readonly language?: string;
  readonly disable?: boolean;
  readonly enable?: boolean;
  readonly mustChangePassword?: boolean;
  readonly json?: boolean;
}

export function registerUser(program: Command): void {
  const user = program.command('user').description('add, list, change and remove users; works beside a running server on the same data folder');
  const rights = (command: Command): Command => command.option('--name <text>', 'the name people read').option('--reads-logs', 'an administrator who also reads log content').option('--language <language>', 'vi or en');
  rights(user.command('add <username>').description('add a user')
    .requiredOption('--role <roles>', 'analyst, admin, manager; several by comma').requiredOption('--tiers <tiers>', 'tiers the user may see, such as 1-3 or 2,4').requiredOption('--password-file <file>', 'the password is its first line'))
    .option('--must-change-password', 'the password is for one use').action((username: string, options: Options) => run('user.add', { username, ...given(options) }, options));
  rights(user.command('set <username>').description('change a user; what is not named stays')
    .option('--role <roles>', 'analyst, admin, manager; several by comma').option('--tiers <tiers>', 'tiers such as 1-3 or 2,4').option('--password-file <file>', 'the new password is its first line'))
    .option('--must-change-password', 'the password is for one use').option('--no-reads-logs', 'an administrator who does not read log content').option('--disable', 'no more sign-ins; open sessions end').option('--enable', 'sign-ins again')
    .action((username: string, options: Options) => run('user.set', { username, ...given(options) }, options));
  user.command('remove <username>').description('remove a user; what the user did stays in the audit trail').action((username: string, options: Options) => run('user.remove', { username }, options));
  user.command('list').description('list users').option('--json', 'one JSON line a user').action((options: Options) => run('user.list', {}, options));
}

function given({ name, role, tiers, passwordFile, readsLogs, language, disable, enable, mustChangePassword }: Options): Record<string, unknown> {
  if (disable === true && enable === true) throw new InvalidError('expected --disable or --enable, got both');
  if (language !== undefined && language !== 'vi' && language !== 'en') throw new InvalidError(`--language: expected vi or en, got ${JSON.stringify(language)}`);
  const all = {
    name, readsLogs, language,
    roles: role === undefined ? undefined : parseRoles(role),
    tiers: tiers === undefined ? undefined : parseTiers(tiers),
    password: passwordFile === undefined ? undefined : readPasswordFile(resolve(passwordFile)),
    disabled: disable === true ? true : enable === true ? false : undefined, mustChangePassword,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

async function run(command: string, args: Readonly<Record<string, unknown>>, { json }: Options): Promise<void> {
  const folder = resolve(loadConfig(process.env, process.cwd()).data);
  const answer = await askControl(folder, command, args), result = answer === undefined ? await alone(folder, command, args) : answer.result;
  switch (command) {
    case 'user.list': for (const line of result as readonly UserLine[]) process.stdout.write(`${json === true ? JSON.stringify(line) : printUser(line)}\n`); break;
    case 'user.remove': process.stdout.write(`removed ${String(args['username'])}\n`); break;
    default: process.stdout.write(`${printUser(result as UserLine)}\n`);
  }
}

/** No server runs on the folder: this process takes the store for a moment. */
async function alone(folder: string, command: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (command !== 'user.add' && !existsSync(folder)) throw new InvalidError(`expected a data folder at ${folder}, found none (HAIDANG_DATA or data in haidang.yaml names it)`);
  const { openStore } = await import('../../core/store/open.js'), store = await openStore({ folder, elasticsearch: elasticsearchOf(loadConfig(process.env, process.cwd())) });
  try {
    const accounts = new Accounts(store, systemClock, { closeAllOf: (user) => store.sessions.removeOfUser(user) });
    return await userCommands(accounts)[command]?.(args);
  } finally { await store.close(); }
}

const printUser = ({ username, name, roles, tiers, disabled, readsLogs, mustChangePassword, lastLogin }: UserLine): string =>
  [
    username, roles.join(','), `tiers ${tiers.join(',')}`, name, ...(disabled ? ['disabled'] : []), ...(readsLogs ? ['reads logs'] : []),
    ...(mustChangePassword ? ['must change password'] : []), lastLogin === null ? 'never signed in' : `last signed in ${lastLogin}`,
  ].join('\t');
