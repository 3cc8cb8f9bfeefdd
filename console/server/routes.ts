// The one table of routes. A new route needs a row in routes.test.ts, or the authorization matrix fails, and an entry in
// openapi/operations.ts, or its description does.
import { accountRoutes } from './account-routes.js';
import { auditRoutes } from './audit-routes.js';
import { complianceRoutes } from './compliance-routes.js';
import { eventRoutes } from './event-routes.js';
import { formatRoutes } from './format-routes.js';
import { incidentRoutes } from './incident-routes.js';
import { operationRoutes } from './operation-routes.js';
import { withDescription } from './openapi-routes.js';
import { overviewRoutes } from './overview-routes.js';
import { placeholderRoutes } from './placeholder-routes.js';
import { readingRoutes } from './reading-routes.js';
import { retentionRoutes } from './retention-routes.js';
import type { Route } from './route.js';
import { ruleRoutes } from './rule-routes.js';
import { sessionRoutes } from './session-routes.js';
import { sourceRoutes } from './source-routes.js';
import { statusRoutes } from './status-routes.js';
import { systemRoutes } from './system-routes.js';
import { userRoutes } from './user-routes.js';

export const ROUTES: readonly Route[] = withDescription([
  ...sessionRoutes, ...statusRoutes, ...retentionRoutes, ...overviewRoutes, ...incidentRoutes, ...formatRoutes, ...eventRoutes, ...accountRoutes, ...readingRoutes, ...sourceRoutes, ...systemRoutes, ...ruleRoutes, ...placeholderRoutes, ...userRoutes, ...auditRoutes, ...complianceRoutes, ...operationRoutes,
]);
