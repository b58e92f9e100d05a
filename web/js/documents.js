// CNPJ (numeric or alphanumeric), CAEPF and CPF: masks as one types, and check digits. Pure.

const FIRST = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
const SECOND = [6, ...FIRST];

const digitOf = (text, weights) => {
  const rest = weights.reduce((sum, w, i) => sum + w * (text.charCodeAt(i) - 48), 0) % 11;
  return rest < 2 ? 0 : 11 - rest;
};

/** The two check digits of a CNPJ's first twelve characters. */
export function cnpjDigits(base) {
  const first = digitOf(base, FIRST);
  return `${first}${digitOf(base + first, SECOND)}`;
}

const same = (text) => /^(.)\1*$/.test(text);

/** Fourteen characters without punctuation, in capitals. */
export const isCnpj = (text) =>
  /^[0-9A-Z]{12}\d\d$/.test(text) &&
  !same(text) &&
  cnpjDigits(text.slice(0, 12)) === text.slice(12);

/** Eleven digits. */
export function isCpf(text) {
  if (!/^\d{11}$/.test(text) || same(text)) return false;
  const digit = (n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Number(text[i]) * (n + 1 - i);
    return ((sum * 10) % 11) % 10;
  };
  return digit(9) === Number(text[9]) && digit(10) === Number(text[10]);
}

/** Fourteen digits, or the eleven of a CPF. */
export const isCaepf = (text) => /^\d{14}$/.test(text) || isCpf(text);

/** Without punctuation, in capitals. */
export const bare = (text) => (text ?? '').toUpperCase().replace(/[^0-9A-Z]/g, '');
const digits = (text) => (text ?? '').replace(/\D/g, '');

/** Parts of a text cut behind these many characters, joined by marks as far as it goes. */
function masked(text, cuts) {
  let out = '';
  let at = 0;
  for (const [length, mark] of cuts) {
    if (at >= text.length) break;
    out += (at ? mark : '') + text.slice(at, at + length);
    at += length;
  }
  return out;
}

/** "12ABC34501DE35" -> "12.ABC.345/01DE-35", also while it is typed */
export const maskCnpj = (text) =>
  masked(bare(text).slice(0, 14), [[2], [3, '.'], [3, '.'], [4, '/'], [2, '-']]);

/** As a CPF up to eleven digits, as a CAEPF behind them. */
export function maskCaepf(text) {
  const all = digits(text).slice(0, 14);
  return all.length <= 11
    ? masked(all, [[3], [3, '.'], [3, '.'], [2, '-']])
    : masked(all, [[3], [3, '.'], [3, '.'], [3, '/'], [2, '-']]);
}

/** "1955501020" -> "(19) 5550-1020" */
export function maskPhone(text) {
  const all = digits(text).slice(0, 11);
  if (all.length < 3) return all;
  const number = all.slice(2);
  return `(${all.slice(0, 2)}) ${
    number.length > 4 ? `${number.slice(0, -4)}-${number.slice(-4)}` : number
  }`;
}

/** A company's document as it is shown. */
export const documentOf = (company) =>
  company.cnpj ? maskCnpj(company.cnpj) : maskCaepf(company.caepf);

/**
 * What is to be said of a document that is being typed: '' it is right, null it is not complete,
 * else the key of a text, with its values.
 */
export function documentFault(kind, text) {
  const typed = bare(text);
  if (kind === 'cnpj') {
    if (typed.length < 14) return null;
    if (!/^[0-9A-Z]{12}\d\d$/.test(typed)) return 'document.lastTwo';
    return isCnpj(typed) ? '' : 'document.digits';
  }
  if (typed.length === 11) return isCpf(typed) ? '' : 'document.cpfDigits';
  return typed.length === 14 ? '' : null;
}
