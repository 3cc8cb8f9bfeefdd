import { parseLine } from '../../message/parse-line.js';
import { eventDataOf } from './localized.js';

const received = Date.parse('2026-02-17T14:00:00Z');
const FAILED = (label: (n: number) => string, gap = '\t\t'): string => [
  'x.', '', `${label(0)}:`, `\t${label(1)}:${gap}S-1-0-0`, `\t${label(2)}:${gap}-`, `\t${label(3)}:${gap}-`, `\t${label(4)}:${gap}0x0`, '', `${label(5)}:\t\t\t3`, '', `${label(6)}:`, `\t${label(7)}:${gap}S-1-0-0`, `\t${label(8)}:${gap}an`, `\t${label(9)}:${gap}SO`, '',
  `${label(10)}:`, `\t${label(11)}:${gap}%%2313`, `\t${label(12)}:\t\t\t0xC000006D`, `\t${label(13)}:${gap}0xC0000064`, '', `${label(14)}:`, `\t${label(15)}:\t0x0`, `\t${label(16)}:\tC:\\Windows\\notepad.exe`, '', `${label(17)}:`, `\t${label(18)}:\tPC01`, `\t${label(19)}:\t203.0.113.9`, `\t${label(20)}:${gap}50000`, '',
  `${label(21)}:`, `\t${label(22)}:${gap}NtLmSsp `, `\t${label(23)}:\tNTLM`, `\t${label(24)}:\t-`, `\t${label(25)}:\t-`, `\t${label(26)}:${gap}0`, '', 'x x.'].join('\r\n');
const WANTED = { LogonType: '3', TargetUserName: 'an', TargetDomainName: 'SO', Status: '0xC000006D', ProcessName: 'C:\\Windows\\notepad.exe', WorkstationName: 'PC01', IpAddress: '203.0.113.9', IpPort: '50000', LogonProcessName: 'NtLmSsp' };

test.each([['words of any language', (n: number) => `Nhãn số ${n}`], ['a blank before the colon', (n: number) => `Étiquette n° ${n} `], ['words without blanks', (n: number) => `标签${n}`]])('of an event whose number is known the values are found by where they stand: %s', (_, label) => {
  const text = FAILED(label);
  for (const form of [text, text.replaceAll('\r\n', '#012').replaceAll('\t', '#011'), text.replaceAll('\r\n', '\\r\\n').replaceAll('\t', '\\t'), text.replaceAll(/[\r\n\t]/g, ' ')]) expect(eventDataOf('4625', form)).toMatchObject(WANTED);
});

test('a text that is not in the order of its event is left alone; of two orders the one whose sections fit is taken', () => {
  expect(eventDataOf('4624', FAILED((n) => `Nhãn ${n}`))).toEqual({});
  expect(eventDataOf('9999', FAILED((n) => `Nhãn ${n}`))).toEqual({});
  expect(eventDataOf('4688', 'x.\n\na:\n\tb:\t\tS-1-5-18\n\tc:\t\tPC01$\n\td:\t\tSO\n\te:\t\t0x3e7\n\nf:\n\tg:\t\t0x1f4\n\th:\tC:\\a.exe\n\ti:\t%%1936\n\tj:\t0x2\n')).toMatchObject({ SubjectUserName: 'PC01$', NewProcessName: 'C:\\a.exe', ProcessId: '0x2' });
  expect(eventDataOf('4688', 'x.\n\na:\n\tb:\t\tS-1-5-18\n\tc:\t\tPC01$\n\td:\t\tSO\n\te:\t\t0x3e7\n\nf:\n\tg:\t\tS-1-0-0\n\th:\t\t-\n\ti:\t\t-\n\tj:\t\t0x0\n\nk:\n\tl:\t\t0x1f4\n\tm:\tC:\\a.exe\n\tn:\t%%1936\n\to:\tS-1-16-8192\n\tp:\t0x2\n\tq:\tC:\\b.exe\n\tr:\ta.exe /x: y\n')).toMatchObject({ NewProcessName: 'C:\\a.exe', ParentProcessName: 'C:\\b.exe', CommandLine: 'a.exe /x: y' });
});

test('a French line without a number is known by its first sentence', () => {
  const text = 'Échec d’ouverture de session d’un compte.    Sujet :   ID de sécurité :  S-1-0-0   Nom du compte :  -   Domaine du compte :  -   ID d’ouverture de session :  0x0    Type d’ouverture de session :   3    Compte pour lequel l’ouverture de session a échoué :   ID de sécurité :  S-1-0-0   Nom du compte :  an   Domaine du compte :  SO    Informations sur l’échec :   Raison de l’échec :  Nom d’utilisateur inconnu.   État :   0xC000006D   Sous-état :  0xC0000064    Informations sur le processus :   ID du processus de l’appelant : 0x0   Nom du processus de l’appelant : -    Informations sur le réseau :   Nom de la station de travail : PC01   Adresse du réseau source : 203.0.113.9   Port source :  50000    Informations détaillées sur l’authentification :   Processus d’ouverture de session :  NtLmSsp    Package d’authentification : NTLM   Services en transit : -   Nom du package (NTLM uniquement) : -   Longueur de la clé :  0';
  const want = { 'event.dataset': 'windows.security', 'event.code': '4625', 'event.action': 'login_failed', 'user.name': 'an', 'source.ip': '203.0.113.9', 'winlog.event_data.Status': '0xC000006D' };
  expect(parseLine({ raw: `<14>Feb 17 13:40:03 dc1 Microsoft-Windows-Security-Auditing[556]: ${text}`, received }).event).toMatchObject(want);
  expect(parseLine({ raw: `<14>Feb 17 13:40:03 dc1 MSWinEventLog\t1\tSecurity\t9\tTue Feb 17 13:40:03 2026\t4625\tMicrosoft-Windows-Security-Auditing\tN/A\tN/A\tFailure Audit\tdc1.so.example.org\tOuvrir la session\t\t${text}\t77`, received }).event).toMatchObject(want);
});
