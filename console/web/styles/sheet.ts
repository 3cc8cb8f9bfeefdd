// The sheet every component shares: text, links, buttons, inputs, tables, panels, small marks. Adopted once, so it costs one parse.
import { css } from 'lit';

export const sheet = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  h1, h2, h3, p, ul, ol, dl, dd, figure, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
  h1 { font-size: var(--type-title); font-weight: var(--weight-strong); line-height: var(--leading-tight); }
  h2 { font-size: var(--type-lead); font-weight: var(--weight-strong); line-height: var(--leading-tight); }
  h3 { font-size: var(--type-small); font-weight: var(--weight-strong); color: var(--text-soft); line-height: var(--leading-tight); }
  ul, ol { list-style: none; }
  a { color: var(--accent); text-decoration: none; }
  a:hover { text-decoration: underline; text-underline-offset: 2px; }
  p a, .linked { text-decoration: underline; text-decoration-color: var(--line-strong); text-underline-offset: 2px; }
  button, input, select, textarea { font: inherit; color: inherit; }
  table { border-collapse: collapse; width: 100%; }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
  .icon { width: 16px; height: 16px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
  .icon.small { width: 12px; height: 12px; }

  .mono { font-family: var(--font-log); font-size: var(--type-small); letter-spacing: -0.01em; font-variant-ligatures: none; }
  .soft { color: var(--text-soft); }
  .faint { color: var(--text-faint); }
  .small { font-size: var(--type-small); }
  .strong { font-weight: var(--weight-strong); }
  .medium { font-weight: var(--weight-medium); }
  .good { color: var(--good); }
  .bad { color: var(--bad); }
  .warn { color: var(--warn); }
  .num { text-align: right; white-space: nowrap; }
  .nowrap { white-space: nowrap; }
  .cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
  .push { margin-left: auto; }
  .line { display: flex; align-items: center; gap: var(--space-2); min-width: 0; }
  .wrap { flex-wrap: wrap; }
  .stack { display: grid; gap: var(--space-2); min-width: 0; align-content: start; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

  .button { display: inline-flex; align-items: center; justify-content: center; gap: 6px; height: var(--control-height); padding: 0 10px; border: 1px solid var(--line-strong); border-radius: var(--radius-control); background: var(--surface); color: var(--text); font-weight: var(--weight-medium); white-space: nowrap; cursor: pointer; transition: background var(--motion-quick) var(--motion-curve); }
  .button:hover { background: var(--surface-hover); text-decoration: none; }
  .button.main { background: var(--accent); border-color: var(--accent); color: var(--text-on-accent); }
  .button.main:hover { background: var(--accent-strong); }
  .button.quiet { border-color: transparent; background: transparent; color: var(--text-soft); padding: 0 8px; }
  .button.quiet:hover { background: var(--surface-hover); color: var(--text); }
  .button.danger { color: var(--bad); border-color: var(--bad); }
  .button.square { width: var(--control-height); padding: 0; }
  .button.slim { height: 24px; padding: 0 8px; font-size: var(--type-small); }
  .button[aria-pressed='true'] { border-color: var(--accent); background: var(--accent-soft); color: var(--accent); }
  .button[disabled], .button[disabled]:hover, .button.main[disabled]:hover { color: var(--text-faint); background: var(--surface-quiet); border-color: var(--line); cursor: default; }
  .link { all: unset; cursor: pointer; color: var(--accent); }
  .link:hover { text-decoration: underline; text-underline-offset: 2px; }
  .link:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; border-radius: 2px; }

  .input { height: var(--control-height); padding: 0 8px; border: 1px solid var(--line-strong); border-radius: var(--radius-control); background: var(--surface); color: var(--text); width: 100%; min-width: 0; }
  textarea.input { height: auto; padding: 6px 8px; resize: vertical; display: block; line-height: var(--leading-body); }
  select.input { padding-right: 4px; cursor: pointer; }
  .input::placeholder { color: var(--text-faint); opacity: 1; }
  .input[aria-invalid='true'] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
  .field { display: grid; gap: var(--space-1); align-content: start; }
  .field > label, .field > .label, legend { display: block; font-weight: var(--weight-medium); padding: 0; }
  .field .hint { font-size: var(--type-small); color: var(--text-faint); }
  .fault { display: flex; align-items: center; gap: 6px; color: var(--bad); font-size: var(--type-small); }
  .check { width: 14px; height: 14px; margin: 0; accent-color: var(--accent); flex: none; }
  .choice { display: inline-flex; align-items: center; gap: 6px; cursor: pointer; }
  kbd { flex: none; display: inline-flex; align-items: center; justify-content: center; min-width: 16px; height: 16px; padding: 0 4px; font: var(--weight-medium) var(--type-mark)/1 var(--font-text); color: var(--text-soft); background: var(--surface-quiet); border: 1px solid var(--line); border-bottom-color: var(--line-strong); border-radius: 3px; white-space: nowrap; }
  .main > kbd { background: transparent; color: inherit; border-color: currentColor; }

  .chip { display: inline-flex; align-items: center; gap: 5px; height: 22px; padding: 0 7px; border: 1px solid var(--line); border-radius: var(--radius-control); background: var(--surface); font-size: var(--type-small); white-space: nowrap; color: var(--text); }
  .chip.on { border-color: var(--accent); background: var(--accent-soft); color: var(--accent); }
  .chip button { all: unset; display: inline-flex; cursor: pointer; border-radius: 2px; }
  .chip button:focus-visible { outline: 2px solid var(--focus); }
  .badge { display: inline-block; padding: 0 5px; height: 16px; line-height: 16px; font-size: var(--type-mark); font-weight: var(--weight-medium); border-radius: var(--radius-mark); background: var(--surface-hover); color: var(--text-soft); white-space: nowrap; }
  .badge.bad { background: var(--bad-soft); color: var(--bad); } .badge.warn { background: var(--warn-soft); color: var(--warn); } .badge.good { background: var(--good-soft); color: var(--good); } .badge.accent { background: var(--accent-soft); color: var(--accent); }
  .val { font-family: var(--font-log); font-size: 0.925em; letter-spacing: -0.015em; font-weight: var(--weight-regular); font-variant-ligatures: none; overflow-wrap: anywhere; }
  a.val, button.val { background: none; border: 0; padding: 0; color: inherit; border-bottom: 1px dotted var(--line-strong); cursor: pointer; line-height: 1.3; text-align: left; }
  a.val:hover, button.val:hover { color: var(--accent); text-decoration: none; border-bottom-color: currentColor; }
  .state { display: inline-flex; vertical-align: middle; align-items: center; gap: 5px; white-space: nowrap; font-size: var(--type-small); }

  .table th { text-align: left; font-size: var(--type-small); font-weight: var(--weight-medium); color: var(--text-faint); height: 28px; padding: 0 var(--space-2); border-bottom: 1px solid var(--line); white-space: nowrap; background: var(--surface-quiet); position: sticky; top: 0; z-index: 1; }
  .table td, .table tbody th { height: 32px; padding: 3px var(--space-2); border-bottom: 1px solid var(--line); vertical-align: middle; }
  .table tbody th { background: none; position: static; color: var(--text); font-size: inherit; }
  .table tr:last-child td { border-bottom: 0; }
  .table tbody tr:hover { background: var(--surface-hover); }
  .table tr.here { background: var(--surface-selected); }
  .table th.num, .table td.num { text-align: right; }
  .table th:first-child, .table td:first-child { padding-left: var(--space-4); }
  .table th:last-child, .table td:last-child { padding-right: var(--space-4); }
  .table .group th { position: static; height: 28px; color: var(--text); background: var(--surface-quiet); font-weight: var(--weight-medium); font-size: var(--type-small); }
  .panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius-pane); min-width: 0; overflow: hidden; }
  .panel > header { display: flex; align-items: center; gap: var(--space-2); min-height: 36px; padding: 0 var(--space-4); border-bottom: 1px solid var(--line); }
  .panel > header h2 { font-size: var(--type-body); }
  .panel > .body { padding: var(--space-3) var(--space-4); }
  .facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 3px var(--space-3); font-size: var(--type-small); }
  .facts dt { color: var(--text-faint); }
  .facts dd { min-width: 0; }
  .tabs { display: flex; gap: 2px; border-bottom: 1px solid var(--line); padding: 0 var(--space-2); flex: none; }
  .tabs > * { display: inline-flex; align-items: center; gap: 5px; height: 32px; padding: 0 8px; border: 0; background: none; color: var(--text-soft); white-space: nowrap; cursor: pointer; margin-bottom: -1px; border-bottom: 2px solid transparent; }
  .tabs > *:hover { color: var(--text); text-decoration: none; }
  .tabs > [aria-selected='true'] { color: var(--text); font-weight: var(--weight-medium); border-bottom-color: var(--accent); }
  .tabs .count { font-size: var(--type-mark); color: var(--text-faint); font-weight: var(--weight-regular); }
  .notice { display: flex; align-items: flex-start; gap: var(--space-2); padding: 7px 12px; border: 1px solid var(--line); border-left: 3px solid var(--accent); border-radius: var(--radius-control); background: var(--surface); }
  .notice > .icon { margin-top: 2px; color: var(--accent); }
  .notice.bad { border-left-color: var(--bad); color: var(--text); } .notice.bad > .icon { color: var(--bad); }
  .notice.warn { border-left-color: var(--warn); color: var(--text); } .notice.warn > .icon { color: var(--warn); }
  .blank { display: grid; gap: 6px; justify-items: start; align-content: start; padding: var(--space-5) var(--space-4); max-width: 52ch; }
  .blank p { color: var(--text-soft); }
  .scroll { overflow: auto; min-height: 0; min-width: 0; }
`;
