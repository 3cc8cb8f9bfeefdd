import { printNumber, printPercent } from './number.js';

test('numbers and shares as each language writes them', () => {
  expect([printNumber('vi', 1234567), printNumber('en', 1234567)]).toEqual(['1.234.567', '1,234,567']);
  expect([printPercent('vi', 68.75), printPercent('en', 37.5), printPercent('vi', 100)]).toEqual(['68,8%', '37.5%', '100,0%']);
});
