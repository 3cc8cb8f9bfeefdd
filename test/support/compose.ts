// The services of docker/compose.elastic.yaml, as its anchors and merges leave them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../core/process/built.js';

export interface ComposeService {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
}
export const composeServices = (): Readonly<Record<string, ComposeService>> => (parse(readFileSync(join(projectRoot, 'docker', 'compose.elastic.yaml'), 'utf8'), { merge: true }) as { services: Record<string, ComposeService> }).services;
