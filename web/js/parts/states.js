// What a region shows where it has no rows: nothing there, not yet there, an error.
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { button } from './button.js';

export const empty = (name, title, text, ...actions) =>
  h('div.empty', icon(name), h('h2', title), h('p', text), h('div.row', actions));

/** Rows as high as the real ones, so that nothing jumps when they come. */
export const skeletonRows = (columns, rows = 12) =>
  h(
    'div.tblwrap',
    { 'aria-busy': 'true' },
    h('span.sr', t('state.loading')),
    h(
      'table.tbl',
      { 'aria-hidden': 'true' },
      h('thead', h('tr', h('th', { colspan: columns }))),
      h('tbody', skeletons(columns, rows)),
    ),
  );

const skeletons = (columns, rows) =>
  Array.from({ length: rows }, (_, i) =>
    h(
      'tr',
      Array.from({ length: columns }, (__, k) => {
        const width = `${40 + ((i * 17 + k * 29) % 45)}%`;
        return h('td', { class: k > 2 ? 'p1' : '' }, h('span.skel', { style: { width } }));
      }),
    ),
  );

/** An error in place of what could not be loaded, with what to do next. */
export function failed(error, retry) {
  const [name, title, text] = explain(error);
  return h(
    'div.tblwrap',
    { role: 'alert' },
    empty(name, title, text, retry && button(t('action.retry'), { icon: 'retry', on: retry })),
  );
}

function explain(error) {
  if (error.name === 'OfflineError') return ['off', t('state.offline'), t('state.offlineText')];
  if (error.status === 403) return ['slash', t('state.forbidden'), t('state.forbiddenText')];
  if (error.status === 404) return ['search', t('state.notFound'), error.message];
  if (error.status === 429 || error.status === 503) {
    const after = error.retryAfter ? ` ${t('state.again', { n: error.retryAfter })}` : '';
    return ['clock', t('state.busy'), error.message + after];
  }
  return ['alert', t('state.failed'), `${error.message} ${t('state.failedText')}`];
}

/** kind: '' (a warning), 'bad', 'info'. */
export const banner = (name, text, { kind = '', action, ...rest } = {}) =>
  h('div.banner', { class: kind, ...rest }, icon(name), h('span', text), action);

/** Lines in place of words that are on their way. */
export const skeletonLines = (n) =>
  h(
    'div.stack-s.lines',
    h('span.sr', t('state.loading')),
    Array.from({ length: n }, (_, i) =>
      h('span.skel', { style: { width: `${95 - ((i * 9) % 60)}%` } }),
    ),
  );
