// What became of a job's items, as a map: one square each, of large jobs one for several.
import { fill, h } from '../dom.js';
import { t } from '../i18n.js';
import { failedItems, items, itemState, noun } from './jobwords.js';

export const MOST_SQUARES = 320;
export const ITEM_STATES = ['done', 'failed', 'pending', 'skipped'];
const FIRST = ['failed', 'pending', 'done', 'skipped']; // what a square of several shows
const STEP = 12;
const SIDE = 9.5;
const NARROW = 768;

/** {first, items, done, failed, skipped} as the service groups them -> with `pending` too. */
const whole = (group) => ({
  ...group,
  pending: group.items - group.done - group.failed - group.skipped,
});

/** How many there are of each: {items, done, failed, pending, skipped}. */
export function countsOf(groups) {
  const counts = { items: 0, done: 0, failed: 0, pending: 0, skipped: 0 };
  for (const group of groups.map(whole)) for (const name in counts) counts[name] += group[name];
  return counts;
}

/** As high as the map that comes, from the progress alone. */
export function guess({ progress: { current, total } }) {
  const n = Math.min(total, MOST_SQUARES);
  const start = (i) => Math.floor((i * total) / n);
  return Array.from({ length: n }, (_, i) => {
    const items = start(i + 1) - start(i);
    const done = Math.max(0, Math.min(items, current - start(i)));
    return { items, done, failed: 0, skipped: 0 };
  });
}

/** Returns {el, set(groups, job)}: the groups of the job as it is now. */
export function jobMap(job, signal) {
  const place = h('div');
  const grouped = h('span.t3');
  const el = h(
    'section.card.stack-s',
    { 'aria-label': t('map.title') },
    place,
    h(
      'div.legend',
      ITEM_STATES.map((state) => legend(job, state)),
      grouped,
    ),
  );
  let shown = null;
  const draw = () => shown && fill(place, drawing(...shown));
  addEventListener('resize', draw, { signal });
  return {
    el,
    set(groups, now) {
      shown = [groups, now];
      const each = Math.max(1, ...groups.map((group) => group.items));
      grouped.textContent = each > 1 ? t('map.grouped', { items: items(job, each) }) : '';
      draw();
    },
  };
}

function drawing(groups, job) {
  const columns = innerWidth < NARROW ? 24 : 60;
  const rows = Math.ceil(groups.length / columns);
  const { items: total, pending, failed } = countsOf(groups);
  const label = t('map.spoken', { current: total - pending, total, noun: noun(job, total) });
  return h(
    'svg.map',
    {
      viewBox: `0 0 ${columns * STEP} ${rows * STEP}`,
      role: 'img',
      'aria-label': failed ? `${label}, ${failedItems(job, failed)}` : label,
    },
    groups.map((group, i) => {
      const state = FIRST.find((name) => whole(group)[name] > 0);
      return square(state, (i % columns) * STEP + 1, Math.floor(i / columns) * STEP + 1);
    }),
  );
}

function square(state, x, y) {
  const inset = state === 'pending' ? 0.5 : 0; // half of its stroke
  const side = SIDE - 2 * inset;
  const cross = `M${x + 2.7} ${y + 2.7}l4.2 4.2m0-4.2l-4.2 4.2`;
  return [
    h('rect', { class: state, x: x + inset, y: y + inset, width: side, height: side, rx: 2 }),
    state === 'failed' && h('path.failx', { d: cross }),
  ];
}

const legend = (job, state) =>
  h(
    'span',
    h('svg.map', { viewBox: '0 0 12 12', 'aria-hidden': 'true' }, square(state, 1, 1)),
    itemState(job, state),
  );
