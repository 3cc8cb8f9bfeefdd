// Random events, as the JSON they arrive in: nested objects, arrays, digits beyond what a double holds.
import { Raw, type Tree } from './tree.js';
import { nearNumber, nearText, plain, REGEXES, type Stock } from './stock.js';
import type { Random } from './random.js';

export function randomEvent(random: Random, stock: Stock): { readonly [field: string]: Tree } {
  const event = Object.create(null) as Record<string, Tree>;
  for (let count = random.between(0, stock.eventFields.length); count > 0; count--) event[random.pick(stock.eventFields)] = value(random, stock);
  if (random.chance(0.1)) event['nested'] = { name: value(random, stock), list: random.many(0, 3, () => ({ x: scalar(random, stock), y: scalar(random, stock) })) };
  if (random.chance(0.25)) withOriginal(random, stock, event);
  return event;
}

function value(random: Random, stock: Stock): Tree {
  return random.oneOf<Tree>([9, () => scalar(random, stock)], [1, () => random.many(0, 3, () => scalar(random, stock))], [0.2, () => [['a', [new Raw('5'), null]], scalar(random, stock)]]);
}

function scalar(random: Random, stock: Stock): Tree {
  return random.oneOf<Tree>([6, () => nearText(random, stock)], [0.5, () => plain(random, stock)], [0.05, () => `${plain(random, stock)}\ud83d${plain(random, stock)}`], [0.3, () => random.pick(REGEXES)], [1, () => random.pick(stock.addresses)], [0.7, () => random.pick(stock.dates)],
    [1.5, () => nearNumber(random, stock)], [1.5, () => new Raw(random.pick(stock.numbers.map((digits) => (digits === '007' ? '7' : digits))))], [1, () => random.pick([true, false, null, ''])]);
}

/** The frame, and the message at its end: where keywords look, and what proofs point into. */
function withOriginal(random: Random, stock: Stock, event: Record<string, Tree>): void {
  const message = random.many(1, 2, () => nearText(random, stock)).join(' '), program = random.pick(['cmd', 'sshd', 'a']);
  event['message'] = message;
  event['event.original'] = random.oneOf([3, () => `<38>host ${program}[5]: ${message}`], [1, () => `a=${message} Image="cmd.exe"`], [1, () => JSON.stringify({ a: message })]);
  if (random.chance(0.7)) event['log.syslog.appname'] = program;
}
