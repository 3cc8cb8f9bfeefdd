// What container engines write around a line of a container: Docker's files (and Fluent Bit's and Fluentd's records of them), and the interface that
// Kubernetes has containerd and CRI-O write by. `P` marks a part of a longer line, whose rest follows.
//   {"log":"text\n","stream":"stdout","time":"2026-02-17T06:40:03.123456789Z"}
//   2026-02-17T06:40:03.123456789Z stdout F text
// https://docs.docker.com/engine/logging/drivers/json-file/ https://kubernetes.io/docs/concepts/cluster-administration/logging/
import { flatten } from '../event.js';
import { codeAt } from '../text.js';
import type { Draft } from '../normalize/draft.js';
import type { Envelope, Members } from './envelope-parts.js';
import { epochMillis, readIso, resolve } from './time.js';

const STREAMS: ReadonlySet<unknown> = new Set(['stdout', 'stderr']);

/** Members that say where a line comes from, and our fields for them. */
const PLACES: readonly (readonly [from: string, field: string])[] = [
  ['container_id', 'container.id'], ['container_name', 'container.name'], ['kubernetes.container_name', 'container.name'], ['kubernetes.docker_id', 'container.id'], ['kubernetes.container_id', 'container.id'], ['kubernetes.container_image', 'container.image.name'],
  ['kubernetes.namespace_name', 'orchestrator.namespace'], ['kubernetes.pod_name', 'orchestrator.resource.name'], ['kubernetes.host', 'host.name'],
];

/** A record of Docker's, undefined where it is none. */
export function readDocker(object: Members): Envelope | undefined {
  const log = object['log'], stream = object['stream'] ?? object['source'];
  if (typeof log !== 'string' || !STREAMS.has(stream)) return undefined;
  return {
    name: 'docker.log', text: log.trimEnd(),
    put(draft) {
      putTime(draft, object['time'] ?? object['@timestamp']);
      const { log: _, ...others } = object, flat = flatten(others);
      for (const [name, value] of Object.entries(flat)) if (value !== null) draft.put(`docker.${name}`, value);
      for (const [from, field] of PLACES) draft.fill(field, Object.hasOwn(flat, from) ? flat[from] : undefined);
      const name = draft.getText('container.name');
      if (name?.startsWith('/') === true) draft.put('container.name', name.slice(1));
    },
  };
}

const CRI = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?::\S{1,64})? /;

/** A line as containerd and CRI-O write it, undefined where it is none. */
export function readCri(line: string): Envelope | undefined {
  const found = codeAt(line, 10) === 84 && codeAt(line, 4) === 45 ? CRI.exec(line.slice(0, 120)) : null;
  if (found === null) return undefined;
  return {
    name: 'cri.log', text: line.slice(found[0].length),
    put(draft) {
      putTime(draft, found[1]);
      draft.put('cri.stream', found[2]);
      draft.put('cri.tag', found[3]);
    },
  };
}

/** When the line was written: an exact instant. */
function putTime(draft: Draft, time: unknown): void {
  if (typeof time !== 'string' && typeof time !== 'number') return;
  const stamp = readIso(String(time), 0), at = stamp === undefined ? epochMillis(String(time)) : resolve(stamp, draft.received, draft.zone);
  if (at !== undefined) draft.time = at;
}
