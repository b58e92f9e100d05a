// Jobs: all that runs in the background, kept as it changes. What they are filtered by stands in
// the address: estado (several), tipo, unidade, todos.
import { actionsOf, mayAct } from '../data/jobactions.js';
import { JobList } from '../data/joblist.js';
import { jobs as known } from '../data/jobs.js';
import { jobTypes } from '../data/jobtypes.js';
import { units } from '../data/units.js';
import { $, $$, fill, focused, h } from '../dom.js';
import { ago, dateAndTime, duration } from '../format.js';
import { t } from '../i18n.js';
import { failedBadge, JOB_STATES, jobBadge } from '../parts/badge.js';
import { bulkBar } from '../parts/bulk.js';
import { busy, button, iconButton, linkButton } from '../parts/button.js';
import { chip } from '../parts/chip.js';
import { select } from '../parts/field.js';
import { act } from '../parts/jobcard.js';
import { lasted } from '../parts/jobfacts.js';
import { jobTitle, jobType, ownerOf, unitOf } from '../parts/jobwords.js';
import { lastHour } from '../parts/lasthour.js';
import { menuItem, menuLine, openMenu } from '../parts/menu.js';
import { head } from '../parts/page.js';
import { bar } from '../parts/progress.js';
import { empty, failed, skeletonRows } from '../parts/states.js';
import { table } from '../parts/table.js';
import { session } from '../session.js';

const STATES = JOB_STATES.filter((state) => state !== 'cancelling'); // running means it too

export const jobs = {
  name: 'jobs',
  title: () => t('jobs.title'),
  async show(view) {
    const place = h('div');
    const state = { filter: read(view.query), chosen: new Set() };
    const list = new JobList(state.filter, { signal: view.signal, onChange: () => shown?.draw() });
    let shown = null;
    const change = (values) => {
      state.filter = { ...state.filter, ...values };
      view.setQuery(written(state.filter));
      tools.draw();
      load();
    };
    const tools = filterTools(state, change);
    const load = async () => {
      try {
        if (!shown) fill(place, skeletonRows(6));
        await list.load(state.filter);
      } catch (error) {
        if (!view.signal.aborted) shown = fill(place, failed(error, load)) && null;
        return;
      }
      if (view.signal.aborted || shown) return;
      shown = rowsOf(list, state, change, view);
      fill(place, shown.el);
      shown.draw();
    };
    fill(
      view.root,
      head(t('jobs.title'), { subtitle: t('jobs.subtitle') }),
      lastHour(view.signal),
      tools.el,
      place,
    );
    units.on(tools.drawUnits, view.signal);
    await load();
  },
};

const read = (query) => ({
  states: query.getAll('estado').filter((state) => STATES.includes(state)),
  type: query.get('tipo') ?? '',
  unit: Number(query.get('unidade')) || 0,
  everybody: session.isAdmin && query.get('todos') !== 'nao',
});

const written = ({ states, type, unit, everybody }) => ({
  estado: states,
  tipo: type,
  unidade: unit || '',
  todos: session.isAdmin && !everybody ? 'nao' : '',
});

const NO_FILTER = { states: [], type: '', unit: 0 };
const isFiltered = ({ states, type, unit }) => states.length > 0 || type !== '' || unit !== 0;

function filterTools(state, change) {
  const chips = h('div.chips', { role: 'group', 'aria-label': t('jobs.filter.states') });
  const type = h('select.in.pick', {
    'aria-label': t('jobs.filter.type'),
    onchange: () => change({ type: type.value }),
  });
  const unit = h('select.in.pick', {
    'aria-label': t('jobs.filter.unit'),
    onchange: () => change({ unit: Number(unit.value) }),
  });
  const everybody = h('input.ck', {
    type: 'checkbox',
    checked: state.filter.everybody,
    onchange: () => change({ everybody: everybody.checked }),
  });
  let types = [];

  const toggle = (name) => {
    const { states } = state.filter;
    const without = states.filter((one) => one !== name);
    change({ states: without.length < states.length ? without : [...states, name] });
  };
  const drawChips = () => {
    const held = $$('button', chips).indexOf(focused());
    fill(
      chips,
      STATES.map((name) =>
        chip(t(`job.state.${name}`), {
          pressed: state.filter.states.includes(name),
          on: () => toggle(name),
        }),
      ),
    );
    if (held >= 0) $$('button', chips)[held].focus();
  };
  const drawTypes = () => {
    const all = new Set([...types, state.filter.type].filter(Boolean));
    const options = [...all].map((name) => [name, jobType({ type: name })]);
    offer(type, state.filter.type, [['', t('jobs.filter.allTypes')], ...options]);
  };
  const drawUnits = () => {
    const options = units.all.map(({ id, nome }) => [id, nome]);
    offer(unit, state.filter.unit || '', [['', t('units.all')], ...options]);
  };
  const draw = () => (drawChips(), drawTypes(), drawUnits());
  draw();
  jobTypes().then(
    (all) => ((types = all), drawTypes()),
    () => {}, // those of the address remain to choose from
  );
  return {
    el: h(
      'div.tools',
      chips,
      h('span.grow'),
      h(
        'div.row.picks',
        type,
        unit,
        session.isAdmin && h('label.line', everybody, t('jobs.filter.everybody')),
      ),
    ),
    draw,
    drawUnits,
  };
}

/** Puts `options` into a select that stays where it is. */
function offer(of, value, options) {
  fill(of, [...select(value, options).children]);
  of.value = value;
}

