// Menus and panels that hang from a button. One is open at a time.
import { $, $$, fill, focused, h } from '../dom.js';
import { icon } from '../icons.js';

const EDGE = 8;
const GAP = 6;
let anchor = null;

/** Opens below `from`, or closes where it is open there. `panel`: no menu, but a small dialog. */
export function openMenu(from, label, items, { panel = false } = {}) {
  const box = $('#pop');
  if (box.matches(':popover-open') && anchor === from) return box.hidePopover();
  if (box.matches(':popover-open')) box.hidePopover();
  anchor = from;
  box.className = panel ? 'pop panel' : 'pop';
  box.setAttribute('role', panel ? 'dialog' : 'menu');
  box.setAttribute('aria-label', label);
  fill(box, items);
  from.setAttribute('aria-expanded', 'true');
  box.showPopover();
  place(box, from.getBoundingClientRect());
  ($('[aria-checked="true"]', box) ?? $('.mi, button', box))?.focus();
}

export const closeMenu = () => $('#pop').matches(':popover-open') && $('#pop').hidePopover();
export const menuIsOpenAt = (from) => $('#pop').matches(':popover-open') && anchor === from;

function place(box, from) {
  const [width, height] = [box.offsetWidth, box.offsetHeight];
  const fitsRight = from.left + width <= innerWidth - EDGE;
  const x = fitsRight ? from.left : Math.max(EDGE, Math.min(from.right, innerWidth - EDGE) - width);
  const below = from.bottom + GAP;
  const above = below + height > innerHeight - EDGE && from.top > innerHeight / 2;
  box.style.left = `${x}px`;
  box.style.top = `${Math.max(EDGE, above ? from.top - height - GAP : below)}px`;
}

/** `checked` makes it one of several to choose from; `n` stands at the end of the line. */
export function menuItem(label, { on, icon: name, n, checked, href, kind = '' } = {}) {
  const choice = checked !== undefined;
  return h(
    href ? 'a.mi' : 'button.mi',
    {
      href,
      type: href ? null : 'button',
      class: kind,
      tabindex: '-1',
      role: choice ? 'menuitemradio' : 'menuitem',
      'aria-checked': choice ? String(checked) : null,
      onclick: () => {
        $('#pop').hidePopover();
        on?.();
      },
    },
    choice ? (checked ? icon('check') : h('span.gap')) : name && icon(name),
    label,
    n !== undefined && h('span.n', n),
  );
}

export const menuTitle = (text) => h('div.mh', { role: 'presentation' }, text);
export const menuLine = () => h('hr', { role: 'separator' });

/** Once, at the start. */
export function startMenus() {
  const box = $('#pop');
  box.addEventListener('keydown', move);
  box.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed' || !anchor) return;
    const from = anchor;
    from.setAttribute('aria-expanded', 'false');
    const within = focused() === document.body || box.contains(focused());
    if (from.isConnected && within) from.focus();
    if (!box.matches(':popover-open')) anchor = null;
  });
}

function move(event) {
  const box = event.currentTarget;
  if (box.getAttribute('role') !== 'menu') return;
  const items = $$('.mi', box);
  const at = items.indexOf(focused());
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (event.key === 'Tab') box.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items[to].focus();
}
