// The bell with the count of what is unread, and its panel.
import { notifications } from '../data/notifications.js';
import { $, fill, focused, h, list } from '../dom.js';
import { ago, dateAndTime } from '../format.js';
import { browserNotices } from '../frame/notices.js';
import { icon } from '../icons.js';
import { num, t } from '../i18n.js';
import { busy, button, enable, iconButton } from '../parts/button.js';
import { closeMenu, menuIsOpenAt, openMenu } from '../parts/menu.js';
import { empty, failed } from '../parts/states.js';
import { toastError } from '../parts/toast.js';
import { go } from '../router.js';

const MOST_COUNTED = 9;

/** How many are unread: the document's title shows it. */
export const unread = () => notifications.unread;

/** The one that is there, where the bar is drawn anew: a click and an open panel outlast that. */
export function bell() {
  const el =
    $('#bell') ??
    h('button.btn.ghost.icon', {
      type: 'button',
      id: 'bell',
      'aria-haspopup': 'dialog',
      'aria-expanded': 'false',
      onclick: () => open(el),
    });
  drawBell(el);
  return el;
}

/** The button stays, and with it the focus. */
export function drawBell(el = $('#bell')) {
  if (!el) return;
  const n = unread();
  const words = n > MOST_COUNTED ? `${MOST_COUNTED}+` : num(n);
  fill(
    el,
    icon('bell'),
    h('span.sr', n ? t('bell.unread', { n }) : t('bell.title')),
    n > 0 && h('span.count', { 'aria-hidden': 'true' }, words),
  );
  if (menuIsOpenAt(el)) drawPanel();
}

function open(from) {
  openMenu(from, t('bell.title'), panel(), { panel: true });
  if (!menuIsOpenAt(from)) return;
  focusIn($('#pop'));
  if (!notifications.loaded) notifications.load().catch(showFailure);
}

const focusIn = (box) => ($('.ntf [data-f]', box) ?? $('[data-f]', box))?.focus();

function showFailure(error) {
  const el = $('#bell');
  if (el && menuIsOpenAt(el)) {
    const again = () => notifications.load().catch(showFailure);
    fill($('#pop'), title(), failed(error, again));
  }
}

/** The same control keeps the focus; where it is gone, what comes in its place. */
function drawPanel() {
  const box = $('#pop');
  const held = box.contains(focused()) ? focused().dataset.f : undefined;
  const scroll = box.scrollTop;
  const at = controls(box).indexOf(focused());
  fill(box, panel());
  box.scrollTop = scroll;
  if (held === undefined) return;
  const all = controls(box);
  (all.find((one) => one.dataset.f === held) ?? all[Math.min(at, all.length - 1)])?.focus();
}

const controls = (box) => [...box.querySelectorAll('[data-f]')];

const title = () => h('h2.grow', t('bell.title'));

function panel() {
  const all = notifications.all;
  const mark = button(t('bell.readAll'), {
    kind: 'ghost small',
    writes: true,
    'data-f': 'all',
    on: () => attempt(mark, () => notifications.readAll()),
  });
  enable(mark, unread() > 0);
  return list(
    h('div.ph', title(), mark),
    all.length ? h('ul', all.map(line)) : empty('bell', t('bell.none'), t('bell.noneText')),
    h('div.pf', browserNotices(drawPanel)),
  );
}

const isBad = ({ type }) => /error|fail/.test(type);

function line(one) {
  const isUnread = !one.read_at;
  const title = one.metadata?.title ?? one.title;
  const job = one.metadata?.jobId;
  const see = () => {
    closeMenu();
    notifications.read(one.id).catch(() => {}); // it stays unread
    go(`/jobs/${job}`);
  };
  const read = iconButton(t('bell.read', { title }), 'check', {
    kind: 'small',
    'data-writes': true,
    'data-f': `read ${one.id}`,
    on: () => attempt(read, () => notifications.read(one.id)),
  });
  return h(
    'li.ntf',
    { class: `${isBad(one) ? 'bad' : 'ok'} ${isUnread ? 'un' : ''}` },
    icon(isBad(one) ? 'fail' : 'done'),
    h(
      'div',
      h('h3', title, isUnread && h('span.sr', ` (${t('bell.isUnread')})`)),
      h('p.m', one.message),
      h(
        'div.row.xs.t3',
        h(
          'time',
          { datetime: one.created_at, title: dateAndTime(one.created_at) },
          ago(one.created_at),
        ),
        job &&
          h(
            'a',
            {
              href: `/jobs/${job}`,
              'data-f': `see ${one.id}`,
              onclick: (event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                see();
              },
            },
            t('job.seeDetails'),
          ),
      ),
    ),
    isUnread && read,
  );
}

async function attempt(from, work) {
  try {
    await busy(from, work);
  } catch (error) {
    toastError(t('bell.refused'), error);
  }
}
