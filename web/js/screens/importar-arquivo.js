// The file of an import: dropped, chosen, or made up as a model to fill in.
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';

export const MOST_BYTES = 16 * 1024 * 1024;

const MODEL =
  'razao_social;nome_fantasia;cnpj;caepf;cidade;telefone;periodicidade;data_renovacao\r\n' +
  'Padaria Sol Ltda;Padaria Sol;11.222.333/0001-81;;Campinas;(19) 5550-1020;90;2024-03-15\r\n';

/** Where a file is dropped, or chosen by a click or by Enter; `take(file)`. */
export function chooseFile(take) {
  const of = h('input', {
    type: 'file',
    accept: '.csv,text/csv',
    autofocus: true,
    'aria-label': t('import.choose'),
    onchange() {
      if (of.files[0]) take(of.files[0]);
      of.value = ''; // the same file again, mended, is a change too
    },
  });
  const over = (on) => (event) => {
    event.preventDefault();
    el.classList.toggle('over', on);
  };
  const el = h(
    'div.drop',
    {
      ondragover: over(true),
      ondragleave: over(false),
      ondrop(event) {
        over(false)(event);
        if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
      },
    },
    icon('upload'),
    h('div', h('b.b', t('import.drop')), ` ${t('import.orClick')}`),
    h('div.xs.t3', t('import.limits')),
    of,
  );
  return h('div.stack-s', el, h('p.xs', modelLink()));
}

function modelLink() {
  const of = h(
    'a',
    { href: '#', download: 'empresas.csv', onclick: () => give(of) },
    t('import.model'),
  );
  return of;
}

function give(link) {
  link.href = URL.createObjectURL(new Blob(['\ufeff', MODEL], { type: 'text/csv' }));
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * {csv, note}: what a spreadsheet saved as Windows-1252 is read as that, which `note` says. Throws
 * what to do where it is no text at all.
 */
export async function readCsv(file) {
  const bytes = await file.arrayBuffer();
  const [first, second] = new Uint8Array(bytes);
  const utf16 = { 0xfffe: 'utf-16le', 0xfeff: 'utf-16be' }[first * 256 + second];
  if (utf16) return { csv: new TextDecoder(utf16).decode(bytes), note: '' };
  if (new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 4096)).includes(0)) {
    throw new Error(t('import.noText'));
  }
  try {
    return { csv: new TextDecoder('utf-8', { fatal: true }).decode(bytes), note: '' };
  } catch {
    return { csv: new TextDecoder('windows-1252').decode(bytes), note: t('import.notUtf8') };
  }
}
