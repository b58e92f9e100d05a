// Short words at the corner: three at most, gone after 6 s, but not under the pointer or the focus;
// errors stay.
import { say } from '../announce.js';
import { $, h, list } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { iconButton } from './button.js';

const STAYS = 6000;
const MOST = 3;
const ICONS = { ok: 'done', bad: 'fail' };

/** kind: '', 'ok', 'bad'; link: {href, label}. */
export function toast(title, { text, kind = '', link } = {}) {
  const box = $('#toasts');
  let timer;
  const drop = () => {
    clearTimeout(timer);
    el.remove();
    if (!box.children.length && box.matches(':popover-open')) box.hidePopover();
  };
  const arm = () => {
    clearTimeout(timer);
    if (kind !== 'bad') timer = setTimeout(drop, STAYS);
  };
  const hold = () => clearTimeout(timer);
  const el = h(
    'div.toast',
    { class: kind, onpointerenter: hold, onpointerleave: arm, onfocusin: hold, onfocusout: arm },
    icon(ICONS[kind] ?? 'info'),
    h('div', h('div.b', title), text && h('div.t2', text)),
    iconButton(t('toast.close'), 'x', { kind: 'small x', on: drop }),
    link && h('a.go', { href: link.href, onclick: drop }, link.label),
  );
  box.append(el);
  while (box.children.length > MOST) box.firstChild.remove();
  if (box.matches(':popover-open')) box.hidePopover();
  box.showPopover(); // last in the top layer, above dialogs
  arm();
  say(list(title, text).join(' '), { urgent: kind === 'bad' });
  return drop;
}

/** What was refused, why, and how long to wait where the service says so. */
export const toastError = (title, error) =>
  toast(title, { kind: 'bad', text: `${error.message} ${again(error)}`.trim() });

const again = ({ retryAfter }) => (retryAfter ? t('state.again', { n: retryAfter }) : '');
