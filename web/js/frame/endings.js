// Tells in every open tab that a job of the user has ended: what it did, and the way to its details.
import { api } from '../api.js';
import { companies } from '../data/companies.js';
import { hasEnded, jobs } from '../data/jobs.js';
import { t } from '../i18n.js';
import { failedItems, jobTitle, noun } from '../parts/jobwords.js';
import { toast } from '../parts/toast.js';
import { session } from '../session.js';

const unfinished = new Set(); // ids of jobs whose end is still to be told
const told = new Set(); // id and run

/** A job that was started here is shown, and its end is told also where that came at once. */
export async function followNew(id) {
  unfinished.add(id);
  const query = { details: 'false' };
  const asked = api.get(`/api/empresas/jobs/${id}`, { query });
  await jobs.take(asked, true).catch(() => {}); // the stream tells of it
}

/** Whether the user was told here how this job ended. */
export const isTold = (id) => told.has(`${id} ${jobs.get(id)?.run}`);

export function startEndings() {
  session.on(() => {
    unfinished.clear();
    told.clear();
  });
  jobs.on((job) => {
    if (job.userId !== session.user?.id) return;
    if (!hasEnded(job)) {
      unfinished.add(job.id);
    } else if (unfinished.delete(job.id)) tellOnce(job);
  });
}

function tellOnce(job) {
  const run = `${job.id} ${job.run}`;
  if (told.has(run)) return;
  told.add(run);
  const [title, options] = words(job);
  const link = { href: `/jobs/${job.id}`, label: t('job.seeDetails') };
  toast(title, { ...options, link });
  if (job.type === 'import-companies') companies.load({ anew: true }).catch(() => {});
}

function words(job) {
  if (job.state === 'cancelled') return [t('ending.cancelled'), { text: whatStays(job) }];
  if (job.state === 'failed') {
    return [t('ending.failed', { job: jobTitle(job) }), { kind: 'bad', text: job.error }];
  }
  return [done(job), { kind: 'ok', text: failures(job) }];
}

function whatStays(job) {
  const { current, total } = job.progress;
  return t('ending.stays', { current, total, noun: noun(job, total) });
}

function failures(job) {
  const { failedItems: n, type } = job;
  if (!n) return '';
  return type === 'import-companies' ? t('ending.badLines', { n }) : `${failedItems(job)}.`;
}

function done(job) {
  const { processed: n, createdTotal, yearsProcessed } = job.result;
  if (job.type === 'generate-auto-tasks-unit') {
    return t('ending.generated', {
      n,
      created: createdTotal,
      years: t('ending.years', { n: yearsProcessed }),
    });
  }
  if (job.type === 'import-companies') return t('ending.imported', { n: createdTotal });
  return t('ending.completed', { job: jobTitle(job) });
}
