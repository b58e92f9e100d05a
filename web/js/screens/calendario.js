// One company: what is known of it, its tasks on a year's calendar and in a list. The year stands in
// the address: ano.
import { api } from '../api.js';
import { companies } from '../data/companies.js';
import { hasEnded, jobs } from '../data/jobs.js';
import { units } from '../data/units.js';
import { $, fill, focused, h } from '../dom.js';
import { documentOf } from '../documents.js';
import { day } from '../format.js';
import { num, t } from '../i18n.js';
import { companyBadge } from '../parts/badge.js';
import { button, iconButton, linkButton } from '../parts/button.js';
import { head } from '../parts/page.js';
import { empty, failed, skeletonLines } from '../parts/states.js';
import { yearCalendar } from './calendario-ano.js';
import { openCompany } from './empresa.js';
import { technician } from './empresas-rows.js';
import { openGenerate } from './gerar.js';
import { kindOf, kindText, statusText, taskMark } from './tarefas.js';

const MOST_YEARS = 5; // that can be generated beyond this one
const KINDS = ['main', 'routine', 'other'];

export const calendario = {
  name: 'empresas',
  title: () => t('companies.title'),
  async show(view) {
    const id = Number(view.params.id);
    fill(view.root, head('\u00a0'), h('section.card', skeletonLines(10)));
    await Promise.all([units.load(), companies.load()]);
    if (!companies.find(id)) await companies.load({ anew: true });
    if (view.signal.aborted) return;
    if (!companies.find(id)) return showMissing(view);
    view.setTitle(companies.find(id).razao_social);
    showCompany(view, id);
  },
};

function showMissing(view) {
  const back = linkButton(t('company.back'), '/empresas');
  view.setTitle(t('company.missing'));
  fill(
    view.root,
    head(t('company.missing')),
    empty('search', t('company.missing'), t('company.missingText'), back),
  );
}

function showCompany(view, id) {
  const { signal } = view;
  const company = () => companies.find(id);
  const top = h('div.stack');
  const body = h('div.two');
  const year = yearOf(view, company);
  const drawTop = () => {
    const edit = button(t('company.change'), {
      icon: 'pencil',
      writes: true,
      id: 'editar',
      on: () => openCompany(company()),
    });
    const held = $('#editar', top) === focused();
    fill(top, headOf(company(), edit), factsOf(company()));
    if (held) edit.focus();
  };
  const load = async () => {
    try {
      const { tasks } = await api.get(`/api/tarefas/empresa/${id}`, { signal });
      if (!year.parts[0].isConnected) fill(body, year.parts);
      year.set(tasks);
    } catch (error) {
      if (!signal.aborted && !year.parts[0].isConnected) fill(body, failed(error, load));
    }
  };

  drawTop();
  fill(view.root, top, body);
  fill(body, h('section.card', skeletonLines(12)));
  let known = company();
  companies.on(() => {
    if (!company() || company() === known) return;
    known = company();
    drawTop();
    load();
  }, signal);
  jobs.on((job) => hasEnded(job) && load(), signal);
  return load();
}

function headOf(company, edit) {
  const { razao_social: title, cidade } = company;
  const unit = company.unidade_nome ?? t('company.noUnit');
  return head(title, {
    subtitle: [documentOf(company), cidade, unit].filter(Boolean).join(' · '),
    crumb: { href: '/empresas', label: t('companies.title'), here: company.nome_fantasia },
    actions: [companyBadge(company), edit],
  });
}

function factsOf(company) {
  const { periodicidade: n, data_renovacao: renewal, telefone } = company;
  const facts = [
    [t('companies.column.technician'), technician(company) ?? t('company.noTechnician')],
    [t('company.renewal'), day(renewal) || t('company.noDate')],
    [t('companies.column.routine'), n ? t('company.every', { n }) : t('company.noRoutine')],
    [t('company.phone'), telefone || t('company.noPhone')],
  ];
  return h(
    'dl.card.row.facts',
    facts.map(([label, value]) => h('div', h('dt.xs.t3', label), h('dd.sm', value))),
  );
}

