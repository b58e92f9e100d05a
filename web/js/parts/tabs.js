// Tabs over one panel, of which the arrows choose.
import { $$, focused, h } from '../dom.js';

/** tabs: [[key, text]]; the panel has the id `panel` and names `tabId(key)` as its label. */
export function tabs(all, current, { panel, on }) {
  const el = h(
    'div.tabs',
    { role: 'tablist', onkeydown: move },
    all.map(([key, text]) =>
      h(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: tabId(key),
          'aria-controls': panel,
          'aria-selected': String(key === current),
          tabindex: key === current ? 0 : -1,
          onclick: () => on(key),
        },
        text,
      ),
    ),
  );
  return el;
}

export const tabId = (key) => `aba-${key}`;

function move(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const all = $$('button', event.currentTarget);
  const to = all[(all.indexOf(focused()) + step + all.length) % all.length];
  to.click();
  document.getElementById(to.id)?.focus();
}
