// Everything that our normalizers can say has happened: the words of `event.action`, with the ECS category, type and, where the
// word decides it, the outcome. Rules, the console and the reports rely on these words: they are added to, never renamed.

interface Meaning {
  readonly category: string;
  readonly type?: string;
  readonly outcome?: 'success' | 'failure';
}
const login = (outcome?: 'success' | 'failure'): Meaning => ({ category: 'authentication', type: 'start', outcome });
const account = (type: string): Meaning => ({ category: 'iam', type, outcome: 'success' });
const session = (type: string): Meaning => ({ category: 'session', type });

const actions = {
  // sshd
  ssh_login: login('success'), ssh_login_failed: login('failure'), ssh_invalid_user: login('failure'), ssh_auth_limit: login('failure'), ssh_user_not_allowed: login('failure'),
  ssh_connection: { category: 'network', type: 'connection' }, ssh_disconnected: { category: 'network', type: 'end' }, ssh_bad_protocol: { category: 'network', type: 'connection', outcome: 'failure' },
  ssh_reverse_mapping_failed: { category: 'network', type: 'info' }, ssh_listening: { category: 'process', type: 'start' }, ssh_session: session('start'),
  // PAM, sudo, su, logins of other kinds
  pam_auth_failed: login('failure'), pam_user_unknown: login('failure'), pam_account_locked: login('failure'), session_opened: { ...session('start'), outcome: 'success' }, session_closed: session('end'),
  sudo_command: { category: 'process', type: 'start', outcome: 'success' }, sudo_denied: { category: 'process', type: 'denied', outcome: 'failure' }, sudo_auth_failed: login('failure'),
  su: login('success'), su_failed: login('failure'), login: login('success'), login_failed: login('failure'), logout: { category: 'authentication', type: 'end' },
  // accounts
  user_created: account('creation'), user_deleted: account('deletion'), user_changed: account('change'), user_locked: account('change'), user_unlocked: account('change'), user_disabled: account('change'), user_enabled: account('change'),
  group_created: account('creation'), group_deleted: account('deletion'), group_changed: account('change'), group_member_added: account('change'), group_member_removed: account('change'),
  password_changed: account('change'), password_reset: account('change'), password_change_failed: { category: 'iam', type: 'change', outcome: 'failure' }, user_create_failed: { category: 'iam', type: 'creation', outcome: 'failure' },
  privileges_assigned: { category: 'iam', type: 'admin', outcome: 'success' },
  // system
  cron_command: { category: 'process', type: 'start' }, cron_changed: { category: 'configuration', type: 'change' }, cron_listed: { category: 'configuration', type: 'access' },
  service_started: { category: 'process', type: 'start' }, service_stopped: { category: 'process', type: 'end' }, service_failed: { category: 'process', type: 'error', outcome: 'failure' }, service_installed: { category: 'configuration', type: 'creation' },
  task_created: { category: 'configuration', type: 'creation' }, task_changed: { category: 'configuration', type: 'change' }, task_deleted: { category: 'configuration', type: 'deletion' },
  log_cleared: { category: 'configuration', type: 'deletion' }, config_changed: { category: 'configuration', type: 'change' }, system_started: { category: 'host', type: 'start' }, system_stopped: { category: 'host', type: 'end' },
  process_started: { category: 'process', type: 'start' }, process_ended: { category: 'process', type: 'end' }, process_crashed: { category: 'process', type: 'error' }, out_of_memory: { category: 'process', type: 'end' },
  disk_failed: { category: 'host', type: 'error', outcome: 'failure' }, promiscuous_mode: { category: 'network', type: 'change' }, shell_command: { category: 'process', type: 'start' }, message_repeated: { category: 'host', type: 'info' },
  file_opened: { category: 'file', type: 'access' }, file_created: { category: 'file', type: 'creation' }, file_changed: { category: 'file', type: 'change' }, file_deleted: { category: 'file', type: 'deletion' },
  pipe_created: { category: 'file', type: 'creation' }, pipe_connected: { category: 'file', type: 'access' }, disk_read: { category: 'file', type: 'access' }, document_printed: { category: 'file', type: 'access' },
  process_accessed: { category: 'process', type: 'access' }, thread_injected: { category: 'process', type: 'change' }, process_tampered: { category: 'process', type: 'change' }, clipboard_changed: { category: 'host', type: 'change' }, wmi_changed: { category: 'configuration', type: 'change' },
  object_accessed: { category: 'host', type: 'access' }, privileges_used: { category: 'iam', type: 'admin' }, accounts_listed: { category: 'iam', type: 'info' }, credentials_read: { category: 'iam', type: 'info' }, device_connected: { category: 'host', type: 'info' }, device_disconnected: { category: 'host', type: 'info' },
  certificate_requested: { category: 'configuration', type: 'creation' }, certificate_issued: { category: 'configuration', type: 'creation', outcome: 'success' }, certificate_denied: { category: 'configuration', type: 'denied', outcome: 'failure' },
  package_installed: { category: 'package', type: 'installation' }, package_changed: { category: 'package', type: 'change' }, package_removed: { category: 'package', type: 'deletion' },
  registry_created: { category: 'registry', type: 'creation' }, registry_accessed: { category: 'registry', type: 'access' }, registry_changed: { category: 'registry', type: 'change' }, registry_deleted: { category: 'registry', type: 'deletion' }, library_loaded: { category: 'library', type: 'start' }, driver_loaded: { category: 'driver', type: 'start' },
  audit_record: { category: 'host', type: 'info' }, access_denied: { category: 'host', type: 'denied', outcome: 'failure' },
  // network, web, database, mail
  connection_allowed: { category: 'network', type: 'allowed', outcome: 'success' }, connection_denied: { category: 'network', type: 'denied', outcome: 'failure' }, connection_started: { category: 'network', type: 'start' }, connection_ended: { category: 'network', type: 'end' },
  connection: { category: 'network', type: 'connection' }, intrusion_detected: { category: 'intrusion_detection', type: 'info' }, malware_detected: { category: 'malware', type: 'info' },
  http_request: { category: 'web', type: 'access' }, web_error: { category: 'web', type: 'error' }, web_attack_detected: { category: 'intrusion_detection', type: 'info' }, proxy_request: { category: 'web', type: 'access' },
  dns_query: { category: 'network', type: 'protocol' }, dhcp_lease: { category: 'network', type: 'info' }, vpn_connected: { category: 'network', type: 'start', outcome: 'success' }, vpn_failed: { category: 'network', type: 'start', outcome: 'failure' }, vpn_disconnected: { category: 'network', type: 'end' },
  database_login: login('success'), database_login_failed: login('failure'), database_query: { category: 'database', type: 'access' }, database_error: { category: 'database', type: 'error', outcome: 'failure' }, database_connection: { category: 'database', type: 'start' }, database_disconnection: { category: 'database', type: 'end' },
  mail_sent: { category: 'email', type: 'info', outcome: 'success' }, mail_rejected: { category: 'email', type: 'denied', outcome: 'failure' }, mail: { category: 'email', type: 'info' },
  file_uploaded: { category: 'file', type: 'creation' }, file_downloaded: { category: 'file', type: 'access' },
} satisfies Record<string, Meaning>;

export type Action = keyof typeof actions;
export const ACTIONS: Readonly<Record<Action, Meaning>> = actions;
