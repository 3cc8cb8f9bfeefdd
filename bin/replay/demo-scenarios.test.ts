// The demo told through the pipeline's own code, on a clock of its own: an hour of noise raises nothing, and within a minute the
// attacks raise what they are meant to raise, on systems of the levels 1 to 4.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createParseContext, parseLine } from '../../core/message/parse-line.js';
import { projectRoot } from '../../core/process/built.js';
import { compileRules } from '../../core/sigma/compile-rules.js';
import { Correlator } from '../../core/sigma/correlate.js';
import { Engine } from '../../core/sigma/engine.js';
import { demoSystems } from '../demo/load.js';
import { readRules } from '../commands/rule-files.js';
import { demoScenarioFiles, loadScenarios } from './play.js';
import { fill, isNoise, one, type Drawing, type Noise, type Part, type Play } from './scenario.js';

const START = Date.parse('2026-11-22T02:00:00Z');
interface Sent { readonly at: number; readonly system: string; readonly line: string }

/** Numbers that look random and are the same each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => { state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; return state / 2 ** 32; };
}
const random = numbers(7);
const drawing = (at: number, n: number, values: Readonly<Record<string, string>>): Drawing => ({ time: at, n, values, random, pid: 1000 + Math.floor(random() * 50_000), port: 32_768 + Math.floor(random() * 20_000), serial: 1000 + Math.floor(random() * 1e6) });

function noiseLines(part: Noise, seconds: number): Sent[] {
  const sent: Sent[] = [];
  for (let at = part.everySeconds * random(), n = 1; at < seconds; at += part.everySeconds * (0.6 + 0.8 * random()), n++) {
    const time = START + Math.round(at * 1000);
    sent.push({ at: time, system: part.system, line: fill(one(part.noise, random), drawing(time, n, {})) });
  }
  return sent;
}
function attackLines(part: Play, run = 0): Sent[] {
  const values = Object.fromEntries(Object.entries(part.values).map(([name, list]) => [name, list[run % list.length] as string])), sent: Sent[] = [];
  let time = START + part.startsAfterSeconds * 1000;
  for (const { lines, times, everySeconds, waitSeconds } of part.steps) {
    time += waitSeconds * 1000;
    for (let n = 1; n <= times; n++, time += n <= times ? everySeconds * 1000 : 0) {
      const drawn = drawing(time, n, values);
      for (const line of lines) sent.push({ at: time, system: part.system, line: fill(line, drawn) });
    }
  }
  return sent;
}

const ruleSet = compileRules(readRules([join(projectRoot, 'rules')]), { sha256: (text) => createHash('sha256').update(text).digest('hex') });
const addresses = new Map(demoSystems(START).map(({ id, match }) => [id, match[0]?.address ?? '']));

/** Titles of what reports, by system. */
function reportsOf(sent: readonly Sent[]): { system: string; title: string; line: string }[] {
  const engine = new Engine(ruleSet), correlators = new Map<string, Correlator<string>>(), context = createParseContext(), found: { system: string; title: string; line: string }[] = [], astray: string[] = [];
  for (const { at, system, line } of [...sent].sort((a, b) => a.at - b.at)) {
    const { event } = parseLine({ raw: line, received: at, source: addresses.get(system), context }), time = Date.parse(String(event['@timestamp']));
    if (!(Math.abs(time - at) < 1500)) astray.push(line);
    let correlator = correlators.get(system);
    if (!correlator) correlators.set(system, correlator = new Correlator<string>(ruleSet.correlations));
    for (const { rule } of engine.evaluate(event)) {
      if (rule.reports) found.push({ system, title: rule.title, line });
      for (const { alert } of correlator.reads(rule.uid) ? correlator.add({ rule: rule.uid, time, event, ref: line }) : []) if (alert.correlation.reports) found.push({ system, title: alert.correlation.title, line });
    }
  }
  expect(astray).toEqual([]); // every line is read as sent when it was sent
  return found;
}
const parts: readonly Part[] = loadScenarios(demoScenarioFiles());
const plays = parts.filter((part): part is Play => !isNoise(part));

test('an hour of noise of all eighteen systems raises nothing', () => {
  const sent = parts.filter(isNoise).flatMap((part) => noiseLines(part, 3600));
  expect(sent.length).toBeGreaterThan(15_000);
  expect(reportsOf(sent)).toEqual([]);
});

test('within the first minute incidents appear on systems of the levels 1, 2, 3 and 4', () => {
  const tiers = new Map(demoSystems(START).map(({ id, tier }) => [id, tier]));
  const found = reportsOf([...parts.filter(isNoise).flatMap((part) => noiseLines(part, 60)), ...plays.flatMap((part) => attackLines(part))].filter(({ at }) => at < START + 60_000));
  expect([...new Set(found.map(({ system }) => tiers.get(system)))].sort()).toEqual([1, 2, 3, 4]);
  const titles = (system: string): string[] => [...new Set(found.filter((one) => one.system === system).map(({ title }) => title))].sort();
  expect(Object.fromEntries([...new Set(found.map(({ system }) => system))].sort().map((system) => [system, titles(system)]))).toEqual({
    CAM: ['Inside device calls out on a port of device botnets'],
    DVC: ['Program called in an upload folder', 'SQL injection in a web request', 'Web server account runs tools of an intruder', 'Web shell uploaded, then called'],
    IAM: ['Account made in Windows', 'Member added to a group of Windows administrators'],
    IOC: ['Remote control program started'],
    LAB1: ['SSH password guessing from one address'],
    LAB4: ['Backups and recovery switched off', 'Security log of Windows cleared'],
    NET: ['One address tries many ports', 'Password guessing on the administration of a FortiGate', 'SSH login after a series of refusals', 'SSH password guessing from one address', 'sudo refused to a user who may not use it'].sort(),
    QLVB: ['Password guessing on a web login'],
    RPT: ['Password guessing on a database'],
    WEB: ['Attack tool names itself to the web server', 'Gambling pages on a site of the province', 'One address asks for many pages that do not exist'],
  });
});

test('each attack raises the same when it is played again from other addresses', () => {
  for (const part of plays) {
    const titles = (run: number): string[] => [...new Set(reportsOf(attackLines(part, run)).map(({ title }) => title))].sort();
    expect([part.titleEn, titles(0).length > 0]).toEqual([part.titleEn, true]);
    expect([part.titleEn, titles(1)]).toEqual([part.titleEn, titles(0)]);
  }
});

test('the demo is written with addresses that are reserved, or private', () => {
  const text = demoScenarioFiles().map((file) => readFileSync(file, 'utf8')).join('\n');
  const strange = [...text.matchAll(/(?<![\d.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(?:\d{1,3}|\{)/g)].map(([address]) => address).filter((address) => !/^(10\.|127\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|1\.3\.6\.)/.test(address));
  expect(strange).toEqual([]);
});
