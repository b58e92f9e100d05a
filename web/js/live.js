// What happens on the service, told as it is committed (docs/push.md). One tab of a user holds the
// stream and tells the others, since a browser opens few connections to one server. Where the
// stream is cut, every visible tab asks every 2 s.
import { api } from './api.js';
import { connection } from './connection.js';
import { session } from './session.js';

const POLL_EVERY = 2000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
const SILENCE = 10_000; // a stream that has not opened by then will not

const bus = new EventTarget();
const pollers = new Set();
let state = 'wait'; // wait, live or poll
let running = null; // of the present user: {stop, channel}

const wait = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });

export const live = {
  /** 'wait' before it is known, 'live', 'poll', or 'off' where nothing answers. */
  get state() {
    return connection.lostAt === null ? state : 'off';
  },
  /** type: 'job' (a job object), 'notification' (its nine fields), 'state'. */
  on(type, run, signal) {
    bus.addEventListener(type, (event) => run(event.detail), { signal });
  },
  /** `run()` is called every 2 s while there is no stream, and once when a lost service is back. */
  poll(run, signal) {
    pollers.add(run);
    signal?.addEventListener('abort', () => pollers.delete(run));
  },
  start,
  stop,
};

const tell = (type, detail) => bus.dispatchEvent(new CustomEvent(type, { detail }));

function setState(to) {
  if (state === to) return;
  state = to;
  tell('state', live.state);
}

connection.on(() => {
  tell('state', live.state);
  if (connection.lostAt === null) askAll();
});

function start() {
  stop();
  const ending = new AbortController();
  const channel = new BroadcastChannel(`mutirao:${session.user.id}`);
  running = { ending, channel, leads: false };
  channel.onmessage = ({ data }) => hear(data);
  channel.postMessage({ ask: true });
  setTimeout(() => running?.ending === ending && state === 'wait' && setState('poll'), SILENCE);
  lead(ending.signal);
  pollUntil(ending.signal);
}

function stop() {
  running?.ending.abort();
  running?.channel.close();
  running = null;
  state = 'wait';
}

function hear(data) {
  if (data.ask) {
    if (running?.leads) running.channel.postMessage({ state });
  } else if (!running?.leads) {
    if (data.state) setState(data.state);
    else tell(data.type, data.detail);
  }
}

/** Holds the stream for all tabs of this user: at once, or when the tab that does is closed. */
async function lead(signal) {
  const hold = async () => {
    if (signal.aborted) return;
    running.leads = true;
    await keepStream(signal);
  };
  if (!navigator.locks) return hold(); // only where the page came by http from afar
  try {
    await navigator.locks.request(`mutirao-stream:${session.user.id}`, { signal }, hold);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function keepStream(signal) {
  const show = (to) => {
    setState(to);
    running?.channel.postMessage({ state: to });
  };
  const place = { last: '' };
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    const opened = await streamOnce(place, signal, () => show('live')).catch(() => false);
    if (signal.aborted) return;
    show('poll');
    pause = opened ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
    if (connection.lostAt === null) await wait(pause * (0.75 + Math.random() / 2), signal);
    else await connection.back(signal);
  }
}

/** Resolves when the stream has ended, to whether it had opened. */
async function streamOnce(place, signal, onOpen) {
  const { ticket, lastEventId } = await api.post('/api/stream-tickets', { signal });
  place.last ||= lastEventId ?? '0'; // a user without events: from the first on
  const query = new URLSearchParams({ ticket, lastEventId: place.last });
  const source = new EventSource(`/api/notificacoes/stream?${query}`);
  const pass = (event) => {
    place.last = event.lastEventId;
    const message = { type: event.type, detail: JSON.parse(event.data) };
    tell(message.type, message.detail);
    running?.channel.postMessage(message);
  };
  source.addEventListener('job', pass);
  source.addEventListener('notification', pass);
  return ended(source, signal, onOpen);
}

/** Resolves when `source` has ended or failed, and is closed, to whether it had opened. */
export function ended(source, signal, onOpen = () => {}) {
  return new Promise((done) => {
    let opened = false;
    const late = setTimeout(() => !opened && finish(), SILENCE);
    const finish = () => {
      clearTimeout(late);
      source.close();
      done(opened);
    };
    source.onopen = () => {
      opened = true;
      onOpen();
    };
    source.onerror = finish;
    signal.addEventListener('abort', finish, { once: true });
  });
}

async function pollUntil(signal) {
  while (!signal.aborted) {
    await wait(POLL_EVERY, signal);
    if (!signal.aborted && live.state === 'poll' && !document.hidden) await askAll();
  }
}

const askAll = () =>
  running ? Promise.all([...pollers].map((run) => Promise.resolve(run()).catch(() => {}))) : null;
