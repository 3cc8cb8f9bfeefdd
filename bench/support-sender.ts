// The sending half of bench/intake.ts, in a process of its own: `node intake-sender.js udp|tcp PORT COUNT RATE BYTES`, RATE 0 = as fast
// as it goes. Prints how many it sent and in how many milliseconds.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';

const [kind = 'tcp', port, count, rate, bytes] = [process.argv[2], ...process.argv.slice(3).map(Number)] as [string, number, number, number, number];
const line = (n: number): string => {
  const text = `<38>Nov 22 10:${String(n % 60).padStart(2, '0')}:00 web-1 sshd[${1000 + (n % 9000)}]: Failed password for invalid user admin from 192.0.2.${n % 250} port ${20000 + (n % 40000)} ssh2 `;
  return text.padEnd(bytes - 12, '.') + String(n).padStart(12, '0');
};
const lines = Array.from({ length: 4000 }, (_, n) => line(n));
const began = performance.now();

/** How many should be out by now. */
const due = (): number => (rate === 0 ? count : Math.min(count, Math.floor((performance.now() - began) / 1000 * rate)));
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
let sent = 0;

if (kind === 'tcp') {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const block = 256;
  const blocks = Array.from({ length: Math.ceil(lines.length / block) }, (_, i) => Buffer.from(lines.slice(i * block, (i + 1) * block).map((text) => `${text}\n`).join('')));
  for (let i = 0; sent < count; i++) {
    const at = i % (blocks.length - 1);
    while (due() < Math.min(count, sent + block)) await pause(1);
    const left = count - sent;
    const data = left >= block ? blocks[at] as Buffer : Buffer.from(lines.slice(0, left).map((text) => `${text}\n`).join(''));
    sent += Math.min(block, left);
    if (!socket.write(data)) await once(socket, 'drain');
  }
  await new Promise<void>((resolve) => { socket.end(() => { resolve(); }); });
} else {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => { socket.connect(port, '127.0.0.1', resolve); });
  const buffers = lines.map((text) => Buffer.from(text));
  let waiting = 0;
  while (sent < count) {
    for (const until = Math.min(due(), sent + 64 - waiting); sent < until; sent++) {
      waiting++;
      socket.send(buffers[sent % buffers.length] as Buffer, () => { waiting--; });
    }
    if (due() <= sent) await pause(1); else await new Promise((resolve) => { setImmediate(resolve); });
  }
  while (waiting > 0) await pause(1);
  socket.close();
}
process.stdout.write(`${JSON.stringify({ sent, ms: performance.now() - began })}\n`);
