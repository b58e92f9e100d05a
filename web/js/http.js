// One request and its answer: JSON, problems as errors. Knows nothing of who asks.
import { connection } from './connection.js';
import { language, t } from './i18n.js';

const PATIENCE = 30_000;

/** The service answered, and refused. `message` is for people, in the page's language. */
export class ApiError extends Error {
  constructor(status, problem, retryAfter) {
    super(textOf(status, problem));
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem ?? {};
    this.retryAfter = retryAfter; // seconds, or nothing
  }
}

/** No answer came. */
export class OfflineError extends Error {
  constructor() {
    super(t('error.offline'));
    this.name = 'OfflineError';
  }
}

function textOf(status, problem) {
  const said = language() === 'pt' ? problem?.message : (problem?.detail ?? problem?.title);
  return said || problem?.message || t('error.status', { status: String(status) });
}

/**
 * Resolves to {status, data, headers}; data is the JSON, or nothing. Throws ApiError, OfflineError,
 * or the signal's reason. `json` or `text` (of content type `type`) is the body. `begun`: the fetch,
 * where it was begun before.
 */
export async function request(method, path, options = {}) {
  const { query, json, text, type, headers, signal, begun } = options;
  const answer = await ask(begun, address(path, query), {
    method,
    body: json === undefined ? text : JSON.stringify(json),
    headers: {
      'Accept-Language': language(),
      ...(json !== undefined && { 'Content-Type': 'application/json' }),
      ...(text !== undefined && { 'Content-Type': type ?? 'text/plain' }),
      ...headers,
    },
    signal,
  });
  const data = await read(answer);
  if (answer.ok) return { status: answer.status, data, headers: answer.headers };
  throw new ApiError(answer.status, data, secondsOf(answer.headers.get('Retry-After')));
}

async function ask(begun, url, options) {
  const patience = AbortSignal.timeout(PATIENCE);
  const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
  try {
    const answer = await (begun ?? fetch(url, { cache: 'no-store', ...options, signal }));
    connection.answered();
    return answer;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    connection.lost();
    throw new OfflineError();
  }
}

async function read(answer) {
  if (!answer.headers.get('Content-Type')?.includes('json')) return undefined;
  try {
    return await answer.json();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    return undefined;
  }
}

const secondsOf = (header) => (/^\d+$/.test(header ?? '') ? Number(header) : undefined);

/** {state: ['a', 'b'], q: ''} -> "?state=a&state=b": lists are repeated, empty values left out. */
export function address(path, query) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of [value].flat()) {
      if (one !== '' && one !== null && one !== undefined && one !== false) all.append(name, one);
    }
  }
  return all.size ? `${path}?${all}` : path;
}
