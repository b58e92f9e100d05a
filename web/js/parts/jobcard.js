// The card of one job: state, bar, pace, time left, what one can do. Redraws its words and keeps
// its nodes, so that focus stays.
import { say } from '../announce.js';
import { api } from '../api.js';
import { hasEnded, jobs } from '../data/jobs.js';
import { $, fill, focused, h, list } from '../dom.js';
import { timeLeft } from '../format.js';
import { num, t, tenths } from '../i18n.js';
import { jobBadge } from './badge.js';
import { button, linkButton } from './button.js';
import { confirmDialog } from './dialog.js';
import { bar, setBar } from './progress.js';
import { toastError } from './toast.js';

const ACTIONS = [
  { name: 'pause', icon: 'pause', from: ['pending', 'running'] },
  { name: 'resume', icon: 'play', from: ['paused'] },
  { name: 'retry', icon: 'retry', from: ['failed', 'cancelled'] },
  { name: 'cancel', icon: 'stop', from: ['pending', 'running', 'paused'] },
];

/** The names of what may be done with a job as it stands: "pause", "cancel"... */
export const actionsOf = (job) =>
  ACTIONS.filter(
    ({ name, from }) =>
      from.includes(job.state) ||
      (name === 'retry' && job.state === 'completed' && job.failedItems > 0),
  );

/** "Gerar tarefas · Campinas" */
export const jobTitle = (job) => [jobType(job), job.unidade_nome].filter(Boolean).join(' · ');

export const jobType = (job) =>
  ({
    'generate-auto-tasks-unit': t('job.type.generate'),
    'import-companies': t('job.type.import'),
    'remove-auto-tasks-unit': t('job.type.remove'),
  })[job.type] ?? job.type;

/** Asks the service for it; cancelling asks the user first. */
export async function act(job, name) {
  if (name === 'cancel') {
    const { current, total } = job.progress;
    const text = t('job.cancel.text', { current, total });
    if (!(await confirmDialog(t('job.cancel.title'), text, words))) return;
  }
  try {
    jobs.put(await api.post(`/api/empresas/jobs/${job.id}/${name}`), jobs.active.includes(job));
  } catch (error) {
    toastError(t(`job.refused.${name}`), error);
  }
}

const words = {
  get yes() {
    return t('job.cancel.yes');
  },
  get no() {
    return t('job.cancel.no');
  },
};

/** Follows the job until `signal` ends. `link: false` on the page of the job itself. */
export function jobCard(job, signal, { link = true } = {}) {
  const line = bar(job, `${t('progress.label')}: ${jobTitle(job)}`);
  const state = h('span');
  const facts = h('div.facts');
  const actions = h('div.row');
  let drawnFor = '';
  let quarter = quarterOf(job);

  const draw = (now) => {
    setBar(line, now);
    fill(facts, factsOf(now));
    quarter = sayQuarter(now, quarter);
    const key = `${now.state} ${now.failedItems} ${now.run}`;
    if (key === drawnFor) return;
    drawnFor = key;
    fill(state, jobBadge(now.state));
    const held = actions.contains(focused());
    fill(actions, buttonsOf(now, link));
    if (held) $('.btn', actions)?.focus();
  };
  draw(job);
  jobs.on((now) => now.id === job.id && draw(now), signal);
  if (!hasEnded(job)) jobs.watch(job.id, signal);
  return h(
    'section.card.jobcard',
    { 'aria-label': jobTitle(job) },
    h('div.row', state, link && h('span.b.sm', jobTitle(job)), h('span.grow'), actions),
    line,
    facts,
  );
}

const quarterOf = ({ progress }) => Math.floor(progress.percentage / 25);

/** Spoken at 25, 50 and 75 % only. */
function sayQuarter(job, before) {
  const now = quarterOf(job);
  if (job.state === 'running' && now > before && now < 4) {
    say(t('progress.quarter', { percent: 25 * now }));
  }
  return now;
}

const buttonsOf = (job, link) =>
  list(
    actionsOf(job).map(({ name, icon }) =>
      button(t(`job.action.${name}`), {
        icon,
        kind: 'small',
        writes: true,
        on: () => act(jobs.get(job.id) ?? job, name),
      }),
    ),
    link && linkButton(t('job.details'), `/jobs/${job.id}`, { kind: 'small ghost' }),
  );

function factsOf(job) {
  const { current, total, percentage } = job.progress;
  const fact = (n, text) => h('span', h('b', n), ` ${text}`);
  const runs = job.state === 'running';
  const made = job.createdSoFar;
  const failed = job.failedItems;
  return list(
    fact(t('progress.of', { current, total }), t('progress.companies', { n: total, percentage })),
    runs && job.companiesPerSecond && fact(tenths(job.companiesPerSecond), t('progress.pace')),
    runs && job.secondsLeft !== undefined && h('span', timeLeft(job.secondsLeft)),
    made > 0 && fact(num(made), t('progress.created', { n: made })),
    failed > 0 &&
      h(
        'a',
        { href: `/jobs/${job.id}?aba=empresas&item=failed` },
        t('job.failedItems', { n: failed }),
      ),
  );
}
