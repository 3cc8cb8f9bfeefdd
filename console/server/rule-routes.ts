// Rules as the site uses them: what the detector loaded, what was tuned here, how often each fired. A change is stored, written into
// the audit trail, then put in force; the rule's text stays as its author wrote it.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Language, RuleFull, RuleItem } from '../api.js';
import { assertNever } from '../../core/assert.js';
import { ConflictError, InvalidError, NotFoundError } from '../../core/errors.js';
import { foldSearch } from '../../core/fold.js';
import type { Problem } from '../../core/problem.js';
import type { CatalogRule, RuleState } from '../../core/rule-catalog.js';
import type { RuleException, RuleTuning } from '../../core/store/store.js';
import { parseBody } from './body.js';
import type { Deps } from './deps.js';
import { iso, isoOrNull, listOf, pageOfAll, textOf } from './parameters.js';
import type { Asker, SignedCall, SignedRoute } from './route.js';
import { sayProblem } from './words/problem-words.js';

const WEEK_MS = 7 * 86_400_000, YEAR_MS = 366 * 86_400_000, EXCEPTIONS_MAX = 200;
const STATES: readonly RuleState[] = ['alive', 'disabled', 'refused', 'placeholder_unset', 'source_missing', 'field_missing'];
const READERS = ['analyst', 'admin', 'manager'] as const;
export const shape = z.strictObject({
  version: z.number().int().min(0), enabled: z.boolean().optional(), threshold: z.number().int().min(1).max(1_000_000).nullable().optional(),
  exceptions: z.strictObject({
    add: z.strictObject({ field: z.string().regex(/^[^\s"():|]{1,200}$/, 'expected the name of a field'), value: z.string().min(1).max(1000), reason: z.string().trim().min(3).max(1000), expires: z.string() }).optional(),
    remove: z.string().min(1).max(64).optional(),
  }).optional(),
});

export const ruleRoutes: readonly SignedRoute[] = [
  {
    method: 'GET', path: '/api/rules', roles: READERS,
    async handle({ deps, asker, query }) {
      const states = listOf(query, 'state', STATES), words = foldSearch(textOf(query, 'q') ?? '').split(/\s+/);
      const tunings = new Map((await deps.store.tunings.list()).map((tuning) => [tuning.id, tuning]));
      const rules = deps.rules.rules().filter((rule) => {
        const searched = foldSearch([rule.id, rule.title, rule.titleVi ?? '', rule.logsource, rule.file, ...rule.tags].join('\n'));
        return (states === undefined || states.includes(stateOf(rule, tunings.get(rule.id)))) && words.every((word) => searched.includes(word));
      });
      const page = pageOfAll(rules, ({ id }) => id, query), hits = await hitsOf(deps, asker, page.items);
      return { body: { ...page, items: page.items.map((rule) => present(rule, tunings.get(rule.id), hits.get(rule.id), asker.user.language)) } };
    },
  },
  { method: 'GET', path: '/api/rules/problems', roles: READERS, handle: async ({ deps, language }) => ({ body: { items: deps.rules.problems().map((problem) => ({ file: problem.file ?? '', ...presentProblem(problem, language) })) } }) },
  { method: 'GET', path: '/api/rules/:id', roles: READERS, handle: async ({ deps, asker, params }) => ({ body: await presentFull(deps, asker, ruleOf(deps, params['id'])) }) },
  {
    method: 'PATCH', path: '/api/rules/:id', roles: ['admin'],
    async handle(call) {
      const { deps, asker, params, body } = call, rule = ruleOf(deps, params['id']), { version, enabled, threshold, exceptions } = parseBody(shape, body);
      const before = await deps.store.tunings.get(rule.id);
      if ((before?.version ?? 0) !== version) throw new ConflictError(String(before?.version ?? 0));
      if (typeof threshold === 'number' && rule.defaultThreshold === undefined) throw new InvalidError('expected a correlation that counts, got a rule without a threshold', 'threshold', 'rule.no_threshold');
      const kept = (before?.exceptions ?? []).filter(({ id }) => id !== exceptions?.remove);
      if (exceptions?.remove !== undefined && kept.length === (before?.exceptions ?? []).length) throw new InvalidError('expected the id of an exception of this rule', 'exceptions.remove', 'rule.exception_unknown');
      const added = exceptions?.add === undefined ? [] : [newException(exceptions.add, asker, deps.clock.now())];
      if (kept.length + added.length > EXCEPTIONS_MAX) throw new InvalidError(`expected at most ${EXCEPTIONS_MAX} exceptions`, 'exceptions.add', 'rule.exceptions_many', { max: EXCEPTIONS_MAX });
      const tuning: Omit<RuleTuning, 'version'> = {
        id: rule.id, enabled: enabled ?? before?.enabled ?? true, exceptions: [...kept, ...added],
        threshold: threshold === undefined ? before?.threshold : threshold ?? undefined,
      };
      await deps.store.tunings.put(tuning, version);
      await auditChange(call, rule, before, tuning);
      await deps.rules.redeploy(asker.user.id);
      return { body: await presentFull(deps, asker, ruleOf(deps, rule.id)) };
    },
  },
];

function ruleOf({ rules }: Deps, id: string | undefined): CatalogRule {
  const rule = rules.rules().find((one) => one.id === id);
  if (rule === undefined) throw new NotFoundError('no such rule');
  return rule;
}

function newException({ field, value, reason, expires }: { readonly field: string; readonly value: string; readonly reason: string; readonly expires: string }, { user }: Asker, now: number): RuleException {
  const at = /^\d{4}-\d{2}-\d{2}/.test(expires) ? Date.parse(expires) : NaN;
  if (Number.isNaN(at) || at <= now || at > now + YEAR_MS) throw new InvalidError(`expected an end in the future, within a year, got ${JSON.stringify(expires)}`, 'exceptions.add.expires', 'rule.exception_end');
  return { id: randomUUID(), field, value, owner: user.id, reason, expires: iso(at), created: iso(now) };
}

async function auditChange(call: SignedCall, { id, title }: CatalogRule, before: RuleTuning | undefined, after: Omit<RuleTuning, 'version'>): Promise<void> {
  const did = (action: string, details: Readonly<Record<string, unknown>>): Promise<void> => call.deps.audit.did(call, action, id, { title, ...details });
  if (after.enabled !== (before?.enabled ?? true)) await did(after.enabled ? 'rule.enable' : 'rule.disable', {});
  if (after.threshold !== before?.threshold) await did('rule.threshold', { before: before?.threshold ?? null, after: after.threshold ?? null });
  const had = new Set(before?.exceptions.map((one) => one.id)), has = new Set(after.exceptions.map((one) => one.id));
  for (const one of after.exceptions) if (!had.has(one.id)) await did('rule.exception.add', { field: one.field, value: one.value, reason: one.reason, expires: one.expires });
  for (const one of before?.exceptions ?? []) if (!has.has(one.id)) await did('rule.exception.remove', { field: one.field, value: one.value });
}

interface Hits { readonly count: number; readonly last: number }
/**
 * Hits of the last seven days. Who sees every tier is told the ledger's counts; who does not is told the alerts he may see, so that a
 * count never tells of what is hidden.
 */
async function hitsOf({ store, clock }: Deps, { scope }: Asker, rules: readonly CatalogRule[]): Promise<ReadonlyMap<string, Hits>> {
  const to = clock.now() + 1, from = to - WEEK_MS;
  if (scope.tiers.length === 5 && scope.hiddenSystems.length === 0) return new Map(Object.entries(await store.ledger.hitCounts(from, to)));
  return new Map(await Promise.all(rules.map(async ({ id }): Promise<[string, Hits]> => {
    const { items, total } = await store.alerts.list({ scope, rule: id, from }, { limit: 1 });
    return [id, { count: total, last: items[0]?.received ?? 0 }];
  })));
}

const stateOf = (rule: CatalogRule, tuning: RuleTuning | undefined): RuleState => (rule.state === 'refused' ? 'refused' : tuning?.enabled === false ? 'disabled' : rule.state === 'disabled' ? 'alive' : rule.state);

function present(rule: CatalogRule, tuning: RuleTuning | undefined, hits: Hits | undefined, language: Language): RuleItem {
  const { id, title, titleVi, level, kind, logsource, file, defaultThreshold, hitsDropped, tags } = rule, state = stateOf(rule, tuning), reason = reasonOf(rule, state, language);
  return {
    id, version: tuning?.version ?? 0, title, titleVi, level, kind, logsource, file, enabled: tuning?.enabled ?? true, state, reason, hitsDropped, hits7d: hits?.count ?? 0, lastHit: isoOrNull(hits?.last || null),
    threshold: tuning?.threshold ?? defaultThreshold, defaultThreshold, exceptions: tuning?.exceptions.length ?? 0, tags,
  };
}

/** In the asker's language; beside other languages stands the English sentence, which quotes the rule's own words. */
function presentProblem(problem: Problem, language: Language): RuleFull['problems'][number] {
  const { code, message, line, column } = problem;
  return { code, message: sayProblem(problem, language), line, column, ...(language === 'en' ? {} : { detail: message }) };
}

const GAVE_UP: Readonly<Record<Language, (hits: number) => string>> = {
  en: (hits) => `gave up ${hits.toLocaleString('en-GB')} hits for want of memory since this rule set is in force: an alert may be missing`,
  vi: (hits) => `đã bỏ ${hits.toLocaleString('vi-VN')} lượt khớp vì hết bộ nhớ từ khi bộ luật này có hiệu lực: có thể thiếu cảnh báo`,
};

/** Why a rule is in its state, where the state's name does not say it all. */
function reasonOf({ logsource, reason, problems, missing = [], hitsDropped }: CatalogRule, state: RuleState, language: Language): string | undefined {
  if (state === 'alive' && hitsDropped !== undefined) return GAVE_UP[language](hitsDropped);
  if (language === 'en' || reason === undefined) return state === 'disabled' ? undefined : reason;
  switch (state) {
    case 'refused': return problems[0] === undefined ? undefined : sayProblem(problems[0], language);
    case 'source_missing': return `không có sự kiện nào của ${logsource} trong 7 ngày`;
    case 'field_missing': return `không sự kiện nào của ${logsource} trong 7 ngày có trường ${missing.join(', ')}`;
    case 'placeholder_unset': return `chưa đặt giá trị thay thế mà luật cần: ${[...new Set(reason.match(/%[^%]+%/g))].join(', ')}`;
    case 'alive': case 'disabled': return undefined;
    default: return assertNever(state);
  }
}

async function presentFull(deps: Deps, asker: Asker, rule: CatalogRule): Promise<RuleFull> {
  const tuning = await deps.store.tunings.get(rule.id), hits = await hitsOf(deps, asker, [rule]), now = deps.clock.now(), { n, streams, inForce } = deps.rules.deployed();
  return {
    ...present(rule, tuning, hits.get(rule.id), asker.user.language), description: rule.description, descriptionVi: rule.descriptionVi, author: rule.author, license: rule.license, text: rule.text,
    problems: rule.problems.map((problem) => presentProblem(problem, asker.user.language)),
    exceptionList: (tuning?.exceptions ?? []).map((one) => ({ ...one, expired: Date.parse(one.expires) <= now })), inForce: { streams: inForce, of: streams, ruleSet: n }, placeholders: rule.placeholders ?? [],
  };
}
