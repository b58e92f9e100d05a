// Gerar tarefas: what would come, then the job that makes it.
import { api } from '../api.js';
import { units } from '../data/units.js';
import { h } from '../dom.js';
import { followNew } from '../frame/endings.js';
import { t } from '../i18n.js';
import { busy, button, enable } from '../parts/button.js';
import { segments } from '../parts/chip.js';
import { dialog } from '../parts/dialog.js';
import { field, select } from '../parts/field.js';
import { refusals } from '../parts/refusal.js';
import { toast } from '../parts/toast.js';
import { path, previewRegion } from './gerar-previa.js';

const MOST_YEARS = 5;

/** `unit`, `years`: what is chosen at first, else the unit looked at and this year alone. */
export function openGenerate({ unit, years = 0 } = {}) {
  const chosen = { unit: unit || units.current || units.all[0]?.id, years };
  if (!chosen.unit) return toast(t('units.none'), { text: t('units.noneText'), kind: 'bad' });
  const ending = new AbortController();
  const start = button(t('generate.title'), { kind: 'primary', on: () => send() });
  const update = () => {
    const n = preview.found?.createdTotal ?? 0;
    start.lastChild.textContent = n ? t('generate.go', { n }) : t('generate.title');
    enable(start, n > 0 && !refused.waits);
  };
  const preview = previewRegion(chosen, update, ending.signal);
  const refused = refusals(update, ending.signal);
  const choose = (values) => {
    Object.assign(chosen, values);
    refused.clear();
    preview.look();
  };
  const send = async () => {
    if (!preview.found || refused.waits) return;
    refused.clear();
    let answer;
    try {
      answer = await busy(start, () => generate(chosen, preview.key));
    } catch (error) {
      return refused.show(error);
    }
    if (!answer) return; // the click before is on its way
    el.close();
    if (units.current && units.current !== chosen.unit) units.select(chosen.unit);
    begun(answer);
  };
  const el = dialog(t('generate.title'), {
    width: '40rem',
    kind: 'tall',
    body: [refused.el, choices(chosen, choose), preview.parts],
    footer: [
      h('span.grow', t('generate.note')),
      button(t('action.cancel'), { on: () => el.close() }),
      start,
    ],
    onClose: () => ending.abort(),
  });
  refused.look();
  preview.look();
}

function choices(chosen, choose) {
  const of = select(
    chosen.unit,
    units.all.map(({ id, nome }) => [id, nome]),
  );
  of.addEventListener('change', () => choose({ unit: Number(of.value) }));
  const label = t('generate.years');
  return h(
    'div.form.tight',
    field(t('company.unit'), of),
    h(
      'div.field',
      h('span.label', { 'aria-hidden': 'true' }, label),
      segments('anos', label, yearOptions(), chosen.years, (years) => choose({ years })),
    ),
  );
}

const yearOptions = () =>
  Array.from({ length: MOST_YEARS + 1 }, (_, n) => [
    n,
    String(n),
    n ? t('generate.moreYears', { n }) : t('generate.thisYear'),
  ]);

/** With a key: where the answer is lost, the same click again gets the same job. */
const generate = (chosen, key) =>
  api.post(path(chosen), {
    query: { futureYears: chosen.years },
    headers: { 'Idempotency-Key': key },
  });

function begun({ jobId, totalEmpresas: n, message }) {
  if (n === 0) return toast(message);
  toast(t('generate.started', { n }));
  followNew(jobId);
}
