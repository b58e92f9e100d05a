// Badges: icon, word and colour, in that order of trust.
import { h } from '../dom.js';
import { icon, spinner } from '../icons.js';
import { num, t } from '../i18n.js';
import { failedItems } from './jobwords.js';

const STATES = {
  pending: { icon: 'clock', kind: '' },
  running: { icon: null, kind: 'info' },
  paused: { icon: 'pause', kind: 'warn' },
  cancelling: { icon: null, kind: 'warn' },
  completed: { icon: 'done', kind: 'ok' },
  failed: { icon: 'fail', kind: 'bad' },
  cancelled: { icon: 'slash', kind: '' },
};

export const JOB_STATES = Object.keys(STATES);

export const badge = (text, { icon: name, kind = '' } = {}) =>
  h('span.badge', { class: name ? kind : `${kind} sole` }, name && icon(name), text);

export function jobBadge(state) {
  const { icon: name, kind } = STATES[state];
  return h('span.badge', { class: kind }, name ? icon(name) : spinner(), t(`job.state.${state}`));
}

/** Beside "Concluído": how many items failed. */
export const failedBadge = (job) =>
  h(
    'span.badge.bad.sole',
    { title: failedItems(job) },
    h('span', { 'aria-hidden': 'true' }, `+${num(job.failedItems)}`),
    h('span.sr', failedItems(job)),
  );

export const companyBadge = (company) =>
  company.status === 'ativo'
    ? badge(t('company.active'), { icon: 'check', kind: 'ok' })
    : badge(t('company.inactive'), { icon: 'slash' });
