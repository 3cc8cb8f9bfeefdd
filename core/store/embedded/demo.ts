// Everything the demo loaded goes: its systems, their events and hits, alerts, incidents with their notices, sources.
import type { Database } from '../../process/sqlite.js';
import type { System } from '../../tier.js';
import type { Keeper } from './keeper.js';
import { UNNAMED } from './ledger.js';
import { docOf } from './paging.js';

export async function removeDemo(db: Database, keeper: Keeper): Promise<{ readonly systems: number; readonly incidents: number; readonly events: number }> {
  const systems = db.prepare('select doc from systems').all().map((row) => docOf<System>(row)).filter(({ demo }) => demo === true).map(({ id }) => id);
  const { events } = await keeper.dropSystems(systems);
  // The systems themselves go last, in the transaction that completes the work: what was cut short is begun again.
  const incidents = db.transaction(() => {
    const names = JSON.stringify(systems), which = `demo = 1 or system in (select value from json_each(?))`;
    db.prepare(`delete from notices where incident in (select id from incidents where ${which})`).run(names);
    db.prepare(`delete from incident_rules where incident in (select id from incidents where ${which})`).run(names);
    db.prepare(`delete from alerts where system in (select value from json_each(?)) or incident in (select id from incidents where ${which})`).run(names, names);
    const { changes } = db.prepare(`delete from incidents where ${which}`).run(names);
    for (const table of ['sources', 'hits', 'account', 'numberings']) db.prepare(`delete from ${table} where system in (select value from json_each(?))`).run(names);
    db.prepare(`delete from evidence where system in (select value from json_each(?)) and ${UNNAMED}`).run(names);
    db.prepare('delete from systems where id in (select value from json_each(?))').run(names);
    const row = db.prepare(`select doc from settings where name = 'store.registry'`).get();
    if (row !== undefined && systems.length > 0) {
      const rest = docOf<{ version: number }>(row);
      db.prepare(`update settings set doc = ? where name = 'store.registry'`).run(JSON.stringify({ ...rest, version: rest.version + 1 }));
    }
    return changes;
  });
  return { systems: systems.length, incidents, events };
}
