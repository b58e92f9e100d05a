// A schema of the API for people: its fields, and what is within them behind a click.
import { limitsOf, refName, resolve, typeOf } from '../data/openapi.js';
import { h } from '../dom.js';
import { t } from '../i18n.js';

/** `code` in texts of the document is marked by backticks. */
export const prose = (text, tag = 'span') =>
  h(
    tag,
    text.split('`').map((part, i) => (i % 2 ? h('code', part) : part)),
  );

export function schemaView(doc, schema, above = []) {
  const of = resolve(doc, schema);
  const fields = Object.entries(of?.properties ?? {});
  if (!fields.length) return null;
  const names = [...above, refName(schema)];
  return h(
    'ul.fields',
    fields.map(([name, field]) => fieldView(doc, name, field, of.required?.includes(name), names)),
  );
}

function fieldView(doc, name, field, required, above) {
  const inner = field.type === 'array' ? field.items : field;
  const within = !above.includes(refName(inner)) && schemaView(doc, inner, above);
  const description = resolve(doc, field)?.description;
  return h(
    'li',
    h(
      'div.row',
      h('code.b', name),
      h('span.t3.xs.mono', typeOf(doc, field)),
      required && h('span.badge.line.sole', t('about.required')),
    ),
    description && prose(description, 'div'),
    limits(resolve(doc, field)),
    within && h('details', h('summary', t('about.fieldsOf', { name })), within),
  );
}

/** "0 – 5", "a, b, c", "padrão: 0" */
export function limits(schema) {
  const { range, words, usual } = limitsOf(schema ?? {});
  if (!range && !words.length && usual === undefined) return null;
  return h(
    'div.t2',
    [
      range,
      words.flatMap((word, i) => [i > 0 && ', ', h('code', String(word))]),
      usual !== undefined &&
        (range || words.length ? ', ' : '') + t('about.usual', { value: String(usual) }),
    ].filter(Boolean),
  );
}
