// How long a password must be (ASVS 5.0, 6.2.1): one figure for the server, the command line and the console. Pure.
export const PASSWORD_CHARS_MIN = 8, PASSWORD_CHARS_MAX = 256;

/** As people count them: a letter with its marks composed is one. */
export const passwordChars = (password: string): number => [...password.normalize('NFC')].length;
