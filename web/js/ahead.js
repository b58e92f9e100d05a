// What takes its time is begun while the page's script is still on its way. In a small script of its
// own.
const PATIENCE = 30_000;

/** The answer to come of POST /api/auth/session, or a fetch that failed. */
export const sessionAsked = fetch('/api/auth/session', {
  method: 'POST',
  cache: 'no-store',
  signal: AbortSignal.timeout(PATIENCE),
});
sessionAsked.catch(() => {}); // whoever takes it looks at that

try {
  void localStorage.length; // the browser reads the storage at the first look: some 20 ms
} catch {
  // it is switched off
}
