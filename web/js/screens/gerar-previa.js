// What generating would make: tasks per year, the first of them; nothing is stored.
import { say } from '../announce.js';
import { api } from '../api.js';
import { companies } from '../data/companies.js';
import { units } from '../data/units.js';
import { fill, h } from '../dom.js';
import { day } from '../format.js';
import { num, t } from '../i18n.js';
import { empty, failed, skeletonLines } from '../parts/states.js';
import { kindOf, taskMark } from './tarefas.js';

const ROWS = 10;

export const path = ({ unit }) => `/api/empresas/unidade/${unit}/auto-tarefas`;

/**
 * {parts, found, key, look()}: `look` asks for what `chosen` {unit, years} would make; `found` is
 * the answer, null until it is there; `key` names this wish. `changed()` tells of `found`.
 */
export function previewRegion(chosen, changed, signal) {
  const summary = h('p.sm.t2');
  const el = h('div.stack.preview', { 'aria-busy': 'true' });
  let asked = new AbortController();
  signal.addEventListener('abort', () => asked.abort());
  const region = { parts: [summary, el], found: null, key: '', look };

  async function look() {
    asked.abort();
    asked = new AbortController();
    const mine = asked.signal;
    wait();
    try {
      const answer = await rehearse(chosen, mine);
      if (!mine.aborted) show(answer);
    } catch (error) {
      if (!mine.aborted) fill(el, failed(error, look));
    }
    if (mine.aborted) return;
    el.removeAttribute('aria-busy');
    changed();
  }
  const wait = () => {
    Object.assign(region, { found: null, key: newKey() });
    changed();
    fill(summary, summaryOf(chosen));
    fill(el, skeletonLines(8));
    el.setAttribute('aria-busy', 'true');
  };
  const show = (answer) => {
    region.found = answer;
    fill(summary, summaryOf(chosen, answer));
    fill(el, previewOf(answer, chosen.years));
    say(spoken(answer));
  };
  return region;
}

const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].join('-');

const rehearse = (chosen, signal) =>
  api.post(path(chosen), { query: { futureYears: chosen.years, dryRun: 'true' }, signal });

function summaryOf({ unit, years }, answer) {
  const active = companies.of(unit).filter(({ status }) => status === 'ativo').length;
  const first = firstYear(answer?.perYear);
  const span = { first: String(first), last: String(first + years) };
  return t('generate.summary', {
    companies: t('generate.active', { n: answer?.processed ?? active }),
    unit: units.name(unit),
    years: years ? t('years.span', span) : span.first,
  });
}

/** This one; by the service's clock where that is behind. Years without tasks are left out there. */
const firstYear = (perYear) => Math.min(new Date().getFullYear(), perYear?.[0]?.year ?? Infinity);

function previewOf({ processed, createdTotal, perYear, sample }, years) {
  if (!processed) return empty('building', t('generate.noneActive'), t('generate.noneActiveText'));
  if (!createdTotal) return empty('done', t('generate.nothing'), t('generate.nothingText'));
  return [
    h('div.row', h('h3.grow', t('generate.preview')), h('span.xs.t3', t('generate.notStored'))),
    barsOf(perYear, years),
    h('div.tblwrap', tableOf(sample.slice(0, ROWS))),
  ];
}

function spoken({ processed, createdTotal: n }) {
  if (!processed) return t('generate.noneActive');
  return n ? t('generate.wouldCome', { n }) : t('generate.nothing');
}

function barsOf(perYear, years) {
  const most = Math.max(1, ...perYear.map(({ count }) => count));
  const all = Array.from({ length: years + 1 }, (_, i) => firstYear(perYear) + i);
  const countOf = (wanted) => perYear.find(({ year }) => year === wanted)?.count ?? 0;
  return h(
    'div.ybars',
    all
      .map((year) => [year, countOf(year)])
      .map(([year, count]) => [
        h('span.t2', String(year)),
        h(
          'div.prog',
          { 'aria-hidden': 'true' },
          h('i', { style: { width: `${(100 * count) / most}%` } }),
        ),
        h('b', num(count)),
      ]),
  );
}

const tableOf = (sample) =>
  h(
    'table.tbl',
    h('caption.sr', t('generate.first', { n: sample.length })),
    h(
      'thead',
      h(
        'tr',
        h('th', { scope: 'col' }, t('generate.first', { n: sample.length })),
        h('th.p2.kind', { scope: 'col' }, t('generate.kind')),
        h('th.due', { scope: 'col' }, t('generate.due')),
      ),
    ),
    h('tbody', sample.map(rowOf)),
  );

function rowOf(task) {
  const name =
    companies.find(task.empresa_id)?.razao_social ??
    t('item.company', { id: String(task.empresa_id) });
  const kind = [taskMark(kindOf(task)), task.finalidade];
  return h(
    'tr.r',
    h('td', h('span.cut', name), h('div.sub', h('span.marked', kind))),
    h('td.p2', h('span.marked', taskMark(kindOf(task)), task.finalidade)),
    h('td', day(task.prazo)),
  );
}
