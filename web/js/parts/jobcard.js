// The card of one job: state, bar, pace, time left, what one can do. Redraws its words and keeps
// its nodes, so that focus stays.
import { say } from '../announce.js';
import { actionsOf, request } from '../data/jobactions.js';
import { hasEnded, jobs } from '../data/jobs.js';
import { $, fill, focused, h, list } from '../dom.js';
import { timeLeft } from '../format.js';
import { num, t, tenths } from '../i18n.js';
import { jobBadge } from './badge.js';
import { busy, button, linkButton, needService } from './button.js';
import { confirmDialog } from './dialog.js';
import { failedItems, isOfCompanies, jobTitle, made, noun } from './jobwords.js';
import { bar, setBar } from './progress.js';
import { toastError } from './toast.js';

/** Asks the service for it; cancelling asks the user first. `from`: the button, which waits. */
export async function act(job, name, from) {
  if (name === 'cancel' && !(await confirmCancel(job))) return;
  try {
    await (from ? busy(from, () => request(job, name)) : request(job, name));
  } catch (error) {
    toastError(t(`job.refused.${name}`), error);
  }
}

async function confirmCancel(job) {
  const ending = new AbortController();
  const { signal } = ending;
  const may = (now) => actionsOf(now).some(({ name }) => name === 'cancel');
  jobs.on((now) => now.id === job.id && !may(now) && ending.abort(), signal);
  const { current, total } = job.progress;
  const text = t('job.cancel.text', { current, total, noun: noun(job, total) });
  const options = { yes: t('job.cancel.yes'), no: t('job.cancel.no'), signal };
  const answer = await confirmDialog(t('job.cancel.title'), text, options);
  ending.abort();
  return answer;
}

/** Follows the job until `signal` ends. `link: false` on the page of the job itself. */
export function jobCard(job, signal, { link = true } = {}) {
  const line = bar(job, `${t('progress.label')}: ${jobTitle(job)}`);
  const state = h('span');
  const facts = h('div.facts');
  const actions = h('div.row', { tabindex: '-1', role: 'group', 'aria-label': t('table.actions') });
  let drawn = new AbortController();
  let drawnFor = '';
  let quarter = quarterOf(job);
  let watched = false;

  const draw = (now) => {
    if (!watched && !hasEnded(now)) {
      watched = true;
      jobs.watch(job.id, signal);
    }
    setBar(line, now);
    fill(facts, factsOf(now));
    quarter = sayQuarter(now, quarter);
    const key = `${now.state} ${now.failedItems} ${now.run}`;
    if (key === drawnFor) return;
    drawnFor = key;
    fill(state, jobBadge(now.state));
    drawActions(now);
  };
  const drawActions = (now) => {
    drawn.abort();
    drawn = new AbortController();
    const held = actions.contains(focused());
    const buttons = buttonsOf(now, run);
    needService(buttons, drawn.signal);
    const details =
      link && linkButton(t('job.details'), `/jobs/${job.id}`, { kind: 'small ghost' });
    fill(actions, buttons, details);
    if (held) keepFocus();
  };
  const keepFocus = () => ($('.btn', actions) ?? actions).focus();
  /** What was pressed may be gone by the time that the user has confirmed it. */
  const run = async (name, from) => {
    await act(jobs.get(job.id) ?? job, name, from);
    if (focused() === document.body && !signal.aborted) keepFocus();
  };
  draw(job);
  jobs.on((now) => now.id === job.id && draw(now), signal);
  signal.addEventListener('abort', () => drawn.abort());
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
    const percent = 25 * now;
    say(isOfCompanies(job) ? t('progress.quarter', { percent }) : t('progress.done', { percent }));
  }
  return now;
}

const buttonsOf = (job, run) =>
  actionsOf(job).map(({ name, icon }) =>
    button(t(`job.action.${name}`), {
      icon,
      kind: 'small',
      writes: true,
      on: (event) => run(name, event.currentTarget),
    }),
  );

function factsOf(job) {
  const { current, total, percentage } = job.progress;
  const fact = (n, text) => h('span', h('b', n), ` ${text}`);
  const runs = job.state === 'running';
  const count = job.createdSoFar;
  return list(
    fact(
      t('progress.of', { current, total }),
      t('progress.share', { noun: noun(job, total), percentage }),
    ),
    runs && job.companiesPerSecond && fact(tenths(job.companiesPerSecond), `${noun(job, 2)}/s`),
    runs && job.secondsLeft !== undefined && h('span', timeLeft(job.secondsLeft)),
    count > 0 && made(job, count) && fact(num(count), made(job, count)),
    job.failedItems > 0 &&
      h('a', { href: `/jobs/${job.id}?aba=empresas&item=failed` }, failedItems(job)),
  );
}
