// The types of job that the service knows.
import { api } from '../api.js';

let known = null;

/** Resolves to their names: ["generate-auto-tasks-unit", …]. */
export async function jobTypes() {
  known ??= (await api.get('/api/job-types')).types.map(({ type }) => type);
  return known;
}
