// Gerar tarefas: what would come, the job that makes it, and how it ends, also where it is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

const COMPANIES = 40;
const THIS_YEAR = new Date().getFullYear();

let service;
onStage({ units: 3, companies: COMPANIES }, (started) => (service = started));

const dialog = (page) => page.getByRole('dialog', { name: 'Gerar tarefas' });
const go = (page) => dialog(page).getByRole('button', { name: /^Gerar [\d.]+ tarefas?$/ });
const toast = (page, text) => page.locator('.toast', { hasText: text });
const jobsOfUnit = async (unit) =>
  (await service.ask('GET', `/api/empresas/jobs?unidade_id=${unit}`)).data.jobs;

async function open(page, unit) {
  await web.enter(page, { path: `/empresas?unidade=${unit}` });
  await web.seeCompanies(page);
  await page.keyboard.press('t');
}

async function setStatus(unit, status) {
  const { companies } = (await service.ask('GET', `/api/empresas/unidade/${unit}`)).data;
  for (const { id } of companies) {
    await service.ask('PUT', `/api/empresas/${id}`, { json: { status } });
  }
  return companies.length;
}

test('a preview per year, the words of start and end, and the way to the details', async () => {
  const active = await setStatus(1, 'ativo');
  await web.visit(service, {}, async (page) => {
    await open(page, 1);
    await go(page).waitFor();
    await dialog(page).getByText(`${active} empresas ativas em Matriz, de ${THIS_YEAR}.`).waitFor();
    await page.locator('.seg label').nth(2).click();
    await dialog(page)
      .getByText(`${active} empresas ativas em Matriz, de ${THIS_YEAR} a ${THIS_YEAR + 2}.`)
      .waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.ybars b').length === 3);
    assert.equal(await dialog(page).locator('tbody tr').count(), 10);
    const perYear = await page.locator('.ybars b').allInnerTexts();
    const total = perYear.map((n) => Number(n.replace('.', ''))).reduce((a, b) => a + b);
    const written = total.toLocaleString('pt-BR');
    assert.equal(await go(page).innerText(), `Gerar ${written} tarefas`);
    assert.deepEqual(await jobsOfUnit(1), []);
    await web.checkAccess(page);
    await go(page).click();
    await toast(
      page,
      `Processamento iniciado para ${active} empresas. Você receberá uma notificação quando terminar.`,
    ).waitFor();
    const end = toast(
      page,
      `Processadas ${active} empresas. Tarefas criadas: ${written} (3 anos).`,
    );
    await end.waitFor();
    await page.locator('.jobcard', { hasText: 'Concluído' }).waitFor();
    await web.checkAccess(page);
    const [{ id }] = await jobsOfUnit(1);
    await end.getByRole('link', { name: 'Ver detalhes' }).click();
    await page.waitForURL(`**/jobs/${id}`);
  });
});

test('where all is there already it says so', async () => {
  await service.ask('POST', '/api/empresas/unidade/1/auto-tarefas?futureYears=0');
  await web.visit(service, {}, async (page) => {
    await open(page, 1);
    await dialog(page).getByRole('heading', { name: 'Nada a criar' }).waitFor();
    const button = dialog(page).getByRole('button', { name: 'Gerar tarefas' });
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await page.locator('.seg label').nth(3).click(); // three of its four years are there
    await go(page).waitFor();
    await dialog(page)
      .getByText(`de ${THIS_YEAR} a ${THIS_YEAR + 3}.`)
      .waitFor();
    const perYear = await page.locator('.ybars b').allInnerTexts();
    assert.deepEqual(perYear.slice(0, 3), ['0', '0', '0']);
    assert.equal(perYear.length, 4);
  });
});

test('a double click is one job', () =>
  web.visit(service, {}, async (page) => {
    await open(page, 2);
    await go(page).dblclick();
    await toast(page, /^Processadas? /).waitFor();
    assert.equal((await jobsOfUnit(2)).length, 1);
    assert.equal(await toast(page, 'Processamento iniciado').count(), 1);
  }));

test('a preview that is refused is asked for again', () =>
  web.visit(service, { allowed: [web.status(503)] }, async (page) => {
    await page.route(
      '**/auto-tarefas?*dryRun=true',
      (route) =>
        route.fulfill({
          status: 503,
          json: { message: 'Cheio.' },
          headers: { 'Retry-After': '2' },
        }),
      { times: 1 },
    );
    await open(page, 2);
    await dialog(page).getByText('Cheio. Tente de novo em 2 s.').waitFor();
    await dialog(page).getByRole('button', { name: 'Tentar de novo' }).click();
    await dialog(page).locator('.seg label').nth(1).click();
    await go(page).waitFor();
  }));

test('a unit without active companies', async () => {
  await setStatus(3, 'inativo');
  await web.visit(service, {}, async (page) => {
    await open(page, 3);
    await dialog(page)
      .getByRole('heading', { name: 'Nenhuma empresa ativa nesta unidade' })
      .waitFor();
    await dialog(page).getByText('0 empresas ativas em').waitFor();
    assert.deepEqual(await jobsOfUnit(3), []);
  });
});

test('on a phone the preview keeps its kinds in the second line', () =>
  web.visit(service, { viewport: web.PHONE, scheme: 'dark' }, async (page) => {
    await web.enter(page, { path: '/empresas?unidade=2' });
    await web.seeCompanies(page);
    await page.getByRole('button', { name: 'Gerar tarefas' }).click();
    await page.locator('.seg label').nth(5).click();
    await go(page).waitFor();
    assert.ok(await dialog(page).locator('td .sub').first().isVisible());
    await web.checkAccess(page);
    await web.checkNoSidewaysScroll(page);
  }));

test('with every year the dialog is no taller than the window', async () => {
  await setStatus(3, 'ativo');
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 1366, height: 650 },
  ]) {
    await web.visit(service, { viewport }, async (page) => {
      await open(page, 3);
      await page.locator('.seg label').nth(5).click();
      await page.waitForFunction(() => document.querySelectorAll('.ybars b').length === 6);
      const { y, height } = await page.locator('dialog.dlg').boundingBox();
      assert.ok(y >= 0 && y + height <= viewport.height - 8, `${y} + ${height}`);
    });
  }
});
