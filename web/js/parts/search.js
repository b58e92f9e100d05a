// The field above a list: "/" goes there.
import { h } from '../dom.js';
import { icon } from '../icons.js';
import { input } from './field.js';

export function search(value, { label, placeholder, on }) {
  const of = input(value, {
    type: 'search',
    id: 'busca',
    placeholder,
    'aria-label': label,
    oninput: () => on(of.value),
  });
  const el = h('div.search', icon('search'), of, h('span.kbd', { 'aria-hidden': 'true' }, '/'));
  return { el, input: of };
}
