import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidError } from '../errors.js';
import { askControl, openControl, type Control } from './control.js';

let folder = '', control: Control | undefined;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'haidang-control-')); });
afterEach(async () => { await control?.close(); control = undefined; rmSync(folder, { recursive: true, force: true }); });

test('a command is answered, and only the owner may ask', async () => {
  control = await openControl(folder);
  control.register('echo', async (args) => ({ got: args }));
  expect(await askControl(folder, 'echo', { a: 'ế', n: 1 })).toEqual({ result: { got: { a: 'ế', n: 1 } } });
  expect(statSync(join(folder, 'control.sock')).mode & 0o777).toBe(0o600);
});

test('nobody there: undefined, also where a killed server left its socket', async () => {
  expect(await askControl(folder, 'echo')).toBeUndefined();
  writeFileSync(join(folder, 'control.sock'), '');
  expect(await askControl(folder, 'echo')).toBeUndefined();
  control = await openControl(folder);
  control.register('echo', async () => 1);
  expect(await askControl(folder, 'echo')).toEqual({ result: 1 });
});

test('what a handler throws is thrown to the asker, kind and words', async () => {
  control = await openControl(folder);
  control.register('fail', async () => { throw new InvalidError('expected a name, got nothing'); });
  await expect(askControl(folder, 'fail')).rejects.toThrow(InvalidError);
  await expect(askControl(folder, 'unknown')).rejects.toThrow('expected a command this server knows (fail), got unknown');
});

test('a data folder with a long name works too', async () => {
  const long = join(folder, 'x'.repeat(90), 'y'.repeat(90));
  mkdirSync(long, { recursive: true });
  control = await openControl(long);
  control.register('ping', async () => 'pong');
  expect(await askControl(long, 'ping')).toEqual({ result: 'pong' });
});
