// Jobs as the page knows them: the user's unfinished ones, and whichever a view watches.
import { api } from '../api.js';
import { ended, live } from '../live.js';

const ENDED = new Set(['completed', 'failed', 'cancelled']);
const UNFINISHED = ['pending', 'running', 'paused', 'cancelling'];
const POLL_EVERY = 2000;
const changes = new EventTarget();
const known = new Map();
const taken = new Map(); // id -> the turn at which that was taken in
const mine = new Set(); // ids of unfinished ones of the user
const watched = new Map(); // id -> {views, ending}
let turn = 0;

export const hasEnded = (job) => ENDED.has(job.state);

export const jobs = {
  get: (id) => known.get(id),
  /** The user's unfinished ones, newest first. */
  get active() {
    return [...mine]
      .map((id) => known.get(id))
      .filter((job) => job && !hasEnded(job))
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  },
  /** `run(job)` at each change of any job that the page knows. */
  on(run, signal) {
    changes.addEventListener('job', (event) => run(event.detail), { signal });
  },
  /** `run(id)` where a job is found to be there no more. */
  onGone(run, signal) {
    changes.addEventListener('gone', (event) => run(event.detail), { signal });
  },
  /** A job out of an answer that was asked for at `asked`, a `turn` as it was then. */
  put,
  get turn() {
    return turn;
  },
  take,
  /** The user's unfinished jobs, as stored. */
  async load() {
    const asked = turn;
    const data = await api.get('/api/empresas/jobs', { query: { state: UNFINISHED, limit: 50 } });
    const still = new Set(data.jobs.map((job) => job.id));
    const gone = [...mine].filter((id) => !still.has(id));
    data.jobs.forEach((job) => put(job, true, asked));
    for (const id of gone) await jobs.fetch(id).catch(() => {});
  },
  fetch: (id, options) => take(fetchJob(id, options)),
  /**
   * Tells each step of a job's progress through `on` until `signal` ends or the job has: by its
   * stream while the page is seen, else and where that is cut by asking every 2 s.
   */
  watch(id, signal) {
    const entry = watched.get(id) ?? { views: 0, ending: new AbortController() };
    if (entry.views++ === 0) {
      watched.set(id, entry);
      follow(id, entry.ending.signal);
    }
    const leave = () => {
      if (--entry.views === 0 && watched.get(id) === entry) unwatch(id);
    };
    signal.addEventListener('abort', leave, { once: true });
  },
  forget() {
    known.clear();
    taken.clear();
    mine.clear();
    [...watched.keys()].forEach(unwatch);
  },
};

live.on('job', (job) => put(job, true));
live.on('state', () => live.state === 'live' && jobs.load().catch(() => {})); // as notifications
live.poll(jobs.load);

const NOT_FOUND = 404;

/** Without what became of each item: `details` of a large job are long. */
async function fetchJob(id, options) {
  try {
    const query = { details: 'false' };
    return await api.get(`/api/empresas/jobs/${id}`, { ...options, query });
  } catch (error) {
    if (error.status === NOT_FOUND) vanish(id);
    throw error;
  }
}

/** Pruned, or no longer for this user. */
function vanish(id) {
  known.delete(id);
  taken.delete(id);
  mine.delete(id);
  unwatch(id);
  changes.dispatchEvent(new CustomEvent('gone', { detail: id }));
}

/** The job that an `answer`, on its way from here on, brings; resolves to it as it is known then. */
async function take(answer, own) {
  const asked = turn;
  return put(await answer, own, asked);
}

/** Takes in a job as the service told it; what is older than what is known changes nothing. */
function put(job, own = false, asked = turn) {
  const before = known.get(job.id);
  const order = before ? compare(job, before) : 1;
  if (order < 0) return before;
  if (order === 0 && asked < taken.get(job.id)) {
    // It may be of before or after: only a new question tells.
    if (job.state !== before.state || job.priority !== before.priority) {
      jobs.fetch(job.id).catch(() => {});
    }
    return before;
  }
  known.set(job.id, job);
  taken.set(job.id, ++turn);
  if (own || mine.has(job.id)) {
    if (hasEnded(job)) mine.delete(job.id);
    else mine.add(job.id);
  }
  changes.dispatchEvent(new CustomEvent('job', { detail: job }));
  return job;
}

/** What a run does not take back: how far it is, that it is cancelled, that it has ended. */
const compare = (a, b) =>
  a.run - b.run || a.progress.current - b.progress.current || stage(a) - stage(b);

const stage = (job) => (hasEnded(job) ? 2 : Number(job.state === 'cancelling'));

function unwatch(id) {
  watched.get(id)?.ending.abort();
  watched.delete(id);
}

async function follow(id, signal) {
  while (!signal.aborted) {
    await (document.hidden ? null : stream(id, signal).catch(() => null));
    if (signal.aborted) return;
    const job = await jobs.fetch(id, { signal }).catch(() => null);
    if (job && hasEnded(job)) await nextRun(id, signal);
    else await pause(signal);
  }
}

async function stream(id, signal) {
  const { ticket } = await api.post('/api/stream-tickets', { signal });
  if (signal.aborted) return;
  const source = new EventSource(`/api/empresas/jobs/${id}/events?ticket=${ticket}`);
  for (const type of ['snapshot', 'progress', 'completed', 'failed']) {
    source.addEventListener(type, (event) => put(JSON.parse(event.data)));
  }
  const unseen = new AbortController();
  const hide = () => document.hidden && unseen.abort();
  document.addEventListener('visibilitychange', hide, { signal: unseen.signal });
  await ended(source, AbortSignal.any([signal, unseen.signal]));
  unseen.abort();
}

const pause = (signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, POLL_EVERY);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });

/** Resolves when the job is at work again (a retry), or nobody watches any more. */
const nextRun = (id, signal) =>
  new Promise((done) => {
    jobs.on((job) => job.id === id && !hasEnded(job) && done(), signal);
    signal.addEventListener('abort', done, { once: true });
  });
