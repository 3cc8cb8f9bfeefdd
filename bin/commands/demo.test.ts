import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openControl } from '../../core/process/control.js';
import { removeDemo } from './demo.js';

test('a running server is asked to remove the demo, and what it says is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-demo-')), control = await openControl(folder);
  let asked = 0;
  control.register('demo.remove', async () => { asked++; return { systems: 18, incidents: 12, events: 3400 }; });
  expect(await removeDemo(folder)).toEqual({ systems: 18, incidents: 12, events: 3400 });
  expect(asked).toBe(1);
  control.register('demo.remove', async () => 'done');
  await expect(removeDemo(folder)).rejects.toThrow('expected counts of systems, incidents and events from the server, got "done"');
  await control.close();
  rmSync(folder, { recursive: true });
});

test('a folder that is not there is said, not made', async () => {
  await expect(removeDemo(join(tmpdir(), 'haidang-demo-absent'))).rejects.toThrow('expected a data folder');
});
