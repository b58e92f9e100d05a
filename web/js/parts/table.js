// A table of rows in memory: sticky head, sort in buttons, and windowed: of thousands of rows only
// those near the view are in the document. Rows are kept by key, so that focus stays.
import { $, $$, attribute, fill, focused, h, patch } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';

const BESIDE = 8; // rows drawn above and below what is seen
const LEAST_BESIDE = 4; // with fewer of them left, others are drawn

/**
 * columns: [{id, label, width, class: 'p2 num', sort: true, cell: (row) => node or text}]; the
 * classes p1, p2, p3 hide a column in narrow windows, `sub(row)` is then the second line of the
 * first cell. `key(row)` names a row over changes; a row is drawn anew when `version(row)` differs.
 * `rowClass(row)`; `actions(row)` fills a last cell. `onSort(id)`. A column `lead: true` is the one
 * with the second line, and the one that the keys j and k focus. `patches`: what changed of a row is
 * patched into its nodes, so that menus stay open; what its listeners do must then look it up by key.
 * The scroller is `main`, unless `scroller` is another.
 */
export function table(options) {
  const { caption, columns, onSort, actions, scroller = $('#conteudo'), signal } = options;
  const headRow = h('tr');
  const body = h('tbody');
  const el = h('table.tbl', h('caption.sr', caption), h('thead', headRow), body);
  const rows = windowed(body, (row) => drawRow(row, options), { ...options, scroller, signal });
  let sort = {};

  const drawHead = () => {
    const held = focused()?.dataset?.sort;
    fill(
      headRow,
      columns.map((column) => headCell(column, sort, onSort)),
      actions && h('th.act', { scope: 'col' }, h('span.sr', t('table.actions'))),
    );
    if (held) $(`[data-sort="${held}"]`, headRow)?.focus();
  };
  drawHead();
  return {
    el,
    /** sort: {by, descending} is what the head shows; the rows come sorted. */
    set(list, shown = sort) {
      if (shown.by !== sort.by || shown.descending !== sort.descending) {
        sort = shown;
        drawHead();
      }
      attribute(el, 'aria-rowcount', list.length + 1);
      rows.set(list);
    },
    /** Moves the focus by so many rows, for the keys j and k. */
    move: (by) => rows.move(by),
    /** The head sticks below what sticks above it, so many pixels high. */
    stickBelow: (height) => headRow.style.setProperty('--stick', `${height}px`),
  };
}

function headCell({ id, label, width, class: kind = '', sort }, shown, onSort) {
  const direction = shown.descending ? 'descending' : 'ascending';
  return h(
    'th',
    {
      scope: 'col',
      class: kind,
      style: width ? { width } : {},
      'aria-sort': sort && shown.by === id ? direction : null,
    },
    sort
      ? h(
          'button',
          { type: 'button', 'data-sort': id, onclick: () => onSort(id) },
          label,
          icon('up'),
        )
      : label,
  );
}

function drawRow(row, { columns, sub, rowClass, actions }) {
  const lead = Math.max(
    0,
    columns.findIndex((column) => column.lead),
  );
  return h(
    'tr.r',
    { class: rowClass?.(row) ?? '' },
    columns.map(({ class: kind = '', cell }, i) =>
      h('td', { class: kind }, cell(row), i === lead && sub && h('div.sub', sub(row))),
    ),
    actions && h('td.act', actions(row)),
  );
}

/** Which control of which row has the focus: {key, at}. */
function heldIn(drawn) {
  for (const [key, { el }] of drawn) {
    if (el.contains(focused())) return { key, at: $$('a, button, input', el).indexOf(focused()) };
  }
  return null;
}

function hold(row, at) {
  if (!row || row.contains(focused())) return;
  $$('a, button, input', row)[at]?.focus({ preventScroll: true });
}

function windowed(body, draw, options) {
  const { key = (row) => row, version = (row) => row, patches, scroller, signal } = options;
  const pad = () => h('tr', { 'aria-hidden': 'true' }, h('td.pad'));
  const [above, below] = [pad(), pad()];
  let rows = [];
  let drawn = new Map(); // key -> {version, el}
  let [from, to] = [0, 0]; // these are drawn
  let height = 0;
  let at = -1;

  const rowHeight = () => {
    const root = getComputedStyle(document.documentElement);
    return parseFloat(root.getPropertyValue('--h-row')) * parseFloat(root.fontSize);
  };
  const take = (row) => {
    const before = drawn.get(key(row));
    if (before?.version === version(row)) return before;
    const el = draw(row);
    return { version: version(row), el: before && patches ? patch(before.el, el) : el };
  };
  const paint = () => {
    from = Math.max(0, Math.min(from, rows.length));
    to = Math.max(from, Math.min(to, rows.length));
    const next = new Map();
    for (let i = from; i < to; i++) {
      const one = take(rows[i]);
      one.el.setAttribute('aria-rowindex', i + 2);
      next.set(key(rows[i]), one);
    }
    const held = heldIn(drawn);
    drawn = next;
    setHeight(above, from * height);
    setHeight(below, (rows.length - to) * height);
    arrange([above, ...[...next.values()].map((one) => one.el), below]);
    if (held) hold(next.get(held.key)?.el, held.at);
  };
  /** Draws what is seen and some rows beside it, where these are not there. Waits for a layout. */
  const follow = () => {
    if (!body.isConnected) return;
    height ||= rowHeight();
    const offset = scroller.getBoundingClientRect().top - body.getBoundingClientRect().top;
    const first = Math.floor(offset / height);
    const last = Math.ceil((offset + scroller.clientHeight) / height);
    const isAbove = from <= Math.max(0, first - LEAST_BESIDE);
    const isBelow = to >= Math.min(rows.length, last + LEAST_BESIDE);
    if (isAbove && isBelow) return;
    [from, to] = [first - BESIDE, last + BESIDE];
    paint();
  };
  const resize = () => {
    height = from = to = 0;
    follow();
  };
  const setHeight = (row, to) => {
    row.firstChild.style.height = `${to}px`;
    row.hidden = to === 0;
  };
  const arrange = (wanted) => {
    wanted.forEach((el, i) => {
      if (body.children[i] !== el) body.insertBefore(el, body.children[i] ?? null);
    });
    while (body.children.length > wanted.length) body.lastChild.remove();
  };
  const reveal = (i) => {
    const box = scroller.getBoundingClientRect();
    const top = body.getBoundingClientRect().top - box.top + scroller.scrollTop + i * height;
    if (top < scroller.scrollTop + 2.5 * height) scroller.scrollTop = top - 2.5 * height;
    else if (top > scroller.scrollTop + scroller.clientHeight - 2 * height) {
      scroller.scrollTop = top - scroller.clientHeight + 2 * height;
    }
    follow();
  };

  scroller.addEventListener('scroll', follow, { signal, passive: true });
  addEventListener('resize', resize, { signal });
  new ResizeObserver(follow).observe(scroller.firstElementChild ?? scroller);
  return {
    /** At first as many as a window may show: where the layout says otherwise, follow() hears of it. */
    set(list) {
      rows = list;
      at = Math.min(at, rows.length - 1);
      height ||= rowHeight();
      const most = Math.ceil(innerHeight / height);
      from = Math.max(0, Math.min(from, rows.length - most));
      to = Math.max(to, from + most);
      paint();
    },
    move(by) {
      if (!rows.length) return;
      at = Math.max(0, Math.min(rows.length - 1, at + by));
      reveal(at);
      $('a.n, button', drawn.get(key(rows[at]))?.el)?.focus();
    },
  };
}
