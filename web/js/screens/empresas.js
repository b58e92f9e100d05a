// Empresas: the companies of the unit, searched, sorted and filtered in memory. What they are
// filtered by stands in the address: unidade, q, situacao, ordem, desc.
import { companies } from '../data/companies.js';
import { units } from '../data/units.js';
import { $, $$, fill, focused, h } from '../dom.js';
import { bare, documentOf } from '../documents.js';
import { day, fold } from '../format.js';
import { num, t } from '../i18n.js';
import { companyBadge } from '../parts/badge.js';
import { button } from '../parts/button.js';
import { chip } from '../parts/chip.js';
import { head } from '../parts/page.js';
import { search } from '../parts/search.js';
import { empty, failed, skeletonRows } from '../parts/states.js';
import { table } from '../parts/table.js';

const LAST = '\uffff'; // sorts behind every name
const quiet = (text) => h('span.t3', text);

const columns = () => [
  { id: 'nome', label: t('companies.column.name'), sort: true, cell: name },
  {
    id: 'doc',
    label: t('companies.column.document'),
    width: '12rem',
    class: 'p2 t2',
    sort: true,
    cell: documentOf,
  },
  {
    id: 'cidade',
    label: t('companies.column.city'),
    width: '9rem',
    class: 'p2',
    sort: true,
    cell: (c) => c.cidade ?? '',
  },
  {
    id: 'tecnico',
    label: t('companies.column.technician'),
    width: '9rem',
    class: 'p1',
    sort: true,
    cell: (c) => technician(c) ?? quiet(t('company.noTechnician')),
  },
  {
    id: 'renov',
    label: t('companies.column.renewal'),
    width: '7rem',
    class: 'p2',
    sort: true,
    cell: (c) => day(c.data_renovacao) || quiet(t('company.noDate')),
  },
  {
    id: 'per',
    label: t('companies.column.routine'),
    width: '6rem',
    class: 'p3 num',
    sort: true,
    cell: (c) =>
      c.periodicidade ? t('company.days', { n: c.periodicidade }) : quiet(t('company.noRoutine')),
  },
  {
    id: 'status',
    label: t('companies.column.status'),
    width: '7rem',
    class: 'situacao',
    sort: true,
    cell: companyBadge,
  },
];

const name = (c) => h('a.n', { href: `/empresas/${c.id}` }, c.razao_social);
const technician = (c) =>
  c.tecnico_nome ?? (c.tecnico_responsavel ? String(c.tecnico_responsavel) : undefined);

const ORDER = {
  nome: (c) => fold(c.razao_social),
  doc: (c) => c.cnpj ?? c.caepf ?? LAST,
  cidade: (c) => fold(c.cidade) || LAST,
  tecnico: (c) => fold(technician(c)) || LAST,
  renov: (c) => c.data_renovacao ?? LAST,
  per: (c) => c.periodicidade ?? Infinity,
  status: (c) => c.status,
};

const FILTERS = [
  ['', 'all', () => true],
  ['ativo', 'active', (c) => c.status === 'ativo'],
  ['inativo', 'inactive', (c) => c.status === 'inativo'],
  ['tecnico', 'technician', (c) => !c.tecnico_responsavel],
  ['data', 'date', (c) => !c.data_renovacao],
];

export const empresas = {
  name: 'empresas',
  title: () => t('companies.title'),
  async show(view) {
    fill(view.root, head(t('companies.title'), { subtitle: '\u00a0' }), skeletonRows(6));
    try {
      await Promise.all([units.load(), companies.load()]);
    } catch (error) {
      if (view.signal.aborted) return;
      const again = () => empresas.show(view);
      fill(view.root, head(t('companies.title')), failed(error, again));
      return;
    }
    if (view.signal.aborted) return;
    if (view.query.has('unidade')) units.select(Number(view.query.get('unidade')));
    view.setQuery({ unidade: units.current || '' });
    showList(view);
  },
};

function showList(view) {
  const state = read(view.query);
  const chips = h('div.chips', { role: 'group', 'aria-label': t('companies.filter') });
  const subtitle = h('span');
  const foot = h('div.tblfoot', { role: 'status' });
  const none = h('div');
  const rows = table({
    caption: t('companies.title'),
    columns: columns(),
    key: (company) => company.id,
    sub: documentOf,
    rowClass: (company) => (company.status === 'inativo' ? 'off' : ''),
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
    const found = all.filter(matching(state.q));
    const list = sorted(found.filter(filterOf(state)), state);
    drawChips(chips, found, state, (filter) => change({ filter }));
    rows.el.hidden = foot.hidden = list.length === 0;
    fill(none, list.length === 0 && nothing(all.length, clear));
    foot.textContent =
      list.length === all.length
        ? t('companies.count', { n: all.length })
        : t('companies.countOf', { some: list.length, n: all.length });
    rows.set(list, { by: state.by, descending: state.descending });
  };

  fill(
    view.root,
    head(t('companies.title'), { subtitle }),
    tools,
    h('div.tblwrap', rows.el, none, foot),
  );
  stick(tools, rows, view.signal);
  view.move = rows.move;
  companies.on(draw, view.signal);
  units.on(() => (view.setQuery({ unidade: units.current || '' }), draw()), view.signal);
  draw();
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

function matching(q) {
  const words = fold(q.trim());
  const characters = bare(q);
  return (c) =>
    !words ||
    fold(`${c.razao_social} ${c.nome_fantasia} ${c.cidade ?? ''}`).includes(words) ||
    (characters.length > 2 && (c.cnpj ?? c.caepf ?? '').includes(characters));
}

const filterOf = ({ filter }) => (FILTERS.find(([key]) => key === filter) ?? FILTERS[0])[2];

function sorted(list, { by, descending }) {
  const keyed = list.map((company) => [ORDER[by](company), company]);
  const sign = descending ? -1 : 1;
  keyed.sort(([a, x], [b, y]) => (a < b ? -sign : a > b ? sign : x.id - y.id));
  return keyed.map(([, company]) => company);
}

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

const nothing = (inUnit, clear) =>
  inUnit
    ? empty(
        'search',
        t('companies.noneFound'),
        t('companies.noneFoundText'),
        button(t('companies.clear'), { on: clear }),
      )
    : empty('building', t('companies.none'), t('companies.noneText'));

/** The head of the table sticks below the tools; on a phone these do not stick. */
function stick(tools, rows, signal) {
  const set = () => rows.stickBelow(innerWidth < 768 ? 0 : tools.offsetHeight - 1);
  addEventListener('resize', set, { signal });
  set();
}
