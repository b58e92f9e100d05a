// One job: how far it is, what became of each of its items, what happened when. Which tab is shown
// and which items stand in the address: aba, item.
import { say } from '../announce.js';
import { api } from '../api.js';
import { jobs } from '../data/jobs.js';
import { fill, h } from '../dom.js';
import { ago } from '../format.js';
import { num, t } from '../i18n.js';
import { linkButton } from '../parts/button.js';
import { deliveries } from '../parts/deliveries.js';
import { jobCard } from '../parts/jobcard.js';
import { jobFacts, yearsOf } from '../parts/jobfacts.js';
import { countsOf, guess, ITEM_STATES, jobMap, MOST_SQUARES } from '../parts/jobmap.js';
import { heading, jobTitle, ownerOf } from '../parts/jobwords.js';
import { ledger } from '../parts/ledger.js';
import { head } from '../parts/page.js';
import { priorityButton } from '../parts/priority.js';
import { banner, empty, failed, skeletonLines } from '../parts/states.js';
import { tabId, tabs } from '../parts/tabs.js';
import { timeline } from '../parts/timeline.js';
import { paced } from '../pacing.js';

const REDRAW_EVERY = 1000;
const TABS = ['linha', 'empresas', 'dados'];

export const job = {
  name: 'jobs',
  title: () => t('jobs.column.job'),
  async show(view) {
    const { id } = view.params;
    fill(view.root, headOf({ id }, t('jobs.column.job')), h('div.card', skeletonLines(3)));
    try {
      await jobs.fetch(id, { signal: view.signal });
    } catch (error) {
      if (view.signal.aborted) return;
      if (error.status !== 404) throw error;
      fill(view.root, ...unknown(id));
      return;
    }
    if (!view.signal.aborted) draw(view, jobs.get(id));
  },
};

const headOf = ({ id }, title, more) =>
  head(title, { ...more, crumb: { href: '/jobs', label: t('jobs.title'), here: id.slice(0, 8) } });

const unknown = (id) => [
  headOf({ id }, t('job.unknown')),
  h(
    'div.tblwrap',
    empty('search', t('job.unknown'), t('job.unknownText'), linkButton(t('job.toJobs'), '/jobs')),
  ),
];

function draw(view, first) {
  const { signal } = view;
  const subtitle = h('span');
  const trouble = h('div');
  const map = jobMap(first, signal);
  const records = recordsOf(first, view);
  const priority = priorityButton(first, signal);
  map.set(guess(first), first);
  view.setTitle(jobTitle(first));
  view.move = records.move;

  const look = paced(
    async () => {
      const now = jobs.get(first.id);
      const path = `/api/empresas/jobs/${first.id}`;
      const [history, { groups }] = await Promise.all([
        api.get(`${path}/timeline`, { signal }),
        api.get(`${path}/items`, { query: { groups: MOST_SQUARES }, signal }),
      ]).catch((error) => {
        if (!signal.aborted) records.fail(error, look);
        throw error;
      });
      if (signal.aborted) return;
      map.set(groups, now);
      records.set(history, countsOf(groups));
    },
    REDRAW_EVERY,
    signal,
  );
  const update = (now) => {
    const facts = [ownerOf(now), ago(now.createdAt), yearsOf(now)].filter(Boolean).join(', ');
    if (subtitle.textContent !== facts) subtitle.textContent = facts;
    const error = now.state === 'failed' ? now.error : '';
    if (trouble.textContent !== error)
      fill(trouble, error && banner('alert', error, { kind: 'bad' }));
    trouble.hidden = !error;
    look();
  };
  fill(
    view.root,
    headOf(first, jobTitle(first), { subtitle, actions: priority }),
    trouble,
    jobCard(first, signal, { link: false }),
    map.el,
    records.el,
  );
  update(first);
  jobs.on((now) => now.id === first.id && update(now), signal);
  jobs.onGone((id) => {
    if (id !== first.id) return;
    fill(view.root, ...unknown(id));
    say(t('job.unknown'), { urgent: true });
  }, signal);
}

/** The tabs: what happened when, what became of each item, and the facts. */
function recordsOf(first, view) {
  const line = h('div.tabline');
  const panel = h('div', { id: 'painel', role: 'tabpanel' });
  const el = h('section.card.stack', line, panel);
  const hooks = deliveries(first, view.signal);
  let history = null;
  let counts = null;
  let list = null; // the ledger that is shown, and what ends it
  const now = () => jobs.get(first.id) ?? first;
  const chosen = () => {
    const [tab, item] = [view.query.get('aba'), view.query.get('item')];
    return {
      tab: TABS.includes(tab) ? tab : TABS[0],
      item: ITEM_STATES.includes(item) ? item : '',
    };
  };
  const words = (tab) => {
    if (tab !== 'empresas') return t(`job.tab.${tab}`);
    return `${heading(now(), 2)} (${num(now().progress.total)})`;
  };
  const drawTabs = () =>
    fill(
      line,
      tabs(
        TABS.map((tab) => [tab, words(tab)]),
        chosen().tab,
        {
          panel: panel.id,
          on(tab) {
            view.setQuery({ aba: tab === TABS[0] ? '' : tab, item: '' });
            drawTabs();
            document.getElementById(tabId(tab)).focus();
            show();
          },
        },
      ),
    );
  const showItems = () => {
    const ending = new AbortController();
    const signal = AbortSignal.any([ending.signal, view.signal]);
    const on = (item) => {
      const held = [...panel.querySelectorAll('.chip')].indexOf(document.activeElement);
      view.setQuery({ item });
      show();
      panel.querySelectorAll('.chip')[held]?.focus();
    };
    list = { ending, ...ledger(now(), { state: chosen().item, on, signal }) };
    fill(panel, list.el);
    if (counts) list.drawChips(counts);
  };
  const showHistory = () => fill(panel, history ? timeline(history, now()) : skeletonLines(4));
  const show = () => {
    list?.ending.abort();
    list = null;
    const { tab } = chosen();
    panel.setAttribute('aria-labelledby', tabId(tab));
    if (tab === 'empresas') return showItems();
    if (tab !== 'dados') return showHistory();
    fill(panel, jobFacts(now()), hooks.el);
    hooks.look();
  };
  const drawAnew = () => {
    if (list) list.refresh(counts);
    else if (chosen().tab === 'dados') panel.contains(document.activeElement) || show();
    else showHistory();
  };
  drawTabs();
  show();
  return {
    el,
    move: (by) => list?.move(by),
    set(toHistory, toCounts) {
      [history, counts] = [toHistory, toCounts];
      drawAnew();
    },
    fail(error, again) {
      if (!history && chosen().tab === 'linha') fill(panel, failed(error, again));
    },
  };
}
