// The types of audit records: their numbers, which the kernel's log writes, and what each means. Names and numbers are those of linux/audit.h and
// of the audit project's audit-records.h.
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { lookup } from '../lookup.js';

/** `1400` or `UNKNOWN[1327]` as its name. */
export function recordType(text: string): string {
  const number = /^(?:UNKNOWN\[)?(\d{4})\]?$/.exec(text)?.[1];
  return number === undefined ? text : TYPES[number] ?? text;
}

function numbered(first: number, names: string): [string, string][] { return names.split(' ').map((name, at) => [String(first + at), name]); }
const TYPES = lookup<string>(Object.fromEntries([
  ...numbered(1006, 'LOGIN'),
  ...numbered(1100, 'USER_AUTH USER_ACCT USER_MGMT CRED_ACQ CRED_DISP USER_START USER_END USER_AVC USER_CHAUTHTOK USER_ERR CRED_REFR USYS_CONFIG USER_LOGIN USER_LOGOUT ADD_USER DEL_USER ADD_GROUP DEL_GROUP DAC_CHECK CHGRP_ID TEST TRUSTED_APP USER_SELINUX_ERR USER_CMD USER_TTY CHUSER_ID GRP_AUTH SYSTEM_BOOT SYSTEM_SHUTDOWN SYSTEM_RUNLEVEL SERVICE_START SERVICE_STOP GRP_MGMT GRP_CHAUTHTOK MAC_CHECK ACCT_LOCK ACCT_UNLOCK USER_DEVICE SOFTWARE_UPDATE'),
  ...numbered(1200, 'DAEMON_START DAEMON_END DAEMON_ABORT DAEMON_CONFIG DAEMON_RECONFIG DAEMON_ROTATE DAEMON_RESUME DAEMON_ACCEPT DAEMON_CLOSE DAEMON_ERR'),
  ...numbered(1300, 'SYSCALL'), ...numbered(1302, 'PATH IPC SOCKETCALL CONFIG_CHANGE SOCKADDR CWD'), ...numbered(1309, 'EXECVE'),
  ...numbered(1311, 'IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY MQ_GETSETATTR KERNEL_OTHER FD_PAIR OBJ_PID TTY EOE BPRM_FCAPS CAPSET MMAP NETFILTER_PKT NETFILTER_CFG SECCOMP PROCTITLE FEATURE_CHANGE REPLACE KERN_MODULE FANOTIFY TIME_INJOFFSET TIME_ADJNTPVAL BPF EVENT_LISTENER URINGOP OPENAT2'),
  ...numbered(1400, 'AVC SELINUX_ERR AVC_PATH MAC_POLICY_LOAD MAC_STATUS MAC_CONFIG_CHANGE'),
  ...numbered(1700, 'ANOM_PROMISCUOUS ANOM_ABEND ANOM_LINK ANOM_CREAT'),
  ...numbered(2100, 'ANOM_LOGIN_FAILURES ANOM_LOGIN_TIME ANOM_LOGIN_SESSIONS ANOM_LOGIN_ACCT ANOM_LOGIN_LOCATION'),
  ...numbered(2404, 'CRYPTO_KEY_USER CRYPTO_FAILURE_USER CRYPTO_REPLAY_USER CRYPTO_SESSION CRYPTO_IKE_SA CRYPTO_IPSEC_SA'),
]));

const MEANINGS = lookup<Action>({
  EXECVE: 'process_started', USER_CMD: 'process_started', TTY: 'shell_command', USER_TTY: 'shell_command', USER_LOGOUT: 'logout', USER_START: 'session_opened', USER_END: 'session_closed',
  ADD_USER: 'user_created', DEL_USER: 'user_deleted', ADD_GROUP: 'group_created', DEL_GROUP: 'group_deleted', ACCT_LOCK: 'user_locked', ACCT_UNLOCK: 'user_unlocked', RESP_ACCT_LOCK: 'user_locked', RESP_ACCT_LOCK_TIMED: 'user_locked', RESP_ACCT_UNLOCK_TIMED: 'user_unlocked',
  USER_CHAUTHTOK: 'password_changed', GRP_CHAUTHTOK: 'group_changed', ROLE_ASSIGN: 'privileges_assigned', ROLE_REMOVE: 'user_changed', CHUSER_ID: 'user_changed', CHGRP_ID: 'user_changed',
  SERVICE_START: 'service_started', SERVICE_STOP: 'service_stopped', DAEMON_START: 'service_started', DAEMON_END: 'service_stopped', DAEMON_ABORT: 'service_failed', DAEMON_ACCEPT: 'connection', DAEMON_CLOSE: 'connection_ended',
  CONFIG_CHANGE: 'config_changed', DAEMON_CONFIG: 'config_changed', DAEMON_RECONFIG: 'config_changed', USYS_CONFIG: 'config_changed', FEATURE_CHANGE: 'config_changed', NETFILTER_CFG: 'config_changed', MAC_STATUS: 'config_changed', MAC_POLICY_LOAD: 'config_changed', MAC_CONFIG_CHANGE: 'config_changed', SOFTWARE_UPDATE: 'config_changed', SYSTEM_RUNLEVEL: 'config_changed',
  SELINUX_ERR: 'access_denied', USER_SELINUX_ERR: 'access_denied', SECCOMP: 'access_denied', ANOM_LINK: 'access_denied', KERN_MODULE: 'driver_loaded', ANOM_PROMISCUOUS: 'promiscuous_mode', ANOM_ABEND: 'process_crashed',
  ANOM_LOGIN_FAILURES: 'login_failed', ANOM_LOGIN_TIME: 'login_failed', ANOM_LOGIN_SESSIONS: 'login_failed', ANOM_LOGIN_ACCT: 'login_failed', ANOM_LOGIN_LOCATION: 'login_failed', SYSTEM_BOOT: 'system_started', SYSTEM_SHUTDOWN: 'system_stopped',
});

/** What a record of this type says has happened. */
export function actionOf(draft: Draft, type: string): Action {
  const raw = (key: string): string => draft.getText(`auditd.log.${key}`) ?? '';
  switch (type) {
    case 'PATH': return raw('nametype') === 'CREATE' ? 'file_created' : raw('nametype') === 'DELETE' ? 'file_deleted' : 'audit_record';
    case 'USER_LOGIN': case 'USER_AUTH': case 'LOGIN': return raw('res') === 'failed' || raw('res') === '0' ? 'login_failed' : 'login';
    case 'USER_MGMT': case 'GRP_MGMT': return ofManagement(raw('op')) ?? (type === 'GRP_MGMT' ? 'group_changed' : 'user_changed');
    case 'AVC': case 'USER_AVC': return raw('avc') !== 'granted' && (raw('apparmor') === '' || raw('apparmor') === 'DENIED') ? 'access_denied' : 'audit_record';
    default: return MEANINGS[type] ?? 'audit_record';
  }
}

/** The words of shadow-utils and kin: `add-user-to-group`, `deleting user from group`, `lock-password`. */
function ofManagement(operation: string): Action | undefined {
  const said = operation.replaceAll('-', ' ');
  if (/^(?:add|adding).*\bto (?:\w+ )?group/.test(said)) return 'group_member_added';
  if (/^(?:delete|deleting|removing|remove).*\bfrom (?:\w+ )?group/.test(said)) return 'group_member_removed';
  if (/^unlock/.test(said)) return 'user_unlocked';
  if (/^lock/.test(said)) return 'user_locked';
  return undefined;
}
