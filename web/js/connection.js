// Whether the service can be reached, and since when not. Every request says what it found.

const PAUSES = [1000, 2000, 5000]; // before the first tries; the last one before all further
const PATIENCE = 5000;
const changes = new EventTarget();
let lostAt = null;
let nextTry = null;
let tries = 0;
let timer;

export const connection = {
  /** When the last answer came before it was lost; null while it is there. */
  get lostAt() {
    return lostAt;
  },
  get nextTry() {
    return nextTry;
  },
  on(run, signal) {
    changes.addEventListener('change', run, { signal });
  },
  /** Resolves when an answer has come again, or `signal` ends. */
  back: (signal) =>
    new Promise((done) => {
      const look = () => lostAt === null && done();
      changes.addEventListener('change', look, { signal });
      signal.addEventListener('abort', done, { once: true });
    }),
  answered() {
    lastAnswer = Date.now();
    if (lostAt === null) return;
    lostAt = nextTry = null;
    clearTimeout(timer);
    changed();
  },
  lost() {
    if (lostAt !== null) return;
    lostAt = lastAnswer;
    tries = 0;
    schedule();
    changed();
  },
  tryNow: look,
};

let lastAnswer = Date.now();
const changed = () => changes.dispatchEvent(new Event('change'));

function schedule() {
  clearTimeout(timer);
  const pause = PAUSES[Math.min(tries++, PAUSES.length - 1)];
  nextTry = Date.now() + pause;
  timer = setTimeout(look, pause);
}

async function look() {
  clearTimeout(timer);
  try {
    await fetch('/health/live', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    connection.answered();
  } catch {
    if (lostAt === null) return;
    schedule();
    changed();
  }
}

addEventListener('online', () => lostAt !== null && look());
