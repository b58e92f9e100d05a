// All companies that the user may see, in memory: a few thousand rows, searched as one types.
import { api } from '../api.js';

const changes = new EventTarget();
let all = null;
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
      .then((data) => (loading === mine ? replace(data.companies) : []))
      .finally(() => loading === mine && (loading = null));
    return (loading = mine);
  },
  /** Takes in one company as the service answered it. */
  put(company) {
    const others = (all ?? []).filter((one) => one.id !== company.id);
    replace([...others, company]);
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
