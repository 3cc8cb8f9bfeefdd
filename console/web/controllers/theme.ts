// Light, dark or the system's choice, kept in this browser: it belongs to the screen, not to the person.
export type Theme = 'light' | 'dark' | 'system';
const KEY = 'haidang.theme';

export function theme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function setTheme(next: Theme): void {
  localStorage.setItem(KEY, next);
  applyTheme();
}

export function applyTheme(): void {
  const now = theme();
  if (now === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = now;
}

/** What is seen now, whoever chose it. */
export function shownTheme(): 'light' | 'dark' {
  const now = theme();
  return now !== 'system' ? now : matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
