// The daemons that run containers, as Go's logrus prints them: `time="2026-02-17T13:40:03.123456789+07:00" level=info msg="ignoring event" container=0123 namespace=moby`:
// dockerd, containerd, CRI-O, Podman, BuildKit. https://docs.docker.com/engine/daemon/logs/ https://github.com/sirupsen/logrus
import { readIso, resolve } from '../message/time.js';
import type { Draft } from './draft.js';
import type { Format } from './format.js';
import type { Value } from '../event.js';
import { docker } from './json-products/services.js';
import { lookup } from './lookup.js';
import { nativeNames } from './native-names.js';
import { eachPair } from './pairs.js';
import { putRequest } from './web/request.js';

const PROGRAMS = ['dockerd', 'containerd', 'crio', 'podman', 'buildkitd', 'docker-containerd', 'docker'], NATIVE = nativeNames('container_daemon');
const NAMES = lookup({ level: 'log.level', error: 'error.message', err: 'error.message', container: 'container.id', 'remote_addr': 'source.ip', pod: 'orchestrator.resource.name', image: 'container.image.name' });
const LOOKS = /^time="?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^ "]{0,40}"? level=\w{4,7} msg=/;

function readDaemon(draft: Draft): boolean {
  if (!LOOKS.test(draft.head)) return readEvent(draft);
  eachPair(draft.text, {}, (key, value) => {
    draft.keep(NATIVE(key), value);
    const field = NAMES[key];
    if (key === 'time') { const stamp = readIso(value, 0); if (stamp !== undefined) draft.time = resolve(stamp, draft.received, draft.zone); } // finer than the header's
    else if (key === 'msg') putSaid(draft, value);
    else if (field !== undefined) draft.put(field, value);
  });
  draft.put('service.name', draft.program === 'docker-containerd' ? 'containerd' : draft.program === 'docker' ? 'dockerd' : draft.program);
  return true;
}
/** `Handler for POST /v1.43/containers/create returned error: No such image`, `Calling GET /v1.43/info`. */
function putSaid(draft: Draft, said: string): void {
  const handler = /^(?:Handler for|Calling) ([A-Z]{3,8} \/\S{1,1000})(?: returned error: (.{1,2000}))?/s.exec(said);
  if (handler === null) return;
  putRequest(draft, handler[1] as string);
  draft.put('error.message', handler[2]);
  draft.act('http_request', handler[2] === undefined ? undefined : 'failure');
}

/** What `docker events` prints, the same as it says in JSON: `2026-02-17T13:40:03.123456789+07:00 container exec_create: sh -c id 0123 (image=nginx:1.27, name=web-01)`. */
const EVENT = /^(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) (container|image|network|volume) (\w{2,40}(?:: .{1,400}?)?) (\S{1,300}) \(([a-z][\w./-]{0,100}=[^\n]{0,4000})\)$/;
function readEvent(draft: Draft): boolean {
  const found = EVENT.exec(draft.text.trim());
  if (found === null) return false;
  const [, time = '', kind = '', action = '', id = '', listed = ''] = found, flat: Record<string, Value> = { time, Type: kind, Action: action, 'Actor.ID': id };
  for (const one of listed.split(', ')) { const equals = one.indexOf('='); if (equals > 0) flat[`Actor.Attributes.${one.slice(0, equals)}`] = one.slice(equals + 1); }
  draft.put('event.dataset', docker.dataset);
  docker.read(draft, flat);
  return true;
}
const EVENT_LOOKS = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d) (?:container|image|network|volume) \w{2,40}(?::| ).{1,560} \(\w/;

export const containerDaemon: Format = { name: 'container.daemon', holds: ['(image=', '(name=', '(container=', ', image=', ', name=', ', container='], programs: PROGRAMS, unnamed: true, detect: ({ head, program }) => program === '' && EVENT_LOOKS.test(head), read: readDaemon };