/**
 * The year in the address, its calendar and its list: {parts, set(tasks)}. A day that is chosen is
 * marked in both.
 */
function yearOf(view, company) {
  const thisYear = new Date().getFullYear();
  const title = h('h2', { 'aria-live': 'polite' });
  const calendar = h('div');
  const list = h('ul.tasks');
  const count = h('span.t3.xs');
  let year = Number(view.query.get('ano')) || thisYear;
  let tasks = [];

  const mark = (date) => {
    for (const item of list.children) item.classList.toggle('hit', item.dataset.day === date);
    $('.hit', list)?.scrollIntoView({ block: 'nearest' });
  };
  const draw = () => {
    const held = focused()?.dataset?.day;
    const shown = ofYear(tasks, year);
    title.textContent = String(year);
    count.textContent = num(shown.length);
    const none = () => noTasks(company(), year - thisYear, year);
    fill(calendar, shown.length ? yearCalendar(year, shown, mark) : none());
    fill(list, shown.length ? shown.map(itemOf) : h('li.none', t('task.none')));
    if (held) $(`button[data-day="${held}"]`, calendar)?.focus();
  };
  const go = (by) => {
    year += by;
    view.setQuery({ ano: year === thisYear ? '' : year });
    draw();
  };
  const parts = [
    h(
      'section.card.stack',
      { 'aria-label': t('calendar.title') },
      h(
        'div.row',
        iconButton(t('calendar.before'), 'left', { kind: 'small', on: () => go(-1) }),
        title,
        iconButton(t('calendar.after'), 'right', { kind: 'small', on: () => go(1) }),
        h('span.grow'),
        legend(),
      ),
      calendar,
    ),
    h(
      'section.card.flush',
      { 'aria-label': t('task.list') },
      h('div.row.listhead', h('h3.grow', t('task.list')), count),
      list,
    ),
  ];
  return {
    parts,
    set(all) {
      tasks = all;
      draw();
    },
  };
}

const ofYear = (tasks, year) =>
  tasks
    .filter(({ prazo }) => prazo.startsWith(`${String(year).padStart(4, '0')}-`))
    .sort((a, b) => (a.prazo < b.prazo ? -1 : a.prazo > b.prazo ? 1 : a.id - b.id));

const legend = () =>
  h(
    'div.legend',
    KINDS.map((kind) => h('span', taskMark(kind), t(`task.legend.${kind}`))),
  );

const itemOf = (task) =>
  h(
    'li',
    { 'data-day': task.prazo },
    taskMark(kindOf(task)),
    h('span', task.finalidade, h('span.sr', `, ${kindText(kindOf(task))}`)),
    h('time.t2', { datetime: task.prazo }, day(task.prazo)),
    h('small', `${statusText(task)} · ${task.responsavel ?? t('company.noTechnician')}`),
  );

/** Why there are none, and what to do. `ahead`: how many years from this one. */
function noTasks(company, ahead, year) {
  const title = t('calendar.none', { year: String(year) });
  if (!company.data_renovacao) {
    const edit = button(t('company.edit'), { writes: true, on: () => openCompany(company) });
    return empty('cal', title, t('calendar.noDate'), edit);
  }
  if (ahead < 0) return empty('cal', title, t('calendar.past'));
  if (ahead > MOST_YEARS) return empty('cal', title, t('calendar.far', { n: MOST_YEARS }));
  if (company.status !== 'ativo') return empty('cal', title, t('calendar.inactive'));
  if (!company.unidade_id) return empty('cal', title, t('calendar.noUnit'));
  const generate = button(t('generate.title'), {
    icon: 'bolt',
    writes: true,
    on: () => openGenerate({ unit: company.unidade_id, years: ahead }),
  });
  return empty('cal', title, t('calendar.notYet'), generate);
}
