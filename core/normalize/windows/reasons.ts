// Why an audit was refused, in words: Windows writes a number of its message table (`%%2313`), a status, or a Kerberos code.
// https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4625 and event-4768, RFC 4120 7.5.9
import { lookup } from '../lookup.js';

const MESSAGES = lookup({
  '%%2304': 'An Error occured during Logon.', '%%2305': 'The specified user account has expired.', '%%2306': 'The NetLogon component is not active.', '%%2307': 'Account locked out.', '%%2308': 'The user has not been granted the requested logon type at this machine.', '%%2309': "The specified account's password has expired.",
  '%%2310': 'Account currently disabled.', '%%2311': 'Account logon time restriction violation.', '%%2312': 'User not allowed to logon at this computer.', '%%2313': 'Unknown user name or bad password.', '%%2314': 'Domain sid inconsistent.', '%%2315': 'Smartcard logon is required and was not used.',
});
const STATUSES = lookup({
  '0xc000005e': 'No logon servers are available', '0xc0000064': 'The user name does not exist', '0xc000006a': 'The user name is correct but the password is wrong', '0xc000006d': 'Bad user name or authentication information', '0xc000006e': 'An account restriction prevented the logon', '0xc000006f': 'Logon outside authorized hours', '0xc0000070': 'Logon from an unauthorized workstation',
  '0xc0000071': 'The password has expired', '0xc0000072': 'The account is disabled', '0xc00000dc': 'The server was in the wrong state', '0xc0000133': 'The clocks are too far out of synchronization', '0xc000015b': 'The logon type has not been granted', '0xc000018c': 'The trust relationship failed', '0xc0000192': 'The Netlogon service was not started', '0xc0000193': 'The account has expired',
  '0xc0000224': 'The password must be changed at the next logon', '0xc0000234': 'The account is locked out', '0xc0000371': 'The local account store does not contain secret material for the account', '0xc0000413': 'The machine is protected by an authentication firewall',
});
const KERBEROS = lookup({
  1: 'KDC_ERR_NAME_EXP', 2: 'KDC_ERR_SERVICE_EXP', 3: 'KDC_ERR_BAD_PVNO', 6: 'KDC_ERR_C_PRINCIPAL_UNKNOWN', 7: 'KDC_ERR_S_PRINCIPAL_UNKNOWN', 8: 'KDC_ERR_PRINCIPAL_NOT_UNIQUE', 9: 'KDC_ERR_NULL_KEY', 10: 'KDC_ERR_CANNOT_POSTDATE', 11: 'KDC_ERR_NEVER_VALID', 12: 'KDC_ERR_POLICY', 13: 'KDC_ERR_BADOPTION', 14: 'KDC_ERR_ETYPE_NOSUPP', 15: 'KDC_ERR_SUMTYPE_NOSUPP', 16: 'KDC_ERR_PADATA_TYPE_NOSUPP', 18: 'KDC_ERR_CLIENT_REVOKED', 19: 'KDC_ERR_SERVICE_REVOKED', 20: 'KDC_ERR_TGT_REVOKED',
  21: 'KDC_ERR_CLIENT_NOTYET', 23: 'KDC_ERR_KEY_EXPIRED', 24: 'KDC_ERR_PREAUTH_FAILED', 25: 'KDC_ERR_PREAUTH_REQUIRED', 26: 'KDC_ERR_SERVER_NOMATCH', 27: 'KDC_ERR_MUST_USE_USER2USER', 31: 'KRB_AP_ERR_BAD_INTEGRITY', 32: 'KRB_AP_ERR_TKT_EXPIRED', 33: 'KRB_AP_ERR_TKT_NYV', 34: 'KRB_AP_ERR_REPEAT', 37: 'KRB_AP_ERR_SKEW', 41: 'KRB_AP_ERR_MODIFIED', 60: 'KRB_ERR_GENERIC', 68: 'KDC_ERR_WRONG_REALM',
});

/** The words for a message's number; a text that is none is itself. */
export const reasonOf = (said: string | undefined): string | undefined => said === undefined ? undefined : MESSAGES[said] ?? said;
/** The words for a status of Windows (`0xC000006A`) or, where it is small, of Kerberos (`0x18`); undefined where all went well or nobody knows. */
export function statusOf(code: string | undefined): string | undefined {
  if (code === undefined || !/^0x[0-9a-f]{1,8}$/i.test(code)) return undefined;
  return STATUSES[code.toLowerCase()] ?? (code.length <= 4 ? KERBEROS[String(Number(code))] : undefined);
}

/** Kinds of logons by number. */
const LOGONS = lookup({ 0: 'System', 2: 'Interactive', 3: 'Network', 4: 'Batch', 5: 'Service', 7: 'Unlock', 8: 'NetworkCleartext', 9: 'NewCredentials', 10: 'RemoteInteractive', 11: 'CachedInteractive', 12: 'CachedRemoteInteractive', 13: 'CachedUnlock' });
export const logonOf = (number: string | undefined): string | undefined => number === undefined ? undefined : LOGONS[number];
