// Windows log sources: which channel and event id make which category and service. The facts are those of the Sigma taxonomy
// (SigmaHQ/sigma-specification, specification/sigma-appendix-taxonomy.md, public domain) with the registry event types and
// further channels that SigmaHQ's own test routing uses, and those as Windows names them where both call them by what the viewer shows. Channel names compare without case: real data has "security".

interface CategoryRow {
  readonly category: string;
  readonly channels: readonly string[];
  readonly eventIds: readonly number[];
  /** Registry additions and deletions share an event id; the field EventType tells them apart. */
  readonly eventTypes?: readonly string[];
  /** Only for events that our normalizers read: the taxonomy does not name it. */
  readonly ownOnly?: boolean;
}

const SYSMON = ['Microsoft-Windows-Sysmon/Operational'];
const POWERSHELL = ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'];

export const WINDOWS_CATEGORIES: readonly CategoryRow[] = [
  { category: 'process_creation', channels: SYSMON, eventIds: [1] },
  { category: 'file_change', channels: SYSMON, eventIds: [2] },
  { category: 'network_connection', channels: SYSMON, eventIds: [3] },
  { category: 'sysmon_status', channels: SYSMON, eventIds: [4, 16] },
  { category: 'process_termination', channels: SYSMON, eventIds: [5] },
  { category: 'driver_load', channels: SYSMON, eventIds: [6] },
  { category: 'image_load', channels: SYSMON, eventIds: [7] },
  { category: 'create_remote_thread', channels: SYSMON, eventIds: [8] },
  { category: 'raw_access_thread', channels: SYSMON, eventIds: [9] },
  { category: 'process_access', channels: SYSMON, eventIds: [10] },
  { category: 'file_event', channels: SYSMON, eventIds: [11] },
  { category: 'registry_event', channels: SYSMON, eventIds: [12, 13, 14] },
  { category: 'registry_add', channels: SYSMON, eventIds: [12], eventTypes: ['createkey'] },
  { category: 'registry_delete', channels: SYSMON, eventIds: [12], eventTypes: ['deletekey', 'deletevalue'] },
  { category: 'registry_set', channels: SYSMON, eventIds: [13] },
  { category: 'registry_rename', channels: SYSMON, eventIds: [14] },
  { category: 'create_stream_hash', channels: SYSMON, eventIds: [15] },
  { category: 'pipe_created', channels: SYSMON, eventIds: [17, 18] },
  { category: 'wmi_event', channels: SYSMON, eventIds: [19, 20, 21] },
  { category: 'dns_query', channels: SYSMON, eventIds: [22] },
  { category: 'file_delete', channels: SYSMON, eventIds: [23] },
  { category: 'clipboard_capture', channels: SYSMON, eventIds: [24] },
  { category: 'process_tampering', channels: SYSMON, eventIds: [25] },
  { category: 'file_delete_detected', channels: SYSMON, eventIds: [26] },
  { category: 'file_block_executable', channels: SYSMON, eventIds: [27] },
  { category: 'file_block_shredding', channels: SYSMON, eventIds: [28] },
  { category: 'file_executable_detected', channels: SYSMON, eventIds: [29] },
  { category: 'sysmon_error', channels: SYSMON, eventIds: [255] },
  { category: 'ps_classic_start', channels: ['Windows PowerShell'], eventIds: [400] },
  { category: 'ps_classic_provider_start', channels: ['Windows PowerShell'], eventIds: [600] },
  { category: 'ps_classic_script', channels: ['Windows PowerShell'], eventIds: [800] },
  { category: 'ps_module', channels: POWERSHELL, eventIds: [4103] },
  { category: 'ps_script', channels: POWERSHELL, eventIds: [4104] },
  // Process creation as the Security log knows it, for sites without Sysmon: fewer fields, Image and ParentImage under other
  // names (field-view.ts). The taxonomy leaves it to the pipeline; ours says yes.
  { category: 'process_creation', channels: ['Security'], eventIds: [4688], ownOnly: true },
  // Files that were touched, where a site audits its folders: the taxonomy's sources are the kernel's own, which few collect.
  { category: 'file_access', channels: ['Security'], eventIds: [4663], ownOnly: true },
  // What rules for any product ask of a virus scanner and of name servers, these tell as well.
  { category: 'antivirus', channels: ['Microsoft-Windows-Windows Defender/Operational'], eventIds: [1006, 1007, 1008, 1015, 1116, 1117, 1118, 1119], ownOnly: true },
  { category: 'dns', channels: [...SYSMON, 'Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational', 'Microsoft-Windows-DNS-Server/Analytical', 'Microsoft-Windows-DNSServer/Analytical'], eventIds: [22, 256, 257, 3006, 3008], ownOnly: true },
];

