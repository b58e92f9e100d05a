// Who is signed in. The token lives in this module's memory alone; a cookie that scripts cannot
// read brings it back when the page is opened anew.
import { sessionAsked } from './ahead.js';
import { ApiError, request } from './http.js';

const changes = new EventTarget();
let token = null;
let user = null;
let devUsers = null;
let renewing = null;
let reclaiming = null;
let askUser = async () => false;
let ahead = sessionAsked; // taken once
const tabs = new BroadcastChannel('mutirao-session'); // who has signed in, or null: out
tabs.onmessage = ({ data: id }) => {
  if (id === null) leave();
  else if (id !== user?.id) location.reload(); // the cookie is theirs by now
};

export const session = {
  get token() {
    return token;
  },
  get user() {
    return user;
  },
  get isAdmin() {
    return user?.permissions?.includes('admin') ?? false;
  },
  /** Made-up users that sign in with one click, under `serve --dev`; else null. */
  get devUsers() {
    return devUsers;
  },
  on(run, signal) {
    changes.addEventListener('change', run, { signal });
  },

  /** Takes up the session that the cookie holds; resolves to whether there is one. */
  async open() {
    const begun = ahead;
    ahead = null;
    const { data } = await request('POST', '/api/auth/session', { begun });
    devUsers = data?.devUsers ?? null;
    if (data?.session) take(data.session);
    return Boolean(data?.session);
  },
  async signIn(email, senha) {
    enter(await request('POST', '/api/auth/login', { json: { email, senha } }));
  },
  async signInAs(id) {
    enter(await request('POST', '/api/auth/dev', { json: { id } }));
  },
  async signOut() {
    leave();
    tabs.postMessage(null);
    await renewing; // it may bring another cookie
    await request('POST', '/api/auth/logout').catch(() => {});
  },

  /** Before a request: a token that has passed half of its life is renewed beside it. */
  renewIfDue() {
    if (!token || renewing || Date.now() < halfLife(token)) return;
    renewing = request('POST', '/api/auth/renew', { headers: bearer() })
      .then(({ data }) => user && take(data))
      .catch(() => {}) // the next request tries again; when it is refused, the user is asked
      .finally(() => (renewing = null));
  },

  /**
   * After a 401 of `refused`: resolves to whether there is another token to ask again with. The
   * cookie may hold one (another tab renewed it); else the user is asked, once for all requests.
   */
  reclaim(refused) {
    if (!user) return Promise.resolve(false); // signed out meanwhile
    if (token && token !== refused) return Promise.resolve(true);
    reclaiming ??= regain().finally(() => (reclaiming = null));
    return reclaiming;
  },
  /** `ask()` resolves to whether the user has signed in again. */
  set onEnd(ask) {
    askUser = ask;
  },
};

export const bearer = () => (token ? { Authorization: `Bearer ${token}` } : {});

async function regain() {
  try {
    if (await session.open()) return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  return user ? askUser() : false;
}

function take(given) {
  const before = user?.id;
  token = given.token;
  user = given.user;
  if (user.id !== before) changed();
}

function enter({ data }) {
  take(data);
  tabs.postMessage(user.id);
}

/** Here alone: nothing is asked for with this token any more. */
function leave() {
  if (!user) return;
  token = user = null;
  changed();
}

const changed = () => changes.dispatchEvent(new Event('change'));

/** When half of the token's life has passed, in milliseconds; never for one that says nothing. */
function halfLife(of) {
  try {
    const base64 = of.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const { iat, exp } = JSON.parse(atob(base64));
    return exp && iat ? ((iat + exp) / 2) * 1000 : Infinity;
  } catch {
    return Infinity;
  }
}
