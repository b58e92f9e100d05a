// Texts in the user's language: chosen by a switch, else the browser's first that we have.
import { preference, prefer } from './preferences.js';
import { texts } from './texts/index.js';

const LANGUAGES = ['pt', 'en'];
const LOCALES = { pt: 'pt-BR', en: 'en-GB' };
const SEPARATORS = { pt: ['.', ','], en: [',', '.'] }; // of thousands, of decimals

const known = (language) => LANGUAGES.find((one) => language?.toLowerCase().startsWith(one));
const ofBrowser = () => (navigator.languages ?? [navigator.language]).map(known).find(Boolean);

let current = known(preference('idioma')) ?? ofBrowser() ?? 'pt';
const changes = new EventTarget();

export const language = () => current;
export const locale = () => LOCALES[current];
export const onLanguage = (run) => changes.addEventListener('change', run);

export function setLanguage(to) {
  current = known(to) ?? 'pt';
  prefer('idioma', current);
  changes.dispatchEvent(new Event('change'));
}

/** 1234 -> "1.234" */
export const num = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, SEPARATORS[current][0]);
/** 11.46 -> "11,5" */
export const tenths = (n) => {
  const [whole, tenth] = n.toFixed(1).split('.');
  return num(whole) + SEPARATORS[current][1] + tenth;
};

/**
 * The text of `key` (texts/), with {name} replaced by values.name; numbers are written as the
 * language writes them. A text "one|many" is chosen by values.n.
 */
export function t(key, values = {}) {
  const pair = texts[key];
  if (!pair) throw new Error(`no text: ${key}`);
  let text = pair[LANGUAGES.indexOf(current)];
  if (text.includes('|')) text = text.split('|')[values.n === 1 ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === 'number' ? num(value) : (value ?? '');
  });
}
