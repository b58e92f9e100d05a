// How the page goes over the wire: its headers, what caches may do, compression, its size.
import assert from 'node:assert/strict';
import http from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { startService } from './support/service.mjs';

const MOST_BYTES = 100 * 1024;
const AHEAD = 'js/ahead.js';
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
const web = new URL('../../../web/', import.meta.url);

let service;
before(async () => (service = await startService({ units: 1, companies: 1 })));
after(() => service.end());

/** Without the decoding that fetch does. */
const get = (path, headers = {}, method = 'GET') =>
  new Promise((done, fail) => {
    http
      .request(service.url + path, { method, headers }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () =>
          done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      })
      .on('error', fail)
      .end();
  });

const GZIP = { 'accept-encoding': 'gzip, deflate, br' };
const names = (folder) =>
  readdirSync(new URL(folder, web), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? names(`${folder}${entry.name}/`) : [`${folder}${entry.name}`],
  );
const assetsOf = async () => /\/assets\/[0-9a-f]{12}/.exec((await get('/')).body.toString())[0];

test('the page is answered at each of its addresses, and at no other', async () => {
  for (const path of ['/', '/entrar', '/empresas', '/empresas/7', '/jobs', '/jobs/x', '/sobre']) {
    const { status, headers, body } = await get(path);
    assert.equal(status, 200, path);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.match(body.toString(), /<!doctype html>/);
  }
  for (const path of ['/nada', '/assets', '/assets/x/y.js', '/assets/../../etc/passwd', '/api/x']) {
    const { status, headers } = await get(path);
    assert.equal(status, 404, path);
    assert.equal(headers['content-type'], 'application/problem+json');
    assert.equal(headers['content-security-policy'], undefined);
  }
});

test('the page has a strict policy, answers of the API have none', async () => {
  for (const path of ['/', `${await assetsOf()}/page.js`]) {
    const { headers } = await get(path);
    assert.equal(headers['content-security-policy'], POLICY);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    assert.equal(headers.vary, 'Accept-Encoding');
  }
  assert.equal((await get('/version')).headers['content-security-policy'], undefined);
});

test('the page is asked for each time, its assets never again', async () => {
  const page = await get('/');
  assert.equal(page.headers['cache-control'], 'no-cache');
  const script = await get(`${await assetsOf()}/page.js`);
  assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable');
  const again = await get('/', { 'if-none-match': `"x", ${page.headers.etag}` });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  assert.equal(again.headers.etag, page.headers.etag);
  assert.equal((await get('/', { 'if-none-match': '"x"' })).status, 200);
  assert.equal((await get('/', { 'if-none-match': '*' })).status, 304);
});

test('it is compressed for whom takes that, under another tag', async () => {
  const plain = await get('/');
  const zipped = await get('/', GZIP);
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(zipped.headers['content-encoding'], 'gzip');
  assert.deepEqual(gunzipSync(zipped.body), plain.body);
  assert.notEqual(zipped.headers.etag, plain.headers.etag);
  assert.equal((await get('/', { ...GZIP, 'if-none-match': zipped.headers.etag })).status, 304);
  for (const refused of ['gzip;q=0', 'gzip; q=0.000, *', 'identity', 'br']) {
    const { headers } = await get('/', { 'accept-encoding': refused });
    assert.equal(headers['content-encoding'], undefined, refused);
  }
});

test('HEAD says what GET would', async () => {
  const head = await get('/', GZIP, 'HEAD');
  const whole = await get('/', GZIP);
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  assert.equal(head.headers['content-length'], String(whole.body.length));
  const post = await get('/', {}, 'POST');
  assert.equal(post.status, 405);
  assert.equal(post.headers.allow, 'GET, HEAD, OPTIONS');
});

test('every file has its type, and the whole page is small', async () => {
  const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
  const page = await get('/', GZIP);
  const html = gunzipSync(page.body).toString();
  const assets = await assetsOf();
  const others = names('').filter((one) => !/\.(html|css|js)$/.test(one));
  let bytes = page.body.length;
  for (const name of ['page.css', 'page.js', AHEAD, ...others]) {
    const { status, headers, body } = await get(`${assets}/${name}`, GZIP);
    assert.equal(status, 200, name);
    assert.ok(headers['content-type'].startsWith(types[name.split('.').at(-1)]), name);
    assert.ok(html.includes(`"${assets}/${name}"`), `${name} is not named in the document`);
    bytes += body.length;
  }
  console.log(`the whole page: ${bytes} bytes compressed`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
});

test('the one script holds every module as it was, without comments and indentation', async () => {
  const assets = await assetsOf();
  const served = (await get(`${assets}/page.js`)).body.toString();
  assert.ok(!/^\s*(\/\/|\/\*|[ \t])/m.test(served));
  const bare = bareScript(served);
  for (const name of names('js/').filter((one) => one.endsWith('.js') && one !== AHEAD)) {
    const source = readFileSync(new URL(name, web), 'utf8');
    assert.ok(bare.includes(bareScript(withoutExports(source))), name);
  }
  assert.equal((await get(`${assets}/js/main.js`)).status, 404);
});

test('the script that comes ahead of it is small, and stands by itself', async () => {
  const served = (await get(`${await assetsOf()}/${AHEAD}`)).body.toString();
  const source = readFileSync(new URL(AHEAD, web), 'utf8');
  assert.equal(bareScript(served), bareScript(source));
  assert.doesNotMatch(served, /^import/m);
});

/** What a module does, without the words that tie it to others. */
const withoutExports = (source) =>
  source
    .replace(/^(import|export) [^;]*? from '[^']+';$/gm, '')
    .replace(/^export \{[^}]*\};$/gm, '')
    .replace(/^export default /gm, 'const byDefault = ')
    .replace(/^export /gm, '');

/** Neither comments nor space, nor the commas that end a list over several lines. */
const bareScript = (source) =>
  source
    .replace(/^\s*\/\*\*.*?\*\/$/gms, '')
    .replace(/(^|\s)\/\/ .*$/gm, '')
    .replace(/\s+/g, '')
    .replace(/,([)\]}])/g, '$1');

test('the one style sheet holds all of them, in the order of the document', async () => {
  const source = readFileSync(new URL('index.html', web), 'utf8');
  const named = [...source.matchAll(/"stylesheet" href="@assets@\/([^"]+)"/g)].map(
    ([, one]) => one,
  );
  assert.deepEqual(
    [...named].sort(),
    names('')
      .filter((one) => one.endsWith('.css'))
      .sort(),
  );
  const whole = named.map((one) => readFileSync(new URL(one, web), 'utf8')).join('');
  const bare = (css) => css.replace(/\/\*.*?\*\//gs, '').replace(/\s+/g, '');
  const served = (await get(`${await assetsOf()}/page.css`)).body.toString();
  assert.equal(bare(served), bare(whole).replace(/,\)/g, ')'));
});
