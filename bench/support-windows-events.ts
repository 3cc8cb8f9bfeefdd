// Windows events for bench/support-lanes.ts, as Sysmon and the Security log write them. Command lines, paths and names are put
// together anew for every event: few distinct values would flatter an engine that remembers.
import type { Random } from './support-random.js';

export type Fields = Record<string, unknown>;
export const time = (n: number): string => new Date(Date.UTC(2026, 10, 20) + n * 137).toISOString();

const PROGRAMS = ['svchost.exe', 'chrome.exe', 'msedge.exe', 'explorer.exe', 'Teams.exe', 'WINWORD.EXE', 'cmd.exe', 'powershell.exe', 'conhost.exe', 'rundll32.exe', 'MsMpEng.exe', 'git.exe', 'node.exe', 'OneDrive.exe', 'taskhostw.exe', 'unikey.exe'];
const FOLDERS = ['C:\\Windows\\System32', 'C:\\Program Files\\Common Files', 'C:\\Program Files (x86)\\Vendor', 'C:\\Users\\hoa\\AppData\\Local\\Programs', 'D:\\Apps'];

export function commandLine(random: Random): string {
  const parts = [`"${random.of(FOLDERS)}\\${random.of(PROGRAMS)}"`];
  for (let i = random.int(9); i >= 0; i--) parts.push(argument(random));
  return parts.join(' ');
}

function argument(random: Random): string {
  return random.of([
    () => `--${random.word()}=${random.word()}`, () => `-${random.of(['k', 'p', 's', 'q'])} ${random.word()}`, () => `/${random.word()}`,
    () => `C:\\Users\\${random.word()}\\${random.word()}.${random.of(['txt', 'log', 'dat', 'json'])}`, () => `{${random.hex(8)}-${random.hex(4)}}`,
  ])();
}

const sysmon = (random: Random, n: number, id: number, category: string, fields: Fields): Fields => ({
  '@timestamp': time(n), Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: id, Provider_Name: 'Microsoft-Windows-Sysmon', Computer: `ws-${random.int(400)}.xa.example`, EventRecordID: n, Level: 4, Task: id, Version: 5,
  RuleName: '-', UtcTime: time(n), ProcessGuid: `{${random.hex(8)}-${random.hex(4)}-${random.hex(12)}}`, ProcessId: random.int(30_000), Image: `${random.of(FOLDERS)}\\${random.of(PROGRAMS)}`, User: `XA\\${random.word()}`,
  ...fields, product: 'windows', category, service: 'sysmon',
});

/** Sysmon 1, about 1.4 KB. */
export function processCreation(random: Random, n: number, line = commandLine(random)): Fields {
  const program = random.of(PROGRAMS);
  return sysmon(random, n, 1, 'process_creation', {
    Image: `${random.of(FOLDERS)}\\${program}`, FileVersion: `10.0.${random.int(20_000)}.${random.int(900)}`, Description: `${random.word()} ${random.word()} host`, Product: 'Vendor Operating System', Company: 'Vendor Corporation',
    OriginalFileName: program, CommandLine: line, CurrentDirectory: `${random.of(FOLDERS)}\\`, LogonGuid: `{${random.hex(8)}-${random.hex(12)}}`, LogonId: `0x${random.hex(6)}`, TerminalSessionId: random.int(4),
    IntegrityLevel: random.of(['Medium', 'High', 'System']), Hashes: `MD5=${random.hex(32).toUpperCase()},SHA256=${random.hex(64).toUpperCase()},IMPHASH=${random.hex(32).toUpperCase()}`,
    ParentProcessGuid: `{${random.hex(8)}-${random.hex(12)}}`, ParentProcessId: random.int(30_000), ParentImage: `${random.of(FOLDERS)}\\${random.of(PROGRAMS)}`, ParentCommandLine: commandLine(random), ParentUser: `XA\\${random.word()}`,
  });
}

