// Loaded into a product under test (NODE_OPTIONS=--import=...): its wall clock is off by what the file in HAIDANG_TEST_CLOCK_FILE says, in
// milliseconds, in every process and thread, and follows when the file changes. Monotonic clocks and timers stay as they are, as on a
// machine whose clock was set.
import { readFileSync } from 'node:fs';

const file = process.env.HAIDANG_TEST_CLOCK_FILE ?? '', RealDate = Date, LOOK_MS = 20;
let offset = 0, looked = -Infinity;
function now() {
  const at = performance.now();
  if (at - looked >= LOOK_MS) {
    looked = at;
    try { offset = Number(readFileSync(file, 'utf8')) || 0; } catch { /* being written */ }
  }
  return RealDate.now() + offset;
}
globalThis.Date = new Proxy(RealDate, {
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  construct: (target, args, made) => (args.length === 0 ? Reflect.construct(target, [now()], made) : Reflect.construct(target, args, made)),
  apply: () => new RealDate(now()).toString(),
});