function rowsOf(list, state, change, view) {
  const { chosen } = state;
  const all = h('input.ck', {
    type: 'checkbox',
    'aria-label': t('jobs.selectAll'),
    onchange: () => choose(list.rows, all.checked),
  });
  const choose = (some, on) => {
    for (const { id } of some) on ? chosen.add(id) : chosen.delete(id);
    draw();
  };
  const box = (job) =>
    h('input.ck', {
      type: 'checkbox',
      value: job.id,
      checked: chosen.has(job.id),
      'aria-label': t('jobs.select', { job: jobTitle(job) }),
      onchange: (event) => choose([job], event.currentTarget.checked),
    });
  const rows = table({
    caption: t('jobs.title'),
    columns: [{ id: 'sel', label: all, class: 'ckc p1', cell: box }, ...columns()],
    key: (job) => job.id,
    version: (job) =>
      [
        job.state,
        job.progress.current,
        job.failedItems,
        lastedWords(job),
        ago(job.createdAt),
      ].join() + chosen.has(job.id),
    sub: (job) => [unitOf(job), `${job.progress.percentage} %`].filter(Boolean).join(' · '),
    rowClass: (job) => (chosen.has(job.id) ? 'sel' : ''),
    actions: rowActions,
    patches: true,
    signal: view.signal,
  });
  const bulk = bulkBar({ clear: () => choose(list.rows, false), signal: view.signal });
  const none = h('div');
  const count = h('span.grow', { role: 'status' });
  const more = button(t('jobs.more'), { kind: 'small', on: () => loadMore(list, more) });
  const foot = h('div.tblfoot', count, more);
  const clear = () => change(NO_FILTER);

  const draw = () => {
    const ids = new Set(list.rows.map((job) => job.id));
    for (const id of chosen) if (!ids.has(id)) chosen.delete(id);
    rows.el.hidden = foot.hidden = ids.size === 0;
    fill(none, ids.size === 0 && nothing(state.filter, clear));
    const words = list.more
      ? t('jobs.shownOfMore', { n: ids.size })
      : t('jobs.shown', { n: ids.size });
    if (count.textContent !== words) count.textContent = words;
    more.hidden = !list.more;
    rows.set(list.rows);
    for (const one of $$('tbody .ck', rows.el)) one.checked = chosen.has(one.value);
    all.checked = ids.size > 0 && chosen.size === ids.size;
    all.indeterminate = chosen.size > 0 && !all.checked;
    bulk.show(list.rows.filter((job) => chosen.has(job.id)));
  };
  view.move = rows.move;
  view.keys.m = bulk.focus;
  view.keys.x = () => $('.ck', focused().closest('tr') ?? h('i'))?.click();
  return { el: [h('div.tblwrap', rows.el, none, foot), bulk.el], draw };
}

async function loadMore(list, from) {
  const last = list.rows.length;
  await busy(from, () => list.loadMore()).catch(() => {}); // offline: the banner says so
  if (!list.more && list.rows.length > last) $$('.tbl a.n').at(-1)?.focus();
}

const columns = () => [
  { id: 'job', label: t('jobs.column.job'), lead: true, cell: name },
  {
    id: 'estado',
    label: t('jobs.column.state'),
    width: '10.5rem',
    class: 'est',
    cell: (job) => [
      jobBadge(job.state),
      job.state === 'completed' && job.failedItems > 0 && failedBadge(job),
    ],
  },
  {
    id: 'progresso',
    label: t('jobs.column.progress'),
    width: '15rem',
    class: 'p2',
    cell: ({ progress, ...job }) =>
      h(
        'div.cellprog',
        bar({ progress, ...job }),
        h('span', t('progress.short', { current: progress.current, total: progress.total })),
      ),
  },
  {
    id: 'usuario',
    label: t('jobs.column.user'),
    width: '9rem',
    class: 'p2 t2',
    cell: ownerOf,
  },
  {
    id: 'duracao',
    label: t('jobs.column.duration'),
    width: '7.5rem',
    class: 'p2 num t2',
    cell: lastedWords,
  },
  {
    id: 'criado',
    label: t('jobs.column.created'),
    width: '6.5rem',
    class: 'p1 num t2',
    cell: (job) => h('span', { title: dateAndTime(job.createdAt) }, ago(job.createdAt)),
  },
];

const name = (job) =>
  h(
    'a.n',
    { href: `/jobs/${job.id}` },
    jobType(job),
    unitOf(job) && h('span.unit.p2', ` · ${unitOf(job)}`),
  );

const lastedWords = (job) => (lasted(job) === null ? '' : duration(lasted(job)));

const rowActions = (job) =>
  iconButton(t('jobs.actionsOf', { job: jobTitle(job) }), 'dots', {
    kind: 'small',
    'aria-haspopup': 'menu',
    'aria-expanded': 'false',
    on: (event) =>
      openMenu(event.currentTarget, t('table.actions'), menuOf(known.get(job.id) ?? job)),
  });

const menuOf = (job) => [
  menuItem(t('job.seeDetails'), { icon: 'right', href: `/jobs/${job.id}` }),
  mayAct(job) && actionsOf(job).length > 0 && menuLine(),
  actionsOf(job).map(({ name: action, icon }) =>
    menuItem(t(`job.action.${action}`), {
      icon,
      kind: action === 'cancel' ? 'bad' : '',
      on: () => act(known.get(job.id) ?? job, action),
    }),
  ),
];

const nothing = (filter, clear) =>
  isFiltered(filter)
    ? empty(
        'search',
        t('jobs.noneFound'),
        t('jobs.noneFoundText'),
        button(t('companies.clear'), { on: clear }),
      )
    : empty(
        'jobs',
        t('jobs.none'),
        t('jobs.noneText'),
        linkButton(t('jobs.toCompanies'), '/empresas', { kind: 'primary' }),
      );
