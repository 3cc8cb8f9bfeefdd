// What we use of nodemailer, which brings no types.
declare module 'nodemailer' {
  export interface Transporter {
    sendMail(mail: Readonly<Record<string, unknown>>): Promise<{ readonly accepted: readonly string[]; readonly rejected: readonly string[]; readonly response: string }>;
    close(): void;
  }
  export function createTransport(options: Readonly<Record<string, unknown>>): Transporter;
}
