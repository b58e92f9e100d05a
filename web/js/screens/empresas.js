// Empresas: the companies of the unit, searched, sorted and filtered in memory. What they are
// filtered by stands in the address: unidade, q, situacao, ordem, desc.
import { companies } from '../data/companies.js';
import { units } from '../data/units.js';
import { $$, fill, focused, h } from '../dom.js';
import { documentOf } from '../documents.js';
import { t } from '../i18n.js';
import { button, iconButton } from '../parts/button.js';
import { chip } from '../parts/chip.js';
import { menuItem, menuLine, openMenu } from '../parts/menu.js';
import { head } from '../parts/page.js';
import { search } from '../parts/search.js';
import { empty, failed, skeletonRows } from '../parts/states.js';
import { table } from '../parts/table.js';
import { session } from '../session.js';
import { openCompany, toggleCompany } from './empresa.js';
import { jobCards } from './empresas-jobs.js';
import { FILTERS, ORDER, columns, filterOf, matching, sorted } from './empresas-rows.js';
import { openGenerate } from './gerar.js';
import { openImport } from './importar.js';

const UNSEEN = 100; // ms without a placeholder: what comes sooner is drawn once

export const empresas = {
  name: 'empresas',
  title: () => t('companies.title'),
  async show(view) {
    const late = setTimeout(() => view.signal.aborted || fill(view.root, skeleton()), UNSEEN);
    try {
      await Promise.all([units.load(), companies.load()]);
    } catch (error) {
      if (view.signal.aborted) return;
      const again = () => empresas.show(view);
      fill(view.root, head(t('companies.title')), failed(error, again));
      return;
    } finally {
      clearTimeout(late);
    }
    if (view.signal.aborted) return;
    if (view.query.has('unidade')) units.select(Number(view.query.get('unidade')));
    view.setQuery({ unidade: units.current || '' });
    showList(view);
    companies.keepFresh(view.signal);
  },
};

/** As high as what comes: its head and tools are there already, unseen. */
function skeleton() {
  const unseen = { class: 'unseen', inert: true };
  const acts = actions({ keys: {} }, () => {}).map((one) => (one.classList.add('unseen'), one));
  const chips = h('div.chips');
  drawChips(chips, [], {}, () => {});
  const find = search('', { label: t('companies.search'), placeholder: '' });
  return [
    head(t('companies.title'), { subtitle: '\u00a0', actions: acts }),
    h('div.tools', unseen, find.el, chips),
    skeletonRows(6),
  ];
}

function showList(view) {
  const state = read(view.query);
  let saved = null; // the row that flashes once
  const add = () => openCompany(null, { onSaved });
  const onSaved = ({ id }) => (saved = id);
  const acts = actions(view, add);
  const chips = h('div.chips', { role: 'group', 'aria-label': t('companies.filter') });
  const subtitle = h('span');
  const foot = h('div.tblfoot', { role: 'status' });
  const none = h('div');
  const rows = table({
    caption: t('companies.title'),
    columns: columns(),
    key: (company) => company.id,
    sub: documentOf,
    rowClass: ({ id, status }) =>
      `${status === 'inativo' ? 'off' : ''} ${id === saved ? 'new' : ''}`,
    actions: (company) => rowMenu(company, onSaved),
    onSort: (by) => change({ descending: state.by === by && !state.descending, by }),
    signal: view.signal,
  });
  const find = search(state.q, {
    label: t('companies.search'),
    placeholder: t('companies.searchHint'),
    on: (q) => change({ q }),
  });
  const tools = h('div.tools.stick', find.el, chips);
  const clear = () => {
    find.input.value = '';
    change({ q: '', filter: '' });
    find.input.focus();
  };
  const change = (values) => {
    Object.assign(state, values);
    view.setQuery(written(state));
    draw();
  };
  const draw = () => {
    const all = companies.of(units.current);
    const active = all.filter((company) => company.status === 'ativo').length;
    const words = { unit: units.name(units.current), active, n: all.length };
    subtitle.textContent = t('companies.subtitle', words);
    for (const act of acts) act.hidden = !units.all.length && !session.isAdmin;
    const found = all.filter(matching(state.q));
    const list = sorted(found.filter(filterOf(state.filter)), state);
    drawChips(chips, found, state, (filter) => change({ filter }));
    rows.el.hidden = foot.hidden = list.length === 0;
    fill(none, list.length === 0 && nothing(all.length, clear, add));
    foot.textContent =
      list.length === all.length
        ? t('companies.count', { n: all.length })
        : t('companies.countOf', { some: list.length, n: all.length });
    rows.set(list, { by: state.by, descending: state.descending });
    saved = null;
  };

  fill(
    view.root,
    head(t('companies.title'), { subtitle, actions: acts }),
    jobCards(view.signal),
    tools,
    h('div.tblwrap', rows.el, none, foot),
  );
  stick(tools, rows, view.signal);
  view.move = rows.move;
  companies.on(draw, view.signal);
  units.on(() => (view.setQuery({ unidade: units.current || '' }), draw()), view.signal);
  draw();
}

