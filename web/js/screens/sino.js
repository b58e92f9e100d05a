// The bell with the count of what is unread, and its panel.
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { openMenu } from '../parts/menu.js';
import { empty } from '../parts/states.js';

export const bell = () =>
  h(
    'button.btn.ghost.icon',
    {
      type: 'button',
      id: 'bell',
      'aria-haspopup': 'dialog',
      'aria-expanded': 'false',
      'aria-label': unread() ? t('bell.unread', { n: unread() }) : t('bell.title'),
      onclick: (event) => openMenu(event.currentTarget, t('bell.title'), panel(), { panel: true }),
    },
    icon('bell'),
  );

const panel = () => [
  h('div.ph', h('h2.grow', t('bell.title'))),
  empty('bell', t('bell.none'), t('bell.noneText')),
];

/** How many are unread: the document's title shows it. */
export const unread = () => 0;
