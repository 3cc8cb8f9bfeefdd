// Pages by path on the History API. Links are ordinary anchors; this catches their clicks wherever they stand in shadow roots.
export interface Place { readonly path: string; readonly query: URLSearchParams }
const listeners = new Set<() => void>();

export const place = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

export function go(to: string, { replace = false } = {}): void {
  if (to === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', to); else history.pushState(null, '', to);
  tell();
}

/** The same path with another query; empty values are left out. `replace` keeps Back useful while a filter is being set. */
export function goQuery(changes: Readonly<Record<string, string | null | undefined>>, { replace = true } = {}): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) if (value === null || value === undefined || value === '') query.delete(name); else query.set(name, value);
  const text = query.toString();
  go(location.pathname + (text === '' ? '' : `?${text}`), { replace });
}

export function onPlace(listener: () => void): () => void {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}
function tell(): void { for (const listener of listeners) listener(); }

export function link(path: string, query: Readonly<Record<string, string | number | null | undefined>> = {}): string {
  const text = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === null || value === undefined || value === '' ? [] : [[name, String(value)]]))).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** Starts listening; once, by the root. */
export function startRouter(): void {
  addEventListener('popstate', tell);
  addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    if (!anchor || anchor.target !== '' || anchor.hasAttribute('download') || anchor.origin !== location.origin || anchor.pathname.startsWith('/api/')) return;
    event.preventDefault();
    if (anchor.hash !== '' && anchor.pathname === location.pathname && anchor.search === location.search) return;
    go(anchor.pathname + anchor.search);
  });
}
