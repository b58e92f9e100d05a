// Icons of one stroke on a field of 16 by 16.
import { h } from './dom.js';

const PATHS = {
  alert: 'M8 2L1.5 13.5h13zM8 6.5v3.2M8 11.6v.1',
  bell: 'M8 2a4 4 0 0 0-4 4c0 4-1.5 5-1.5 5h11S12 10 12 6a4 4 0 0 0-4-4zM6.5 13.5a1.6 1.6 0 0 0 3 0',
  bolt: 'M9 1.5L3 9h4.5L7 14.5 13 7H8.5z',
  building: 'M3 14V3.5L9 2v12M9 6l4 1v7M1.5 14h13M5 6h1.5M5 9h1.5',
  cal: 'M2 3.5h12V14H2zM2 6.5h12M5 1.5v3M11 1.5v3',
  check: 'M3 8.5l3.2 3.2L13 5',
  clock: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 4.5V8l2.5 1.5',
  code: 'M5.5 4L2 8l3.5 4M10.5 4L14 8l-3.5 4',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  done: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM5.2 8.2l2 2 3.6-4',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  down: 'M4 6l4 4 4-4',
  exit: 'M6 2.5H2.5v11H6M10 5l3 3-3 3M13 8H6',
  fail: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM6 6l4 4M10 6l-4 4',
  file: 'M4 1.5h5l3 3v10H4zM9 1.5v3h3',
  inbox: 'M1.5 9l2-6h9l2 6v4.5h-13zM1.5 9H5l1 2h4l1-2h3.5',
  info: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 7.2V11M8 4.9v.1',
  jobs: 'M1.5 8h3l2-5 3 10 2-5h3',
  keys: 'M1.5 4h13v8h-13zM4 7h.01M6.7 7h.01M9.3 7h.01M12 7h.01M5 9.5h6',
  left: 'M10 4L6 8l4 4',
  off: 'M2 2l12 12M4.5 8.7a5 5 0 0 1 2-1.2M1.8 6a9 9 0 0 1 2.4-1.6M7.5 3.5A9 9 0 0 1 14.2 6M11 8.3l.6.5M8 12.3v.1',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  pencil: 'M2.5 13.5l.7-3 7.3-7.3 2.3 2.3-7.3 7.3z',
  play: 'M5 3l8 5-8 5z',
  plus: 'M8 3v10M3 8h10',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3.2H9.8',
  right: 'M6 4l4 4-4 4',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM14 14l-3.4-3.4',
  slash: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM3.6 12.4l8.8-8.8',
  stop: 'M4 4h8v8H4z',
  up: 'M8 13V3M4.5 6.5L8 3l3.5 3.5',
  upload: 'M8 10.5v-8M5 5.5l3-3 3 3M2.5 10.5v3h11v-3',
  user: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 14.5c.5-3 2.7-4.5 5.5-4.5s5 1.5 5.5 4.5',
  x: 'M4 4l8 8M12 4l-8 8',
};

const draw = (name) =>
  h('svg.i', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, h('path', { d: PATHS[name] }));
const drawn = new Map(); // a table has two in each row: copies are cheaper

export function icon(name) {
  if (!drawn.has(name)) drawn.set(name, draw(name));
  return drawn.get(name).cloneNode(true);
}

export const spinner = () => h('span.spin', { 'aria-hidden': 'true' });

export const mark = () =>
  h(
    'svg',
    { viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    h('rect', { width: 20, height: 20, rx: 5, fill: 'currentColor' }),
    h('path.k', { d: 'M3.8 9h2.4v5.5H3.8zM8.8 5.5h2.4v9H8.8zM13.8 11h2.4v3.5h-2.4z' }),
  );
