// What takes its time is begun while the page's script is still on its way, so that the first view is
// drawn as soon as that is there. In a small script of its own.
const PATIENCE = 30_000;
/** What the page asks for at its start with a session, as `address` in http.js writes it. */
const FIRST = [
  '/api/unidades',
  '/api/empresas',
  '/api/empresas/jobs?state=pending&state=running&state=paused&state=cancelling&limit=50',
];

/** The answer to come, its JSON read and parsed already. */
async function begin(path, options) {
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch(path, { cache: 'no-store', signal, ...options });
  const data = await answer.json().catch(() => undefined);
  return Object.assign(answer, { json: async () => data });
}

/** Whoever takes it looks at how it failed. */
const kept = (promise) => (promise.catch(() => {}), promise);

const begun = new Map();

async function beginAll() {
  const answer = await begin('/api/auth/session', { method: 'POST' });
  const { session } = (await answer.json()) ?? {};
  const headers = { Authorization: `Bearer ${session?.token}` };
  if (session) for (const path of FIRST) begun.set(path, kept(begin(path, { headers })));
  return answer;
}

/** The answer to come of POST /api/auth/session, or a fetch that failed. */
export const sessionAsked = kept(beginAll());

/** The answer to come of GET `url`, where it was begun here; once. */
export function takeBegun(url) {
  const answer = begun.get(url);
  begun.delete(url);
  return answer;
}

try {
  void localStorage.length; // the browser reads the storage at the first look: some 20 ms
} catch {
  // it is switched off
}
