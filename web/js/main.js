// The page starts here: who is signed in, then the frame, then what the address shows.
import { companies } from './data/companies.js';
import { jobs } from './data/jobs.js';
import { notifications } from './data/notifications.js';
import { units } from './data/units.js';
import { $, $$ } from './dom.js';
import { applyAppearance } from './frame/appearance.js';
import { drawBar, showConnection } from './frame/bar.js';
import { startEndings } from './frame/endings.js';
import { startGuards } from './frame/guards.js';
import { startKeys } from './frame/keys.js';
import { drawNav, followJobs } from './frame/nav.js';
import { startNotices } from './frame/notices.js';
import { startOffline } from './frame/offline.js';
import { askAgain } from './frame/sessionend.js';
import { locale, onLanguage, t } from './i18n.js';
import { live } from './live.js';
import { closeMenu, startMenus } from './parts/menu.js';
import { failed } from './parts/states.js';
import { go, onFailure, onView, refresh, showTitle, shown, startRouter } from './router.js';
import { routes, wrong } from './routes.js';
import { drawBell, unread } from './screens/sino.js';
import { session } from './session.js';

const SOON = 200; // ms: a first view that is there by then is laid out and drawn once
const DRAWING = 100; // ms: until it is on the screen nothing else is begun

applyAppearance();
startGuards();
startMenus();
startKeys();
startOffline();
followJobs();
startEndings();
startNotices();
onFailure(failed);
session.onEnd = askAgain;

let isSeen = false;
let see;
const seen = new Promise((done) => (see = done));

onView(drawFrame);
onLanguage(() => {
  drawWords();
  refresh();
});
units.on(drawFrame);
companies.on(drawNavIfSeen);
notifications.on(showUnread);
live.on('state', showConnection);
session.on(changeUser);

await session.open().catch(() => {}); // offline: the banner says so, and one can try to sign in
drawWords();
const first = startRouter({ routes, wrong, guard });
await Promise.race([first, new Promise((done) => setTimeout(done, SOON))]);
isSeen = true;
drawFrame();
document.body.dataset.ready = ''; // from here on it is seen
setTimeout(see, DRAWING); // not by frames: a tab in the background draws none

/** Without a session everything leads to Entrar, and from there back. */
function guard(path) {
  if (!session.user && path !== '/entrar') {
    const here = path === '/' ? '' : `?${new URLSearchParams({ de: path + location.search })}`;
    return `/entrar${here}`;
  }
  if (session.user && path === '/entrar') return '/empresas';
  return path === '/' ? '/empresas' : null;
}

/** Somebody signed in, out, or as another user: nothing of the one before stays. */
function changeUser() {
  closeMenu();
  live.stop();
  jobs.forget();
  notifications.forget();
  companies.forget();
  units.forget();
  if (!session.user) {
    $$('dialog[open]').forEach((one) => one.close());
    if (location.pathname !== '/entrar') go('/entrar');
    return;
  }
  const { user } = session;
  const quietly = () => {}; // the view says what is wrong
  units.load().catch(quietly);
  companies.load().catch(quietly);
  jobs.load().catch(quietly);
  seen.then(() => {
    if (session.user !== user) return;
    live.start();
    notifications.load().catch(quietly);
  });
}

function drawWords() {
  document.documentElement.lang = locale();
  $('#skip').textContent = t('skip');
  $('#nav').setAttribute('aria-label', t('nav.main'));
  $('#toasts').setAttribute('aria-label', t('toasts.title'));
}

function drawFrame() {
  if (!isSeen) return; // once, with all that is known by then
  const framed = Boolean(session.user) && shown()?.name !== 'entrar';
  $('#bar').hidden = $('#nav').hidden = !framed;
  $('#app').classList.toggle('bare', !framed);
  showTitle(unread());
  if (!framed) return;
  drawBar();
  drawNav();
}

function showUnread() {
  if (!isSeen) return;
  drawBell();
  showTitle(unread());
}

function drawNavIfSeen() {
  if (isSeen && !$('#nav').hidden) drawNav();
}
