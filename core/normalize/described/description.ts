// A source that we have no module for, described by an administrator in YAML: how to tell its lines, how to part them, what the parts are.
//
//   format: acme.gate                       # becomes event.dataset
//   match: { program: [gate], contains: 'GATE|', starts: 'GATE|' }   # all that is given must hold; cheap, so said first
//   read: { delimiter: '|', columns: [kind, when, account, from, what] }
//   #     { pattern: '%{WORD:kind} by %{USER:account} from %{IP:from}%{GREEDY}' }  { pairs: ';', assign: '=' }  { json: true }
//   fields: { user.name: account, source.ip: from }     # field of the event: part, or for JSON a path: $.actor.name, $.ips[0]
//   time: { from: when, form: 'dd/MM/yyyy HH:mm:ss', zone: Asia/Ho_Chi_Minh }      # form: iso, epoch, auto, or letters
//   action: { from: what, map: { LOGIN: login, FAIL: login_failed } }              # the words of event.action (actions.ts)
//   set: { observer.vendor: Acme }
//   tests: [{ line: 'GATE|...', expect: { user.name: an } }, { line: 'other', expect: null }]
import type { Problem } from '../../problem.js';
import { readYaml, type Node } from '../../sigma/yaml.js';
import { ACTIONS, type Action } from '../actions.js';
import { isTimeForm } from './time-form.js';

export interface Located<T> { readonly value: T; readonly at: number }
export type Reading =
  | { readonly kind: 'delimiter'; readonly separator: string; readonly columns: readonly string[] }
  | { readonly kind: 'pairs'; readonly separator: string; readonly assign: string }
  | { readonly kind: 'pattern'; readonly pattern: Located<string>; readonly patterns: ReadonlyMap<string, string> }
  | { readonly kind: 'json' };

export interface DescribedTest { readonly line: string; readonly expect: ReadonlyMap<string, string> | null; readonly at: number }
export interface Description {
  readonly name: string;
  readonly programs: readonly string[];
  readonly contains: readonly string[];
  readonly starts: readonly string[];
  readonly read: Reading;
  /** Event field, and the part or path it comes from. */
  readonly fields: readonly { readonly field: string; readonly from: string; readonly at: number }[];
  readonly time?: { readonly from: string; readonly form: string; readonly zone?: string };
  readonly action?: { readonly from: string; readonly map: ReadonlyMap<string, Action> };
  readonly set: ReadonlyMap<string, string>;
  readonly tests: readonly DescribedTest[];
}

/** What only we say: no description may. */
const OURS = /^(?:haidang\.|event\.(?:id|created|original|original_b64)$|log\.(?:syslog|source)\.|@timestamp$|message$|tags$)/;
const FIELD = /^[A-Za-z_@][\w.@-]{0,127}$/;
const NAME = /^[a-z0-9][a-z0-9_-]{0,40}\.[a-z0-9][a-z0-9_.-]{0,60}$/;
const LIST_MAX = 500;

/** The description of a file, and what is wrong in it: nothing is used of a file with an error. */
export function readDescription(file: string, text: string): { readonly description?: Description; readonly problems: readonly Problem[]; readonly place: (at: number) => { readonly line: number; readonly column: number } } {
  const { documents, problems: broken, place } = readYaml(file, text);
  const reader = new Reader(file, place);
  for (const problem of broken) reader.problems.push({ ...problem, code: problem.code.replace(/^sigma/, 'format') });
  const root = documents[0];
  if (broken.length > 0 || root === undefined) { if (broken.length === 0) reader.wrong(0, 'format.empty', 'expected a description, got an empty file'); return { problems: reader.problems, place }; }
  if (documents.length > 1) reader.wrong(documents[1]?.at ?? 0, 'format.documents', 'expected one description in a file, got several');
  const description = reader.description(root);
  return reader.problems.length > 0 ? { problems: reader.problems, place } : { description, problems: [], place };
}

class Reader {
  readonly problems: Problem[] = [];
  constructor(readonly file: string, readonly place: (at: number) => { readonly line: number; readonly column: number }) {}

  wrong(at: number, code: string, message: string): undefined {
    this.problems.push({ code, message, file: this.file, ...this.place(at) });
    return undefined;
  }

