// Keys of one stroke: those of the page, and those that the view shown adds (view.keys).
import { $, h } from '../dom.js';
import { t } from '../i18n.js';
import { dialog } from '../parts/dialog.js';
import { preference, prefer } from '../preferences.js';
import { go, shown } from '../router.js';

const GO = { e: '/empresas', j: '/jobs', a: '/sobre' };
const WAIT_AFTER_G = 1500;

const LISTS = [
  [
    'keys.go',
    [
      ['g e', 'nav.empresas'],
      ['g j', 'nav.jobs'],
      ['g a', 'nav.sobre'],
      ['b', 'bell.title'],
    ],
  ],
  [
    'keys.lists',
    [
      ['/', 'keys.search'],
      ['j k', 'keys.move'],
      ['Enter', 'keys.open'],
      ['x', 'keys.select'],
      ['m', 'keys.selected'],
    ],
  ],
  [
    'nav.empresas',
    [
      ['t', 'keys.generate'],
      ['n', 'keys.new'],
      ['i', 'keys.import'],
    ],
  ],
  [
    'keys.everywhere',
    [
      ['?', 'keys.this'],
      ['Esc', 'action.close'],
    ],
  ],
];

const enabled = () => preference('teclas') !== 'nao';

export function startKeys() {
  let prefixUntil = 0;
  addEventListener('keydown', (event) => {
    if (!isForUs(event)) return;
    const to = Date.now() < prefixUntil && GO[event.key];
    prefixUntil = event.key === 'g' ? Date.now() + WAIT_AFTER_G : 0;
    const run = to ? () => go(to) : action(event.key);
    if (!run) return;
    event.preventDefault();
    run();
  });
}

const isForUs = ({ target, key, ctrlKey, metaKey, altKey, defaultPrevented }) =>
  enabled() &&
  !defaultPrevented &&
  !(ctrlKey || metaKey || altKey) &&
  key.length === 1 &&
  !$('dialog[open]') &&
  !$('#pop:popover-open') &&
  shown()?.name !== 'entrar' &&
  !isTyping(target);

const isTyping = ({ tagName, type }) =>
  /^(INPUT|SELECT|TEXTAREA)$/.test(tagName) && type !== 'checkbox' && type !== 'radio';

function action(key) {
  const view = shown();
  return (
    {
      '?': showKeys,
      b: () => $('#bell')?.click(),
      '/': $('#busca') && (() => $('#busca').focus()),
      j: view?.move && (() => view.move(1)),
      k: view?.move && (() => view.move(-1)),
    }[key] ?? view?.keys[key]
  );
}

export function showKeys() {
  const use = h('input.ck', {
    type: 'checkbox',
    checked: enabled(),
    onchange: () => prefer('teclas', use.checked ? '' : 'nao'),
  });
  dialog(t('keys.title'), {
    width: '36rem',
    body: [h('div.form.keys', LISTS.map(listOf)), h('label.line', use, t('keys.use'))],
  });
}

const listOf = ([title, keys]) =>
  h(
    'div.stack-s',
    h('h3.sm', t(title)),
    keys.map(([strokes, text]) =>
      h(
        'div.row.sm',
        h('span.grow.t2', t(text)),
        strokes.split(' ').map((one) => h('kbd.kbd', one)),
      ),
    ),
  );
