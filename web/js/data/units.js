// The user's units, and which one is looked at (0: all of them).
import { api } from '../api.js';
import { t } from '../i18n.js';
import { preference, prefer } from '../preferences.js';

const changes = new EventTarget();
let all = [];
let current = 0;
let loading = null;

export const units = {
  get all() {
    return all;
  },
  get current() {
    return current;
  },
  on(run, signal) {
    changes.addEventListener('change', run, { signal });
  },
  /** Resolves when they are known; asks the service only once for each user. */
  load() {
    if (loading) return loading;
    const mine = api.get('/api/unidades').then(
      (data) => loading === mine && take(data.unidades),
      (error) => {
        if (loading === mine) loading = null;
        throw error;
      },
    );
    return (loading = mine);
  },
  forget() {
    loading = null;
    all = [];
    current = 0;
  },
  /** Looks at this unit from now on; one that is not the user's counts as all. */
  select(id) {
    const to = known(id) ? id : 0;
    if (to === current) return;
    current = to;
    prefer('unidade', to ? String(to) : '');
    changes.dispatchEvent(new Event('change'));
  },
  name: (id) => (id ? (all.find((one) => one.id === id)?.nome ?? String(id)) : t('units.all')),
};

function take(list) {
  all = list;
  const wanted = Number(preference('unidade'));
  current = all.length === 1 ? all[0].id : known(wanted) ? wanted : 0;
  changes.dispatchEvent(new Event('change'));
}

const known = (id) => all.some((one) => one.id === id);
