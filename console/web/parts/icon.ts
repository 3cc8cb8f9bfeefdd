// Line icons on a 16-unit grid, drawn here: no font, no download, the color of the text around them. Decorative: words stand beside.
import { svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';

const shapes = {
  overview: svg`<path d="M2 11.500h12M4 11.500a4 4 0 0 1 8 0M8 2v2.500M2.800 5l1.600 1.500M13.200 5l-1.600 1.500"/>`,
  queue: svg`<path d="M6 4h8M6 8h8M6 12h8M2 4h1M2 8h1M2 12h1"/>`,
  search: svg`<circle cx="7" cy="7" r="4.500"/><path d="m10.500 10.500 3.500 3.500"/>`,
  rules: svg`<path d="M5 2.500c-2 0-1 5.500-3 5.500 2 0 1 5.500 3 5.500M11 2.500c2 0 1 5.500 3 5.500-2 0-1 5.500-3 5.500M6.500 8l1.200 1.300L9.800 6.700"/>`,
  sources: svg`<path d="M2 3.500h3.500L9 8h5M2 8h4.500M2 12.500h3.500L9 8M11.500 5.500 14 8l-2.500 2.500"/>`,
  systems: svg`<path d="M2 13.500h12M3.500 13.500v-4h9v4M5 9.500v-4h6v4M6.500 5.500v-3h3v3"/>`,
  compliance: svg`<path d="M4 2h5.500L12.500 5v9H4zM9.500 2v3h3M6 9.500l1.500 1.500 3-3.200"/>`,
  audit: svg`<path d="M3 3.500h10M3 6.500h10M3 9.500h6M3 12.500h4M11 11l1.300 1.300L15 9.500"/>`,
  users: svg`<circle cx="6" cy="5.500" r="2.500"/><path d="M1.500 13.500c.4-2.600 2-4 4.500-4s4.100 1.400 4.500 4M10.500 3.200a2.500 2.500 0 0 1 0 4.600M12 9.800c1.500.6 2.300 1.800 2.500 3.700"/>`,
  settings: svg`<path d="M2 4.500h6.500M12.500 4.500H14M2 11.500h1.500M7.500 11.500H14"/><circle cx="10.500" cy="4.500" r="1.700"/><circle cx="5.500" cy="11.500" r="1.700"/>`,
  check: svg`<path d="m3 8.500 3.300 3.300L13 4.800"/>`,
  cross: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
  plus: svg`<path d="M8 3v10M3 8h10"/>`,
  minus: svg`<path d="M3 8h10"/>`,
  down: svg`<path d="m4 6 4 4 4-4"/>`,
  up: svg`<path d="m4 10 4-4 4 4"/>`,
  right: svg`<path d="m6 4 4 4-4 4"/>`,
  filter: svg`<path d="M2.500 3h11L9.500 8v5l-3-1.500V8z"/>`,
  user: svg`<circle cx="8" cy="5.200" r="2.700"/><path d="M2.800 13.800c.5-2.700 2.400-4 5.200-4s4.700 1.300 5.200 4"/>`,
  theme: svg`<circle cx="8" cy="8" r="5.800"/><path d="M8 2.200a5.800 5.800 0 0 1 0 11.600z" fill="currentColor"/>`,
  note: svg`<path d="M2.500 3h11v8h-6l-3 2.500V11h-2z"/>`,
  pulse: svg`<path d="M1.500 8.500h3l2-5 3 9 2-4h3"/>`,
  clock: svg`<circle cx="8" cy="8" r="5.800"/><path d="M8 4.500V8l2.300 1.500"/>`,
  outward: svg`<path d="M6.500 3.500H3v9.500h9.500V9.500M9 2.500h4.500V7M13.300 2.700 7.500 8.500"/>`,
  warn: svg`<path d="M8 2.500 14.500 13.500h-13zM8 6.500v3M8 11.600v.1"/>`,
  error: svg`<path d="M5.300 1.800h5.400l3.500 3.500v5.400l-3.500 3.500H5.300l-3.500-3.500V5.300zM8 4.800v3.900M8 11v.1"/>`,
  info: svg`<circle cx="8" cy="8" r="5.800"/><path d="M8 7.500V11M8 5v.1"/>`,
  download: svg`<path d="M8 2v8M4.800 7 8 10.200 11.200 7M2.500 13.500h11"/>`,
  undo: svg`<path d="M3 6h7a3.500 3.500 0 0 1 0 7H6M5.800 3 3 6l2.800 3"/>`,
  lock: svg`<path d="M3.500 7.500h9v6h-9zM5.500 7.500v-2a2.500 2.500 0 0 1 5 0v2"/>`,
  silent: svg`<path d="M1.500 8.500h2l1.500-3 2 5M10 6l4 4.500M14 6l-4 4.500"/>`,
  flag: svg`<path d="M4 14V2.500h8L10 5l2 2.500H4"/>`,
  pencil: svg`<path d="M3 13l.7-3L11 2.700l2.300 2.300L6 12.300z"/>`,
} as const satisfies Record<string, SVGTemplateResult>;
export type IconName = keyof typeof shapes;

export const icon = (name: IconName, extra = ''): TemplateResult => html`<svg class="icon ${extra}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${shapes[name]}</svg>`;

/** The lighthouse. */
export const logo = (): TemplateResult => html`<svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="M9.600 10h4.800l1.700 11H7.900z" fill="currentColor"></path><path d="M9 14.500h6l.5 3H8.500z" fill="var(--surface-sunken)"></path>
  <rect x="9.300" y="5.500" width="5.400" height="3.700" fill="var(--lamp)"></rect><path d="M8.600 5.300 12 2.300l3.400 3z" fill="currentColor"></path>
  <path d="M5 21.300h14" stroke="currentColor" stroke-width="1.600" stroke-linecap="round"></path><path d="M17 7.300h4.500M7 7.300H2.500" stroke="var(--lamp-line)" stroke-width="1.500" stroke-linecap="round"></path></svg>`;
