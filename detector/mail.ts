// A notice as a mail over SMTP. The same notice is the same bytes under the same Message-ID each time, so that a mail sent twice
// (the answer was lost) is recognized as one.
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type { Notice } from '../core/store/store.js';

export interface MailOptions {
  /** `smtp://user@host:25` or `smtps://...`; without TLS it is taken up when the server offers it. */
  readonly smtpUrl: string;
  /** Read anew for each connection: a changed password needs no restart. */
  readonly passwordFile?: string;
  readonly from: string;
}
export interface Sender {
  send(notice: Notice): Promise<void>;
  close(): void;
}

/** Why a mail was not taken; `permanent` when the server says that trying again will not help. */
export class MailError extends Error {
  override readonly name = 'MailError';
  constructor(message: string, readonly permanent: boolean, cause: unknown) {
    super(message, { cause });
  }
}

export function openMail({ smtpUrl, passwordFile, from }: MailOptions): Sender {
  const url = new URL(smtpUrl), secure = url.protocol === 'smtps:', user = decodeURIComponent(url.username);
  return {
    async send(notice) {
      const pass = passwordFile === undefined ? decodeURIComponent(url.password) : readFileSync(passwordFile, 'utf8').trim();
      const transport = createTransport({
        host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? (secure ? 465 : 25) : Number(url.port), secure, ...(user === '' ? {} : { auth: { user, pass } }),
        disableFileAccess: true, disableUrlAccess: true, connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000,
      });
      try {
        const { rejected, response } = await transport.sendMail(mailOf(notice, from));
        if (rejected.length > 0) throw new MailError(`refused for ${rejected.join(', ')}: ${response}`, true, undefined);
      } catch (error) {
        if (error instanceof MailError) throw error;
        const { responseCode, message } = error as { responseCode?: number; message: string };
        throw new MailError(message, responseCode !== undefined && responseCode >= 500, error);
      } finally {
        transport.close();
      }
    },
    close: () => undefined,
  };
}

export function mailOf({ id, recipient, subject, text, created, incident }: Notice, from: string): Readonly<Record<string, unknown>> {
  return {
    from, to: recipient, subject, text, date: new Date(created), messageId: `<${id}@haidang>`, textEncoding: 'base64', xMailer: false,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'List-Id': 'Hai Dang <incidents.haidang>', 'X-Haidang-Incident': incident },
  };
}
