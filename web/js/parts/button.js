// Buttons: with words, or of an icon alone.
import { connection } from '../connection.js';
import { attribute, h } from '../dom.js';
import { icon, spinner } from '../icons.js';
import { t } from '../i18n.js';

/**
 * kind: "primary", "danger", "ghost", "small" or several; other properties go to the element. What
 * `writes` does nothing while the service cannot be reached.
 */
export const button = (label, { icon: name, kind = '', on, writes, ...rest } = {}) =>
  h(
    'button.btn',
    { type: 'button', class: kind, onclick: on, 'data-writes': writes, ...rest },
    name && icon(name),
    h('span', label),
  );

export const submit = (label, { kind = 'primary' } = {}) =>
  h('button.btn', { type: 'submit', class: kind }, h('span', label));

export const iconButton = (label, name, { kind = '', on, ...rest } = {}) =>
  h(
    'button.btn.ghost.icon',
    { type: 'button', class: kind, 'aria-label': label, title: label, onclick: on, ...rest },
    icon(name),
  );

export const linkButton = (label, href, { icon: name, kind = '' } = {}) =>
  h('a.btn', { href, class: kind }, name && icon(name), h('span', label));

/** A button that is not available keeps its focus, and says so; see frame/guards.js. */
export function enable(element, may) {
  if (may) element.removeAttribute('aria-disabled');
  else element.setAttribute('aria-disabled', 'true');
}

/** Runs `work` while the button turns and takes nothing more; resolves as it does. */
export async function busy(element, work) {
  if (element.getAttribute('aria-busy')) return undefined;
  const turning = spinner();
  element.setAttribute('aria-busy', 'true');
  element.prepend(turning);
  try {
    return await work();
  } finally {
    element.removeAttribute('aria-busy');
    turning.remove();
  }
}

/** Buttons that write: not available while the service cannot be reached. */
export function needService(buttons, signal) {
  const set = () => {
    const there = connection.lostAt === null;
    for (const one of buttons) {
      enable(one, there);
      attribute(one, 'title', there ? null : t('live.off'));
    }
  };
  connection.on(set, signal);
  set();
}
