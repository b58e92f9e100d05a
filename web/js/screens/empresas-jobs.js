// The cards of the unit's jobs above its companies: the user's unfinished ones, and those of which
// there was news while one looked.
import { hasEnded, jobs } from '../data/jobs.js';
import { units } from '../data/units.js';
import { h } from '../dom.js';
import { jobCard } from '../parts/jobcard.js';
import { session } from '../session.js';

const MOST = 2;

export function jobCards(signal) {
  const el = h('div.stack-s', { hidden: true });
  const cards = new Map(); // id -> element
  const seen = new Set();
  const cardOf = (job) => {
    if (!cards.has(job.id)) cards.set(job.id, jobCard(job, signal));
    return cards.get(job.id);
  };
  const update = () => {
    for (const { id } of jobs.active) seen.add(id);
    const all = [...seen].map((id) => jobs.get(id)).filter(ofUnit);
    all.sort((a, b) => hasEnded(a) - hasEnded(b) || (a.createdAt < b.createdAt ? 1 : -1));
    arrange(el, all.slice(0, MOST).map(cardOf));
    el.hidden = el.children.length === 0;
  };
  jobs.on(({ id, userId }) => {
    if (userId === session.user?.id) seen.add(id);
    update();
  }, signal);
  units.on(update, signal);
  update();
  return el;
}

const ofUnit = (job) => job && (!units.current || unitOf(job) === units.current);
const unitOf = (job) => job.unidade_id ?? job.arguments?.unit;

/** What stays is not moved, so that it keeps its focus. */
function arrange(el, wanted) {
  [...el.children].forEach((card) => wanted.includes(card) || card.remove());
  wanted.forEach((card, i) => el.children[i] === card || el.insertBefore(card, el.children[i]));
}
