// The fields of a company, and what is wrong with them.
import { api } from '../api.js';
import { companies } from '../data/companies.js';
import { units } from '../data/units.js';
import { fill, h } from '../dom.js';
import { bare, documentFault, documentOf, maskCaepf, maskCnpj, maskPhone } from '../documents.js';
import { t } from '../i18n.js';
import { segments } from '../parts/chip.js';
import { field, input, markField, masked, require, select } from '../parts/field.js';
import { session } from '../session.js';

const LONGEST_NAME = 200;
const MOST_DAYS = 9999;

/**
 * {el, check(), values(), refuse(error)}: `check` marks every mistake and answers whether there is
 * none; `values` are the fields as the API names them, null where empty; `refuse` marks the field
 * that the service complained of, where it is one.
 */
export function companyForm(company, signal) {
  const legal = name(company?.razao_social, { autofocus: true });
  const trade = name(company?.nome_fantasia);
  const paper = documentField(company);
  const city = input(company?.cidade, { maxlength: LONGEST_NAME });
  const phone = masked(input(company?.telefone, { type: 'tel' }), maskPhone);
  const unit = unitSelect(company);
  const technician = technicianSelect(company, signal);
  const renewal = input(company?.data_renovacao, {
    type: 'date',
    min: '1900-01-01',
    max: '9999-12-31',
  });
  const period = input(company?.periodicidade, { inputmode: 'numeric', maxlength: 5 });
  const needed = [
    [legal, 'company.needLegal'],
    [trade, 'company.needTrade'],
  ];
  for (const [of, text] of needed) {
    of.addEventListener('blur', () => of.value && require(of, t(text)));
    of.addEventListener('input', () => of.getAttribute('aria-invalid') && require(of, t(text)));
  }
  renewal.addEventListener('change', () => checkDate(renewal));
  period.addEventListener('input', () => checkPeriod(period));

  const el = h(
    'div.form',
    field(t('company.legalName'), legal, { wide: true }),
    field(t('company.tradeName'), trade, { wide: true }),
    paper.kinds,
    paper.el,
    field(t('company.city'), city, { optional: true }),
    field(t('company.phone'), phone, { optional: true }),
    field(t('company.unit'), unit),
    field(t('company.technician'), technician, { optional: true }),
    field(t('company.renewal'), renewal, { optional: true, hint: t('company.renewalHint') }),
    field(t('company.period'), period, { optional: true, hint: t('company.periodHint') }),
  );
  return {
    el,
    check: () =>
      [
        ...needed.map(([of, text]) => require(of, t(text))),
        paper.check(),
        checkDate(renewal),
        checkPeriod(period),
      ].every(Boolean),
    values: () => ({
      razao_social: legal.value.trim(),
      nome_fantasia: trade.value.trim(),
      ...paper.values(),
      cidade: city.value.trim() || null,
      telefone: phone.value.trim() || null,
      unidade_responsavel: Number(unit.value) || null,
      tecnico_responsavel: Number(technician.value) || null,
      data_renovacao: renewal.value || null,
      periodicidade: Number(period.value) || null,
    }),
    refuse: (error) => paper.refuse(error),
  };
}

const name = (value, props) => input(value, { required: true, maxlength: LONGEST_NAME, ...props });

function checkDate(of) {
  const right = of.validity.valid;
  markField(of, right ? '' : 'bad', right ? '' : t('company.wrongDate'));
  return right;
}

function checkPeriod(of) {
  const text = of.value.trim();
  const right =
    text === '' || (/^\d+$/.test(text) && Number(text) > 0 && Number(text) <= MOST_DAYS);
  markField(of, right ? '' : 'bad', right ? '' : t('company.wrongPeriod', { most: MOST_DAYS }));
  return right;
}

/** CNPJ or CAEPF: what was typed of the one is there again when it is chosen again. */
function documentField(company) {
  let kind = company?.caepf ? 'caepf' : 'cnpj';
  const typed = { cnpj: '', caepf: '', [kind]: company ? documentOf(company) : '' };
  const of = input(typed[kind], { class: 'mono', required: true, autocapitalize: 'characters' });
  const hint = () => t(`document.hint.${kind}`);

  const fault = (complete) => {
    const found = documentFault(kind, of.value);
    if (found === null) return complete ? missing(kind, of.value) : null;
    if (found) return t(found);
    return isKnown(of.value, company) ? t('document.known') : '';
  };
  const show = (complete) => {
    const wrong = fault(complete);
    if (wrong === null) markField(of, '', hint());
    else markField(of, wrong ? 'bad' : 'ok', wrong || t('document.right'));
    return wrong === '';
  };
  const choose = (to) => {
    typed[kind] = of.value;
    kind = to;
    of.value = typed[kind];
    show(false);
  };
  masked(of, (text) => (kind === 'cnpj' ? maskCnpj(text) : maskCaepf(text)));
  of.addEventListener('input', () => show(false));
  of.addEventListener('blur', () => of.value && show(true));

  const options = ['cnpj', 'caepf'].map((key) => [key, t(`document.kind.${key}`)]);
  const label = t('document.kind');
  const kinds = h(
    'div.field',
    h('span.label', { 'aria-hidden': 'true' }, label),
    segments('documento', label, options, kind, choose),
  );
  const el = field(t('document.number'), of, { hint: hint() });
  return {
    el,
    kinds,
    check: () => show(true),
    values: () => ({ cnpj: null, caepf: null, [kind]: bare(of.value) }),
    refuse(error) {
      const about = /already-registered|invalid-cnpj|invalid-caepf|one-registration/;
      if (!about.test(error.problem?.type)) return false;
      markField(of, 'bad', error.status === 409 ? t('document.known') : error.message);
      of.focus();
      return true;
    },
  };
}

function missing(kind, text) {
  if (kind === 'caepf') return t('document.caepfLength');
  return t('document.missing', { n: 14 - bare(text).length });
}

const isKnown = (text, company) =>
  (companies.all ?? []).some(
    (one) => one.id !== company?.id && (one.cnpj ?? one.caepf) === bare(text),
  );

function unitSelect(company) {
  const chosen = company ? (company.unidade_id ?? '') : units.current || (units.all[0]?.id ?? '');
  const options = units.all.map(({ id, nome }) => [id, nome]);
  if (session.isAdmin || chosen === '') options.push(['', t('company.noUnit')]);
  return select(chosen, options);
}

/** Those that the companies name, until all of them have come. */
function technicianSelect(company, signal) {
  const none = ['', t('company.noTechnician')];
  const chosen = company?.tecnico_responsavel ?? '';
  const known = new Map(
    [...(companies.all ?? []), ...(company ? [company] : [])]
      .filter((one) => one.tecnico_responsavel)
      .map((one) => [
        one.tecnico_responsavel,
        one.tecnico_nome ?? t('company.technicianNo', { id: String(one.tecnico_responsavel) }),
      ]),
  );
  const options = () => [none, ...[...known].sort(([, a], [, b]) => a.localeCompare(b))];
  const of = select(chosen, options());
  const fillAll = ({ users }) => {
    const now = of.value;
    for (const { id, nome, sobrenome } of users) known.set(id, `${nome} ${sobrenome ?? ''}`.trim());
    fill(of, [...select(now, options()).children]);
    of.value = now;
  };
  api.get('/api/usuarios', { signal }).then(fillAll, () => {}); // the known ones remain
  return of;
}
