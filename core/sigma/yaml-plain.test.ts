// The quick reading of rules against the whole parser's: where it answers at all, the same tree at the same places, and no file that the
// whole parser finds fault with.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../process/built.js';
import { readPlainYaml } from './yaml-plain.js';
import { readWholeYaml, type Node } from './yaml.js';

const starts = (text: string): number[] => [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
const quick = (text: string): Node[] | undefined => readPlainYaml(text, starts(text), 32, 100_000);
const whole = (text: string) => readWholeYaml(text, (code, at, message) => ({ code, line: at, message }));
function check(text: string): boolean {
  const read = quick(text);
  if (read === undefined) return false;
  const { documents, problems } = whole(text);
  expect({ text, problems, documents }).toEqual({ text, problems: [], documents: read });
  return true;
}

const PIECES = [
  'title: t', 'title: "a \\"b\\" \\n c"', "title: 'it''s'", 'title: a # b', 'title: a #b', 'title: a#b', 'title: 10 minutes', 'a b: c', "'|all': x", '"q": y', 'a : b', 'a:b', 'a: b: c', 'a: "x" y', "a: 'x' # y", "a: 'x'# y", 'a:', 'a: ', 'a: # x', 'a: ~', 'a: null', 'a: -1', 'a: - 1', 'a: -x', 'a: --x', 'a: +5', 'a: 0x1F', 'a: 0o17', 'a: 1e3', 'a: 1.', 'a: .5', 'a: .inf', 'a: -.INF', 'a: .nan', 'a: 012', 'a: 123456789012345678901', 'a: 1e999', 'a: 1_0',
  'a: *x', 'a: &x y', 'a: !x y', 'a: [1, 2]', 'a: {b: c}', 'a: "multi', '  line"', "a: 'multi", "  line'", 'a: plain', '  goes on', '  - x', '- x', '  b: c', '    d: e', '  - d: e', '    f: g', '  - - x', '  -', '    - x', '  -   x', '  -  k: v', '     l: w', '# remark', '  # remark', '', '   ', '\t', 'a:\tb', 'a: b\t', '---', '--- # x', '---x', '...', '%YAML 1.2', 'a: |', 'a: >', 'a: |-', 'a: >-', 'a: |+', 'a: |2', 'a: | # x', '    text', '      deeper', '    - text', '    # text', '   less', 'a: "\\x41"', 'a: "\\u0041"', 'a: @x', 'a: `x`', 'a: %x', 'a: ?x', 'a: ? x', '? x', ': y', 'a: :x', 'a: x:', 'a: http://x', 'a: ,x', 'a: x, y', 'a: x]', 'a: }x', 'a: "" ', "a: ''", 'a: "a" "b"', '<<: x', 'a: true', 'b: False', 'null: x', '0x10: y', '*: x', 'a|b|c: d', 'a.b(c)-d: e', 'ü: x', 'x: ü', 'a: x\r', 'a: |\r',
];
test('lines put together at random', () => {
  let quickly = 0;
  fc.assert(fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 }), fc.boolean(), (lines, ends) => { if (check(lines.join('\n') + (ends ? '\n' : ''))) quickly++; }), { numRuns: 20_000 });
  expect(quickly).toBeGreaterThan(500);
});

const RULE = `title: A rule\nid: 5bd0b5ac-9a3c-4b1f-8a1c-0c4a8a9a3d11\nstatus: test\ndescription: |\n    Detects this\n    and that.\n\n    More.\nreferences:\n    - https://192.0.2.1/a#b\n    - 'x: y'\nauthor: "Somebody, another"\ndate: 2026-01-02\ntags:\n    - attack.t1059.001\nlogsource:\n    product: windows\n    category: process_creation\ndetection:\n    selection_img:\n        - Image|endswith:\n              - '\\a.exe'\n              - '\\b.exe' # a remark\n        - OriginalFileName: 'it''s'\n    selection_cli:\n        CommandLine|contains|all:\n            - ' -x '\n            - "q\\"q"\n            - 4624\n        Hashes:\n        - a\n        - b\n    condition: all of selection_* and not 1 of filter_*\nfalsepositives:\n    - Unknown\nlevel: high\n`;
test('a rule as people write it is read quickly, and with random faults never otherwise than by the whole parser', () => {
  expect(check(RULE)).toBe(true);
  const fault = fc.record({ at: fc.nat(RULE.length), cut: fc.nat(4), put: fc.constantFrom('', ' ', '  ', '\n', '\n ', ':', ': ', "'", '"', '#', ' #', '-', '- ', '\t', '|', '>', '&a', '*a', '[', '{', '!', '\\', '\r', 'x', '0', '?') });
  fc.assert(fc.property(fc.array(fault, { minLength: 1, maxLength: 3 }), (faults) => {
    let text = RULE;
    for (const { at, cut, put } of faults) text = text.slice(0, at) + put + text.slice(at + cut);
    check(text);
  }), { numRuns: 3_000 });
});

const shared = join(projectRoot, '..', 'shared', 'sigma');
test('nearly all public rules, and ours, are read quickly', () => {
  const ours = readdirSync(join(projectRoot, 'rules'), { recursive: true }).map(String).filter((name) => name.endsWith('.yml')).map((name) => readFileSync(join(projectRoot, 'rules', name), 'utf8'));
  expect(ours.length).toBeGreaterThan(50);
  for (const text of ours) check(text);
  if (!existsSync(shared)) { expect(process.env['CI']).toBeUndefined(); process.stdout.write('not run: the reading of public rules (../shared is absent)\n'); return; }
  const folder = mkdtempSync(join(tmpdir(), 'haidang-yaml-'));
  try {
    execFileSync('tar', ['xzf', join(shared, 'sigmahq-rules.tar.gz'), '-C', folder]);
    const texts = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.yml')).map((name) => readFileSync(join(folder, name), 'utf8'));
    const quickly = texts.filter(check).length;
    process.stdout.write(`${quickly} of ${texts.length} public rules are read quickly\n`);
    expect(quickly / texts.length).toBeGreaterThan(0.9);
  } finally { rmSync(folder, { recursive: true }); }
});
