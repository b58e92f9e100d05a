// Pictures of every screen, into the folder that is named. Not a test: scripts/screenshots runs it.
import { join } from 'node:path';
import * as web from './support/browser.mjs';
import { startService } from './support/service.mjs';

const folder = process.argv[2];
const WIDE = { width: 1440, height: 900 };

const inside =
  (steps = () => {}) =>
  async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    await page.locator('#live[data-s="live"]').waitFor();
    await steps(page);
  };

/** [name, what the browser is like, what is done before the picture]. */
const PICTURES = [
  ['entrar', {}, (page) => page.goto('/entrar').then(() => page.getByLabel('E-mail').waitFor())],
  ['empresas-claro', {}, inside()],
  ['empresas-escuro', { scheme: 'dark' }, inside()],
  ['sessao-terminou', { allowed: [web.status(401)] }, (page) => sessionEnded(page)],
  ['empresas-360', { viewport: web.PHONE }, inside()],
];

/** Somebody else took the session away: what one was at stays below. */
const sessionEnded = inside(async (page) => {
  await page.route('**/api/auth/session', (route) => route.fulfill({ json: {} }));
  await page.route('**/api/unidades', (route) => route.fulfill({ status: 401, json: {} }));
  const api = await web.moduleOf(page, 'api.js');
  await api.evaluate((module) => void module.api.get('/api/unidades').catch(() => {}));
  await page.getByRole('dialog').waitFor();
});

const service = await startService({ units: 4, companies: 500 });
await web.openBrowser();
for (const [name, options, steps] of PICTURES) {
  await web.visit(service, { viewport: WIDE, ...options }, async (page) => {
    await steps(page);
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  });
  console.log(`${folder}/${name}.png`);
}
await web.closeBrowser();
await service.end();
process.exit(0);
