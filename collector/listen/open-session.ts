// Which protocol a listener speaks. One kind, one session.
import { assertNever } from '../../core/assert.js';
import { BeatsSession } from './beats.js';
import { GelfSession } from './gelf.js';
import { RelpSession } from './relp.js';
import type { Session, Wire } from './session.js';
import { SyslogSession } from './syslog-session.js';

/** `tls` is syslog over TLS; the others may have TLS as well. */
export type StreamKind = 'tcp' | 'tls' | 'relp' | 'beats' | 'gelf-tcp';

export function openSession(kind: StreamKind, wire: Wire, { frameBytesMax, idleMs }: { readonly frameBytesMax: number; readonly idleMs: number }): Session {
  switch (kind) {
    case 'tcp': case 'tls': return new SyslogSession(wire, frameBytesMax, idleMs);
    case 'relp': return new RelpSession(wire, frameBytesMax);
    case 'beats': return new BeatsSession(wire, frameBytesMax);
    case 'gelf-tcp': return new GelfSession(wire, frameBytesMax, idleMs);
    default: return assertNever(kind);
  }
}
