// Dialogs: the native element, focus within, and back to what opened it.
import { $, $$, focused, h, newId } from '../dom.js';
import { t } from '../i18n.js';
import { button, iconButton } from './button.js';

const FOCUSABLE =
  'a[href],button:not(:disabled),input:not(:disabled),select,textarea,[tabindex="0"]';

/**
 * Opens a dialog and returns its element; `close()` closes it. `submit(dialog)` makes it a form;
 * `onClose()` runs when it is gone; `closable: false` takes Esc and the cross away.
 */
export function dialog(title, options = {}) {
  const { body, footer, width, submit, kind = '', onClose, closable = true } = options;
  const id = newId('titulo');
  const opener = focused();
  const el = h(
    'dialog.dlg',
    { class: kind, 'aria-labelledby': id, style: width ? { '--w': width } : {} },
    h(
      submit ? 'form.in0' : 'div.in0',
      submit && {
        novalidate: true,
        onsubmit: (event) => (event.preventDefault(), submit(el)),
      },
      h(
        'header',
        h('h2', { id }, title),
        closable && iconButton(t('action.close'), 'x', { kind: 'small', on: () => el.close() }),
      ),
      h('div.body', body),
      footer && h('footer', footer),
    ),
    h('div.sr', { 'aria-live': 'polite' }),
  );
  el.addEventListener('keydown', keepFocus);
  if (!closable) {
    el.addEventListener('keydown', (event) => event.key === 'Escape' && event.preventDefault());
    el.addEventListener('cancel', (event) => event.preventDefault());
  }
  el.addEventListener('close', () => {
    el.remove();
    onClose?.();
    if (opener?.isConnected) opener.focus();
  });
  document.body.append(el);
  el.showModal();
  firstOf(el)?.focus();
  return el;
}

const firstOf = (el) =>
  $('[autofocus]', el) ?? $('.body :is(input,select,button,a)', el) ?? $('footer .btn', el);

function keepFocus(event) {
  if (event.key !== 'Tab') return;
  const all = $$(FOCUSABLE, event.currentTarget).filter((x) => x.offsetParent && x.tabIndex >= 0);
  const [first, last] = [all[0], all.at(-1)];
  if (event.shiftKey && focused() === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && focused() === last) {
    event.preventDefault();
    first.focus();
  }
}

/**
 * Resolves to whether the user said yes. What stays as it is belongs into `text`. `signal`: the
 * question is none any more.
 */
export const confirmDialog = (title, text, { yes, no = t('action.back'), signal }) =>
  new Promise((done) => {
    let answer = false;
    const el = dialog(title, {
      width: '26rem',
      kind: 'ask',
      body: h('p.t2', text),
      footer: [
        button(no, { autofocus: true, on: () => el.close() }),
        button(yes, { kind: 'danger', on: () => ((answer = true), el.close()) }),
      ],
      onClose: () => done(answer),
    });
    signal?.addEventListener('abort', () => el.close());
  });
