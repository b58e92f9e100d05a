// Companies as rows: columns, orders, filters, what a search finds.
import { bare, documentOf } from '../documents.js';
import { h } from '../dom.js';
import { day, fold } from '../format.js';
import { t } from '../i18n.js';
import { companyBadge } from '../parts/badge.js';

const LAST = '\uffff'; // sorts behind every name
const quiet = (text) => h('span.t3', text);

export const columns = () => [
  { id: 'nome', label: t('companies.column.name'), sort: true, cell: name },
  {
    id: 'doc',
    label: t('companies.column.document'),
    width: '12rem',
    class: 'p2 t2',
    sort: true,
    cell: documentOf,
  },
  {
    id: 'cidade',
    label: t('companies.column.city'),
    width: '9rem',
    class: 'p2',
    sort: true,
    cell: (c) => c.cidade ?? '',
  },
  {
    id: 'tecnico',
    label: t('companies.column.technician'),
    width: '9rem',
    class: 'p1',
    sort: true,
    cell: (c) => technician(c) ?? quiet(t('company.noTechnician')),
  },
  {
    id: 'renov',
    label: t('companies.column.renewal'),
    width: '7rem',
    class: 'p2',
    sort: true,
    cell: (c) => day(c.data_renovacao) || quiet(t('company.noDate')),
  },
  {
    id: 'per',
    label: t('companies.column.routine'),
    width: '6rem',
    class: 'p3 num',
    sort: true,
    cell: (c) =>
      c.periodicidade ? t('company.days', { n: c.periodicidade }) : quiet(t('company.noRoutine')),
  },
  {
    id: 'status',
    label: t('companies.column.status'),
    width: '7rem',
    class: 'situacao',
    sort: true,
    cell: companyBadge,
  },
];

const name = (c) => h('a.n', { href: `/empresas/${c.id}` }, c.razao_social);

/** Whose name is not known is shown by number. */
export const technician = (c) =>
  c.tecnico_nome ??
  (c.tecnico_responsavel
    ? t('company.technicianNo', { id: String(c.tecnico_responsavel) })
    : undefined);

export const ORDER = {
  nome: (c) => fold(c.razao_social),
  doc: (c) => c.cnpj ?? c.caepf ?? LAST,
  cidade: (c) => fold(c.cidade) || LAST,
  tecnico: (c) => fold(technician(c)) || LAST,
  renov: (c) => c.data_renovacao ?? LAST,
  per: (c) => c.periodicidade ?? Infinity,
  status: (c) => c.status,
};

/** [key in the address, end of the text's key, test]. */
export const FILTERS = [
  ['', 'all', () => true],
  ['ativo', 'active', (c) => c.status === 'ativo'],
  ['inativo', 'inactive', (c) => c.status === 'inativo'],
  ['tecnico', 'technician', (c) => !c.tecnico_responsavel],
  ['data', 'date', (c) => !c.data_renovacao],
];

export const filterOf = (filter) => (FILTERS.find(([key]) => key === filter) ?? FILTERS[0])[2];

/** By any part of its names and city, or of its document, with punctuation or without. */
export function matching(q) {
  const words = fold(q.trim());
  const characters = bare(q);
  return (c) =>
    !words ||
    fold(`${c.razao_social} ${c.nome_fantasia} ${c.cidade ?? ''}`).includes(words) ||
    (characters.length > 2 && (c.cnpj ?? c.caepf ?? '').includes(characters));
}

export function sorted(list, { by, descending }) {
  const keyed = list.map((company) => ({ key: ORDER[by](company), company }));
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key === b.key) return a.company.id - b.company.id;
    return a.key < b.key ? -sign : sign;
  });
  return keyed.map(({ company }) => company);
}
