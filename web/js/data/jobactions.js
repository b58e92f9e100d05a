// What may be done with jobs: by whom, in which state; and doing it, to one or to many.
import { api } from '../api.js';
import { session } from '../session.js';
import { jobs } from './jobs.js';

const ABREAST = 4;

export const ACTIONS = [
  { name: 'pause', icon: 'pause', from: ['pending', 'running'] },
  { name: 'resume', icon: 'play', from: ['paused'] },
  { name: 'retry', icon: 'retry', from: ['failed', 'cancelled'] },
  { name: 'cancel', icon: 'stop', from: ['pending', 'running', 'paused'] },
];

/** Its owner and admins; members of its unit only look on. */
export const mayAct = (job) => session.isAdmin || job.userId === session.user?.id;

/** What may be done with a job as it stands: [{name: "pause", icon}]. */
export const actionsOf = (job) =>
  mayAct(job) ? ACTIONS.filter((action) => isFor(action, job)) : [];

const isFor = ({ name, from }, job) =>
  from.includes(job.state) ||
  (name === 'retry' && job.state === 'completed' && job.failedItems > 0);

/** Asks the service for one of them; throws as it refuses, and then knows how the job really is. */
export async function request(job, name) {
  const own = job.userId === session.user?.id;
  try {
    return await jobs.take(api.post(`/api/empresas/jobs/${job.id}/${name}`), own);
  } catch (error) {
    if (error.status === 409 || error.status === 404) await jobs.fetch(job.id).catch(() => {});
    throw error;
  }
}

/** Resolves to {done: [job], refused: [{job, error}]}. */
export async function requestAll(list, name) {
  const done = [];
  const refused = [];
  const waiting = [...list];
  const work = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      await request(job, name).then(
        () => done.push(job),
        (error) => refused.push({ job, error }),
      );
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, work));
  return { done, refused };
}
