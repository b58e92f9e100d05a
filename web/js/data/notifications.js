// The user's notifications, newest first, and how many are unread; the same in every tab.
import { api } from '../api.js';
import { live } from '../live.js';
import { session } from '../session.js';

const MOST = 100;
const NOT_FOUND = 404; // unknown by now, or read already

const changes = new EventTarget();
let all = null; // the newest, null before the first load
let unread = 0; // of all there are
let channel = null; // tells other tabs of the user that something was read here
let asked = 0;
let taken = 0; // the newest question that is answered, or of interest no more

export const notifications = {
  get all() {
    return all ?? [];
  },
  get loaded() {
    return all !== null;
  },
  get unread() {
    return unread;
  },
  on(run, signal) {
    changes.addEventListener('change', run, { signal });
  },
  /** `run(one)` when one comes while the page is open; not for those that were there before. */
  onArrival(run) {
    changes.addEventListener('arrival', (event) => run(event.detail));
  },
  load,
  async read(id) {
    if (notifications.all.find((one) => one.id === id)?.read_at) return;
    await api.post(`/api/notificacoes/${id}/read`).catch((error) => {
      if (error.status !== NOT_FOUND) throw error;
    });
    await tellRead();
  },
  async readAll() {
    await api.post('/api/notificacoes/read-all');
    await tellRead();
  },
  forget() {
    channel?.close();
    channel = all = null;
    unread = 0;
    taken = asked;
    changed();
  },
};

live.on('notification', arrive);
live.on('state', () => live.state === 'live' && loadQuietly()); // what came between two streams
live.poll(() => load());
document.addEventListener('visibilitychange', () => document.hidden || loadQuietly());

const changed = () => changes.dispatchEvent(new Event('change'));
const loadQuietly = () => session.user && load().catch(() => {}); // the banner says what is wrong

async function load() {
  openChannel(session.user?.id);
  const turn = ++asked;
  const data = await api.get('/api/notificacoes', { query: { limit: MOST } });
  if (turn <= taken) return; // overtaken
  taken = turn;
  const came = all ? data.notifications.filter(isNew) : [];
  const known = data.notifications[0]?.id ?? 0;
  const later = notifications.all.filter((one) => one.id > known); // the stream was faster
  unread = data.unread + later.filter(isUnread).length;
  show([...later, ...data.notifications], came);
}

function openChannel(user) {
  if (channel || !user) return;
  channel = new BroadcastChannel(`mutirao-avisos:${user}`);
  channel.onmessage = loadQuietly;
}

const isUnread = (one) => !one.read_at;
/** Ids grow: what is not newer than the newest is in the list, or beyond its end, and counted. */
const isNew = (one) => one.id > (all[0]?.id ?? 0);

function arrive(one) {
  if (all === null || !isNew(one)) return; // where the list is on its way, it holds it
  if (isUnread(one)) unread++;
  show([one, ...all], [one]);
}

function show(list, came) {
  all = list.slice(0, MOST);
  changed();
  for (const one of came.filter(isUnread).reverse()) {
    changes.dispatchEvent(new CustomEvent('arrival', { detail: one }));
  }
}

/** What that made read, the service alone knows: others may have come meanwhile. */
function tellRead() {
  channel?.postMessage('read');
  return loadQuietly();
}
