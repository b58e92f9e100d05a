// How far a job is: a bar, and its words.
import { h } from '../dom.js';
import { t } from '../i18n.js';
import { noun } from './jobwords.js';

/** "75 de 150 empresas, 50 %" */
const words = (job) =>
  t('progress.spoken', {
    current: job.progress.current,
    total: job.progress.total,
    noun: noun(job, job.progress.total),
    percent: job.progress.percentage,
  });

export function bar(job, label = t('progress.label')) {
  const el = h(
    'div.prog',
    { role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100 },
    h('i'),
  );
  setBar(el, job);
  return el;
}

export function setBar(el, job) {
  el.dataset.s = job.state;
  el.setAttribute('aria-valuenow', job.progress.percentage);
  el.setAttribute('aria-valuetext', words(job));
  el.firstChild.style.width = `${job.progress.percentage}%`;
}
