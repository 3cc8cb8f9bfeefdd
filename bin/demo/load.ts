// The systems of the demo province, from rules/demo/systems.yaml. Days in the file are counted from the day of loading, so the
// shares of compliance hold from that day on, whenever the demo is shown. Parsing is pure and says file, line and what is wrong.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, isNode, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { Millis } from '../../core/event.js';
import { parseAddress } from '../../core/ip.js';
import { ProblemError, type Problem } from '../../core/problem.js';
import { projectRoot } from '../../core/process/built.js';
import type { Dossier, PlanItem, PlanState, System } from '../../core/tier.js';

export const demoFolder: string = join(projectRoot, 'rules', 'demo');
const DAY_MS = 86_400_000;
const ZONE = 'Asia/Ho_Chi_Minh';

const days = z.number().int().positive();
const partDays = z.record(z.string(), days).default({});
const dossierShape = z.strictObject({
  stage: z.enum(['draft', 'sent', 'appraised', 'approved']),
  criterion: z.string().min(1), owner: z.string().min(1), operator: z.string().min(1),
  sentDaysAgo: days.optional(), appraisedDaysAgo: days.optional(), approvedDaysAgo: days.optional(), regulationDaysAgo: days.optional(),
  decision: z.string().optional(), approvedBy: z.string().optional(),
  expectedApprovalInDays: days.optional(), expectedDeploymentInDays: days.optional(),
  plan: z.strictObject({ done: partDays, due: partDays }),
});
const shape = z.strictObject({
  plan: z.array(z.strictObject({ id: z.string().min(1), title: z.string().min(1), titleEn: z.string().min(1), cite: z.string().min(1) })).min(1),
  systems: z.array(z.strictObject({
    id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/), name: z.string().min(1), nameEn: z.string().min(1),
    tier: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
    unit: z.string().min(1),
    address: z.string().refine((text) => parseAddress(text) !== undefined, 'expected an address'),
    countedInNoShare: z.boolean().optional(),
    dossier: dossierShape.optional(),
  })).min(1),
});
type Shape = z.infer<typeof shape>;

/** The demo's systems as they stand on the day of `now`. Throws ProblemError when the file is not what it should be. */
export function demoSystems(now: Millis, file = join(demoFolder, 'systems.yaml')): System[] {
  const { systems, problems } = parseDemoSystems(readFileSync(file, 'utf8'), now, file);
  if (problems.length > 0) throw new ProblemError(problems);
  return systems;
}

/** The text of a systems file -> systems, and what is wrong with it. */
export function parseDemoSystems(text: string, now: Millis, file = 'systems.yaml'): { systems: System[]; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    return { systems: [], problems: document.errors.map((error) => ({ code: 'demo.yaml', file, ...place(lines, error.pos[0]), message: `expected YAML, got: ${error.message.split('\n')[0] ?? ''}` })) };
  }
  const parsed = shape.safeParse(document.toJS());
  if (!parsed.success) {
    return { systems: [], problems: parsed.error.issues.map(({ path, message }) => ({ code: 'demo.shape', file, ...placeOf(document, lines, path), message: `${path.join('.') || 'the file'}: ${message}` })) };
  }
  const problems = wrongParts(parsed.data).map(({ path, message }) => ({ code: 'demo.plan', file, ...placeOf(document, lines, path), message }));
  return problems.length > 0 ? { systems: [], problems } : { systems: parsed.data.systems.map((one) => system(one, parsed.data.plan, now)), problems };
}

/** How far a plan is deployed, as form 08 of NĐ 331/2026 counts it. */
export function planState(plan: readonly PlanItem[]): PlanState {
  const done = plan.filter((item) => item.done).length;
  return done === 0 ? 'none' : done === plan.length ? 'full' : 'partly';
}

// Each part of the plan stands in `done` or in `due`, once.
function wrongParts({ plan, systems }: Shape): { path: PropertyKey[]; message: string }[] {
  return systems.flatMap(({ id, dossier }, index) => {
    if (dossier === undefined) return [];
    const { done, due } = dossier.plan, path = ['systems', index, 'dossier', 'plan'];
    const unknown = [...Object.keys(done), ...Object.keys(due)].filter((part) => !plan.some((one) => one.id === part));
    const wrong = plan.map((one) => one.id).filter((part) => (part in done) === (part in due));
    return [...unknown.map((part) => ({ path, message: `${id}: expected a part of the plan, got ${part}` })),
      ...wrong.map((part) => ({ path, message: `${id}: expected part ${part} of the plan in done or in due, got it in ${part in done ? 'both' : 'neither'}` }))];
  });
}

function system({ address, dossier, ...rest }: Shape['systems'][number], plan: Shape['plan'], now: Millis): System {
  return { ...rest, version: 1, timezone: ZONE, match: [{ address }], demo: true, ...(dossier && { dossier: dossierOf(dossier, plan, now) }) };
}

function dossierOf(given: NonNullable<Shape['systems'][number]['dossier']>, plan: Shape['plan'], now: Millis): Dossier {
  const ago = (count: number | undefined): string | undefined => (count === undefined ? undefined : dayOf(now - count * DAY_MS));
  const ahead = (count: number | undefined): string | undefined => (count === undefined ? undefined : dayOf(now + count * DAY_MS));
  const { stage, criterion, owner, operator, decision, approvedBy } = given;
  return {
    stage, criterion, owner, operator, decision, approvedBy,
    sentDate: ago(given.sentDaysAgo), appraisedDate: ago(given.appraisedDaysAgo), approvedDate: ago(given.approvedDaysAgo), regulationDate: ago(given.regulationDaysAgo),
    expectedApproval: ahead(given.expectedApprovalInDays), expectedDeployment: ahead(given.expectedDeploymentInDays),
    plan: plan.map((part) => {
      const done = given.plan.done[part.id];
      return { ...part, done: done !== undefined, date: ago(done) ?? ahead(given.plan.due[part.id]) };
    }),
  };
}

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' });
const dayOf = (time: Millis): string => dayFormat.format(time);

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
function placeOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): { line?: number; column?: number } {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return place(lines, node.range[0]);
  }
  return {};
}
