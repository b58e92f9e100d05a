// The description of the API as the service gives it (OpenAPI 3.1), and what can be read from it.
import { api } from '../api.js';
import { language } from '../i18n.js';

const METHODS = ['get', 'post', 'put', 'delete'];
const DEEPEST = 6; // a schema may hold itself

const loading = {};

/** Resolves to the document in the page's language; asks the service only once for each. */
export function loadApi() {
  const speaks = language();
  loading[speaks] ??= api.get('/api/openapi.json').catch((error) => {
    delete loading[speaks];
    throw error;
  });
  return loading[speaks];
}

/** What a {$ref: "#/components/…"} stands for. */
export const resolve = (doc, what) =>
  what?.$ref
    ? what.$ref
        .slice(2)
        .split('/')
        .reduce((at, name) => at?.[name], doc)
    : what;

/** "Job" of {$ref: "#/components/schemas/Job"}. */
export const refName = (what) => what?.$ref?.split('/').at(-1);

/** [{id, method, path, tag, summary, description, open, parameters, body, responses}] */
export const operationsOf = (doc) =>
  Object.entries(doc.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const of = item[method];
      return {
        id: of.operationId,
        method: method.toUpperCase(),
        path,
        tag: of.tags?.[0] ?? '',
        summary: of.summary,
        description: of.description ?? '',
        open: of.security?.length === 0,
        parameters: [...(item.parameters ?? []), ...(of.parameters ?? [])].map((one) =>
          resolve(doc, one),
        ),
        body: resolve(doc, of.requestBody),
        responses: Object.entries(of.responses).map(([status, one]) => ({
          status,
          ...resolve(doc, one),
        })),
      };
    }),
  );

/** In the order of the document's tags: [[tag, [operation]]]. */
export function groupsOf(doc, operations) {
  const tags = new Set([
    ...(doc.tags ?? []).map(({ name }) => name),
    ...operations.map((o) => o.tag),
  ]);
  return [...tags]
    .map((tag) => [tag, operations.filter((one) => one.tag === tag)])
    .filter(([, some]) => some.length > 0);
}

/** "integer", "string (uuid)", "Job[]", "a | b" */
export function typeOf(doc, schema) {
  if (!schema) return '';
  if (schema.$ref) return refName(schema);
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map((one) => typeOf(doc, one)).join(' | ');
  if (schema.type === 'array') return `${typeOf(doc, schema.items)}[]`;
  const type = [schema.type ?? ''].flat().join(' | ');
  return schema.format ? `${type} (${schema.format})` : type;
}

/** What may be said of the values: "0 to 5", the words of an enumeration. */
export function limitsOf({ minimum, maximum, enum: words, default: usual }) {
  const range = [minimum, maximum].filter((one) => one !== undefined).join(' – ');
  return { range, words: words ?? [], usual };
}

/** An example of what the schema describes. */
export function sample(doc, schema, depth = 0) {
  const of = resolve(doc, schema);
  if (!of || depth > DEEPEST) return null;
  if (of.example !== undefined) return of.example;
  if (of.default !== undefined) return of.default;
  if (of.enum) return of.enum[0];
  if (of.oneOf ?? of.anyOf) return sample(doc, (of.oneOf ?? of.anyOf)[0], depth + 1);
  const type = [of.type].flat()[0];
  if (type === 'object') {
    const parts = Object.entries(of.properties ?? {});
    return Object.fromEntries(parts.map(([name, one]) => [name, sample(doc, one, depth + 1)]));
  }
  if (type === 'array') return of.items ? [sample(doc, of.items, depth + 1)] : [];
  return SAMPLES[of.format] ?? SAMPLES[type] ?? null;
}

const SAMPLES = {
  uuid: '550e8400-e29b-41d4-a716-446655440000',
  'date-time': '2026-11-23T17:32:00.000Z',
  date: '2026-11-23',
  integer: 1,
  number: 1.5,
  boolean: true,
  string: '…',
};
