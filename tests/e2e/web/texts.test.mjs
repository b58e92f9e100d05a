// The text table: every text in both languages, none missing, none that nobody uses.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const js = new URL('../../../web/js/', import.meta.url);
const read = (name) => readFileSync(new URL(name, js), 'utf8');
const load = async (source) =>
  (await import(`data:text/javascript,${encodeURIComponent(source)}`)).default;

const parts = readdirSync(new URL('texts/', js)).filter((name) => name !== 'index.js');
const tables = await Promise.all(parts.map((name) => load(read(`texts/${name}`))));
const texts = Object.assign({}, ...tables);
const keys = Object.keys(texts);

const folders = ['', 'data/', 'frame/', 'parts/', 'screens/'];
const sources = folders
  .flatMap((folder) => readdirSync(new URL(folder, js)).map((name) => folder + name))
  .filter((name) => name.endsWith('.js'))
  .map((name) => [name, read(name)]);
const code = sources.map(([, text]) => text).join('\n');

const placeholders = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

test('each key stands in one file, and each file is taken up', () => {
  assert.equal(
    keys.length,
    tables.reduce((sum, table) => sum + Object.keys(table).length, 0),
  );
  for (const name of parts) assert.ok(read('texts/index.js').includes(`'./${name}'`), name);
});

test('each text is there in both languages, with the same values', () => {
  for (const [key, pair] of Object.entries(texts)) {
    assert.equal(pair.length, 2, key);
    for (const text of pair) {
      assert.ok(text.trim(), key);
      assert.ok(text.split('|').length <= 2, `${key}: "one|many"`);
    }
    const [pt, en] = pair.map(placeholders);
    assert.deepEqual(pt, en, key);
  }
});

test('no text is missing', () => {
  for (const [name, text] of sources) {
    for (const [, key] of text.matchAll(/\bt\(\s*'([^']+)'/g)) {
      assert.ok(texts[key], `${name} uses ${key}`);
    }
    for (const [, prefix] of text.matchAll(/\bt\(\s*`([\w.]+\.)\$\{/g)) {
      assert.ok(
        keys.some((key) => key.startsWith(prefix)),
        `${name} uses ${prefix}…`,
      );
    }
  }
});

test('no text is unused', () => {
  const made = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map(([, prefix]) => prefix);
  const unused = keys.filter(
    (key) => !code.includes(`'${key}'`) && !made.some((prefix) => key.startsWith(prefix)),
  );
  assert.deepEqual(unused, []);
});
