// Importar: a CSV, what is wrong in it line by line before anything is stored, then a job.
import { say } from '../announce.js';
import { api } from '../api.js';
import { units } from '../data/units.js';
import { $, fill, h } from '../dom.js';
import { followNew } from '../frame/endings.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';
import { badge } from '../parts/badge.js';
import { busy, button, enable } from '../parts/button.js';
import { dialog } from '../parts/dialog.js';
import { field, select } from '../parts/field.js';
import { refusals } from '../parts/refusal.js';
import { banner } from '../parts/states.js';
import { toast } from '../parts/toast.js';
import { session } from '../session.js';
import { MOST_BYTES, chooseFile, readCsv } from './importar-arquivo.js';
import { badTable, sampleTable } from './importar-linhas.js';

/** Two steps in one dialog: the file, then what it would do. */
export function openImport() {
  if (!units.all.length) return toast(t('units.none'), { text: t('units.noneText'), kind: 'bad' });
  const ending = new AbortController();
  const body = h('div.stack');
  const foot = h('div.row.grow.foot');
  const refused = refusals(() => step.update?.(), ending.signal);
  const unit = select(
    units.current || units.all[0].id,
    units.all.map(({ id, nome }) => [id, nome]),
  );
  let step = {};
  let pasted = '';

  const close = () => el.close();
  const toFile = () => {
    step = fileStep({ unit, pasted, refused, close, onCsv: toPreview, keep: (x) => (pasted = x) });
    show();
  };
  const toPreview = (csv, name, found) => {
    const asked = { csv, name, found, unit: unitOf(found, Number(unit.value)) };
    step = previewStep({ ...asked, refused, close, back: toFile });
    show();
    say(countsOf(found));
  };
  const show = () => {
    refused.clear();
    fill(body, step.body);
    fill(foot, step.foot);
    step.update();
    ($('[autofocus]', el) ?? $('.btn', foot)).focus();
  };
  const el = dialog(t('import.title'), {
    width: '44rem',
    body: [refused.el, body],
    footer: foot,
    onClose: () => ending.abort(),
  });
  toFile();
  refused.look();
}

function fileStep({ unit, pasted, refused, close, onCsv, keep }) {
  const text = h('textarea.in.mono', { rows: 5, spellcheck: 'false', value: pasted });
  const check = button(t('import.check'), { kind: 'primary', on: () => preview(text.value, '') });
  const update = () => enable(check, text.value.trim() !== '' && !refused.waits);
  text.addEventListener('input', () => (keep(text.value), update()));

  const preview = async (csv, name, note) => {
    refused.clear();
    let found;
    try {
      found = await busy(check, () => rehearse(csv, Number(unit.value)));
    } catch (error) {
      if (error.status === 400) error.message = error.problem.detail ?? error.message;
      return refused.show(error);
    }
    if (found) onCsv(csv, name, { ...found, note });
  };
  const take = async (file) => {
    if (refused.waits) return;
    if (file.size > MOST_BYTES) return refused.show(new Error(t('import.tooBig')));
    try {
      const { csv, note } = await readCsv(file);
      await preview(csv, file.name, note);
    } catch (error) {
      refused.show(error);
    }
  };
  return {
    body: [
      chooseFile(take),
      field(t('import.paste'), text, { hint: t('import.pasteHint') }),
      field(t('import.unit'), unit, { hint: t('import.unitHint') }),
      h('p.xs.t3', t('import.columns')),
    ],
    foot: [h('span.grow', t('import.note')), button(t('action.cancel'), { on: close }), check],
    update,
  };
}

/** What the lines are like: {total, good, bad: [{line, field, value, message}], sample}. */
const rehearse = (csv, unit) =>
  api.post('/api/empresas/import', {
    query: { dryRun: 'true', asJob: 'true', unidade_id: unit },
    text: csv,
    type: 'text/csv',
  });

/** That of the job: the one chosen, unless every row names another; null where they name several. */
function unitOf({ units: named }, chosen) {
  if (!named.length || named.includes(chosen)) return chosen;
  return named.length > 1 && session.isAdmin ? null : named[0];
}

function previewStep({ csv, name, found, unit, refused, close, back }) {
  const wrong = found.total - found.good;
  const skip = h('input.ck', { type: 'checkbox', autofocus: true, onchange: () => update() });
  const start = button('', { kind: 'primary', autofocus: !wrong, on: () => send() });
  const update = () => {
    const n = wrong && !skip.checked ? found.total : found.good;
    start.lastChild.textContent = t('import.go', { n });
    enable(start, found.good > 0 && (!wrong || skip.checked) && !refused.waits);
  };
  const send = async () => {
    refused.clear();
    let answer;
    try {
      answer = await busy(start, () => begin(csv, unit));
    } catch (error) {
      return refused.show(error);
    }
    if (!answer) return;
    close();
    if (units.current && units.current !== unit) units.select(unit ?? 0);
    begun(answer, found.good);
  };
  return {
    body: [
      h(
        'div.row.file',
        icon('file'),
        h('span.b.sm.grow', name || t('import.pasted')),
        badgesOf(found),
      ),
      found.note && banner('info', found.note, { kind: 'info' }),
      wrong > 0 ? badTable(found.bad, wrong) : sampleTable(found.sample),
      wrong > 0 && found.good > 0 && h('label.line', skip, t('import.skip', { n: wrong })),
      h('p.xs.t3', noteOf(found, wrong), wrong > 0 && ` ${mendOf(name)}`),
    ],
    foot: [
      button(t(name ? 'import.other' : 'import.back'), { on: back }),
      h('span.grow'),
      button(t('action.cancel'), { on: close }),
      start,
    ],
    update,
  };
}

function noteOf({ good, total }, wrong) {
  if (!total) return t('import.empty');
  if (!wrong) return t('import.allGood', { year: String(new Date().getFullYear()) });
  return t(good ? 'import.allOrNothing' : 'import.noneGood');
}

const mendOf = (name) => t(name ? 'import.mendFile' : 'import.mendLines');

function badgesOf({ total, good }) {
  const wrong = total - good;
  return [
    badge(t('import.good', { n: good }), { icon: 'check', kind: good ? 'ok' : '' }),
    wrong > 0 && badge(t('import.bad', { n: wrong }), { icon: 'alert', kind: 'bad' }),
  ];
}

const countsOf = ({ total, good }) =>
  `${t('import.good', { n: good })}, ${t('import.bad', { n: total - good })}.`;

const begin = (csv, unit) =>
  api.post('/api/jobs', {
    json: {
      type: 'import-companies',
      arguments: { ...(unit && { unit }), csv, generate: true },
    },
  });

function begun({ jobId }, n) {
  const link = { href: `/jobs/${jobId}`, label: t('job.seeDetails') };
  toast(t('import.started', { n }), { link });
  followNew(jobId);
}
