// The configuration of one service where services run apart: the same file format, only what the service needs. What it has no use for
// is refused rather than ignored, so that a collector's machine does not hold the mail server's password.
import type { ServiceName } from './health-server.js';
import type { Config } from './config.js';

type Section = keyof Config;
const EVERY: readonly Section[] = ['elasticsearch', 'data', 'log'];
const OF: Readonly<Record<ServiceName, readonly Section[]>> = {
  collector: [...EVERY, 'health', 'host', 'syslog', 'inputs', 'freeBytesMin'],
  detector: [...EVERY, 'health', 'host', 'mail', 'console', 'placeholders', 'numbers', 'retentionDays'],
  console: [...EVERY, 'host', 'console', 'systems', 'relays', 'unassignedTier', 'adminPasswordFile', 'placeholders', 'retentionDays'],
};
const SECTIONS = new Set<string>(Object.values(OF).flat());

/** Names of the file that are another service's. */
export const foreignSections = (service: ServiceName, given: Readonly<Record<string, unknown>>): readonly string[] => Object.keys(given).filter((name) => SECTIONS.has(name) && !(OF[service] as readonly string[]).includes(name));
