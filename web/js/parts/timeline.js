// What happened to a job in the course of time: its events, and the batches between them.
import { h } from '../dom.js';
import { dateAndTime, duration, timeWithSeconds } from '../format.js';
import { icon, spinner } from '../icons.js';
import { num, t } from '../i18n.js';
import { failedItems, items, made, ownerOf } from './jobwords.js';

const BETWEEN = 8; // lines of batches between two events

const EVENTS = {
  queued: ['clock', ''],
  started: ['play', 'info'],
  resumed: ['play', 'info'],
  continued: ['play', ''],
  paused: ['pause', 'warn'],
  cancelling: ['stop', 'warn'],
  retried: ['retry', 'info'],
  released: ['clock', ''],
  reprioritized: ['up', ''],
};
const ENDS = { completed: ['done', 'ok'], failed: ['fail', 'bad'], cancelled: ['slash', ''] };

/** history: {events, batches} as the service tells them, oldest first. */
export function timeline(history, job) {
  const atWork = job.state === 'running' || job.state === 'cancelling';
  return h('ol.tl', linesOf(history, job), atWork && nowLine(job));
}

function linesOf({ events, batches }, job) {
  const numbered = batches.map((batch, i) => ({ ...batch, first: i + 1, last: i + 1 }));
  const lines = [];
  let next = 0;
  const batchesUntil = (at) => {
    const start = next;
    while (next < numbered.length && numbered[next].to <= at) next++;
    lines.push(...joined(numbered.slice(start, next)).map((batch) => batchLine(batch, job)));
  };
  for (const event of events) {
    if (event.kind !== 'queued' && event.kind !== 'started') batchesUntil(event.at);
    lines.push(eventLine(event, job));
  }
  batchesUntil('9'); // later than any instant
  return lines;
}

/** Neighbours stand together where there are many. */
function joined(batches) {
  const each = Math.ceil(batches.length / BETWEEN);
  return Array.from({ length: Math.ceil(batches.length / (each || 1)) }, (_, i) =>
    batches.slice(i * each, (i + 1) * each).reduce((one, other) => ({
      ...one,
      to: other.to,
      last: other.last,
      items: one.items + other.items,
      failed: one.failed + other.failed,
      created: one.created + other.created,
    })),
  );
}

const line = (at, dot, title, text) =>
  h(
    'li',
    h('time', { datetime: at, title: dateAndTime(at) }, timeWithSeconds(at)),
    dot,
    h('div', h('span.b', title), text && h('div.t2.xs', text)),
  );

const dot = (name, kind) => h('span.dot', { class: kind }, icon(name));

function eventLine({ at, kind, run, state }, job) {
  if (kind === 'ended') return line(at, dot(...ENDS[state]), t(`job.state.${state}`), '');
  const [name, color] = EVENTS[kind] ?? ['info', ''];
  const text = {
    queued: () => ownerOf(job),
    started: () => t('timeline.run', { run }),
    retried: () => t('timeline.run', { run }),
  }[kind]?.();
  return line(at, dot(name, color), EVENTS[kind] ? t(`timeline.${kind}`) : kind, text);
}

function batchLine(batch, job) {
  const { first, last, from, to } = batch;
  const title =
    first === last
      ? t('timeline.batch', { first: num(first) })
      : t('timeline.batches', { first: num(first), last: num(last) });
  const took = Date.parse(to) - Date.parse(from);
  const text = [
    items(job, batch.items),
    batch.failed > 0 && failedItems(job, batch.failed),
    batch.created > 0 &&
      made(job, batch.created) &&
      `${num(batch.created)} ${made(job, batch.created)}`,
    took >= 1000 && duration(took),
  ];
  return line(
    to,
    batch.failed > 0 ? dot('alert', 'bad') : dot('check', 'info'),
    title,
    text.filter(Boolean).join(' · '),
  );
}

const nowLine = ({ progress }) =>
  h(
    'li',
    h('time', t('time.now')),
    h('span.dot.info', spinner()),
    h('div.t2', t('timeline.processing', { current: progress.current, total: progress.total })),
  );
