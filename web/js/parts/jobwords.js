// How jobs are named: their type, what their items are, and what these made.
import { num, t } from '../i18n.js';

const NOUNS = { 'import-companies': 'lines', noop: 'items' };
const COMPANIES = new Set(['generate-auto-tasks-unit', 'remove-auto-tasks-unit']);
const MADE = {
  'generate-auto-tasks-unit': 'tasks',
  'remove-auto-tasks-unit': 'removed',
  'import-companies': 'companies',
};
const kindOf = (job) => (COMPANIES.has(job.type) ? 'companies' : (NOUNS[job.type] ?? 'items'));

/** Whether an item is a company, named by its id. */
export const isOfCompanies = (job) => COMPANIES.has(job.type);

/** "empresa", "linhas": what `n` items of the job are called. */
export const noun = (job, n) => t(`noun.${kindOf(job)}`, { n });

/** "12 empresas" */
export const items = (job, n) => `${num(n)} ${noun(job, n)}`;

/** "Empresa", "Linhas": as a heading says it. */
export const heading = (job, n) => {
  const text = noun(job, n);
  return text[0].toUpperCase() + text.slice(1);
};

/** "Feita", "Feito": what became of one item. */
export const itemState = (job, state) =>
  kindOf(job) === 'items' ? t(`item.it.${state}`) : t(`item.she.${state}`);

/** "Feitas", "Feitos"; of state '' "Todas", "Todos". */
export const itemsOf = (job, state) =>
  kindOf(job) === 'items' ? t(`items.it.${state}`) : t(`items.she.${state}`);

/** "2 empresas com falha" */
export const failedItems = (job, n = job.failedItems) =>
  t('job.failedItems', { n, noun: noun(job, n) });

/** "tarefas criadas", "empresas criadas": what `n` counts; nothing where the type makes nothing. */
export const made = (job, n) => (MADE[job.type] ? t(`made.${MADE[job.type]}`, { n }) : '');

export const jobType = (job) =>
  ({
    'generate-auto-tasks-unit': t('job.type.generate'),
    'import-companies': t('job.type.import'),
    'remove-auto-tasks-unit': t('job.type.remove'),
    noop: t('job.type.noop'),
  })[job.type] ?? job.type;

export const unitOf = (job) =>
  job.unidade_nome ?? (job.unidade_id ? t('job.unit', { id: String(job.unidade_id) }) : '');

/** "Gerar tarefas · Campinas" */
export const jobTitle = (job) => [jobType(job), unitOf(job)].filter(Boolean).join(' · ');

export const ownerOf = (job) => job.usuario_nome ?? t('job.user', { id: String(job.userId) });
