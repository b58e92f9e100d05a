// One operation of the API: parameters, body, answers, and examples of them.
import { refName, sample, typeOf } from '../data/openapi.js';
import { h } from '../dom.js';
import { t } from '../i18n.js';
import { button } from '../parts/button.js';
import { limits, prose, schemaView } from '../parts/schema.js';
import { toast } from '../parts/toast.js';

export const verb = (method) => h('span.verb', { class: method }, method);

export const operationView = (doc, operation) =>
  h(
    'article.stack',
    h(
      'div.stack-s',
      h('div.row', verb(operation.method), h('code.path', operation.path), access(operation)),
      operation.description && prose(operation.description, 'p'),
    ),
    section(t('about.parameters'), parameters(doc, operation)),
    operation.body &&
      section(t('about.body'), contents(doc, operation.body, t('about.example.body'))),
    section(t('about.example.request'), pre(request(doc, operation), t('about.example.request'))),
    section(
      t('about.answers'),
      operation.responses.filter(isGood).map((one) => answer(doc, one)),
    ),
    section(t('about.errors'), errors(operation.responses.filter((one) => !isGood(one)))),
  );

const isGood = ({ status }) => Number(status) < 400;

const section = (title, ...content) => h('section.stack-s', h('h2.h', title), content);

const access = ({ open }) =>
  open
    ? h('span.badge.line.sole', t('about.open'))
    : h('span.badge.line.sole', t('about.withToken'));

const PLACES = {
  path: () => t('about.in.path'),
  query: () => t('about.in.query'),
  header: () => t('about.in.header'),
};

function parameters(doc, { parameters: all }) {
  if (!all.length) return h('p.sm.t2', t('about.noParameters'));
  const head = (label, props) => h('th', { scope: 'col', ...props }, label);
  return h(
    'div.tblwrap',
    h(
      'table.tbl.wraps',
      h('caption.sr', t('about.parameters')),
      h(
        'thead',
        h(
          'tr',
          head(t('about.parameter'), { style: { width: '30%' } }),
          head(t('about.in'), { class: 'p1', style: { width: '14%' } }),
          head(t('about.value'), { class: 'p1', style: { width: '20%' } }),
          head(t('about.meaning')),
        ),
      ),
      h(
        'tbody',
        all.map((one) =>
          h(
            'tr',
            h('td', h('code', one.name), one.required && h('div.t3.xs', t('about.required'))),
            h('td.p1.t2', PLACES[one.in]?.() ?? one.in),
            h('td.p1.t2', typeOf(doc, one.schema)),
            h('td', prose(one.description ?? ''), limits(one.schema)),
          ),
        ),
      ),
    ),
  );
}

const contents = (doc, { content = {} }, label) =>
  Object.entries(content).map(([type, { schema, example }]) => {
    const shown = example ?? sample(doc, schema);
    const named = refName(schema);
    return h(
      'div.stack-s',
      h('div.row.xs.t3', h('span.mono', type), named && h('code', named)),
      schemaView(doc, schema),
      shown !== null && type !== 'text/event-stream' && pre(text(shown), label),
    );
  });

const answer = (doc, one) =>
  h(
    'div.stack-s',
    h('div.row', h('span.badge.ok.sole', one.status), prose(one.description ?? '')),
    contents(doc, one, t('about.example.answer')),
  );

const errors = (all) => [
  h('p.sm.t2', t('about.problems')),
  h(
    'ul.stack-s.sm',
    all.map((one) =>
      h('li.row', h('span.badge.line.sole', one.status), prose(one.description ?? '')),
    ),
  ),
];

const text = (what) => (typeof what === 'string' ? what : JSON.stringify(what, null, 2));

const pre = (code, label) =>
  h(
    'div.code',
    h('pre.pre', { tabindex: 0, role: 'region', 'aria-label': label }, code),
    button(t('action.copy'), {
      kind: 'small ghost',
      icon: 'copy',
      on: () =>
        navigator.clipboard.writeText(code).then(
          () => toast(t('about.copied'), { kind: 'ok' }),
          () => toast(t('job.notCopied'), { kind: 'bad' }),
        ),
    }),
  );

/** As one types it into a shell. */
function request(doc, { method, path, open, parameters: all, body }) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    const of = all.find((one) => one.in === 'path' && one.name === name);
    return of?.example ?? sample(doc, of?.schema) ?? `{${name}}`;
  });
  const asked = new URLSearchParams(
    all
      .filter((one) => one.in === 'query' && one.example !== undefined)
      .map((q) => [q.name, q.example]),
  );
  const [type, content] = Object.entries(body?.content ?? {})[0] ?? [];
  const data = type && (content.example ?? sample(doc, content.schema));
  const address = `${location.origin}${filled}${asked.size ? `?${asked}` : ''}`;
  return [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${address}'`,
    !open && `-H "Authorization: Bearer $TOKEN"`,
    type && `-H 'Content-Type: ${type}'`,
    type && `--data-binary '${typeof data === 'string' ? data : JSON.stringify(data)}'`,
  ]
    .filter(Boolean)
    .join(' \\\n  ');
}
