// A list of jobs as the service keeps it, newest first: by pages, filtered, and kept as it changes.
import { api } from '../api.js';
import { connection } from '../connection.js';
import { live } from '../live.js';
import { session } from '../session.js';
import { hasEnded, jobs } from './jobs.js';

const PAGE = 50;
const LONGEST_PAGE = 500;
const LOOK_EVERY = 2000;
const OTHERS_EVERY = 3; // looks: jobs of others are told by no stream

/** What the filter "Em execução" means. */
const asked = (state) => (state === 'running' ? ['running', 'cancelling'] : [state]);

const isHere = (job, { states, type, unit, everybody }) =>
  (!states.length || states.flatMap(asked).includes(job.state)) &&
  (!type || job.type === type) &&
  (!unit || job.unidade_id === unit) &&
  (everybody || job.userId === session.user?.id);

const isAtWork = (job) => !hasEnded(job) && job.state !== 'paused';

/**
 * filter: {states, type, unit, everybody}. `onChange()` whenever what is shown may differ, until
 * `signal` ends. To be loaded first.
 */
export class JobList {
  rows = [];
  #cursor;
  #asking = 0; // the newest question: answers to older ones are dropped
  #taking = true; // what a page brings is no news

  constructor(filter, { signal, onChange }) {
    Object.assign(this, { filter, signal, onChange });
    jobs.on((job) => this.#hear(job), signal);
    jobs.onGone((id) => this.#replace(this.rows.filter((job) => job.id !== id)), signal);
    this.#keepFresh();
  }

  /** Whether there are older ones. */
  get more() {
    return Boolean(this.#cursor);
  }

  /** From the start, by this filter. */
  async load(filter = this.filter) {
    this.filter = filter;
    this.#take(await this.#ask({ limit: PAGE }));
  }

  async loadMore() {
    this.#take(await this.#ask({ limit: PAGE, cursor: this.#cursor }), this.rows);
  }

  /** Resolves to the answer, or to nothing where it was overtaken. */
  async #ask(page) {
    const turn = ++this.#asking;
    const since = jobs.turn;
    const { states, type, unit, everybody } = this.filter;
    const query = {
      state: states.flatMap(asked),
      type,
      unidade_id: unit || '',
      all: everybody && 'true',
      ...page,
    };
    const data = await api.get('/api/empresas/jobs', { query, signal: this.signal });
    return turn === this.#asking && !this.signal.aborted ? { ...data, since } : null;
  }

  #take(data, before = []) {
    if (!data) return;
    this.#taking = true;
    const fresh = data.jobs
      .map((job) => jobs.put(job, false, data.since))
      .filter((job) => isHere(job, this.filter));
    this.#taking = false;
    this.#cursor = data.nextCursor;
    const ids = new Set(fresh.map((job) => job.id));
    this.#replace([...before.filter((job) => !ids.has(job.id)), ...fresh]);
  }

  #replace(rows) {
    this.rows = rows;
    this.onChange();
  }

  #hear(job) {
    if (this.#taking) return;
    const at = this.rows.findIndex((one) => one.id === job.id);
    const here = isHere(job, this.filter);
    if (at >= 0) this.#replace(here ? this.rows.with(at, job) : this.rows.toSpliced(at, 1));
    else if (here && !this.#isBehind(job)) {
      this.#replace([job, ...this.rows].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)));
    }
  }

  /** On a page that is not loaded yet. */
  #isBehind(job) {
    return this.more && job.createdAt < (this.rows.at(-1)?.createdAt ?? '');
  }

  /** Asks again what is shown, while something moves that no stream tells. */
  async #keepFresh() {
    for (let turn = 1; !this.signal.aborted; turn++) {
      await new Promise((done) => setTimeout(done, LOOK_EVERY));
      const due =
        live.state !== 'live' ||
        this.rows.some(isAtWork) ||
        (this.filter.everybody && turn % OTHERS_EVERY === 0);
      if (this.signal.aborted || !due || document.hidden || connection.lostAt !== null) continue;
      await this.#look().catch(() => {}); // where there is no service, the banner says so
    }
  }

  async #look() {
    if (this.#taking || this.rows.length > LONGEST_PAGE) return;
    const pages = Math.max(1, Math.ceil(this.rows.length / PAGE));
    const data = await this.#ask({ limit: Math.min(LONGEST_PAGE, PAGE * pages) });
    this.#take(data);
  }
}
