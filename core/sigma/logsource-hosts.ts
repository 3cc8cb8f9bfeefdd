// What an agent on a machine saw happen there: a program started, a file written, a connection made. Told from ECS's category and type, which our
// normalizers and Elastic's agents write alike, for the data sets of such agents: elsewhere the same words tell of what a log says happened.
import { read, type Event } from '../event.js';
import type { LogSource } from './rule.js';

const AGENTS = /^(?:endpoint\.events\.|m365_defender\.(?!alert)|osquery\.result$|crowdstrike\.fdr$|auditd\.log$|auditd_manager\.|(?:auditbeat|system)\.(?:process|socket|file)$|process$|socket$|file$|fim\.event$|wazuh\.alerts$|falco\.alerts$|tetragon\.event$|macos\.eslogger$|ocsf\.event$)/;

const OF_LINUX = /^(?:auditd|falco|tetragon)/;

/** `linux:process_creation+...`; empty for most events. */
export function hostEventOf(event: Event, dataset: string): string {
  if (!AGENTS.test(dataset)) return '';
  const categories = dataset === 'falco.alerts' ? ofAlert(event) : happened(event);
  if (categories.length === 0) return '';
  const system = OF_LINUX.test(dataset) ? 'linux' : systemOf(event);
  return system === '' ? '' : `${system}:${categories.join('+')}`;
}

/** Of what `hostEventOf` said. */
export function hostSources(said: string): LogSource[] {
  const [product, categories = ''] = said.split(':');
  return [{ product }, ...categories.split('+').map((category) => ({ product, category }))];
}

/** Events of every kind that agents tell of. */
export function hostExamples(): Event[] {
  const kinds: Event[] = [
    { 'event.category': 'process', 'event.type': 'start', 'process.executable': '/' }, { 'event.category': 'process', 'event.type': 'end' }, { 'event.category': 'file', 'event.type': 'creation' }, { 'event.category': 'file', 'event.type': 'deletion' }, { 'event.category': 'file', 'event.action': 'rename', 'event.type': 'change' },
    { 'event.category': 'network', 'event.type': 'start' }, { 'event.category': 'library', 'event.type': 'start' }, { 'event.category': 'driver', 'event.type': 'start' }, { 'event.category': 'registry', 'event.type': 'change' }, { 'dns.question.name': 'n' },
  ];
  return ['windows', 'linux', 'macos'].flatMap((system) => kinds.map((kind) => ({ 'event.dataset': 'endpoint.events.any', 'host.os.type': system, ...kind })));
}

function happened(event: Event): string[] {
  const is = wordsOf(event, 'event.category'), type = wordsOf(event, 'event.type'), [action = ''] = wordsOf(event, 'event.action'), record = wordsOf(event, 'auditd.log.record_type');
  if (record.length > 0) return ofRecords(event, record);
  if (Object.hasOwn(event, 'dns.question.name')) return ['dns_query'];
  const found: string[] = [];
  if (is.includes('process')) {
    if (type.includes('start') && !NO_PROGRAM.test(action) && (Object.hasOwn(event, 'process.executable') || Object.hasOwn(event, 'process.command_line'))) found.push('process_creation');
    if (type.includes('end')) found.push('process_termination');
  }
  if (is.includes('file')) found.push(...ofFile(type, action));
  if (is.includes('network') && !type.includes('end') && !type.includes('protocol')) found.push('network_connection');
  if (is.includes('library')) found.push('image_load');
  if (is.includes('driver')) found.push('driver_load');
  if (is.includes('registry') && !type.includes('access')) found.push('registry_event', type.includes('deletion') ? 'registry_delete' : type.includes('creation') ? 'registry_add' : 'registry_set');
  return found;
}

/** A copy of a running program is no new one, nor is a service that reports itself. */
const NO_PROGRAM = /^(?:fork|service_\w+|session_\w+|ssh_\w+)$/;

/** A file that is renamed stands under its new name as if it had been made there; one that was only read was not written. */
function ofFile(type: readonly string[], action: string): string[] {
  if (type.includes('deletion')) return ['file_delete'];
  if (/renam|moved/i.test(action)) return ['file_rename', 'file_event'];
  return type.includes('creation') || type.includes('change') && !/attribut|permission|owner|open/i.test(action) ? ['file_event'] : [];
}

/** Records of Linux' audit: the arguments of a program, a path, an address. */
function ofRecords(event: Event, records: readonly string[]): string[] {
  const found: string[] = [], made = wordsOf(event, 'auditd.log.nametype');
  if (records.includes('EXECVE')) found.push('process_creation');
  else if (records.includes('PATH')) found.push(...(made.includes('CREATE') ? ['file_event'] : []), ...(made.includes('DELETE') ? ['file_delete'] : []));
  if (records.includes('SOCKADDR') && read(event, 'auditd.log.SYSCALL') === 'connect' && Object.hasOwn(event, 'destination.ip')) found.push('network_connection');
  return found;
}

/** An alert tells what its rule is about by the call that met it, and of the program that made the call. */
function ofAlert(event: Event): string[] {
  const [call = ''] = wordsOf(event, 'output_fields.evt.type');
  return [
    ...(Object.hasOwn(event, 'process.command_line') ? ['process_creation'] : []),
    ...(Object.hasOwn(event, 'file.path') && /^(?:open|creat|rename|link|symlink|mkdir)/.test(call) ? ['file_event'] : []), ...(Object.hasOwn(event, 'file.path') && /^(?:unlink|rmdir)/.test(call) ? ['file_delete'] : []),
    ...(Object.hasOwn(event, 'destination.ip') && /^(?:connect|sendto|sendmsg)$/.test(call) ? ['network_connection'] : []),
  ];
}

/** By its own word, else by the shape of a path. */
function systemOf(event: Event): string {
  for (const field of ['host.os.type', 'host.os.family', 'host.os.platform', 'event_platform', 'decorations.platform', 'device.os.type', 'device.os.name']) for (const word of wordsOf(event, field)) {
    if (/^win/i.test(word)) return 'windows';
    if (/^(?:mac|darwin|osx)/i.test(word)) return 'macos';
    if (/^(?:lin|debian|ubuntu|redhat|rhel|centos|rocky|alma|fedora|oracle|suse|sles|opensuse|amazon|arch|alpine)/i.test(word)) return 'linux';
  }
  if (Object.hasOwn(event, 'columns.signing_id') || Object.hasOwn(event, 'columns.team_id')) return 'macos'; // columns that only its tables have
  const [path = ''] = ['process.executable', 'file.path', 'process.parent.executable', 'registry.path'].flatMap((field) => wordsOf(event, field));
  return systemOfPath(path);
}

export const systemOfPath = (path: string): string => (/^(?:[a-z]:[\\/]|\\|HK)/i.test(path) ? 'windows' : MAC_PATH.test(path) ? 'macos' : path.startsWith('/') ? 'linux' : '');
const MAC_PATH = /^\/(?:Applications|Users|System|Library|Volumes|private)\//;

function wordsOf(event: Event, field: string): string[] {
  const value = read(event, field);
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
