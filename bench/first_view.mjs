// Run by bench/first-view. A view is shown when the frame that holds it has been handed over to be
// drawn; beside it stands the browser's own first-contentful-paint (PerformancePaintTiming: when a
// frame with anything in it came out, to the next beat of the display). The time runs from the start
// of the navigation. Each is the first of a profile of its own, with nothing in its cache, in a
// browser that runs already, whose window is open. MUTIRAO_SETTLED=0 does not wait for the window.
// Beside them, in turns, a document of one line: what the browser itself takes on this machine.
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { startService } from '../tests/e2e/web/support/service.mjs';
import { launch, middle } from './browser.mjs';

const MUST = 200; // ms
// ms: the browser draws its own new window, on the same cores
const SETTLED = Number(process.env.MUTIRAO_SETTLED ?? 500);
const BETWEEN = 200; // ms: what is begun beside a view is not to slow down the next
const VIEWS = [
  { name: 'of one line', path: '/', holds: 'p', bare: true },
  { name: 'signed out', path: '/entrar', holds: '.login input' },
  { name: 'signed in', path: '/empresas', holds: '.tbl tbody .n', user: 7 },
];

const views = Number(process.argv[2]);
const service = await startService({ units: 3, companies: 150 });
const oneLine = createServer((_, answer) => {
  answer.setHeader('Content-Type', 'text/html; charset=utf-8');
  answer.end('<!doctype html><title>x</title><p>Mutirão</p>');
});
await new Promise((done) => oneLine.listen(0, '127.0.0.1', done));
const browser = await launch();

/** In the page, from its start: `shown` resolves to when what matches `selector` is drawn. */
function watch(selector) {
  globalThis.shown = new Promise((done) => {
    const look = () => {
      if (!document.querySelector(selector)) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
  });
}

async function view({ path, holds, user, bare }) {
  const baseURL = bare ? `http://127.0.0.1:${oneLine.address().port}` : service.url;
  const context = await browser.newContext({ baseURL, locale: 'pt-BR' });
  if (user) await context.request.post('/api/auth/dev', { data: { id: user } });
  const page = await context.newPage();
  await page.addInitScript(watch, holds);
  const devtools = await context.newCDPSession(page); // page.evaluate loads scripts of its own
  await pause(SETTLED);
  await page.goto(path, { waitUntil: 'commit' });
  const ask = async (expression) => {
    const options = { expression, awaitPromise: true };
    return (await devtools.send('Runtime.evaluate', options)).result.value;
  };
  const shown = await ask('shown');
  await pause(BETWEEN);
  const paint = await ask(`performance.getEntriesByName('first-contentful-paint')[0].startTime`);
  await context.close();
  return { shown, paint };
}

const whole = (ms) => `${Math.round(ms)} ms`;
let floor;
for (const one of VIEWS) {
  await view(one); // the browser itself warms up
  one.all = [];
}
for (let i = 0; i < views; i++) for (const one of VIEWS) one.all.push(await view(one));
for (const { name, all, bare } of VIEWS) {
  const times = all.map(({ shown }) => shown);
  const median = middle(times);
  const paint = middle(all.map((one) => one.paint));
  if (bare) floor = median;
  else if (median > MUST) process.exitCode = 1;
  const beside = `${(median / floor).toFixed(2)} x one line; must <= ${MUST} ms: `;
  const verdict = bare ? '' : beside + (median <= MUST ? 'pass; ' : 'FAIL; ');
  console.log(
    `first view, ${name}: ${whole(median)} (${whole(times[0])} to ${whole(times.at(-1))}), ` +
      `${views} views; ${verdict}first contentful paint: ${whole(paint)}`,
  );
}
await browser.close();
oneLine.close();
await service.end();
