// How long a password must be: one figure for the server, the command line and the console. Pure.
export const PASSWORD_CHARS_MIN = 12, PASSWORD_CHARS_MAX = 256;

/** As people count them: a letter with its marks composed is one. */
export const passwordChars = (password: string): number => [...password.normalize('NFC')].length;
