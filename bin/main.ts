// The command line: one file a command; only the one that is called is loaded.
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../core/process/built.js';
import { printProblem, ProblemError } from '../core/problem.js';

type Register = (program: Command) => void;
const COMMANDS: Readonly<Record<string, () => Promise<Register>>> = {
  up: async () => (await import('./commands/up.js')).registerUp,
  collector: async () => (await import('./commands/services.js')).registerService('collector'),
  detector: async () => (await import('./commands/services.js')).registerService('detector'),
  console: async () => (await import('./commands/services.js')).registerService('console'),
  retention: async () => (await import('./commands/services.js')).registerRetention,
  parse: async () => (await import('./commands/parse.js')).registerParse,
  eval: async () => (await import('./commands/eval.js')).registerEval,
  rules: async () => (await import('./commands/rules.js')).registerRules,
  replay: async () => (await import('./commands/replay.js')).registerReplay,
  spool: async () => (await import('./commands/spool.js')).registerSpool,
  demo: async () => (await import('./commands/demo.js')).registerDemo,
  user: async () => (await import('./commands/user.js')).registerUser,
  setup: async () => (await import('./commands/setup.js')).registerSetup,
  migrate: async () => (await import('./commands/migrate.js')).registerMigrate,
  'dead-letters': async () => (await import('./commands/dead-letters.js')).registerDeadLetters,
  doctor: async () => (await import('./commands/doctor.js')).registerDoctor,
};

const program = new Command('haidang')
  .description('Hải Đăng: a security operations centre in one program')
  .version((JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version)
  .showHelpAfterError('(haidang --help lists the commands)');

const called = process.argv[2] ?? '';
const wanted = Object.hasOwn(COMMANDS, called) ? [called] : Object.keys(COMMANDS);
for (const name of wanted) (await COMMANDS[name]?.())?.(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof ProblemError) {
    for (const problem of error.problems) process.stderr.write(`haidang: ${printProblem(problem)}\n`);
    process.exitCode = 78;
  } else {
    process.stderr.write(`haidang: ${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env['HAIDANG_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    process.exitCode = 70;
  }
}
