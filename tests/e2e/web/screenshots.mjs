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
  ['empresa-editar', {}, (page) => editing(page)],
  ['gerar-tarefas', {}, (page) => generating(page)],
  ['importar', {}, (page) => importing(page)],
  ['empresa-calendario', {}, (page) => calendar(page)],
  ['jobs-claro', {}, (page) => jobs(page)],
  ['jobs-escuro', { scheme: 'dark' }, (page) => jobs(page)],
  ['jobs-360', { viewport: web.PHONE }, (page) => jobs(page)],
  ['job-detalhe', {}, (page) => oneJob(page)],
  ['sino', {}, (page) => bell(page)],
  ['sobre-api', {}, (page) => web.enter(page, { path: '/sobre/generateForUnit' })],
  ['empresas-360', { viewport: web.PHONE }, inside()],
];

/** Jobs that ran, one with a failure, and one that goes on. */
let made;
const someJobs = () => (made ??= makeJobs());
async function makeJobs() {
  const start = (json) => service.ask('POST', '/api/jobs', { json });
  for (const unit of [1, 2, 3]) {
    await service.ask('POST', `/api/empresas/unidade/${unit}/auto-tarefas?futureYears=1`);
  }
  const csv = 'cnpj,razao_social,nome_fantasia\n123,Torta,Torta\n11222333000181,Boa,Boa\n';
  await start({ type: 'import-companies', arguments: { unit: 1, csv } });
  return (await start({ type: 'noop', arguments: { items: 4000, micros: 20_000 } })).data.jobId;
}

const jobs = async (page) => {
  await someJobs();
  await web.enter(page, { path: '/jobs' });
  await page.locator('.tbl .badge', { hasText: 'Em execução' }).first().waitFor();
};

const oneJob = async (page) => {
  await web.enter(page, { path: `/jobs/${await someJobs()}` });
  await page
    .locator('.tl .b', { hasText: /^Lotes? 1/ })
    .first()
    .waitFor();
};

const bell = async (page) => {
  await someJobs();
  await inside()(page);
  await page.locator('#bell .count').waitFor();
  await page.locator('#bell').click();
};

const box = (page, name) => page.getByRole('dialog', { name });

/** A company with a task that somebody has taken up, on its year. */
const calendar = async (page) => {
  const { tasks } = (await service.ask('GET', '/api/tarefas/empresa/1')).data;
  const routine = tasks.find((task) => task.finalidade_id === 4) ?? tasks[0];
  await service.ask('PUT', `/api/tarefas/${routine.id}`, { json: { status: 'progress' } });
  await web.enter(page, { path: '/empresas/1' });
  await page.locator('.cal button').first().click();
};

const generating = inside(async (page) => {
  await page.keyboard.press('t');
  await page.locator('.seg label').nth(2).click();
  await box(page, 'Gerar tarefas').locator('tbody td').first().waitFor();
});

const editing = inside(async (page) => {
  await page.keyboard.press('n');
  await page.getByLabel('Razão social').fill('Padaria Ipê Amarelo Ltda');
  await page.getByLabel('Número').fill('11222333000182');
});

const importing = inside(async (page) => {
  await page.keyboard.press('i');
  const lines = ['razao_social;nome_fantasia;cnpj;data_renovacao'];
  lines.push('Padaria Sol Ltda;Padaria Sol;12.ABC.345/01DE-35;2024-03-15');
  lines.push('Mercado Boa Vista ME;Boa Vista;11.222.333/0001-82;2024-03-15');
  lines.push(';Aroeira;11.222.333/0001-81;2024-03-15');
  lines.push('Hotel Serra Azul Ltda;Serra Azul;11.222.333/0001-81;2026-02-31');
  await page.getByLabel('Ou cole as linhas').fill(lines.join('\n'));
  await page.getByRole('button', { name: 'Conferir' }).click();
  await page.getByText('3 com erro', { exact: true }).waitFor();
});

/** Somebody else took the session away: what one was at stays below. */
const sessionEnded = inside(async (page) => {
  await page.route('**/api/auth/session', (route) => route.fulfill({ json: {} }));
  await page.route('**/api/unidades', (route) => route.fulfill({ status: 401, json: {} }));
  const api = await web.moduleOf(page, 'api.js');
  await api.evaluate((module) => void module.api.get('/api/unidades').catch(() => {}));
  await page.getByRole('dialog').waitFor();
});

const service = await startService({ units: 4, companies: 500 });
await service.ask('POST', '/api/empresas/unidade/1/auto-tarefas');
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
