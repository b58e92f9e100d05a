// The bar at the top: product, unit, connection, shortcuts, bell, account.
import { companies } from '../data/companies.js';
import { units } from '../data/units.js';
import { $, fill, focused, h } from '../dom.js';
import { icon, mark } from '../icons.js';
import { language, num, setLanguage, t } from '../i18n.js';
import { live } from '../live.js';
import { iconButton } from '../parts/button.js';
import { menuItem, menuLine, menuTitle, openMenu } from '../parts/menu.js';
import { bell } from '../screens/sino.js';
import { session } from '../session.js';
import { APPEARANCES, appearance, showAs } from './appearance.js';
import { showKeys } from './keys.js';
import { chooseUnit } from './nav.js';

export const brand = () =>
  h('a.brand', { href: '/empresas', 'aria-label': t('nav.home') }, mark(), h('span', t('product')));

export function drawBar() {
  const held = focused()?.id;
  fill(
    $('#bar'),
    brand(),
    h('span.slash', { 'aria-hidden': 'true' }, '/'),
    unitButton(),
    h('span.grow'),
    h('span.live', { id: 'live' }, h('i'), h('span')),
    iconButton(t('keys.title'), 'keys', { kind: 'wide', id: 'keys', on: showKeys }),
    bell(),
    accountButton(),
  );
  showConnection();
  if (held) $(`#bar #${CSS.escape(held)}`)?.focus();
}

export function showConnection() {
  const el = $('#live');
  if (!el) return;
  el.dataset.s = live.state;
  el.title = t(`live.${live.state}`);
  el.lastChild.textContent = t(`live.${live.state}`);
}

const unitButton = () =>
  h(
    'button.btn.ghost',
    {
      type: 'button',
      id: 'unit',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-label': t('nav.unit', { name: units.name(units.current) }),
      onclick: (event) => openMenu(event.currentTarget, t('nav.units'), unitItems()),
    },
    h('span.cut', units.name(units.current)),
    icon('down'),
  );

const unitItems = () =>
  [0, ...units.all.map((unit) => unit.id)].map((id) =>
    menuItem(units.name(id), {
      checked: id === units.current,
      n: companies.all ? num(companies.count(id)) : '',
      on: () => chooseUnit(id),
    }),
  );

function accountButton() {
  const { nome = '', sobrenome = '', email } = session.user;
  const name = `${nome} ${sobrenome}`.trim() || email;
  const letters = ((nome[0] ?? name[0]) + (sobrenome[0] ?? '')).toUpperCase();
  return h(
    'button.btn.ghost.icon',
    {
      type: 'button',
      id: 'account',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-label': t('account.of', { letters, name }),
      onclick: (event) => openMenu(event.currentTarget, t('account.title'), accountItems(name)),
    },
    h('span.avatar', { 'aria-hidden': 'true' }, letters),
  );
}

const accountItems = (name) => [
  menuTitle(session.isAdmin ? t('account.admin', { name }) : name),
  menuItem(t('keys.title'), { icon: 'keys', n: '?', on: showKeys }),
  menuLine(),
  menuTitle(t('account.appearance')),
  APPEARANCES.map((kind) =>
    menuItem(t(`appearance.${kind || 'system'}`), {
      checked: kind === appearance(),
      on: () => showAs(kind),
    }),
  ),
  menuLine(),
  menuTitle(t('account.language')),
  [
    ['pt', 'Português'],
    ['en', 'English'],
  ].map(([code, label]) =>
    menuItem(label, { checked: code === language(), on: () => setLanguage(code) }),
  ),
  menuLine(),
  menuItem(t('account.signOut'), { icon: 'exit', on: () => session.signOut() }),
];
