// The last hour in four small charts: jobs that ended, items per second, failures, what waits;
// and as a table for those who do not see them.
import { api } from '../api.js';
import { connection } from '../connection.js';
import { $, fill, h } from '../dom.js';
import { time } from '../format.js';
import { num, t, tenths } from '../i18n.js';
import { live } from '../live.js';
import { spark } from './spark.js';

const LOOK_EVERY = 10_000;
const SETTLES = 400; // ms: several jobs end at once
const MINUTE = 60;
const HOUR = 3_600_000; // ms
const ROW = 5; // minutes in one row of the table

const sum = (values) => values.reduce((all, one) => all + one, 0);
const mean = (values) => sum(values) / values.length;
/** The service counts from its start on. */
const ofHour = (values, { now, since }) => [
  num(sum(values)),
  Date.parse(now) - Date.parse(since) < HOUR
    ? t('hour.since', { at: time(since) })
    : t('hour.inHour'),
];

/** `now(values, stats)` -> [number, words]; `sums` several minutes for a row of the table. */
const CHARTS = [
  {
    label: () => t('hour.ended'),
    value: (minute) => minute.ended,
    kind: 'bars',
    color: 'var(--ok-solid)',
    now: ofHour,
    text: num,
    sums: sum,
  },
  {
    label: () => t('hour.pace'),
    value: (minute) => minute.items / minute.seconds,
    kind: 'line',
    color: 'var(--info-solid)',
    now: (values) => [tenths(values.at(-1)), t('time.now')],
    text: tenths,
    sums: mean,
  },
  {
    label: () => t('hour.failed'),
    value: (minute) => minute.failed,
    kind: 'bars',
    color: 'var(--bad-solid)',
    now: ofHour,
    text: num,
    sums: sum,
  },
  {
    label: () => t('hour.waiting'),
    value: (minute) => minute.waiting,
    kind: 'line',
    color: 'var(--warn-solid)',
    now: (_, stats) => [num(stats.waiting), t('time.now')],
    text: num,
    sums: (values) => Math.max(...values),
  },
];

export function lastHour(signal) {
  const el = h('section.stats', { 'aria-label': t('hour.title') }, CHARTS.map(emptyStat));
  const load = async () => {
    if (document.hidden || connection.lostAt !== null) return;
    const stats = await api.get('/api/stats', { signal }).catch(() => null);
    if (stats && !signal.aborted) draw(el, stats);
  };
  let soon;
  const lookSoon = () => {
    clearTimeout(soon);
    soon = setTimeout(load, SETTLES);
  };
  const timer = setInterval(load, LOOK_EVERY);
  live.on('job', lookSoon, signal);
  signal.addEventListener('abort', () => (clearInterval(timer), clearTimeout(soon)));
  load();
  return el;
}

/** As high as what comes. */
const emptyStat = ({ label, kind, color }) =>
  stat(label(), ['–', t('hour.unknown')], spark(Array(MINUTE).fill(0), kind, color).el);

const stat = (label, [value, words], chart) =>
  h(
    'div.stat',
    h('h2', label),
    h('div.v', h('span', value), ' ', h('small', words)),
    chart,
    h('div.axis', { 'aria-hidden': 'true' }, h('span', t('hour.from')), h('span', t('time.now'))),
  );

function draw(el, stats) {
  const minutes = withSeconds(stats);
  const stats4 = CHARTS.map((chart) => {
    const values = minutes.map(chart.value);
    const line = spark(values, chart.kind, chart.color);
    const now = chart.now(values, stats);
    return { chart, values, line, now, el: stat(chart.label(), now, line.el) };
  });
  fill(
    el,
    stats4.map((one) => one.el),
    h('div.sr', table(minutes)),
  );
  const show = (i) => stats4.forEach((one) => point(one, i, minutes));
  el.onpointermove = (event) => {
    const chart = event.target.closest('.stat');
    if (!chart) return show(null);
    const box = $('.spark', chart).getBoundingClientRect();
    const last = minutes.length - 1;
    const at = Math.round(((event.clientX - box.left) / box.width) * last);
    show(Math.max(0, Math.min(last, at)));
  };
  el.onpointerleave = () => show(null);
}

function point({ chart, values, line, now, el }, i, minutes) {
  line.point(i);
  const [value, words] =
    i === null ? now : [chart.text(values[i]), t('hour.at', { at: time(minutes[i].at) })];
  $('.v span', el).textContent = value;
  $('.v small', el).textContent = words;
}

/** How long each minute has been; the present one counts with the one before where it is young. */
function withSeconds({ now, minutes }) {
  const passed = Math.max(1, (Date.parse(now) - Date.parse(minutes.at(-1).at)) / 1000);
  const last = minutes.at(-1);
  const before = minutes.at(-2);
  const young = { ...last, items: last.items + before.items, seconds: MINUTE + passed };
  return [...minutes.slice(0, -1).map((one) => ({ ...one, seconds: MINUTE })), young];
}

function table(minutes) {
  const rows = Array.from({ length: Math.ceil(minutes.length / ROW) }, (_, i) =>
    minutes.slice(i * ROW, (i + 1) * ROW),
  );
  const head = (text) => h('th', { scope: 'col' }, text);
  return h(
    'table',
    h('caption', t('hour.table')),
    h(
      'thead',
      h(
        'tr',
        head(t('hour.time')),
        CHARTS.map(({ label }) => head(label())),
      ),
    ),
    h('tbody', rows.map(tableRow)),
  );
}

const tableRow = (minutes) =>
  h(
    'tr',
    h(
      'th',
      { scope: 'row' },
      t('hour.span', { from: time(minutes[0].at), to: time(minutes.at(-1).at) }),
    ),
    CHARTS.map(({ value, sums, text }) => h('td', text(sums(minutes.map(value))))),
  );
