// A month's compliance and its report, for managers and administrators.
import { InvalidError } from '../../core/errors.js';
import { monthNow, monthOf, type Month } from '../../core/compliance.js';
import { officialStart } from '../../core/policy.js';
import { gatherCompliance, presentCompliance } from './compliance.js';
import { listOf, textOf } from './parameters.js';
import { printCsv } from './report/csv.js';
import { printPdfAside } from './report/pdf-aside.js';
import type { SignedCall, SignedRoute } from './route.js';

const DAY_MS = 86_400_000;

export const complianceRoutes: readonly SignedRoute[] = [
  {
    method: 'GET', path: '/api/compliance', roles: ['manager', 'admin'],
    handle: async (call) => ({ body: presentCompliance(await gatherCompliance(call.deps, call.asker, monthFrom(call)), call.asker.user.language) }),
  },
  {
    method: 'GET', path: '/api/compliance/report', roles: ['manager', 'admin'],
    async handle(call) {
      const { deps, asker, query } = call, month = monthFrom(call);
      const format = listOf(query, 'format', ['pdf', 'csv'])?.[0] ?? 'pdf', language = listOf(query, 'language', ['vi', 'en'])?.[0] ?? asker.user.language;
      const data = await gatherCompliance(deps, asker, month), about = { language, made: deps.clock.now(), by: asker.user.name, publicUrl: deps.publicUrl };
      const body = format === 'pdf' ? await printPdfAside(data, about) : Buffer.from(printCsv(data, about), 'utf8');
      await deps.audit.did(call, 'report.download', `compliance ${month.month}`, { format, language });
      return {
        body, headers: {
          'Content-Type': format === 'pdf' ? 'application/pdf' : 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="${language === 'vi' ? 'bao-cao-tuan-thu' : 'compliance'}-${month.month}.${format}"`,
        },
      };
    },
  },
];

/** `month=2026-12`, else the month that runs; `cutoff=2026-12-14` ends it after that day (the annual form's data end on 14/12, 24:00). */
function monthFrom({ deps, query }: SignedCall): Month {
  const now = deps.clock.now(), day = textOf(query, 'cutoff'), month = textOf(query, 'month') ?? day?.slice(0, 7) ?? monthNow(now);
  const found = monthOf(month, now);
  if (found === undefined) throw new InvalidError(`month: expected a month such as 2026-12 that has begun, got ${JSON.stringify(month)}`, 'month', 'parameter.month', { got: month });
  if (day === undefined) return found;
  const start = /^\d{4}-\d{2}-\d{2}$/.test(day) && day.startsWith(month) ? officialStart(day) : undefined;
  if (start === undefined) throw new InvalidError(`cutoff: expected a day of ${month}, got ${JSON.stringify(day)}`, 'cutoff', 'parameter.cutoff', { month, got: day });
  return { ...found, cutoff: Math.min(found.cutoff, start + DAY_MS) };
}
