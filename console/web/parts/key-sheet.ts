// Every key on one sheet.
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { words } from '../controllers/locale.js';
import { Part } from '../controllers/part.js';
import { sheet } from '../styles/sheet.js';
import './modal-box.js';

@customElement('key-sheet')
export class KeySheet extends Part {
  override render() {
    const t = words(), k = t.keys;
    const keys: readonly (readonly [readonly string[], string])[] = [[['j', 'k'], k.move], [['Enter'], k.open], [['Shift Enter'], k.openPage], [['x'], k.select], [['*'], k.selectAll], [['a'], k.take], [['1', '2', '3', '4', '5'], k.verdict], [['n'], k.note], [['z'], k.undo], [['.'], k.fresh], [['/'], k.query], [['[', ']'], k.tierUp], [['t'], k.tabs], [['Esc'], k.leave], [['Ctrl K'], k.palette], [['?'], k.all]];
    return html`<modal-box label=${k.title}><section><h2>${k.title}</h2><dl>${keys.map(([names, text]) => html`<dt>${names.map((name) => html`<kbd>${name}</kbd> `)}</dt><dd>${text}</dd>`)}</dl><p class="small faint">${k.ignored}</p></section></modal-box>`;
  }
  static override styles = [sheet, css`
    section { padding: 16px 20px; display: grid; gap: 12px; }
    dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: 7px 14px; align-items: center; }
    dt { display: flex; gap: 4px; }
  `];
}
