// A company's dialog: a new one, or changes of one. Mistakes show as one types; what the service
// refuses leaves everything as it was typed.
import { say } from '../announce.js';
import { api } from '../api.js';
import { companies } from '../data/companies.js';
import { $, h } from '../dom.js';
import { t } from '../i18n.js';
import { busy, button, enable, submit } from '../parts/button.js';
import { confirmDialog, dialog } from '../parts/dialog.js';
import { refusals } from '../parts/refusal.js';
import { toast, toastError } from '../parts/toast.js';
import { companyForm } from './empresa-form.js';

const AUTOMATIC = 'Automático';

/** `onSaved(company)` runs before the companies are told of it. */
export function openCompany(company, { onSaved = () => {} } = {}) {
  const ending = new AbortController();
  const form = companyForm(company, ending.signal);
  const save = submit(t(company ? 'company.save' : 'company.add'));
  const refused = refusals(() => enable(save, !refused.waits), ending.signal);

  const send = async () => {
    if (save.getAttribute('aria-busy') || refused.waits) return;
    refused.clear();
    if (!form.check()) {
      $('[aria-invalid="true"]', el).focus();
      return say(t('company.mistakes'), { urgent: true });
    }
    let answer;
    try {
      answer = await busy(save, () => store(company, form.values()));
    } catch (error) {
      return form.refuse(error) || refused.show(error);
    }
    const { tasksRemoved, tasksCreated, ...saved } = answer;
    el.close();
    onSaved(saved);
    companies.put(saved);
    tell(saved, company && { removed: tasksRemoved, created: tasksCreated });
  };
  const el = dialog(t(company ? 'company.edit' : 'company.new'), {
    width: '38rem',
    submit: send,
    body: [refused.el, form.el],
    footer: [
      h(
        'span.grow',
        t(company ? 'company.editNote' : 'company.newNote', { year: String(thisYear()) }),
      ),
      button(t('action.cancel'), { on: () => el.close() }),
      save,
    ],
    onClose: () => ending.abort(),
  });
  refused.look();
}

/** The company as it is stored now. Of an old one only what differs is sent. */
async function store(company, values) {
  if (!company) return api.post('/api/empresas', { json: without(values, null) });
  const changed = Object.entries(values).filter(
    ([name, value]) => value !== (company[name] ?? null),
  );
  return api.put(`/api/empresas/${company.id}`, { json: Object.fromEntries(changed) });
}

const without = (values, what) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== what));

/** Says that it is stored, and what that did to its tasks. */
async function tell(company, changed) {
  const text = await (changed ? wordsOfChange(company, changed) : wordsOfNew(company)).catch(
    () => '',
  );
  const here = location.pathname === `/empresas/${company.id}`;
  toast(t(changed ? 'company.saved' : 'company.added'), {
    kind: 'ok',
    text,
    link: !here && { href: `/empresas/${company.id}`, label: t('company.open') },
  });
}

async function wordsOfNew(company) {
  if (!company.data_renovacao) return t('company.noTasks');
  const { total } = await tasksOf(company);
  return t('company.tasksMade', { years: String(thisYear()), count: total });
}

async function wordsOfChange(company, { removed, created }) {
  if (created > 0) {
    const years = await yearsOfTasks(company).catch(() => [thisYear()]);
    const first = String(Math.min(...years));
    const last = String(Math.max(...years));
    const span = first === last ? first : t('years.span', { first, last });
    return t('company.tasksMadeAgain', { years: span, count: created });
  }
  return removed > 0 ? t('company.tasksRemoved', { count: removed }) : t('company.noTaskChanged');
}

const tasksOf = (company) => api.get(`/api/tarefas/empresa/${company.id}`);
const thisYear = () => new Date().getFullYear();

/** Those that hold its automatic tasks, from this one on. */
async function yearsOfTasks(company) {
  const { tasks } = await tasksOf(company);
  const years = tasks
    .filter(({ status }) => status === AUTOMATIC)
    .map(({ prazo }) => Number(prazo.slice(0, 4)));
  return [thisYear(), ...years].filter((year) => year >= thisYear());
}

/** Deactivates, which is asked first, or takes up again. */
export async function toggleCompany(company) {
  const active = company.status === 'ativo';
  if (active) {
    const text = t('company.deactivate.text', { name: company.razao_social });
    const yes = t('company.deactivate');
    if (!(await confirmDialog(t('company.deactivate.title'), text, { yes }))) return;
  }
  try {
    const json = { status: active ? 'inativo' : 'ativo' };
    const { tasksRemoved, tasksCreated, ...saved } = await api.put(`/api/empresas/${company.id}`, {
      json,
    });
    companies.put(saved);
    toast(t(active ? 'company.deactivated' : 'company.activated'), { kind: 'ok' });
  } catch (error) {
    toastError(t(active ? 'company.refused.deactivate' : 'company.refused.activate'), error);
  }
}
