// All companies that the user may see, in memory: a few thousand rows, searched as one types.
import { api } from '../api.js';

const STALE_AFTER = 10_000;
const changes = new EventTarget();
let all = null;
let loadedAt = 0;
let loading = null;

export const companies = {
  /** null before the first load. */
  get all() {
    return all;
  },
  on(run, signal) {
    changes.addEventListener('change', run, { signal });
  },
  /** Resolves to all of them; asks the service only once, or where `anew`. */
  load({ anew = false } = {}) {
    if (all && !anew) return Promise.resolve(all);
    if (loading) return loading;
    const mine = api
      .get('/api/empresas')
      .then((data) => {
        if (loading !== mine) return [];
        loadedAt = Date.now();
        return replace(data.companies);
      })
      .finally(() => loading === mine && (loading = null));
    return (loading = mine);
  },
  /** Asks again where they are old, now and whenever the page is seen again, until `signal`. */
  keepFresh(signal) {
    const look = () => {
      if (document.hidden || Date.now() - loadedAt < STALE_AFTER) return;
      companies.load({ anew: true }).catch(() => {}); // those that are shown stay
    };
    document.addEventListener('visibilitychange', look, { signal });
    look();
  },
  /** Takes in one company as the service answered it. */
  put(company) {
    const others = (all ?? []).filter((one) => one.id !== company.id);
    replace([...others, company]);
    loading?.then(() => companies.load({ anew: true })).catch(() => {}); // it may lack this one
  },
  find: (id) => all?.find((one) => one.id === id),
  of: (unit) => (unit ? (all ?? []).filter((one) => one.unidade_id === unit) : (all ?? [])),
  count: (unit) => companies.of(unit).length,
  /** What is on its way for the user of before does not count either. */
  forget() {
    all = loading = null;
  },
};

function replace(list) {
  all = list;
  changes.dispatchEvent(new Event('change'));
  return all;
}
