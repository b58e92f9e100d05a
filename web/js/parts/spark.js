// A line of bars or a curve over sixty minutes, without numbers: they stand beside it.
import { h } from '../dom.js';

const STEP = 4;
const HEIGHT = 40;
const GROUND = 39;
const ROOM = 34; // of the highest value
const BAR = 2.6;

/** kind: 'bars' or 'line'. Returns {el, point(i)}: the hair line at value i, or nowhere (null). */
export function spark(values, kind, color) {
  const width = STEP * (values.length - 1);
  const most = Math.max(1, ...values);
  const y = (value) => GROUND - (value / most) * ROOM;
  const hair = h('line.h', { y1: 0, y2: HEIGHT, visibility: 'hidden' });
  const draw = kind === 'bars' ? bars : curve;
  const el = h(
    'svg.spark',
    {
      viewBox: `0 0 ${width} ${HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
      style: { '--c': color },
    },
    h('path.base', { d: `M0 ${HEIGHT - 0.5}H${width}` }),
    draw(values, y, width),
    hair,
  );
  return {
    el,
    point(i) {
      hair.setAttribute('visibility', i === null ? 'hidden' : 'visible');
      if (i === null) return;
      hair.setAttribute('x1', i * STEP);
      hair.setAttribute('x2', i * STEP);
    },
  };
}

const bars = (values, y, width) =>
  values.map(
    (value, i) =>
      value > 0 &&
      h('rect.c', {
        x: Math.min(i * STEP, width - BAR),
        y: y(value),
        width: BAR,
        height: GROUND - y(value),
      }),
  );

function curve(values, y, width) {
  const points = values.map((value, i) => `${i * STEP} ${y(value).toFixed(1)}`).join('L');
  return [
    h('path.a', { d: `M0 ${GROUND}L${points}L${width} ${GROUND}z` }),
    h('path.l', { d: `M${points}` }),
  ];
}
