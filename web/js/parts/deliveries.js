// What became of a job's webhooks: told to its owner and to admins alone.
import { api } from '../api.js';
import { mayAct } from '../data/jobactions.js';
import { fill, h } from '../dom.js';
import { timeWithSeconds } from '../format.js';
import { t } from '../i18n.js';
import { badge } from './badge.js';

const LOOK_EVERY = 5000; // they go on after the job has ended
const STATES = {
  pending: ['clock', 'info'],
  waiting: ['clock', ''],
  delivered: ['check', 'ok'],
  dead: ['fail', 'bad'],
};

/** {el, look()}: asks, and goes on asking while one is not settled and `el` is shown. */
export function deliveries(job, signal) {
  const el = h('section.stack-s');
  let timer;
  const ask = async () => {
    const { entregas } = await api.get(`/api/empresas/jobs/${job.id}/entregas`, { signal });
    fill(
      el,
      entregas.length > 0 && [h('h2.h', 'Webhooks'), h('ul.stack-s.sm', entregas.map(line))],
    );
    const open = entregas.some((one) => STATES[one.state][0] === 'clock');
    if (open && el.isConnected) timer = setTimeout(look, LOOK_EVERY);
  };
  const look = () => {
    clearTimeout(timer);
    if (mayAct(job) && !signal.aborted) ask().catch(() => {}); // the rest of the page says so
  };
  return { el, look };
}

function line(one) {
  const [name, kind] = STATES[one.state];
  const { attempts: n, nextAttemptAt: next } = one;
  const facts = [
    one.event,
    t('items.attempts', { n }),
    one.lastError ?? (kind !== 'ok' && one.lastStatus && `HTTP ${one.lastStatus}`),
    next && t('delivery.next', { time: timeWithSeconds(next) }),
  ];
  return h(
    'li',
    h(
      'div.row',
      badge(t(`delivery.${one.state}`), { icon: name, kind }),
      h('b', new URL(one.url).host),
    ),
    h('div.t2', facts.filter(Boolean).join(' · ')),
  );
}
