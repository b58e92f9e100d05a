// Run by bench/first-view, behind that. A list of 2,000 companies: what a screen further costs a
// frame, and what a keystroke in the search costs until it is laid out. Medians.
import { startService } from '../tests/e2e/web/support/service.mjs';
import { launch, middle } from './browser.mjs';

const MUST = 100; // ms: what is slower is seen as a stutter

const service = await startService({ units: 1, companies: 2000 });
const browser = await launch();
const context = await browser.newContext({ baseURL: service.url, locale: 'pt-BR' });
await context.request.post('/api/auth/dev', { data: { id: 7 } });
const page = await context.newPage();
await page.goto('/empresas');
await page.locator('.tbl tbody .n').first().waitFor();

const scrolled = await page.evaluate(async () => {
  const main = document.querySelector('#conteudo');
  const frame = () => new Promise(requestAnimationFrame);
  const all = [];
  for (let i = 0; i < 40; i++) {
    await frame();
    const began = performance.now();
    main.scrollTop += 1500;
    await frame();
    await frame(); // the first may have been due already
    all.push((performance.now() - began) / 2);
  }
  return all;
});
const typed = await page.locator('#busca').evaluate(async (of) => {
  const all = [];
  for (const text of ['a', 'ar', 'aro', 'ar', 'a', '', 's', 'sa', 'san', '']) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    of.value = text;
    of.dispatchEvent(new Event('input'));
    document.body.offsetHeight; // laid out
    all.push(performance.now() - began);
  }
  return all;
});

for (const [what, all] of Object.entries({ 'a screen further': scrolled, 'a keystroke': typed })) {
  const median = middle(all);
  if (median > MUST) process.exitCode = 1;
  console.log(
    `2,000 companies, ${what}: ${median.toFixed(1)} ms (${all[0].toFixed(1)} to ` +
      `${all.at(-1).toFixed(1)}); must <= ${MUST} ms: ${median <= MUST ? 'pass' : 'FAIL'}`,
  );
}
await browser.close();
await service.end();
