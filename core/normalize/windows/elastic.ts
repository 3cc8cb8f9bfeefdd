// Sysmon's events as Elastic's own processors leave them: what ECS has a field for is taken away from the event's data. Rules ask for the data, so
// what no one field of ECS gives back is put together again. https://www.elastic.co/docs/reference/beats/winlogbeat/winlogbeat-module-sysmon
import type { Value } from '../../event.js';
import { lookup } from '../lookup.js';

type Flat = Readonly<Record<string, Value>>;

/** By event: the field of ECS, and the name that its value had. */
const RENAMED = lookup<readonly (readonly [field: string, name: string])[]>({
  8: [['process.executable', 'SourceImage']], 9: [['file.path', 'Device']], 10: [['process.executable', 'SourceImage']], 17: [['file.name', 'PipeName']], 18: [['file.name', 'PipeName']], 20: [['process.executable', 'Destination']], 25: [['message', 'Type']],
});
const HASHES = [['md5', 'MD5'], ['sha1', 'SHA1'], ['sha256', 'SHA256']] as const;

export function restoreSysmon(data: Record<string, Value>, flat: Flat, id: string): void {
  const text = (key: string): string | undefined => { const value = flat[key]; return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined; };
  const put = (name: string, value: string | undefined): void => { if (value !== undefined && value !== '' && !Object.hasOwn(data, name)) data[name] = value; };
  for (const [field, name] of RENAMED[id] ?? []) put(name, text(field));
  const domain = text('user.domain'), user = text('user.name'), way = text('network.direction'), family = text('network.type');
  if (user !== undefined && domain !== undefined) put(id === '8' || id === '10' ? 'SourceUser' : 'User', `${domain}\\${user}`);
  if (way === 'egress' || way === 'ingress') put('Initiated', String(way === 'egress'));
  if (family === 'ipv4' || family === 'ipv6') { put('SourceIsIpv6', String(family === 'ipv6')); put('DestinationIsIpv6', String(family === 'ipv6')); }
  for (const part of ['process', 'file']) {
    const hashes = HASHES.map(([kind, name]) => [name as string, text(`${part}.hash.${kind}`)] as const).concat([['IMPHASH', text(`${part}.pe.imphash`)]]).filter(([, hash]) => hash !== undefined);
    if (hashes.length > 0) put(id === '15' ? 'Hash' : 'Hashes', hashes.map(([name, hash]) => `${name}=${String(hash).toUpperCase()}`).join(','));
  }
}
