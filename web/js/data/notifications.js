// The user's notifications, newest first, and how many are unread; the same in every tab.
import { api } from '../api.js';
import { live } from '../live.js';
import { session } from '../session.js';

const MOST = 100;
const NOT_FOUND = 404; // unknown by now, or read already

const changes = new EventTarget();
let all = null; // null before the first load
let channel = null; // tells other tabs of the user what was read here

export const notifications = {
  get all() {
    return all ?? [];
  },
  get loaded() {
    return all !== null;
  },
  get unread() {
    return notifications.all.filter((one) => !one.read_at).length;
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
    tellRead([id]);
  },
  async readAll() {
    const ids = notifications.all.map((one) => one.id);
    await api.post('/api/notificacoes/read-all');
    tellRead(ids);
  },
  forget() {
    channel?.close();
    channel = all = null;
    changed();
  },
};

live.on('notification', (one) => take([one]));
live.on('state', () => live.state === 'live' && loadQuietly()); // what came between two streams
live.poll(() => load());
document.addEventListener('visibilitychange', () => document.hidden || loadQuietly());

const changed = () => changes.dispatchEvent(new Event('change'));
const loadQuietly = () => session.user && load().catch(() => {}); // the banner says what is wrong

async function load() {
  const user = session.user?.id;
  openChannel(user);
  const data = await api.get('/api/notificacoes', { query: { limit: MOST } });
  if (session.user?.id === user) take(data.notifications, true);
}

function openChannel(user) {
  if (channel || !user) return;
  channel = new BroadcastChannel(`mutirao-avisos:${user}`);
  channel.onmessage = ({ data }) => markRead(data.read);
}

/** `whole`: these are all; else they come on top of what is known. */
function take(list, whole = false) {
  if (all === null && !whole) return; // the list is on its way, and holds it
  const newest = all === null ? Infinity : Math.max(0, ...all.map((one) => one.id));
  const came = list.filter((one) => one.id > newest && !one.read_at);
  const ids = new Set(list.map((one) => one.id));
  const others = whole ? [] : all.filter((one) => !ids.has(one.id));
  all = [...list, ...others].sort((a, b) => b.id - a.id).slice(0, MOST);
  changed();
  for (const one of came.reverse()) {
    changes.dispatchEvent(new CustomEvent('arrival', { detail: one }));
  }
}

function tellRead(ids) {
  markRead(ids);
  channel?.postMessage({ read: ids });
}

function markRead(ids) {
  const read = new Set(ids);
  const at = new Date().toISOString();
  all = notifications.all.map((one) =>
    read.has(one.id) && !one.read_at ? { ...one, read_at: at } : one,
  );
  changed();
}
