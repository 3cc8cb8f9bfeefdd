export const complianceRoutes: readonly import('./route.js').SignedRoute[] = [];
