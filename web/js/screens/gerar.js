// Gerar tarefas: what would come, then the job that makes it.
import { say } from '../announce.js';
import { api } from '../api.js';
import { companies } from '../data/companies.js';
import { jobs } from '../data/jobs.js';
import { units } from '../data/units.js';
import { fill, h } from '../dom.js';
import { day } from '../format.js';
import { expectEnd } from '../frame/endings.js';
import { num, t } from '../i18n.js';
import { busy, button, enable } from '../parts/button.js';
import { segments } from '../parts/chip.js';
import { dialog } from '../parts/dialog.js';
import { field, select } from '../parts/field.js';
import { refusals } from '../parts/refusal.js';
import { empty, failed, skeletonLines } from '../parts/states.js';
import { toast } from '../parts/toast.js';
import { kindOf, taskMark } from './tarefas.js';

const MOST_YEARS = 5;
const ROWS = 10;

/** `unit`, `years`: what is chosen at first, else the unit looked at and this year alone. */
export function openGenerate({ unit, years = 0 } = {}) {
  const chosen = { unit: unit || units.current || units.all[0]?.id, years };
  if (!chosen.unit) return toast(t('units.none'), { text: t('units.noneText'), kind: 'bad' });
  const ending = new AbortController();
  const summary = h('p.sm.t2');
  const preview = h('div.stack.preview', { 'aria-busy': 'true' });
  const start = button(t('generate.title'), { kind: 'primary', on: () => send() });
  let asked = new AbortController();
  let found = null; // the rehearsal of what is chosen
  let key = newKey();

  const update = () => {
    start.lastChild.textContent = found?.createdTotal
      ? t('generate.go', { n: found.createdTotal })
      : t('generate.title');
    enable(start, Boolean(found?.createdTotal) && !refused.waits);
  };
  const refused = refusals(update, ending.signal);

  const look = async () => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    found = null;
    key = newKey();
    update();
    fill(summary, summaryOf(chosen));
    preview.setAttribute('aria-busy', 'true');
    fill(preview, skeletonLines(8));
    try {
      const answer = await rehearse(chosen, signal);
      if (signal.aborted) return;
      found = answer;
      fill(summary, summaryOf(chosen, answer));
      fill(preview, previewOf(answer, chosen.years));
      say(spoken(answer));
    } catch (error) {
      if (signal.aborted) return;
      fill(preview, failed(error, look));
    }
    preview.removeAttribute('aria-busy');
    update();
  };
  const choose = (values) => {
    Object.assign(chosen, values);
    refused.clear();
    look();
  };
  const send = async () => {
    if (!found || refused.waits) return;
    refused.clear();
    let answer;
    try {
      answer = await busy(start, () => generate(chosen, key));
    } catch (error) {
      return refused.show(error);
    }
    if (!answer) return; // the click before is on its way
    el.close();
    if (units.current && units.current !== chosen.unit) units.select(chosen.unit);
    begun(answer);
  };

  const of = select(
    chosen.unit,
    units.all.map(({ id, nome }) => [id, nome]),
  );
  of.addEventListener('change', () => choose({ unit: Number(of.value) }));
  const label = t('generate.years');
  const el = dialog(t('generate.title'), {
    width: '40rem',
    kind: 'tall',
    body: [
      refused.el,
      h(
        'div.form.tight',
        field(t('company.unit'), of),
        h(
          'div.field',
          h('span.label', { 'aria-hidden': 'true' }, label),
          segments('anos', label, yearOptions(), chosen.years, (n) => choose({ years: n })),
        ),
      ),
      summary,
      preview,
    ],
    footer: [
      h('span.grow', t('generate.note')),
      button(t('action.cancel'), { on: () => el.close() }),
      start,
    ],
    onClose() {
      asked.abort();
      ending.abort();
    },
  });
  refused.look();
  look();
}

const path = ({ unit }) => `/api/empresas/unidade/${unit}/auto-tarefas`;

const rehearse = (chosen, signal) =>
  api.post(path(chosen), { query: { futureYears: chosen.years, dryRun: 'true' }, signal });

/** With a key: where the answer is lost, the same click again gets the same job. */
const generate = (chosen, key) =>
  api.post(path(chosen), {
    query: { futureYears: chosen.years },
    headers: { 'Idempotency-Key': key },
  });

const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].join('-');

/** The job is on its way: says so, and follows it. */
async function begun({ jobId, totalEmpresas: n, message }) {
  if (n === 0) return toast(message);
  expectEnd(jobId);
  toast(t('generate.started', { n }));
  const job = await api.get(`/api/empresas/jobs/${jobId}`).catch(() => null);
  if (job) jobs.put(job, true);
}

const yearOptions = () =>
  Array.from({ length: MOST_YEARS + 1 }, (_, n) => [
    n,
    String(n),
    n ? t('generate.moreYears', { n }) : t('generate.thisYear'),
  ]);

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

const spoken = ({ processed, createdTotal }) =>
  !processed
    ? t('generate.noneActive')
    : createdTotal
      ? t('generate.wouldCome', { n: createdTotal })
      : t('generate.nothing');

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
    t('generate.companyNo', { id: String(task.empresa_id) });
  const kind = [taskMark(kindOf(task)), task.finalidade];
  return h(
    'tr.r',
    h('td', h('span.cut', name), h('div.sub', h('span.marked', kind))),
    h('td.p2', h('span.marked', taskMark(kindOf(task)), task.finalidade)),
    h('td', day(task.prazo)),
  );
}
