import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { FORMATS_SETTING, withKeptFormat } from '../core/kept-formats.js';
import type { FormatText } from '../core/process/format-files.js';
import { FormatWatch, formatsNow } from './format-watch.js';

const GATE = "format: acme.gate\nmatch: { starts: 'GATE|' }\nread: { delimiter: '|', columns: [_, who] }\nfields: { user.name: who }\n";

test('what is kept in the console or changes in the folder is handed on once, without a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'haidang-formats-'));
  try {
    const settings = new Map<string, unknown>(), told: (readonly FormatText[])[] = [];
    const store = { settings: { get: (name: string) => Promise.resolve(settings.get(name)), put: () => Promise.resolve() } } as unknown as Parameters<typeof formatsNow>[0];
    const watch = new FormatWatch(store, folder, await formatsNow(store, folder), (formats) => { told.push(formats); }, pino({ level: 'silent' }));
    await watch.look();
    expect(told).toEqual([]);
    settings.set(FORMATS_SETTING, withKeptFormat({ version: 0, of: [] }, { name: 'acme.gate', text: GATE, by: 'u', at: 1 }));
    await watch.look();
    await watch.look();
    expect(told.map((formats) => formats.map(({ file }) => file))).toEqual([['console: acme.gate']]);
    writeFileSync(join(folder, 'door.yml'), GATE.replace('acme.gate', 'acme.door'));
    await watch.look();
    expect(told.at(-1)?.map(({ file }) => file)).toEqual([join(folder, 'door.yml'), 'console: acme.gate']);
    await watch.stop();
  } finally { rmSync(folder, { recursive: true }); }
});
