// Fields: label above, one reserved line of hint below, so that nothing jumps.
import { $, attribute, fill, h, newId } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../i18n.js';

export const input = (value, props = {}) =>
  h('input.in', { value: value ?? '', autocomplete: 'off', ...props });

/** options: [[value, text]]. */
export const select = (value, options, props = {}) =>
  h(
    'select.in',
    props,
    options.map(([key, text]) =>
      h('option', { value: key, selected: String(key) === String(value) }, text),
    ),
  );

/** `of` an input or a select. */
export function field(label, of, { hint = '', optional = false, wide = false } = {}) {
  of.id ||= newId('campo');
  of.setAttribute('aria-describedby', `${of.id}-dica`);
  return h(
    'div.field',
    { class: wide ? 'w' : '' },
    h('label', { for: of.id }, label, optional && h('span.opt', ` (${t('field.optional')})`)),
    of,
    h('div.hint', { id: `${of.id}-dica`, 'data-hint': hint }, hint),
  );
}

/** kind: 'bad', 'ok', or '' for the hint alone. */
export function markField(of, kind, text) {
  const line = $(`#${of.id}-dica`, of.closest('.field'));
  line.className = `hint ${kind}`;
  fill(
    line,
    kind && icon(kind === 'bad' ? 'alert' : 'check'),
    h('span', text || line.dataset.hint),
  );
  attribute(of, 'aria-invalid', kind === 'bad' ? 'true' : null);
}

/** Marks an empty field with `text`; whether it holds something. */
export function require(of, text) {
  const there = of.value.trim() !== '';
  markField(of, there ? '' : 'bad', there ? '' : text);
  return there;
}

/** The caret stays behind the same character while `mask` rewrites what is typed. */
export function masked(of, mask) {
  of.addEventListener('input', () => {
    const behind = of.value.slice(0, of.selectionStart).replace(/[^0-9A-Za-z]/g, '').length;
    of.value = mask(of.value);
    let at = 0;
    for (let seen = 0; at < of.value.length && seen < behind; at++) {
      if (/[0-9A-Za-z]/.test(of.value[at])) seen++;
    }
    of.setSelectionRange(at, at);
  });
  return of;
}