  description(root: Node): Description | undefined {
    const top = this.map(root, 'a description', ['format', 'title', 'match', 'read', 'fields', 'time', 'action', 'set', 'tests']);
    if (top === undefined) return undefined;
    const name = this.text(top.get('format'), 'format', root.at) ?? '';
    if (name !== '' && !NAME.test(name)) this.wrong(top.get('format')?.at ?? root.at, 'format.name', `expected a name of two parts such as acme.gate, lower-case, got "${name}"`);
    if (name.startsWith('haidang.')) this.wrong(top.get('format')?.at ?? root.at, 'format.name', 'expected a name of its own, got one that begins with haidang.');
    const match = this.optionalMap(top.get('match'), 'match', ['program', 'contains', 'starts']);
    const reading = this.reading(top.get('read'), root.at);
    const [programs, contains, starts] = (['program', 'contains', 'starts'] as const).map((key) => this.texts(match?.get(key), key));
    if (reading !== undefined && reading.kind !== 'pattern' && [programs, contains, starts].every((list) => (list ?? []).length === 0)) this.wrong(root.at, 'format.match', 'expected match with a program, a beginning or a text that the lines contain, got none: it would take every line');
    return reading === undefined ? undefined : {
      name, programs: (programs ?? []).map((one) => one.toLowerCase()), contains: contains ?? [], starts: starts ?? [], read: reading,
      fields: this.fields(top.get('fields'), reading), time: this.time(top.get('time')), action: this.action(top.get('action')), set: this.constants(top.get('set'), 'set', true), tests: this.tests(top.get('tests')),
    };
  }

  private reading(node: Node | undefined, at: number): Reading | undefined {
    if (node === undefined) return this.wrong(at, 'format.read', 'expected read: delimiter, pairs, pattern or json, got none');
    const map = this.map(node, 'read', ['delimiter', 'columns', 'pairs', 'assign', 'pattern', 'patterns', 'json']);
    if (map === undefined) return undefined;
    const kinds = ['delimiter', 'pairs', 'pattern', 'json'].filter((kind) => map.has(kind));
    if (kinds.length !== 1) return this.wrong(node.at, 'format.read', `expected one of delimiter, pairs, pattern, json, got ${kinds.length === 0 ? 'none' : kinds.join(' and ')}`);
    const own = map.get(kinds[0] as string) as Node;
    if (kinds[0] === 'json') return { kind: 'json' };
    const said = this.text(own, kinds[0] as string, node.at);
    if (said === undefined) return undefined;
    if (kinds[0] === 'pattern') return { kind: 'pattern', pattern: { value: said, at: own.at }, patterns: this.constants(map.get('patterns'), 'patterns', false) };
    if (said.length !== 1) return this.wrong(own.at, 'format.separator', `expected one character (\\t for a tab), got "${said}"`);
    if (kinds[0] === 'pairs') {
      const assign = map.has('assign') ? this.text(map.get('assign'), 'assign', node.at) ?? '=' : '=';
      return assign.length === 1 ? { kind: 'pairs', separator: said, assign } : this.wrong(map.get('assign')?.at ?? node.at, 'format.separator', `expected one character, got "${assign}"`);
    }
    const columns = this.texts(map.get('columns'), 'columns') ?? [];
    return columns.length === 0 ? this.wrong(node.at, 'format.columns', 'expected columns, the names of the parts in order (_ for one that is not kept), got none') : { kind: 'delimiter', separator: said, columns };
  }

  private fields(node: Node | undefined, reading: Reading): Description['fields'] {
    const map = node === undefined ? undefined : this.entries(node, 'fields');
    const known = reading.kind === 'delimiter' ? new Set(reading.columns) : undefined;
    return (map ?? []).flatMap(([field, value, at]) => {
      const from = this.text(value, field, at);
      this.checkField(field, at);
      if (from !== undefined && known?.has(from) === false) this.wrong(value.at, 'format.part', `expected a column (${[...known].join(', ')}), got "${from}"`);
      return from === undefined ? [] : [{ field, from, at }];
    });
  }
  private checkField(field: string, at: number): void {
    if (!FIELD.test(field)) this.wrong(at, 'format.field', `expected the name of a field such as user.name, got "${field}"`);
    else if (OURS.test(field)) this.wrong(at, 'format.field', `expected a field that a source may speak of, got ${field}, which is written by the collector`);
  }

