// Chips that filter, and segments of which one is chosen.
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { num } from '../i18n.js';

export const chip = (label, { n, pressed, on }) =>
  h(
    'button.chip',
    { type: 'button', 'aria-pressed': String(pressed), onclick: on },
    pressed && icon('check'),
    label,
    n !== undefined && h('span.n', num(n)),
  );

/** options: [[value, text, spoken text?]]; on(value). */
export const segments = (name, label, options, value, on) =>
  h(
    'fieldset.seg',
    h('legend.sr', label),
    options.map(([key, text, spoken]) =>
      h(
        'label',
        h('input', {
          type: 'radio',
          name,
          value: key,
          checked: key === value,
          'aria-label': spoken,
          onchange: () => on(key),
        }),
        h('span', text),
      ),
    ),
  );
