// The lines of an import: what is to be mended, or how the first of them would be stored.
import { documentOf } from '../documents.js';
import { h } from '../dom.js';
import { day } from '../format.js';
import { num, t } from '../i18n.js';

const MOST = 200;

const tableOf = (caption, columns, rows) =>
  h(
    'div.tblwrap',
    h(
      'table.tbl',
      h('caption.sr', caption),
      h(
        'thead',
        h(
          'tr',
          columns.map(([label, kind]) => h(`th${kind}`, { scope: 'col' }, label)),
        ),
      ),
      h('tbody', rows),
    ),
  );

/** rows: [{line, field, value, message}]; `n` how many there are, of which the first come. */
export function badTable(rows, n) {
  const columns = [
    [t('import.line'), '.num.line'],
    [t('about.value'), '.p2.value'],
    [t('import.mend'), ''],
  ];
  const shown = rows.slice(0, MOST);
  const more = n - shown.length;
  return h(
    'div.stack-s',
    tableOf(t('import.badLines'), columns, shown.map(badRow)),
    more > 0 && h('p.xs.t3', t('import.more', { n: more })),
  );
}

function badRow({ line, field, value, message }) {
  const held = value || (field ? t('import.blank') : '');
  return h(
    'tr.r',
    h('td.num.t2', num(line)),
    h('td.mono.p2', { title: value || null }, held),
    h('td.wrap', message, h('div.sub.mono', held)),
  );
}

export const sampleTable = (rows) =>
  tableOf(
    t('import.firstLines'),
    [
      [t('companies.column.name'), ''],
      [t('companies.column.document'), '.p2.document'],
      [t('companies.column.city'), '.p1.city'],
      [t('companies.column.renewal'), '.renewal'],
    ],
    rows.map((row) =>
      h(
        'tr.r',
        h('td', h('span.cut', row.razao_social), h('div.sub', documentOf(row))),
        h('td.p2.t2', documentOf(row)),
        h('td.p1', row.cidade ?? ''),
        h('td', day(row.data_renovacao) || h('span.t3', t('company.noDate'))),
      ),
    ),
  );
