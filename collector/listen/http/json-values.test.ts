import fc from 'fast-check';
import { elementsOf, membersOf, valuesOf } from './json-values.js';

const json = fc.json({ maxDepth: 4 }), space = fc.constantFrom('', ' ', '\n', '\r\n\t');
const texts = (buffers: Buffer[] | undefined): string[] | undefined => buffers?.map((each) => each.toString());

test('values one behind the other come apart as they were written', () => {
  fc.assert(fc.property(fc.array(fc.tuple(json.filter((text) => /^[[{]/.test(text)), space), { minLength: 2 }), (values) => {
    expect(texts(valuesOf(Buffer.from(values.map(([text, gap]) => text + gap).join(''))))).toEqual(values.map(([text]) => text));
  }));
});

test('the elements of a list and the members of an object are the bytes that came', () => {
  fc.assert(fc.property(fc.array(fc.tuple(json, space)), (values) => {
    expect(texts(elementsOf(Buffer.from(`[${values.map(([text, gap]) => `${gap}${text}${gap}`).join(',')}]`)))).toEqual(values.map(([text]) => text));
  }));
  fc.assert(fc.property(fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-zA-Z]{1,5}$/), json, space), { selector: ([name]) => name }), (values) => {
    const object = Buffer.from(`{${values.map(([name, text, gap]) => `${gap}"${name}"${gap}:${gap}${text}${gap}`).join(',')}}`);
    expect([...membersOf(object) ?? []].map(([name, value]) => [name, value.toString()])).toEqual(values.map(([name, text]) => [name, text]));
  }));
});

test.each([['{"a":1'], ['["a'], ['{"a\\":1}'], [','], ['}'], ['[1,]'], ['{} x:']])('%j is no run of values', (text) => {
  expect(valuesOf(Buffer.from(text))).toBeUndefined();
});

test('whatever comes, reading ends', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', ' ') }), (text) => { valuesOf(Buffer.from(text)); elementsOf(Buffer.from(text)); membersOf(Buffer.from(text)); }));
});
