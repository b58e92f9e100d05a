// Words for screen readers: through the page's live regions, or the open dialog's own, since what
// lies outside a modal dialog is silent.
import { $, $$ } from './dom.js';

export function say(text, { urgent = false } = {}) {
  const dialog = $$('dialog[open]').at(-1);
  const region = dialog ? $('.sr[aria-live]', dialog) : $(urgent ? '#urgent' : '#polite');
  if (!region) return;
  region.textContent = '';
  setTimeout(() => (region.textContent = text), 30); // the same words twice are a change too
}
