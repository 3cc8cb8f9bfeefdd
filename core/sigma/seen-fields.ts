// Which fields the events of each kind have had, and which rules therefore wait for something that never comes: a field under a name
// that the parser here does not give, or that the source was not told to write. Says nothing of a rule that could be true of a kind of
// event that is rare, nor of JSON sources, whose fields come and go with what happens.
import { assertNever } from '../assert.js';
import type { Event } from '../event.js';
import { match } from '../predicate/match.js';
import type { Path, Predicate } from '../predicate/predicate.js';
import { isCovered, sourcesOf, sourcesOfKey, windowsIdOf } from './logsource.js';
import type { LogSource } from './rule.js';

/** What was seen of one kind of event: events that have the same log sources, of Windows also the same number. */
export interface SeenKind {
  readonly key: string;
  readonly events: number;
  readonly fields: readonly string[];
}

/** More kinds, or more fields of one, are not told apart: what could be forgotten is never called unseen. */
export const SEEN_KINDS_MAX = 1_000, SEEN_FIELDS_MAX = 2_000;
/** The key of all kinds beyond. */
export const SEEN_BEYOND = '*';

/** Collects in the thread where the events are; some name checks an event. */
export class SeenFields {
  #kinds = new Map<string, { events: number; readonly fields: Set<string> }>();

  see(event: Event): void {
    const { key } = sourcesOf(event);
    const kind = this.#kinds.get(key) ?? this.#fresh(this.#kinds.size < SEEN_KINDS_MAX ? key : SEEN_BEYOND);
    kind.events++;
    if (kind.fields.size > SEEN_FIELDS_MAX) return;
    for (const field in event) kind.fields.add(field);
  }

  #fresh(key: string): { events: number; readonly fields: Set<string> } {
    const kind = this.#kinds.get(key) ?? { events: 0, fields: new Set<string>() };
    this.#kinds.set(key, kind);
    return kind;
  }

  /** What was seen since the last time this was asked. */
  take(): SeenKind[] {
    const kinds = [...this.#kinds].map(([key, { events, fields }]): SeenKind => ({ key, events, fields: [...fields] }));
    this.#kinds = new Map();
    return kinds;
  }
}

/** What is known of a kind; `fields` undefined: more than are counted. */
export interface KnownKind { readonly key: string; readonly events: number; readonly fields: ReadonlySet<string> | undefined }
export interface Unseen { readonly fields: readonly string[]; readonly events: number }

/** So many events of a kind say which fields it has. */
export const SEEN_ENOUGH = 1_000;
const NAMED_MAX = 4;

/** The fields for want of which a rule cannot be true of any event that came; undefined: it can, or nothing can be said. */
export function unseenOf(predicate: Predicate, logsource: LogSource, kinds: readonly KnownKind[], enough = SEEN_ENOUGH): Unseen | undefined {
  if (isOpen(logsource) || kinds.some(({ key }) => key === SEEN_BEYOND)) return undefined;
  const own = kinds.filter(({ key }) => isCovered(logsource, sourcesOfKey(key)));
  if (own.some((kind) => answerOf(predicate, kind) !== 'no')) return undefined;
  // Of these kinds the rule means some; of the others only their number.
  const meant = own.filter(({ key, events }) => events >= enough && answerOf(predicate, { key, fields: undefined }) !== 'no');
  if (meant.length === 0) return undefined;
  const fields = new Set(meant.flatMap(({ fields: seen }) => missingIn(predicate, seen)));
  return { fields: [...fields].slice(0, NAMED_MAX), events: meant.reduce((sum, { events }) => sum + events, 0) };
}

/** JSON as others write it: an optional part of it may be seen once a month. */
const OPEN_PRODUCTS: ReadonlySet<string> = new Set(['aws', 'azure', 'gcp', 'm365', 'okta', 'github', 'bitbucket', 'onelogin', 'kubernetes', 'opencanary', 'zeek']);
const isOpen = ({ product, category, service }: LogSource): boolean => OPEN_PRODUCTS.has(product?.toLowerCase() ?? '') || (product === undefined && category === undefined && service !== undefined);

type Answer = 'yes' | 'no' | 'maybe';
type Known = Pick<KnownKind, 'key' | 'fields'>;

/** What a predicate can be of an event of a kind: a question about a field that none of them has is answered. */
function answerOf(predicate: Predicate, kind: Known): Answer {
  switch (predicate.kind) {
    case 'constant': return predicate.value ? 'yes' : 'no';
    case 'and': {
      const parts = predicate.parts.map((part) => answerOf(part, kind));
      return parts.includes('no') ? 'no' : parts.includes('maybe') ? 'maybe' : 'yes';
    }
    case 'or': {
      const parts = predicate.parts.map((part) => answerOf(part, kind));
      return parts.includes('yes') ? 'yes' : parts.includes('maybe') ? 'maybe' : 'no';
    }
    case 'not': {
      const part = answerOf(predicate.part, kind);
      return part === 'yes' ? 'no' : part === 'no' ? 'yes' : 'maybe';
    }
    case 'fieldref': return isSeen(predicate.path, kind) && isSeen(predicate.other, kind) ? 'maybe' : 'no';
    case 'null': return isSeen(predicate.path, kind) ? 'maybe' : 'yes';
    case 'string': case 'number': case 'regex': case 'cidr': case 'exists': case 'datepart': return isSeen(predicate.path, kind) ? byNumber(predicate, predicate.path, kind) : 'no';
    case 'keyword': case 'keywordRegex': case 'text': return 'maybe';
    default: return assertNever(predicate);
  }
}

const isSeen = (path: Path, { fields }: Known): boolean => fields === undefined || path.some((field) => fields.has(field));

/** The number of a Windows event is known of its kind. */
const NUMBERS: ReadonlySet<string> = new Set(['EventID', 'winlog.event_id', 'event.code']);
function byNumber(predicate: Predicate, path: Path, { key, fields }: Known): Answer {
  const id = windowsIdOf(key), field = path.find((name) => (fields === undefined ? NUMBERS.has(name) : fields.has(name)));
  if (id === undefined || field === undefined || !NUMBERS.has(field)) return 'maybe';
  return match(predicate, { [field]: id }) ? 'yes' : 'no';
}

/** Fields that would have to be there and that none of these events has. */
function missingIn(predicate: Predicate, fields: ReadonlySet<string> | undefined, isDenied = false): string[] {
  if (fields === undefined) return [];
  const missing = (path: Path): string[] => (path.some((field) => fields.has(field)) ? [] : [path[0] as string]);
  switch (predicate.kind) {
    case 'and': case 'or': return predicate.parts.flatMap((part) => missingIn(part, fields, isDenied));
    case 'not': return missingIn(predicate.part, fields, !isDenied);
    case 'null': return isDenied ? missing(predicate.path) : [];
    case 'fieldref': return isDenied ? [] : [...missing(predicate.path), ...missing(predicate.other)];
    case 'string': case 'number': case 'regex': case 'cidr': case 'exists': case 'datepart': return isDenied ? [] : missing(predicate.path);
    case 'constant': case 'keyword': case 'keywordRegex': case 'text': return [];
    default: return assertNever(predicate);
  }
}
