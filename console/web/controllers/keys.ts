// Single-key commands by physical key, so that a Vietnamese input method does not change them; silent while someone composes or
// types in a field. The newest component's map is asked first. An open dialog has the keyboard to itself: nothing beneath it moves, and
// Escape closes it as browsers do.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;
const maps: (() => KeyMap)[] = [];
let listening = false;

/** `KeyJ`, `Digit1`, `Shift+Slash`, `Control+KeyK`: what a map's keys look like. */
const nameOf = (event: KeyboardEvent): string => `${event.ctrlKey || event.metaKey ? 'Control+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.code}`;

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.composedPath().some((node) => node instanceof HTMLDialogElement)) return;
  const name = nameOf(event), target = event.composedPath()[0];
  const typing = target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && (target as HTMLInputElement).type !== 'checkbox');
  if (typing && !name.startsWith('Control+')) return;
  const presses = target instanceof HTMLElement && /^(A|BUTTON|SUMMARY)$/.test(target.tagName);
  if (presses && (event.code === 'Enter' || event.code === 'Space')) return;
  for (const map of [...maps].reverse()) {
    const act = map()[name];
    if (act) { event.preventDefault(); act(event); return; }
  }
}

export class Keys implements ReactiveController {
  constructor(host: ReactiveControllerHost, private readonly map: () => KeyMap) { host.addController(this); }
  hostConnected(): void {
    if (!listening) { addEventListener('keydown', handle); listening = true; }
    maps.push(this.map);
  }
  hostDisconnected(): void { maps.splice(maps.indexOf(this.map), 1); }
}
