// What may be done with several jobs at once: how many it would be, how many went, which did not.
import { ACTIONS, actionsOf, requestAll } from '../data/jobactions.js';
import { $, $$, fill, focused, h } from '../dom.js';
import { num, t } from '../i18n.js';
import { busy, button, iconButton, needService } from './button.js';
import { confirmDialog, dialog } from './dialog.js';
import { jobTitle } from './jobwords.js';
import { toast } from './toast.js';

/** Returns {el, show(jobs), focus()}; `clear()` unselects all. */
export function bulkBar({ clear, signal }) {
  const count = h('span.b', { role: 'status' });
  const buttons = h('div.row');
  const cross = iconButton(t('bulk.clear'), 'x', { kind: 'small', on: clear });
  const el = h(
    'div.bulk',
    { role: 'region', 'aria-label': t('bulk.title'), hidden: true },
    count,
    buttons,
    cross,
  );
  let drawn = new AbortController();
  let drawnFor = '';

  const run = async (name, jobs, from) => {
    if (name === 'cancel' && !(await confirmAll(jobs))) return;
    const answer = await busy(from, () => requestAll(jobs, name));
    if (!answer) return; // pressed twice
    const { done, refused } = answer;
    if (done.length) toast(t(`bulk.done.${name}`, { n: done.length }), { kind: 'ok' });
    clear();
    if (refused.length) showRefused(refused, jobs.length);
  };
  const make = ({ name, icon }, jobs) => {
    const fit = jobs.filter((job) => actionsOf(job).some((action) => action.name === name));
    return button(`${t(`job.action.${name}`)} (${num(fit.length)})`, {
      icon,
      kind: 'small',
      'data-action': name,
      'data-none': fit.length === 0,
      on: (event) => run(name, fit, event.currentTarget),
    });
  };
  const draw = (jobs) => {
    drawn.abort();
    drawn = new AbortController();
    const held = buttons.contains(focused()) && focused().dataset.action;
    const all = ACTIONS.map((action) => make(action, jobs));
    fill(buttons, all);
    needService(
      all.filter((one) => one.dataset.none === undefined),
      drawn.signal,
    );
    all.forEach((one) => 'none' in one.dataset && one.setAttribute('aria-disabled', 'true'));
    if (held) $(`[data-action="${held}"]`, buttons)?.focus();
  };
  signal.addEventListener('abort', () => drawn.abort());
  return {
    el,
    focus: () => $('.btn:not([aria-disabled])', el)?.focus(),
    show(jobs) {
      const key = jobs.map((job) => `${job.id} ${job.state} ${job.failedItems}`).join();
      if (key === drawnFor || $$('[aria-busy]', buttons).length) return;
      drawnFor = key;
      el.hidden = jobs.length === 0;
      count.textContent = jobs.length ? t('bulk.selected', { n: jobs.length }) : '';
      draw(jobs);
    },
  };
}

const confirmAll = (jobs) =>
  confirmDialog(t('bulk.cancel.title', { n: jobs.length }), t('bulk.cancel.text'), {
    yes: t('job.cancel.yes'),
  });

function showRefused(refused, total) {
  const el = dialog(t('bulk.refused', { n: refused.length, total }), {
    width: '30rem',
    body: h(
      'ul.stack-s',
      refused.map(({ job, error }) =>
        h(
          'li.sm',
          h('a', { href: `/jobs/${job.id}`, onclick: () => el.close() }, jobTitle(job)),
          h('div.t2', error.message),
        ),
      ),
    ),
    footer: button(t('action.close'), { kind: 'primary', on: () => el.close() }),
  });
}
