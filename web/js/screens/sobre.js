// Sobre e API: what runs here, and the reference of the API. What is searched for stands in the
// address: q.
import { say } from '../announce.js';
import { api } from '../api.js';
import { groupsOf, loadApi, operationsOf } from '../data/openapi.js';
import { $, $$, fill, focused, h } from '../dom.js';
import { fold } from '../format.js';
import { t } from '../i18n.js';
import { badge } from '../parts/badge.js';
import { linkButton } from '../parts/button.js';
import { head } from '../parts/page.js';
import { prose } from '../parts/schema.js';
import { search } from '../parts/search.js';
import { empty, skeletonLines } from '../parts/states.js';
import { operationView, verb } from './sobre-operacao.js';

export const sobre = {
  name: 'sobre',
  title: () => t('about.title'),
  async show(view) {
    fill(view.root, head(t('about.title')), h('div.card', skeletonLines(6)));
    const doc = await loadApi();
    if (view.signal.aborted) return;
    const operations = operationsOf(doc);
    const { operacao } = view.params;
    const operation = operations.find((one) => one.id === operacao);
    const list = operationList(doc, operations, operation, view);
    const here = content(doc, operation, operacao, view);
    fill(view.root, here.head, h('div.api', { class: operacao ? 'one' : '' }, list.el, here.el));
    list.reveal();
    if (operation) view.setTitle(operation.summary);
  },
};

function content(doc, operation, wanted, view) {
  const crumb = { href: '/sobre', label: t('about.title'), here: wanted };
  if (operation) {
    return { head: head(operation.summary, { crumb }), el: operationView(doc, operation) };
  }
  if (wanted) {
    const back = linkButton(t('about.all'), '/sobre');
    return {
      head: head(t('about.unknown'), { crumb }),
      el: h('div.tblwrap', empty('search', t('about.unknown'), t('about.unknownText'), back)),
    };
  }
  return {
    head: head(t('about.title'), {
      subtitle: t('about.subtitle', { openapi: doc.openapi }),
      actions: linkButton('openapi.json', '/api/openapi.json', { icon: 'file' }),
    }),
    el: overview(doc, view.signal),
  };
}

function overview(doc, signal) {
  const version = h('dd', '…');
  const commit = h('dd.mono', '…');
  const health = h('span', { role: 'status' }, '…');
  const unknown = () => fill(version, t('about.unreachable')) && fill(commit, '–');
  api.get('/version', { signal }).then(
    (data) => fill(version, `${t('product')} ${data.version}`) && fill(commit, data.commit),
    () => signal.aborted || unknown(),
  );
  api.get('/health/ready', { signal }).then(
    () => fill(health, badge(t('about.ready'), { icon: 'done', kind: 'ok' })),
    () =>
      signal.aborted || fill(health, badge(t('about.notReady'), { icon: 'alert', kind: 'warn' })),
  );
  return h(
    'div.stack',
    h(
      'section.card.stack-s',
      h('h2.h', t('about.service')),
      h(
        'dl.kv',
        [h('dt', t('about.version')), version],
        [h('dt', t('about.commit')), commit],
        [h('dt', t('about.health')), h('dd', health)],
      ),
    ),
    h(
      'section.card.stack-s',
      h('h2.h', t('about.api')),
      prose(doc.info.summary ?? '', 'p'),
      prose(doc.info.description ?? '', 'p'),
      h('p.t2', t('about.auth')),
    ),
  );
}

function operationList(doc, operations, current, view) {
  const lists = h('div.stack-s');
  const field = search(view.query.get('q') ?? '', {
    label: t('about.search'),
    placeholder: t('about.search'),
    on: (q) => {
      view.setQuery({ q });
      draw(q);
    },
  });
  const el = h('nav.card.ops', { 'aria-label': t('about.operations') }, field.el, lists);
  const link = ({ id, method, path, summary }) =>
    h(
      'li',
      h(
        'a',
        {
          href: `/sobre/${id}${location.search}`,
          title: summary,
          'aria-current': id === current?.id ? 'page' : null,
        },
        verb(method),
        h('span.mono.cut', shortPath(path)),
        h('span.sr', summary),
      ),
    );
  let spoken = null;
  const draw = (q) => {
    const words = fold(q).split(/\s+/).filter(Boolean);
    const found = operations.filter((one) => words.every((word) => textOf(one).includes(word)));
    fill(
      lists,
      groupsOf(doc, found).map(([tag, some]) =>
        h('div', h('h2.xs.t3', tag), h('ul', some.map(link))),
      ),
      !found.length && h('p.sm.t2', t('about.none')),
    );
    clearTimeout(spoken);
    if (q) spoken = setTimeout(() => say(t('about.found', { n: found.length })), 500);
  };
  draw(field.input.value);
  view.move = (by) => {
    const links = $$('a', lists);
    const at = links.indexOf(focused());
    links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
  };
  return {
    el,
    reveal() {
      const here = $('[aria-current]', el);
      if (here) el.scrollTop = here.offsetTop - el.clientHeight / 2;
    },
  };
}

const shortPath = (path) => path.replace(/^\/api(?=\/)/, '').replace(/\{.*?\}/g, '{…}');

const textOf = ({ id, method, path, summary, description, tag }) =>
  fold(`${id} ${method} ${path} ${summary} ${description} ${tag}`);
