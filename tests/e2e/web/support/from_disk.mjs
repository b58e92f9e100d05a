// The page from web/ as it stands on the disk, before a running service, so that a change is seen
// without a build: node tests/e2e/web/support/from_disk.mjs http://127.0.0.1:5000 [PORT]
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';

const web = new URL('../../../../web/', import.meta.url);
const ASSETS = '/assets/disk/';
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** A server before the one on `port()`, listening on a free port or on `at`. */
export function fromDisk(port, at = 0) {
  const server = http.createServer((asked, answer) => {
    if (asked.url.startsWith(ASSETS)) return asset(asked.url.slice(ASSETS.length), answer);
    const { method, url, headers } = asked;
    const page = method === 'GET' && !/^\/(api|socket\.io)\//.test(url);
    const options = { host: '127.0.0.1', port: port(), method, path: url, headers };
    if (page) options.headers = { ...headers, 'accept-encoding': '', 'if-none-match': '' };
    const passed = http.request(options, (got) => {
      const html = got.headers['content-type']?.startsWith('text/html');
      return html ? document(got, answer) : pass(got, answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  return new Promise((done) => server.listen(at, '127.0.0.1', () => done(server)));
}

function asset(name, answer) {
  try {
    const body = readFileSync(new URL(name, web));
    answer.writeHead(200, { 'Content-Type': TYPES[extname(name)], 'Cache-Control': 'no-store' });
    answer.end(body);
  } catch {
    answer.writeHead(404).end();
  }
}

/** The document of the disk, with the headers of the built one. */
function document(got, answer) {
  got.resume();
  const headers = { ...got.headers };
  for (const name of ['content-length', 'etag', 'transfer-encoding']) delete headers[name];
  answer.writeHead(got.statusCode, headers);
  const html = readFileSync(new URL('index.html', web), 'utf8');
  answer.end(html.replaceAll('@assets@/', ASSETS));
}

function pass(got, answer) {
  answer.writeHead(got.statusCode, got.headers);
  got.pipe(answer);
  got.on('close', () => got.complete || answer.destroy());
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const service = new URL(process.argv[2] ?? 'http://127.0.0.1:5000');
  const server = await fromDisk(() => Number(service.port), Number(process.argv[3] ?? 0));
  console.log(`open http://127.0.0.1:${server.address().port}/`);
}
