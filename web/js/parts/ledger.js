// The items of one job and what became of each: those that failed first, by pages.
import { api } from '../api.js';
import { companies } from '../data/companies.js';
import { fill, h } from '../dom.js';
import { num, t } from '../i18n.js';
import { badge } from './badge.js';
import { busy, button, iconButton } from './button.js';
import { chip } from './chip.js';
import { dialog } from './dialog.js';
import { ITEM_STATES } from './jobmap.js';
import { heading, isOfCompanies, itemsOf, itemState, made, noun } from './jobwords.js';
import { empty, failed, skeletonRows } from './states.js';
import { table } from './table.js';

const PAGE = 100;
const LONGEST_LOOK = 500; // rows that are asked for again while a job runs
const FIRST = ['failed', 'skipped', 'pending', 'done'];
const LOOKS = {
  done: { icon: 'check', kind: 'ok' },
  failed: { icon: 'fail', kind: 'bad' },
  pending: { icon: 'clock' },
  skipped: { icon: 'slash' },
};
const FIELDS = new Set(['status', 'created', 'attempts', 'error', 'endedAt']);

/** Pages of items: one state after the other. */
class Items {
  rows = [];
  #places = []; // what is still to be asked for: [{status, cursor}]

  constructor(id, states, signal) {
    Object.assign(this, { id, signal });
    this.#places = states.map((status) => ({ status }));
  }

  get more() {
    return this.#places.length > 0;
  }

  /** At least so many more, where there are. */
  async load(n = PAGE) {
    const until = this.rows.length + n;
    while (this.more && this.rows.length < until) {
      const [place] = this.#places;
      const data = await api.get(`/api/empresas/jobs/${this.id}/items`, {
        query: { ...place, limit: Math.min(LONGEST_LOOK, until - this.rows.length) },
        signal: this.signal,
      });
      this.rows = [...this.rows, ...data.items];
      if (data.nextCursor) place.cursor = data.nextCursor;
      else this.#places.shift();
    }
    return this;
  }
}

/** What names an item: ["empresaId", 12]. */
const nameIn = (item) => Object.entries(item).find(([field]) => !FIELDS.has(field)) ?? ['', 0];

/**
 * Returns {el, refresh(counts)}: `counts` as countsOf gives them. `state` is which are shown, ''
 * for all; `on(state)` when another is chosen.
 */
export function ledger(job, { state, on, signal }) {
  const chips = h('div.chips', { role: 'group', 'aria-label': t('items.filter') });
  const place = h('div', skeletonRows(4, 5));
  const states = state ? [state] : FIRST;
  let items = null;
  let shown = null;

  const draw = () => {
    if (!items.rows.length) {
      shown = null;
      return fill(place, h('div.tblwrap', empty('inbox', t('items.none'), t('items.noneText'))));
    }
    if (!shown) {
      shown = rowsOf(job, loadMore, signal);
      fill(place, shown.el);
    }
    return shown.set(items);
  };
  const loadMore = async (from) => {
    await busy(from, () => items.load()).catch(() => {}); // offline: the banner says so
    if (!signal.aborted) draw();
  };
  const load = async (n) => {
    try {
      items = await new Items(job.id, states, signal).load(n);
    } catch (error) {
      if (!items && !signal.aborted)
        fill(
          place,
          failed(error, () => load(PAGE)),
        );
      return;
    }
    if (!signal.aborted) draw();
  };
  const drawChips = (counts) => {
    const all = ['', ...ITEM_STATES].map((name) =>
      chip(itemsOf(job, name), {
        n: name ? counts[name] : counts.items,
        pressed: name === state,
        on: () => on(name),
      }),
    );
    const held = [...chips.children].indexOf(document.activeElement);
    fill(chips, all);
    if (held >= 0) all[held].focus();
  };
  if (isOfCompanies(job)) {
    companies.on(() => items && draw(), signal);
    companies.load().catch(() => {}); // without, ids stand for the names
  }
  load(PAGE);
  return {
    el: h('div.stack', chips, place),
    refresh(counts) {
      drawChips(counts);
      if (items && items.rows.length <= LONGEST_LOOK) load(Math.max(PAGE, items.rows.length));
    },
    drawChips,
    move: (by) => shown?.move(by),
  };
}

function rowsOf(job, loadMore, signal) {
  const rows = table({
    caption: t('items.title'),
    columns: columns(job),
    key: (item) => String(nameIn(item)[1]),
    version: (item) => JSON.stringify(item) + labelOf(item),
    sub: (item) => item.error ?? createdOf(job, item),
    actions: (item) =>
      item.error &&
      iconButton(t('items.seeError', { item: labelOf(item) }), 'info', {
        kind: 'small',
        on: () => showError(item),
      }),
    patches: false,
    signal,
  });
  const count = h('span.grow', { role: 'status' });
  const more = button(t('jobs.more'), { kind: 'small', on: () => loadMore(more) });
  return {
    el: h('div.tblwrap', rows.el, h('div.tblfoot', count, more)),
    move: rows.move,
    set(items) {
      const n = items.rows.length;
      const words = `${num(n)} ${noun(job, n)}`;
      const text = items.more ? t('items.andMore', { words }) : words;
      if (count.textContent !== text) count.textContent = text;
      more.hidden = !items.more;
      rows.set(items.rows);
    },
  };
}

const createdOf = (job, { created }) =>
  made(job, created) ? `${num(created)} ${made(job, created)}` : '';

function labelOf(item) {
  const [field, id] = nameIn(item);
  if (field === 'empresaId') {
    return companies.find(id)?.razao_social ?? t('item.company', { id: String(id) });
  }
  return field === 'linha' ? t('item.line', { id: num(id) }) : t('item.any', { id: num(id) });
}

function nameCell(item) {
  const [field, id] = nameIn(item);
  if (field !== 'empresaId') return h('span.n', labelOf(item));
  return h('a.n', { href: `/empresas/${id}` }, labelOf(item));
}

const columns = (job) =>
  [
    { id: 'item', label: heading(job, 1), lead: true, cell: nameCell },
    {
      id: 'situacao',
      label: t('items.column.state'),
      width: '8rem',
      cell: ({ status }) => badge(itemState(job, status), LOOKS[status]),
    },
    made(job, 2) && {
      id: 'criadas',
      label: t('items.column.created'),
      width: '6rem',
      class: 'num p1',
      cell: ({ created }) => num(created),
    },
    {
      id: 'tentativas',
      label: t('items.column.attempts'),
      width: '7rem',
      class: 'num p2 t2',
      cell: ({ attempts }) => (attempts ? num(attempts) : ''),
    },
    {
      id: 'erro',
      label: t('items.column.error'),
      class: 'p2 t2',
      cell: ({ error }) => error && h('span', { title: error }, error),
    },
  ].filter(Boolean);

function showError(item) {
  const el = dialog(labelOf(item), {
    width: '30rem',
    body: [h('p', item.error), h('p.t2.sm', t('items.attempts', { n: item.attempts }))],
    footer: button(t('action.close'), { kind: 'primary', on: () => el.close() }),
  });
}
