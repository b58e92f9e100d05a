// Addresses and what they show. Views come and go; what they filter by lives in the address.
import { $, $$, fill, focused, h } from './dom.js';
import { t } from './i18n.js';

const started = { routes: [], guard: () => null, wrong: null };
let view = null;
let leave = new AbortController();
const changes = new EventTarget();

/** What is shown: {name, title}. */
export const shown = () => view;
export const onView = (run) => changes.addEventListener('change', run);

/**
 * routes: [{path: '/jobs/:id', screen}]; a screen is {name, title: () => text, show(view)}.
 * `guard(path)` names another address to go to instead, or nothing.
 */
export function startRouter({ routes, guard, wrong }) {
  Object.assign(started, { routes, guard, wrong });
  history.scrollRestoration = 'manual';
  addEventListener('popstate', (event) => render(event.state ?? {}));
  document.addEventListener('click', follow);
  return render({ focus: false });
}

/** Goes to an address of the page: "/jobs?estado=running". */
export function go(to, { replace = false } = {}) {
  const scroll = $('#conteudo').scrollTop;
  const left = focused()?.getAttribute('href');
  history.replaceState({ ...history.state, scroll, left }, '');
  history[replace ? 'replaceState' : 'pushState']({}, '', to);
  return render({});
}

/** Shows the same address anew, as after a change of language. */
export const refresh = () => render({ focus: false, scroll: $('#conteudo').scrollTop });

/** Writes filters into the address without a step in the history; '' or null takes one out. */
export function setQuery(values) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    query.delete(name);
    for (const one of [value].flat()) {
      if (one !== '' && one !== null && one !== undefined && one !== false) query.append(name, one);
    }
  }
  const search = query.size ? `?${query}` : '';
  if (search !== location.search)
    history.replaceState(history.state, '', location.pathname + search);
}

function follow(event) {
  const link = event.target.closest?.('a[href]');
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute('download')) {
    return;
  }
  const to = new URL(link.href);
  if (to.origin !== location.origin || !find(to.pathname)) return;
  event.preventDefault();
  if (to.hash) return;
  go(to.pathname + to.search);
}

function find(path) {
  const parts = path.replace(/\/$/, '').split('/');
  for (const { path: pattern, screen } of started.routes) {
    const wanted = pattern.replace(/\/$/, '').split('/');
    if (wanted.length !== parts.length) continue;
    const params = {};
    const fits = wanted.every((part, i) => {
      if (!part.startsWith(':')) return part === parts[i];
      params[part.slice(1)] = decodeURIComponent(parts[i]);
      return parts[i] !== '';
    });
    if (fits) return { screen, params };
  }
  return null;
}

/** `left`: the link that was followed from there takes the focus again. */
async function render({ focus = true, scroll = 0, left }) {
  const found = find(location.pathname);
  const elsewhere = found && started.guard(location.pathname);
  if (elsewhere) return go(elsewhere, { replace: true });
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const { screen, params } = found ?? { screen: started.wrong, params: {} };
  const root = h('div.page');
  view = makeView(screen, params, root, signal);
  const main = $('#conteudo');
  const before = $$('.page, .login', main);
  before.forEach((old) => old.remove());
  main.append(root);
  if (before.length) main.scrollTop = 0; // the browser lays out the page for it
  changes.dispatchEvent(new Event('change'));
  try {
    await screen.show(view);
  } catch (error) {
    if (signal.aborted) return;
    view.fail(error);
  }
  if (signal.aborted) return;
  if (scroll) main.scrollTop = scroll;
  if (left) await new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame));
  if (signal.aborted || !focus || $('dialog[open]')) return;
  const back = left && $(`a[href="${CSS.escape(left)}"]`, root);
  (back ?? $('[autofocus]', root) ?? $('h1', root))?.focus({ preventScroll: true });
}

/**
 * What a screen is given: `root` to fill, `params` of its path, `query` as it stands in the
 * address, `setQuery`, `signal` (aborted when the view is left: give it to listeners and requests),
 * `keys` ({n: run}) and `move(±1)` for the keyboard, `setTitle`, and `fail(error)`, which shows an
 * error in place of the view.
 */
function makeView(screen, params, root, signal) {
  return {
    name: screen.name,
    title: screen.title(),
    root,
    params,
    signal,
    keys: {},
    move: null,
    get query() {
      return new URLSearchParams(location.search);
    },
    setQuery,
    setTitle(text) {
      if (signal.aborted) return;
      this.title = text;
      changes.dispatchEvent(new Event('change'));
    },
    fail(error) {
      fill(root, started.failed(error, refresh));
    },
  };
}

/** How an error is shown in place of a view. */
export const onFailure = (make) => (started.failed = make);

/** The document's title: how many are unread, what is shown, the product. */
export function showTitle(unread) {
  const title = `${unread ? `(${unread}) ` : ''}${view?.title ?? ''} · ${t('product')}`;
  if (document.title !== title) document.title = title; // it is told to the whole browser
}
