// What takes its time is begun while the page's script is still on its way. In a small script of its
// own.
const PATIENCE = 30_000;
const FIRST = ['/api/unidades', '/api/empresas']; // what the first view shows, of whomever

const begin = (path, options) => {
  const answer = fetch(path, {
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE),
    ...options,
  });
  answer.catch(() => {}); // whoever takes it looks at that
  return answer;
};
const begun = new Map();

/** The answer to come of POST /api/auth/session, or a fetch that failed. */
export const sessionAsked = begin('/api/auth/session', { method: 'POST' }).then(async (answer) => {
  const { session } = await answer.clone().json();
  const headers = { Authorization: `Bearer ${session?.token}` };
  if (session) for (const path of FIRST) begun.set(path, begin(path, { headers }));
  return answer;
});
sessionAsked.catch(() => {});

/** The answer to come of GET `path`, where it was begun here; once. */
export function takeBegun(path) {
  const answer = begun.get(path);
  begun.delete(path);
  return answer;
}

try {
  void localStorage.length; // the browser reads the storage at the first look: some 20 ms
} catch {
  // it is switched off
}
