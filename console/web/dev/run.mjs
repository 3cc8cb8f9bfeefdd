// `node console/web/dev/run.mjs [port]`: the application on invented data. User any, password as printed.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const { module } = await runnerImport(join(here, 'server.ts'), { configFile: false, root: here });
const server = await module.startDevServer({ web: join(here, '../../../dist/web'), port: Number(process.argv[2] ?? 0), hostile: process.argv.includes('hostile') });
console.log(`${server.url} password: ${module.PASSWORD}`);
