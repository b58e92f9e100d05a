// The facts of one job: who asked for what, when, and how it ended.
import { hasEnded } from '../data/jobs.js';
import { h } from '../dom.js';
import { dateAndTime, duration } from '../format.js';
import { num, t } from '../i18n.js';
import { button } from './button.js';
import { jobType, made, ownerOf, unitOf } from './jobwords.js';
import { priorityName } from './priority.js';
import { toast } from './toast.js';

/** "2026 a 2028": the years for which tasks are generated; nothing for other types. */
export function yearsOf(job) {
  const more = job.arguments?.futureYears;
  if (job.type !== 'generate-auto-tasks-unit' || more === undefined) return '';
  const first = new Date(job.createdAt).getFullYear();
  return more
    ? t('years.span', { first: String(first), last: String(first + more) })
    : String(first);
}

/** How long it took, or has been taking, in ms; nothing before it started. */
export function lasted(job) {
  if (!job.startedAt || (hasEnded(job) && !job.completedAt)) return null;
  const end = job.completedAt ? Date.parse(job.completedAt) : Date.now();
  return Math.max(0, end - Date.parse(job.startedAt));
}

export function jobFacts(job) {
  const took = lasted(job);
  const count = job.createdSoFar;
  const facts = [
    [t('job.fact.id'), h('span.row', h('code', job.id), copyButton(job.id))],
    [t('jobs.filter.type'), [jobType(job), ' ', h('code.t2', job.type)]],
    [t('jobs.filter.unit'), unitOf(job)],
    [t('jobs.column.user'), ownerOf(job)],
    [t('job.fact.years'), yearsOf(job)],
    [t('job.fact.run'), num(job.run)],
    [t('job.fact.priority'), priorityName(job.priority ?? 0)],
    [t('job.fact.created'), dateAndTime(job.createdAt)],
    [t('job.fact.started'), job.startedAt ? dateAndTime(job.startedAt) : t('job.fact.notYet')],
    [t('job.fact.ended'), job.completedAt && dateAndTime(job.completedAt)],
    [t('jobs.column.duration'), took !== null && duration(took)],
    [t('job.fact.result'), count > 0 && made(job, count) && `${num(count)} ${made(job, count)}`],
  ];
  return h(
    'dl.kv',
    facts.filter(([, value]) => value).map(([name, value]) => [h('dt', name), h('dd', value)]),
  );
}

const copyButton = (text) =>
  button(t('action.copy'), {
    kind: 'small ghost',
    icon: 'copy',
    on: () =>
      navigator.clipboard.writeText(text).then(
        () => toast(t('job.copied'), { kind: 'ok' }),
        () => toast(t('job.notCopied'), { kind: 'bad' }),
      ),
  });
