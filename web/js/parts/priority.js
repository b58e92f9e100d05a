// The priority of one job: a button that says it, and a menu to change it.
import { api } from '../api.js';
import { mayAct } from '../data/jobactions.js';
import { hasEnded, jobs } from '../data/jobs.js';
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { menuItem, openMenu } from './menu.js';
import { toastError } from './toast.js';

const NAMES = {
  10: () => t('priority.highest'),
  5: () => t('priority.high'),
  0: () => t('priority.normal'),
  '-5': () => t('priority.low'),
  '-10': () => t('priority.lowest'),
};
const LEVELS = [10, 5, 0, -5, -10];

/** "Alta", "3" */
export const priorityName = (level) => NAMES[level]?.() ?? String(level);

/** Gone where it cannot be changed any more, or not by this user. */
export function priorityButton(first, signal) {
  const words = h('span');
  const el = h(
    'button.btn',
    {
      type: 'button',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'data-writes': true,
      onclick: () => openMenu(el, t('job.fact.priority'), items()),
    },
    words,
    icon('down'),
  );
  const levelOf = () => jobs.get(first.id)?.priority ?? 0;
  const items = () =>
    [...new Set([...LEVELS, levelOf()])]
      .sort((a, b) => b - a)
      .map((level) =>
        menuItem(priorityName(level), {
          checked: level === levelOf(),
          on: () => change(first.id, level),
        }),
      );
  const draw = (job) => {
    words.textContent = t('job.priority', { name: priorityName(job.priority ?? 0) });
    el.hidden = !mayAct(job) || hasEnded(job) || job.state === 'cancelling';
  };
  draw(first);
  jobs.on((job) => job.id === first.id && draw(job), signal);
  return el;
}

async function change(id, priority) {
  const own = jobs.active.some((job) => job.id === id);
  try {
    await jobs.take(api.put(`/api/empresas/jobs/${id}/priority`, { json: { priority } }), own);
  } catch (error) {
    toastError(t('job.refused.priority'), error);
    if (error.status === 409 || error.status === 404) await jobs.fetch(id).catch(() => {});
  }
}
