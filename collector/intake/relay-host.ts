// The host name inside a message, read only behind a relay.
import { readHeader } from '../../core/message/header.js';

const BYTES_MAX = 8192, NAME_MAX = 255;

/** Undefined where the header names none. */
export function hostOf(frame: Buffer): string | undefined {
  const { hostname } = readHeader(frame.toString('latin1', 0, BYTES_MAX), { received: 0, zone: 'UTC' });
  return hostname === undefined || hostname === '' || hostname.length > NAME_MAX ? undefined : hostname;
}