export const WINDOWS_SERVICES: Readonly<Record<string, readonly string[]>> = {
  application: ['Application'],
  'application-experience': ['Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant', 'Microsoft-Windows-Application-Experience/Program-Telemetry'],
  applocker: ['Microsoft-Windows-AppLocker/EXE and DLL', 'Microsoft-Windows-AppLocker/MSI and Script', 'Microsoft-Windows-AppLocker/Packaged app-Deployment', 'Microsoft-Windows-AppLocker/Packaged app-Execution'],
  'appmodel-runtime': ['Microsoft-Windows-AppModel-Runtime/Admin'],
  'appxdeployment-server': ['Microsoft-Windows-AppXDeploymentServer/Operational'],
  'appxpackaging-om': ['Microsoft-Windows-AppxPackaging/Operational'],
  bitlocker: ['Microsoft-Windows-BitLocker/BitLocker Management'],
  'bits-client': ['Microsoft-Windows-Bits-Client/Operational'],
  capi2: ['Microsoft-Windows-CAPI2/Operational'],
  'certificateservicesclient-lifecycle-system': ['Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational'],
  'codeintegrity-operational': ['Microsoft-Windows-CodeIntegrity/Operational'],
  dhcp: ['Microsoft-Windows-DHCP-Server/Operational'],
  'diagnosis-scripted': ['Microsoft-Windows-Diagnosis-Scripted/Operational'],
  'dns-client': ['Microsoft-Windows-DNS Client Events/Operational', 'Microsoft-Windows-DNS-Client/Operational'],
  'dns-server': ['DNS Server'],
  'dns-server-analytic': ['Microsoft-Windows-DNS-Server/Analytical', 'Microsoft-Windows-DNSServer/Analytical'],
  'dns-server-audit': ['Microsoft-Windows-DNS-Server/Audit', 'Microsoft-Windows-DNSServer/Audit'],
  'driver-framework': ['Microsoft-Windows-DriverFrameworks-UserMode/Operational'],
  'firewall-as': ['Microsoft-Windows-Windows Firewall With Advanced Security/Firewall'],
  'hyper-v-worker': ['Microsoft-Windows-Hyper-V-Worker', 'Microsoft-Windows-Hyper-V-Worker-Admin', 'Microsoft-Windows-Hyper-V-Worker-Operational'],
  'iis-configuration': ['Microsoft-IIS-Configuration/Operational'],
  'kernel-event-tracing': ['Microsoft-Windows-Kernel-EventTracing', 'Microsoft-Windows-Kernel-EventTracing/Admin', 'Microsoft-Windows-Kernel-EventTracing/Analytic'],
  'kernel-shimengine': ['Microsoft-Windows-Kernel-ShimEngine/Diagnostic', 'Microsoft-Windows-Kernel-ShimEngine/Operational'],
  ldap: ['Microsoft-Windows-LDAP-Client/Debug'],
  'lsa-server': ['Microsoft-Windows-LSA/Operational'],
  'msexchange-management': ['MSExchange Management'],
  ntfs: ['Microsoft-Windows-Ntfs/Operational'],
  ntlm: ['Microsoft-Windows-NTLM/Operational'],
  openssh: ['OpenSSH/Operational'],
  powershell: ['Microsoft-Windows-PowerShell/Operational', 'PowerShellCore/Operational'],
  'powershell-classic': ['Windows PowerShell'],
  'printservice-admin': ['Microsoft-Windows-PrintService/Admin'],
  'printservice-operational': ['Microsoft-Windows-PrintService/Operational'],
  security: ['Security'],
  'security-mitigations': ['Microsoft-Windows-Security-Mitigations/Kernel Mode', 'Microsoft-Windows-Security-Mitigations/User Mode', 'Microsoft-Windows-Security-Mitigations/KernelMode', 'Microsoft-Windows-Security-Mitigations/UserMode'],
  sense: ['Microsoft-Windows-SENSE/Operational'],
  'servicebus-client': ['Microsoft-ServiceBus-Client/Admin', 'Microsoft-ServiceBus-Client/Operational'],
  'shell-core': ['Microsoft-Windows-Shell-Core/Operational'],
  'smbclient-connectivity': ['Microsoft-Windows-SmbClient/Connectivity'],
  'smbclient-security': ['Microsoft-Windows-SmbClient/Security'],
  'smbserver-connectivity': ['Microsoft-Windows-SMBServer/Connectivity'],
  sysmon: ['Microsoft-Windows-Sysmon/Operational'],
  system: ['System'],
  taskscheduler: ['Microsoft-Windows-TaskScheduler/Operational'],
  'terminalservices-localsessionmanager': ['Microsoft-Windows-TerminalServices-LocalSessionManager/Operational'],
  vhdmp: ['Microsoft-Windows-VHDMP/Operational'],
  windefend: ['Microsoft-Windows-Windows Defender/Operational'],
  wmi: ['Microsoft-Windows-WMI-Activity/Operational'],
  // The name that rules carried before the taxonomy shortened it.
  'microsoft-servicebus-client': ['Microsoft-ServiceBus-Client/Admin', 'Microsoft-ServiceBus-Client/Operational'],
};
