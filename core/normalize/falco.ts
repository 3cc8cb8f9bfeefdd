// Falco's alerts as text, behind its program's name: the time, the priority, what was seen and by whom. What stands before the values is the rule's own
// sentence; the fields it prints are called otherwise than in JSON. https://falco.org/docs/concepts/outputs/formatting/
//   13:40:03.123456789: Notice A shell was spawned in a container | user=root process=sh parent=runc command=sh -c id container_id=0123456789ab
import type { Value } from '../event.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import { falco } from './json-products/endpoints.js';
import { productKind } from './json-products/product.js';
import { lookup } from './lookup.js';
import { cefPairs } from './vendor/cef.js';

const ALERT = /^(?:\d\d:\d\d:\d\d\.\d{1,9}: )?(Emergency|Alert|Critical|Error|Warning|Notice|Informational|Debug) (.{1,600}?) (?:\| |\((?=\w[\w.]{0,60}=))/;
const FIELDS = lookup({
  user: 'user.name', user_uid: 'user.uid', process: 'proc.name', proc_name: 'proc.name', shell: 'proc.name', proc_exepath: 'proc.exepath', exepath: 'proc.exepath', command: 'proc.cmdline', cmdline: 'proc.cmdline', proc_cmdline: 'proc.cmdline', pid: 'proc.pid', parent: 'proc.pname', proc_pname: 'proc.pname', file: 'fd.name', fd_name: 'fd.name', connection: 'fd.name',
  container_id: 'container.id', container_name: 'container.name', 'k8s.ns': 'k8s.ns.name', k8s_ns: 'k8s.ns.name', k8s_ns_name: 'k8s.ns.name', 'k8s.pod': 'k8s.pod.name', k8s_pod: 'k8s.pod.name', k8s_pod_name: 'k8s.pod.name',
});
const { read } = productKind(falco);
function readFalco(draft: Draft): boolean {
  const found = ALERT.exec(draft.head);
  if (found === null) return false;
  const [lead, priority = '', said = ''] = found, flat: Record<string, Value> = { priority, output: said };
  for (const [key, value] of cefPairs(draft.text.slice(lead.length).trim().replace(/\)$/, ''))) if (value !== '<NA>' && value !== '') flat[`output_fields.${FIELDS[key] ?? key}`] ??= value;
  for (const field of ['process.name', 'process.pid']) Reflect.deleteProperty(draft.event, field); // Falco's own
  draft.put('event.dataset', falco.dataset);
  read(draft, flat);
  for (const field of ['priority', 'output']) Reflect.deleteProperty(draft.event, field); // the level, and the reason
  draft.put('log.level', priority.toLowerCase());
  return true;
}
export const falcoText: Format = { name: 'falco.alerts', programs: ['falco'], read: readFalco };