  private time(node: Node | undefined): Description['time'] {
    const map = this.optionalMap(node, 'time', ['from', 'form', 'zone']);
    if (map === undefined || node === undefined) return undefined;
    const from = this.text(map.get('from'), 'from', node.at), form = map.has('form') ? this.text(map.get('form'), 'form', node.at) ?? 'auto' : 'auto', zone = map.has('zone') ? this.text(map.get('zone'), 'zone', node.at) : undefined;
    if (!isTimeForm(form)) this.wrong(map.get('form')?.at ?? node.at, 'format.time', `expected iso, epoch, auto, or letters such as dd/MM/yyyy HH:mm:ss, got "${form}"`);
    if (zone !== undefined && !isZone(zone)) this.wrong(map.get('zone')?.at ?? node.at, 'format.zone', `expected a time zone name such as Asia/Ho_Chi_Minh, got "${zone}"`);
    return from === undefined ? undefined : { from, form, zone };
  }
  private action(node: Node | undefined): Description['action'] {
    const map = this.optionalMap(node, 'action', ['from', 'map']);
    if (map === undefined || node === undefined) return undefined;
    const from = this.text(map.get('from'), 'from', node.at), table = new Map<string, Action>();
    for (const [word, value, at] of this.entries(map.get('map') ?? node, 'map')) {
      const action = this.text(value, word, at);
      if (action === undefined) continue;
      if (Object.hasOwn(ACTIONS, action)) table.set(word.toLowerCase(), action as Action);
      else this.wrong(value.at, 'format.action', `expected one of our actions (login, login_failed, config_changed ...), got "${action}"`);
    }
    return from === undefined ? undefined : { from, map: table };
  }
  private constants(node: Node | undefined, what: string, areFields: boolean): ReadonlyMap<string, string> {
    const values = new Map<string, string>();
    if (node !== undefined) for (const [key, value, at] of this.entries(node, what)) {
      const text = this.text(value, key, at);
      if (areFields) this.checkField(key, at);
      if (text !== undefined) values.set(key, text);
    }
    return values;
  }
  private tests(node: Node | undefined): readonly DescribedTest[] {
    if (node === undefined) return [];
    if (node.kind !== 'list') { this.wrong(node.at, 'format.tests', 'expected a list of tests, each with line and expect'); return []; }
    return node.items.slice(0, LIST_MAX).flatMap((item): readonly DescribedTest[] => {
      const map = this.map(item, 'a test', ['line', 'expect']);
      const line = map === undefined ? undefined : this.text(map.get('line'), 'line', item.at), expect = map?.get('expect');
      if (line === undefined) return [];
      if (expect === undefined || (expect.kind === 'scalar' && expect.value === null)) return [{ line, expect: null, at: item.at }];
      return [{ line, expect: new Map(this.entries(expect, 'expect').flatMap(([key, value, at]) => { const text = this.text(value, key, at); return text === undefined ? [] : [[key, text] as const]; })), at: item.at }];
    });
  }

  private map(node: Node, what: string, keys: readonly string[]): Map<string, Node> | undefined {
    if (node.kind !== 'map') return this.wrong(node.at, 'format.shape', `expected ${what} as keys and values, got ${node.kind === 'list' ? 'a list' : 'one value'}`);
    for (const { key, at } of node.entries) if (!keys.includes(key)) this.wrong(at, 'format.key', `expected one of ${keys.join(', ')}, got "${key}"`);
    return new Map(node.entries.map(({ key, value }) => [key, value]));
  }
  private optionalMap(node: Node | undefined, what: string, keys: readonly string[]): Map<string, Node> | undefined {
    return node === undefined ? undefined : this.map(node, what, keys);
  }
  private entries(node: Node, what: string): readonly (readonly [key: string, value: Node, at: number])[] {
    if (node.kind !== 'map') { this.wrong(node.at, 'format.shape', `expected ${what} as keys and values`); return []; }
    if (node.entries.length > LIST_MAX) this.wrong(node.at, 'format.size', `expected at most ${LIST_MAX} entries in ${what}, got ${node.entries.length}`);
    return node.entries.map(({ key, value, at }) => [key, value, at]);
  }
  private text(node: Node | undefined, what: string, at: number): string | undefined {
    if (node === undefined) return this.wrong(at, 'format.missing', `expected ${what}, got none`);
    if (node.kind !== 'scalar' || node.value === null) return this.wrong(node.at, 'format.text', `expected a text for ${what}, got ${node.kind === 'scalar' ? 'nothing' : `a ${node.kind}`}`);
    return node.quoted ? String(node.value) : node.source;
  }
  private texts(node: Node | undefined, what: string): readonly string[] | undefined {
    if (node === undefined) return undefined;
    return (node.kind === 'list' ? node.items.slice(0, LIST_MAX) : [node]).flatMap((item) => this.text(item, what, node.at) ?? []);
  }
}

function isZone(name: string): boolean {
  try { new Intl.DateTimeFormat('en', { timeZone: name }); return true; } catch { return false; }
}
