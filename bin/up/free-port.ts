// A port that is free for TCP and for UDP, so that "any port" means one port.
import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';

export async function freePort(host: string): Promise<number> {
  for (;;) {
    const server = createServer();
    await new Promise<void>((done, failed) => { server.once('error', failed); server.listen(0, host, done); });
    const { port } = server.address() as AddressInfo, socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const free = await new Promise<boolean>((answer) => { socket.once('error', () => { answer(false); }); socket.bind(port, host, () => { answer(true); }); });
    await Promise.all([new Promise<void>((done) => { server.close(() => { done(); }); }), new Promise<void>((done) => { try { socket.close(() => { done(); }); } catch { done(); } })]);
    if (free) return port;
  }
}
