// Tables of the control data and the manifest of event files. Migrations are numbered and only ever added to.
import type { Database } from '../../process/sqlite.js';

const MIGRATIONS: readonly string[] = [`
  create table settings (name text primary key, doc text not null) without rowid;
  create table systems (id text primary key, version integer not null, tier integer not null, doc text not null) without rowid;
  create table users (id text primary key, version integer not null, doc text not null) without rowid;
  create table tunings (id text primary key, version integer not null, doc text not null) without rowid;
  create table deployments (n integer primary key, doc text not null);
  create table sessions (id text primary key, user text not null, expires integer not null, doc text not null) without rowid;
  create index sessions_user on sessions (user);
  create table audit (seq integer primary key autoincrement, at integer not null, by text not null, action text not null, object text not null, doc text not null);
  create index audit_at on audit (at);
  create table dead_letters (n integer primary key autoincrement, id text not null unique, doc text not null);

  create table incidents (
    id text primary key, version integer not null, tier integer not null, system text not null, number text not null, key text not null, rank integer not null,
    status text not null, severity text not null, weight integer not null, assignee text, first_seen integer not null, last_seen integer not null,
    created integer not null, updated integer not null, demo integer not null, search text not null, doc text not null) without rowid;
  create index incidents_key on incidents (key, created);
  create unique index incidents_number on incidents (number);
  create index incidents_created on incidents (created);
  create table incident_rules (incident text not null, rule text not null, primary key (incident, rule)) without rowid;
  create index incident_rules_rule on incident_rules (rule);
  create table numbers (year integer primary key, last integer not null);
  create table alerts (
    id text primary key, tier integer not null, system text not null, incident text not null, rule text not null, severity text not null,
    time integer not null, received integer not null, created integer not null, doc text not null) without rowid;
  create index alerts_incident on alerts (incident, time);
  create index alerts_time on alerts (time);
  create table notices (id text primary key, incident text not null, state text not null, due integer not null, created integer not null, doc text not null) without rowid;
  create index notices_due on notices (state, due);
  create index notices_created on notices (created);

  create table ledger (
    stream text not null, from_seq integer not null, to_seq integer not null, rule_set integer not null, count integer not null, xor text not null,
    received_to integer not null, primary key (stream, from_seq)) without rowid;
  create table hits (
    n integer primary key autoincrement, rule text not null, tier integer not null, system text not null, time integer not null, received integer not null, doc text not null);
  create index hits_rule on hits (rule, time);
  create index hits_received on hits (received, rule);
  create table cursors (stream text primary key, position integer not null) without rowid;
  create table sources (
    system text not null, sender text not null, tier integer not null, stored integer not null, evaluated integer not null, lost integer not null,
    unparsed integer not null, first_seen integer not null, last_seen integer not null, primary key (system, sender)) without rowid;

  -- The manifest: event files that are valid up to the end of their last run, and sealed files.
  create table event_files (name text primary key) without rowid;
  create table event_runs (
    file text not null, offset integer not null, bytes integer not null, stream text not null, from_seq integer not null, to_seq integer not null,
    primary key (file, offset)) without rowid;
  create table sealed_files (
    name text primary key, tier integer not null, day text not null, level integer not null, events integer not null, bytes integer not null,
    from_time integer not null, to_time integer not null, shape text not null, ranges text not null) without rowid;
`, `
  -- What grows with a correlation's alert, in rows of its own: copies of its events, and the ids of all of them in the pieces they came in.
  create table alert_events (alert text not null, time integer not null, id text not null, atoms integer not null, doc text not null, primary key (alert, time, id)) without rowid;
  create table alert_ids (alert text not null, first integer not null, count integer not null, last text not null, doc text not null, primary key (alert, first)) without rowid;
  create trigger alerts_gone after delete on alerts begin
    delete from alert_events where alert = old.id;
    delete from alert_ids where alert = old.id;
  end;
`, `
  -- What an event said, once for all hits of it and all proofs that copy it; and the rules as hits name them.
  create table evidence (
    n integer primary key, id text not null unique, stream text not null, seq integer not null, tier integer not null, system text not null, received integer not null, doc text not null);
  create index evidence_received on evidence (tier, received);
  create table rule_names (n integer primary key, doc text not null unique);
  alter table hits add column evidence integer;
  alter table hits add column name integer;
  -- The ids of an alert's events, a row each; its copies, a row each, with what the event said, or where that stands.
  create table alert_members (alert text not null, id text not null, primary key (alert, id)) without rowid;
  create table alert_copies (alert text not null, time integer not null, id text not null, evidence integer, doc text not null, primary key (alert, time, id)) without rowid;
  insert into alert_members select alert_ids.alert, value from alert_ids, json_each(alert_ids.doc) where true on conflict do nothing;
  insert into alert_copies select alert, time, id, null, doc from alert_events;
  drop trigger alerts_gone;
  drop table alert_events;
  drop table alert_ids;
  create trigger alerts_gone after delete on alerts begin
    delete from alert_copies where alert = old.id;
    delete from alert_members where alert = old.id;
  end;
`, `
  -- Until the detector has looked at them, incidents have no deadline: the largest number that is exact everywhere.
  alter table incidents add column due integer not null default 9007199254740991;
`, `
  -- The completeness account: by source and stretch of receipt (span in ms; 0: lifetime), and how far senders' own numbers were read.
  create table account (
    span integer not null, system text not null, sender text not null, tier integer not null, start integer not null, received integer not null, parsed integer not null, unparsed integer not null,
    stored integer not null, evaluated integer not null, own integer not null, quiet integer not null, losses text, primary key (span, system, sender, tier, start)) without rowid;
  create index account_start on account (span, start);
  create table numberings (system text not null, sender text not null, doc text not null, primary key (system, sender)) without rowid;
  insert into account select 0, system, sender, tier, 0, stored, stored - unparsed, unparsed, stored, evaluated, 0, 0,
    case lost when 0 then null else json_array(json_object('cause', 'earlier', 'name', '', 'count', lost, 'frames', 0, 'bytes', 0, 'from', first_seen, 'to', last_seen)) end from sources;
`];

/** Brings an older file up to date; refuses one that a newer program wrote. Tests stop at an older schema. */
export function migrate(db: Database, to = MIGRATIONS.length): void {
  db.exec('create table if not exists schema_version (version integer not null)');
  db.transaction(() => {
    const version = Number(db.prepare('select max(version) as version from schema_version').get()?.['version'] ?? 0);
    if (version > MIGRATIONS.length) throw new Error(`the data folder was written by a newer version (schema ${version}, this program knows ${MIGRATIONS.length})`);
    for (let next = version; next < to; next++) {
      db.exec(MIGRATIONS[next] as string);
      db.prepare('insert into schema_version values (?)').run(next + 1);
    }
  });
}
