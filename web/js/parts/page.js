// The head of a view: its title, a line below it, its actions; and a path above it.
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';

/** `crumb`: {href, label, here}. The title takes the focus when the view changes. */
export const head = (title, { subtitle, actions, crumb } = {}) =>
  h(
    'div.head',
    h(
      'div.grow',
      crumb &&
        h(
          'nav.crumb',
          { 'aria-label': t('nav.path') },
          h('a', { href: crumb.href }, crumb.label),
          icon('right'),
          h('span.cut', crumb.here),
        ),
      h('h1', { tabindex: '-1' }, title),
      subtitle && h('p.t2.sm', subtitle),
    ),
    actions && h('div.row.acts', actions),
  );
