// The sending half of the intake benches, in a process of its own: `node support-sender.js udp|tcp|tls|relp PORT COUNT RATE BYTES`, RATE
// 0 = as fast as it goes. Prints how many it sent, how many of them were acknowledged (RELP), and in how many milliseconds.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const [kind = 'tcp', port, count, rate, bytes] = [process.argv[2], ...process.argv.slice(3).map(Number)] as [string, number, number, number, number];
const line = (n: number): string => {
  const text = `<38>Nov 22 10:${String(n % 60).padStart(2, '0')}:00 web-1 sshd[${1000 + (n % 9000)}]: Failed password for invalid user admin from 192.0.2.${n % 250} port ${20000 + (n % 40000)} ssh2 `;
  return text.padEnd(bytes - 12, '.') + String(n).padStart(12, '0');
};
const lines = Array.from({ length: 4000 }, (_, n) => line(n));
const BLOCK = 256;
/** Transactions under way without an answer. */
const WINDOW = 1024;
const began = performance.now();

/** How many should be out by now. */
const due = (): number => (rate === 0 ? count : Math.min(count, Math.floor((performance.now() - began) / 1000 * rate)));
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
let sent = 0, acknowledged = 0;

switch (kind) {
  case 'udp': await sendDatagrams(); break;
  case 'relp': await sendRelp(await open(connect(port, '127.0.0.1'), 'connect')); break;
  case 'tls': await sendLines(await open(connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }), 'secureConnect')); break;
  default: await sendLines(await open(connect(port, '127.0.0.1'), 'connect'));
}
process.stdout.write(`${JSON.stringify({ sent, acknowledged, ms: performance.now() - began })}\n`);

async function open(socket: Socket, event: string): Promise<Socket> {
  await once(socket, event);
  return socket.on('error', (error) => { process.stderr.write(`${kind}: ${error.message}\n`); process.exit(1); });
}

async function sendLines(socket: Socket): Promise<void> {
  const blocks = Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, i) => Buffer.from(lines.slice(i * BLOCK, (i + 1) * BLOCK).map((text) => `${text}\n`).join('')));
  for (let i = 0; sent < count; i++) {
    while (due() < Math.min(count, sent + BLOCK)) await pause(1);
    const left = count - sent;
    const data = left >= BLOCK ? blocks[i % (blocks.length - 1)] as Buffer : Buffer.from(lines.slice(0, left).map((text) => `${text}\n`).join(''));
    sent += Math.min(BLOCK, left);
    if (!socket.write(data)) await once(socket, 'drain');
  }
  await new Promise<void>((resolve) => { socket.end(() => { resolve(); }); });
}

async function sendRelp(socket: Socket): Promise<void> {
  let seen = '', wake: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    seen += chunk.toString('latin1');
    for (let end = seen.indexOf('\n'); end >= 0; end = seen.indexOf('\n')) { // of an answer of several lines only the first counts
      if (/^\d+ rsp \d+ 200/.test(seen)) acknowledged++;
      seen = seen.slice(end + 1);
    }
    wake();
  });
  let number = 0;
  const offer = 'relp_version=0\nrelp_software=bench\ncommands=syslog';
  socket.write(`${++number} open ${offer.length} ${offer}\n`);
  while (acknowledged === 0) await new Promise<void>((resolve) => { wake = resolve; });
  acknowledged = 0;
  while (sent < count) {
    const upTo = Math.min(due(), acknowledged + WINDOW);
    let block = '';
    for (; sent < upTo; sent++) { const text = lines[sent % lines.length] as string; block += `${++number} syslog ${text.length} ${text}\n`; }
    if (block !== '') socket.write(block);
    if (sent < count) await (sent < acknowledged + WINDOW ? pause(1) : new Promise<void>((resolve) => { wake = resolve; }));
  }
  while (acknowledged < sent) await new Promise<void>((resolve) => { wake = resolve; });
  socket.destroy();
}

async function sendDatagrams(): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => { socket.connect(port, '127.0.0.1', resolve); });
  const buffers = lines.map((text) => Buffer.from(text));
  let waiting = 0, failed = 0;
  while (sent < count) {
    for (const until = Math.min(due(), sent + 64 - waiting); sent < until; sent++) {
      waiting++;
      socket.send(buffers[sent % buffers.length] as Buffer, (error) => { waiting--; if (error !== null) failed++; });
    }
    if (due() <= sent) await pause(1); else await new Promise((resolve) => { setImmediate(resolve); });
  }
  while (waiting > 0) await pause(1);
  sent -= failed;
  socket.close();
}
