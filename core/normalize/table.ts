// All formats, in the order in which they are tried. Those that look at the text stand from the surest sign to the vaguest.
import type { Format } from './format.js';
import { cron } from './linux/cron.js';
import { pam } from './linux/pam.js';
import { sshd } from './linux/sshd.js';
import { su, sudo } from './linux/sudo.js';

export const FORMATS: readonly Format[] = [
  sshd, sudo, su, cron,
  pam,
];
