// Encodings and time zones to choose from, as options of a select.
import { html } from 'lit';
import { ENCODINGS, type Encoding } from '../../../core/message/encoding.js';
import { COMMON_ZONES, zoneNames } from '../../../core/message/zone.js';
import { words } from '../controllers/locale.js';

export const encodingName = (name: string): string => words().readingPart.encodings[name as Encoding] ?? name;
export const encodingOptions = (chosen: string): unknown => ENCODINGS.map((name) => html`<option value=${name} ?selected=${name === chosen}>${encodingName(name)}</option>`);

const offsets = new Map<string, string>();
function labelOf(name: string): string {
  let offset = offsets.get(name);
  if (offset === undefined) offsets.set(name, offset = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'shortOffset' }).formatToParts(Date.now()).find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', 'UTC') ?? '');
  return offset === name || offset === '' ? name : `${name} (${offset})`;
}
export const zoneOptions = (chosen: string): unknown => {
  const r = words().readingPart, option = (name: string): unknown => html`<option value=${name} ?selected=${name === chosen}>${labelOf(name)}</option>`;
  return html`<optgroup label=${r.common}>${COMMON_ZONES.map(option)}</optgroup><optgroup label=${r.others}>${zoneNames().filter((name) => !COMMON_ZONES.includes(name)).map(option)}</optgroup>`;
};