/** Sysmon 11, 13, 3 and 22. */
export function otherSysmon(random: Random, n: number): Fields {
  return random.of([
    () => sysmon(random, n, 11, 'file_event', { TargetFilename: `${random.of(FOLDERS)}\\${random.word()}\\${random.word()}.${random.of(['tmp', 'dll', 'exe', 'docx', 'log'])}`, CreationUtcTime: time(n) }),
    () => sysmon(random, n, 13, 'registry_set', { EventType: 'SetValue', TargetObject: `HKLM\\SOFTWARE\\${random.word()}\\${random.word()}\\${random.word()}`, Details: random.of(['DWORD (0x00000001)', random.word(), `${random.of(FOLDERS)}\\${random.word()}.dll`]) }),
    () => sysmon(random, n, 3, 'network_connection', { Protocol: 'tcp', Initiated: 'true', SourceIp: `192.0.2.${random.int(250)}`, SourcePort: 1024 + random.int(60_000), DestinationIp: `203.0.113.${random.int(250)}`, DestinationPort: random.of([80, 443, 445, 3389, 8443]), DestinationHostname: `${random.word()}.example` }),
    () => sysmon(random, n, 22, 'dns_query', { QueryName: `${random.word()}.${random.word()}.example`, QueryStatus: '0', QueryResults: `203.0.113.${random.int(250)};` }),
  ])();
}

/** The Security log, about 0.9 KB. */
export function security(random: Random, n: number): Fields {
  return {
    '@timestamp': time(n), Channel: 'Security', EventID: random.of([4624, 4625, 4634, 4648, 4672, 4688, 4769, 5140, 5156]), Provider_Name: 'Microsoft-Windows-Security-Auditing', Computer: `dc-${random.int(4)}.xa.example`, EventRecordID: n, Level: 0,
    Keywords: '0x8020000000000000', SubjectUserSid: `S-1-5-21-${random.int(1e9)}-${random.int(1e9)}-${random.int(9999)}`, SubjectUserName: random.word(), SubjectDomainName: 'XA', SubjectLogonId: `0x${random.hex(6)}`,
    TargetUserSid: `S-1-5-21-${random.int(1e9)}-${random.int(9999)}`, TargetUserName: random.word(), TargetDomainName: 'XA', TargetLogonId: `0x${random.hex(6)}`, LogonType: random.of([2, 3, 5, 7, 10]), LogonProcessName: 'Kerberos',
    AuthenticationPackageName: random.of(['Kerberos', 'NTLM', 'Negotiate']), WorkstationName: `WS-${random.int(400)}`, IpAddress: `192.0.2.${random.int(250)}`, IpPort: 1024 + random.int(60_000), ProcessName: `${random.of(FOLDERS)}\\${random.of(PROGRAMS)}`,
    ServiceName: random.word(), TicketOptions: '0x40810000', TicketEncryptionType: '0x12', Status: '0x0', ObjectName: `\\Device\\${random.word()}`, AccessMask: '0x1', product: 'windows', service: 'security',
  };
}

/** A Security event that came as one syslog text: nothing of it is a field. */
export function blob(random: Random, n: number): Fields {
  const { SubjectUserName, SubjectUserSid, SubjectLogonId, ProcessName } = security(random, n);
  return {
    '@timestamp': time(n), Channel: 'Security', host: `dc-${random.int(4)}.xa.example`, facility: 'user',
    message: `<13>Nov 20 10:00:00 dc-${random.int(4)} MSWinEventLog\t1\tSecurity\t${n}\tFri Nov 20 10:00:00 2026\t4688\tMicrosoft-Windows-Security-Auditing\tXA\\${String(SubjectUserName)}\tN/A\tSuccess Audit\tdc-1\tProcess Creation\t\tA new process has been created. `
      + `Subject: Security ID: ${String(SubjectUserSid)} Account Name: ${String(SubjectUserName)} Account Domain: XA Logon ID: ${String(SubjectLogonId)} Process Information: New Process ID: 0x${random.hex(4)} New Process Name: ${String(ProcessName)} `
      + `Token Elevation Type: %%1938 Creator Process ID: 0x${random.hex(4)} Process Command Line: ${commandLine(random)}`,
    product: 'windows', service: 'security',
  };
}

/** PowerShell 4104: a script of `length` characters. */
export function scriptBlock(random: Random, n: number, length: number): Fields {
  let text = '';
  while (text.length < length) text += random.of([`$${random.word()} = Get-${random.word()} -Path "C:\\${random.word()}"\n`, `function ${random.word()} { param($${random.word()}) return $${random.word()}.${random.word()} }\n`, `# ${random.word()} ${random.word()} ${random.word()}\n`]);
  return { '@timestamp': time(n), Channel: 'Microsoft-Windows-PowerShell/Operational', EventID: 4104, Provider_Name: 'Microsoft-Windows-PowerShell', Computer: `ws-${random.int(400)}.xa.example`, EventRecordID: n, Level: 5, ScriptBlockId: `${random.hex(8)}-${random.hex(12)}`, ScriptBlockText: text, Path: '', product: 'windows', category: 'ps_script', service: 'powershell' };
}
