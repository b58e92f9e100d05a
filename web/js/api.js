// The service's API as the signed-in user: adds the token, and asks again once where it ended.
import { takeBegun } from './ahead.js';
import { ApiError, address, request } from './http.js';
import { bearer, session } from './session.js';

async function call(method, path, options = {}) {
  session.renewIfDue();
  const used = session.token;
  const send = (begun) =>
    request(method, path, { ...options, begun, headers: { ...options.headers, ...bearer() } });
  try {
    return await send(method === 'GET' ? takeBegun(address(path, options.query)) : undefined);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    if (!(await session.reclaim(used))) throw error;
    return send();
  }
}

/**
 * Each resolves to the answer's JSON; errors as in http.js. Options: query, json, text and type,
 * headers, signal. `api.answer` gives status and headers too.
 */
export const api = {
  get: async (path, options) => (await call('GET', path, options)).data,
  post: async (path, options) => (await call('POST', path, options)).data,
  put: async (path, options) => (await call('PUT', path, options)).data,
  answer: call,
};
