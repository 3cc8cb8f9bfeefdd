// Lines and rules for tests that hurt services apart: senders that send again what was not acknowledged, rules whose alerts show each
// line that is lost or counted twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../../collector/fixtures/http-client.js';

export const RULES = `title: Failed password
id: 50000000-0000-4000-8000-000000000001
name: failed_password
status: test
level: low
logsource: {product: linux, service: sshd}
detection:
  keywords: ['Failed password']
  condition: keywords
---
title: Many failed passwords
id: 50000000-0000-4000-8000-000000000002
status: test
level: high
correlation:
  type: event_count
  rules: [failed_password]
  group-by: [source.ip]
  timespan: 5m
  condition: {gte: 20}
---
title: Root logged in
id: 50000000-0000-4000-8000-000000000003
status: test
level: medium
logsource: {product: linux, service: sshd}
detection:
  keywords: ['Accepted password for root']
  condition: keywords
`;

/** A sender that sends again what was not acknowledged, marked as another try: every frame is one of a kind. */
export class Sender {
  readonly acknowledged = new Set<string>();
  private n = 0;
  private stopped = false;
  private running: Promise<void> | undefined;
  constructor(private readonly name: string, private readonly port: () => number, private readonly perSecond: number) {}
  start(): void { this.running = this.send(); }
  async stop(): Promise<void> { this.stopped = true; await this.running; }

  private async send(): Promise<void> {
    const started = Date.now();
    while (!this.stopped) {
      const due = Math.min(500, Math.floor((Date.now() - started) / 1000 * this.perSecond) - this.n);
      if (due <= 0) { await sleep(20); continue; }
      const numbers = Array.from({ length: due }, () => this.n++);
      for (let attempt = 0; ; attempt++) {
        const lines = numbers.map((n) => this.line(n, attempt));
        try {
          const { status } = await ask(this.port(), '/ndjson', { body: `${lines.join('\n')}\n`, headers: { 'content-type': 'text/plain' } });
          if (status === 200) { for (const line of lines) this.acknowledged.add(line); break; }
        } catch { /* it is gone for a moment */ }
        if (this.stopped) return;
        await sleep(100);
      }
    }
  }

  private line(n: number, attempt: number): string {
    const time = new Date().toISOString(), id = `${this.name}-${n}-${attempt}`;
    if (n % 50 === 7) return `<38>1 ${time} gw sshd ${n} - - Accepted password for root from 192.0.2.9 port ${1024 + n % 60000} ssh2 ${id}`;
    if (n % 10 === 3) return `<38>1 ${time} gw sshd ${n} - - Failed password for root from 198.51.100.${1 + Math.floor(n / 400) % 50} port ${1024 + n % 60000} ssh2 ${id}`;
    return `<30>1 ${time} app worker ${n} - - request ${n} served in ${n % 97} ms ${id}`;
  }
}
