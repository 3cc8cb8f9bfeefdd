// What kernels tell of programs, as the tools that listen to them write it: macOS' Endpoint Security by eslogger, Linux by Tetragon.
import type { Action } from '../actions.js';
import type { Draft } from '../draft.js';
import { has, textOf, type Flat } from '../json-fields.js';
import { lookup } from '../lookup.js';
import { lastPart } from '../windows/parts.js';
import { first, means, type Product } from './product.js';

// --- eslogger(1), members as EndpointSecurity names them: https://developer.apple.com/documentation/endpointsecurity/es_message_t -----------------
const eslogger: Product = {
  dataset: 'macos.eslogger', maker: 'Apple / Endpoint Security', marks: ['mach_time'],
  is: (flat) => has(flat, 'mach_time', 'process.executable.path', 'event_type'),
  time: ['time'],
  names: means(`
    user.id: event.exec.target.audit_token.euid process.audit_token.euid
    process.working_directory: event.exec.cwd.path`),
  more(draft, flat) {
    const started = textOf(flat, 'event.exec.target.executable.path');
    putProcess(draft, 'process', flat, started === undefined ? 'process' : 'event.exec.target');
    if (started !== undefined) {
      const args = flat['event.exec.args'];
      draft.put('process.command_line', Array.isArray(args) ? args.join(' ') : textOf(flat, 'event.exec.args'));
      putProcess(draft, 'process.parent', flat, 'process'); // what calls exec is replaced by what it starts, and is what a person calls its parent
    }
    draft.put('host.os.type', 'macos');
    const event = EVENTS.find(([name]) => Object.keys(flat).some((key) => key.startsWith(`event.${name}.`)));
    if (event === undefined) return;
    const [name, action] = event, folder = textOf(flat, `event.${name}.destination.new_path.dir.path`) ?? textOf(flat, `event.${name}.destination.dir.path`), file = textOf(flat, `event.${name}.destination.new_path.filename`) ?? textOf(flat, `event.${name}.destination.filename`), path = folder !== undefined && file !== undefined ? `${folder.replace(/\/$/, '')}/${file}` : first(flat, [`event.${name}.destination.existing_file.path`, `event.${name}.target.path`, `event.${name}.file.path`]);
    if (action.startsWith('file_') && path !== undefined) { draft.put('file.path', path); draft.put('file.name', lastPart(path)); }
    draft.act(action);
  },
};
const EVENTS: readonly (readonly [name: string, action: Action])[] = [['exec', 'process_started'], ['exit', 'process_ended'], ['create', 'file_created'], ['rename', 'file_created'], ['write', 'file_changed'], ['unlink', 'file_deleted'], ['open', 'file_opened']];
function putProcess(draft: Draft, field: string, flat: Flat, member: string): void {
  const path = textOf(flat, `${member}.executable.path`);
  if (path !== undefined) { draft.put(`${field}.executable`, path); draft.put(`${field}.name`, lastPart(path)); }
  draft.put(`${field}.pid`, textOf(flat, `${member}.audit_token.pid`));
}

// --- Tetragon: https://tetragon.io/docs/reference/grpc-api/ -----------------------------------------------------------------------------------------
const KINDS = lookup<Action>({ process_exec: 'process_started', process_exit: 'process_ended', process_kprobe: 'audit_record' });
const tetragon: Product = {
  dataset: 'tetragon.event', maker: 'Cilium / Tetragon', marks: ['node_name'],
  is: (flat) => has(flat, 'node_name') && Object.keys(KINDS).some((kind) => has(flat, `${kind}.process.binary`)),
  time: ['time'],
  names: means(`host.name: node_name\nevent.code: process_kprobe.function_name\n${['', '.parent'].flatMap((of) => [`process${of}.executable: MEMBER.binary`, `process${of}.pid: MEMBER.pid`].map((line) => line.replace('MEMBER', of === '' ? 'process' : 'parent')))
    .concat('process.working_directory: process.cwd', 'user.id: process.uid', 'container.id: process.docker', 'orchestrator.namespace: process.pod.namespace', 'orchestrator.resource.name: process.pod.name')
    .map((line) => { const [field = '', member = ''] = line.split(': '); return `${field}: ${Object.keys(KINDS).map((kind) => `${kind}.${member}`).join(' ')}`; }).join('\n')}`),
  more(draft, flat) {
    for (const kind of Object.keys(KINDS)) for (const [member, field] of [['process', 'process'], ['parent', 'process.parent']] as const) {
      const path = textOf(flat, `${kind}.${member}.binary`), args = textOf(flat, `${kind}.${member}.arguments`);
      if (path === undefined) continue;
      draft.put(`${field}.name`, lastPart(path));
      draft.put(`${field}.command_line`, args === undefined ? path : `${path} ${args}`);
    }
    const kind = Object.keys(KINDS).find((one) => has(flat, `${one}.process.binary`));
    if (kind !== undefined) draft.act(KINDS[kind] as Action);
  },
};

export const KERNELS: readonly Product[] = [eslogger, tetragon];