/** The buttons of the head, which have keys too. */
function actions(view, add) {
  const all = [
    button(t('companies.import'), { icon: 'upload', writes: true, on: () => openImport() }),
    button(t('companies.new'), { icon: 'plus', writes: true, on: add }),
    button(t('companies.generate'), {
      icon: 'bolt',
      kind: 'primary',
      writes: true,
      on: () => openGenerate(),
    }),
  ];
  ['i', 'n', 't'].forEach((key, i) => (view.keys[key] = () => all[i].click()));
  return all;
}

function rowMenu(company, onSaved) {
  const active = company.status === 'ativo';
  const items = () => [
    menuItem(t('company.open'), { icon: 'right', href: `/empresas/${company.id}` }),
    menuItem(t('company.change'), { icon: 'pencil', on: () => openCompany(company, { onSaved }) }),
    menuLine(),
    menuItem(t(active ? 'company.deactivate' : 'company.activate'), {
      icon: active ? 'slash' : 'check',
      kind: active ? 'bad' : '',
      on: () => toggleCompany(company),
    }),
  ];
  const label = t('company.actions', { name: company.razao_social });
  return iconButton(label, 'dots', {
    kind: 'small',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
    on: (event) => openMenu(event.currentTarget, label, items()),
  });
}

const read = (query) => ({
  q: query.get('q') ?? '',
  filter: query.get('situacao') ?? '',
  by: ORDER[query.get('ordem')] ? query.get('ordem') : 'nome',
  descending: query.has('desc'),
});

const written = ({ q, filter, by, descending }) => ({
  q,
  situacao: filter,
  ordem: by === 'nome' ? '' : by,
  desc: descending && '1',
});

function drawChips(box, found, state, choose) {
  const held = $$('button', box).indexOf(focused());
  fill(
    box,
    FILTERS.map(([key, text, test]) =>
      chip(t(`companies.filter.${text}`), {
        n: found.filter(test).length,
        pressed: state.filter === key,
        on: () => choose(key),
      }),
    ),
  );
  if (held >= 0) $$('button', box)[held].focus();
}

function nothing(inUnit, clear, add) {
  if (inUnit) {
    const again = button(t('companies.clear'), { on: clear });
    return empty('search', t('companies.noneFound'), t('companies.noneFoundText'), again);
  }
  if (!units.all.length) return empty('building', t('units.none'), t('units.noneText'));
  return empty(
    'building',
    t('companies.none'),
    t('companies.noneText'),
    button(t('companies.import'), { icon: 'upload', writes: true, on: () => openImport() }),
    button(t('companies.new'), { icon: 'plus', kind: 'primary', writes: true, on: add }),
  );
}

/** The head of the table sticks below the tools; on a phone these do not stick. */
function stick(tools, rows, signal) {
  const set = () => rows.stickBelow(innerWidth < 768 ? 0 : tools.offsetHeight - 1);
  const sizes = new ResizeObserver(set); // hears of the first layout too, and waits for it
  sizes.observe(tools, { box: 'border-box' });
  addEventListener('resize', set, { signal });
  signal.addEventListener('abort', () => sizes.disconnect(), { once: true });
}
