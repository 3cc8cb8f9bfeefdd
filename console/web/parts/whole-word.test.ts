import { wholeWord } from './whole-word.js';

test('a value inside another word is not found', () => {
  expect(wholeWord('admin').test('on the administration')).toBe(false);
  expect(wholeWord('đăng').test('hải đăng')).toBe(true);
  expect(wholeWord('đăng').test('đăngký')).toBe(false);
});

test('what a pattern would read as its own signs is only text', () => {
  expect('call of /up/a.php?x=1 (now)'.split(wholeWord('/up/a.php?x=1'))).toEqual(['call of ', ' (now)']);
  expect('from 203.0.113.4 on gw'.split(wholeWord('203.0.113.4'))).toEqual(['from ', ' on gw']);
});
