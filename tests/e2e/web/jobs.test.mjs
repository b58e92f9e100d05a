// The list of jobs: live, filtered by the address, by pages, several at once, and the last hour.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 2, companies: 12 }, (started) => (service = started));

const started = new Set();
afterEach(async () => {
  for (const id of started) await service.ask('POST', `/api/empresas/jobs/${id}/cancel`);
  started.clear();
});

async function begin(items, micros, user = 7) {
  const json = { type: 'noop', arguments: { items, micros } };
  const { data } = await service.ask('POST', '/api/jobs', { json, user });
  started.add(data.jobId);
  return data.jobId;
}
const generate = async (unit) =>
  (await service.ask('POST', `/api/empresas/unidade/${unit}/auto-tarefas`)).data.jobId;

let times = 0;
/** A job that has work for a minute; none is equal to another, so none joins it. */
const longJob = () => begin(30_000, 2000 + times++);

async function end(id) {
  const path = `/api/empresas/jobs/${id}`;
  await service.ask('POST', `${path}/cancel`);
  while ((await service.ask('GET', path)).data.state !== 'cancelled');
}

const row = (page, id) =>
  page.locator('tbody tr.r', { has: page.locator(`a[href="/jobs/${id}"]`) });
const inState = (page, id, text) => row(page, id).locator('.badge', { hasText: text }).waitFor();
const choose = (page, id) => row(page, id).getByRole('checkbox').check();
const bulk = (page) => page.getByRole('region', { name: 'Ações em lote' });
const inAddress = (page, text) => page.waitForURL((url) => url.search.includes(text));

async function look(page, { path = '/jobs', as } = {}) {
  await web.enter(page, { path, as });
  await page.locator('.tbl tbody a.n, .empty').first().waitFor();
}

test('a user without jobs is told what to do next', () =>
  web.visit(service, {}, async (page) => {
    await look(page, { as: 'Carla' });
    await page.getByRole('heading', { name: 'Nenhum job ainda' }).waitFor();
    await page.getByRole('link', { name: 'Ir para Empresas' }).click();
    await page.waitForURL('**/empresas');
  }));

test('filters stand in the address, and come back from it', () =>
  web.visit(service, {}, async (page) => {
    const [one, two] = [await generate(1), await generate(2)];
    const running = await longJob();
    await look(page);
    await inState(page, running, 'Em execução');
    await page.getByRole('button', { name: 'Concluído' }).click();
    await inAddress(page, 'estado=completed');
    await row(page, running).waitFor({ state: 'detached' });
    await page.getByLabel('Unidade', { exact: true }).selectOption('2');
    await row(page, one).waitFor({ state: 'detached' });
    await page.getByLabel('Tipo', { exact: true }).selectOption('generate-auto-tasks-unit');
    await inAddress(page, 'tipo=generate-auto-tasks-unit');
    await page.reload();
    await inState(page, two, 'Concluído');
    assert.equal(await page.locator('tbody tr.r').count(), 1);
    assert.equal(await page.getByLabel('Unidade', { exact: true }).inputValue(), '2');
    assert.equal(
      await page.getByRole('button', { name: 'Concluído' }).getAttribute('aria-pressed'),
      'true',
    );
    await page.getByLabel('Tipo', { exact: true }).selectOption('import-companies');
    await page.getByRole('heading', { name: 'Nenhum job com estes filtros' }).waitFor();
    await web.checkAccess(page);
    await page.getByRole('button', { name: 'Limpar filtros' }).click();
    await row(page, running).waitFor();
    assert.equal(new URL(page.url()).search, '');
  }));

test('what another client starts comes in at the top, moves and ends', () =>
  web.visit(service, {}, async (page) => {
    await look(page);
    const id = await begin(400, 15_000);
    await inState(page, id, 'Em execução');
    assert.equal(await page.locator('tbody tr.r a.n').first().getAttribute('href'), `/jobs/${id}`);
    await inState(page, id, 'Concluído');
    await row(page, id).getByText('400 / 400').waitFor();
  }));

test('older ones by pages', () =>
  web.visit(service, {}, async (page) => {
    for (let i = 0; i < 60; i++) await begin(1, i);
    await look(page);
    await page.getByText('50 jobs, e há mais').waitFor();
    await page.getByRole('button', { name: 'Carregar mais' }).click();
    await page.getByText(/^\d+ jobs$/).waitFor();
    const n = Number.parseInt(await page.locator('.tblfoot [role=status]').innerText(), 10);
    assert.ok(n >= 60, `${n} jobs`);
    assert.equal(await page.getByRole('button', { name: 'Carregar mais' }).isVisible(), false);
  }));

test('several are paused, resumed and cancelled at once', () =>
  web.visit(service, {}, async (page) => {
    const ids = [await longJob(), await longJob()];
    const ended = await generate(1);
    await look(page);
    await inState(page, ended, 'Concluído');
    for (const id of [...ids, ended]) await choose(page, id);
    await bulk(page).getByText('3 selecionados').waitFor();
    await web.checkAccess(page);
    await bulk(page).getByRole('button', { name: 'Pausar (2)' }).click();
    await page.locator('.toast', { hasText: '2 jobs pausados.' }).waitFor();
    for (const id of ids) await inState(page, id, 'Pausado');
    assert.equal(await bulk(page).isVisible(), false);
    for (const id of ids) await choose(page, id);
    await bulk(page).getByRole('button', { name: 'Retomar (2)' }).click();
    for (const id of ids) await inState(page, id, 'Em execução');
    for (const id of ids) await choose(page, id);
    await bulk(page).getByRole('button', { name: 'Cancelar (2)' }).click();
    const ask = page.getByRole('dialog', { name: 'Cancelar 2 jobs?' });
    await ask.getByText('continua assim').waitFor();
    await ask.getByRole('button', { name: 'Cancelar processamento' }).click();
    for (const id of ids) await inState(page, id, 'Cancelado');
    for (const id of ids) await choose(page, id);
    await bulk(page).getByRole('button', { name: 'Tentar de novo (2)' }).click();
    for (const id of ids) await inState(page, id, 'Em execução');
  }));

test('of several, those that are refused are named with the reason', () =>
  web.visit(service, { allowed: [web.status(409)] }, async (page) => {
    const ids = [await longJob(), await longJob()];
    await look(page);
    await page.route(`**/jobs/${ids[0]}/pause`, async (route) => {
      await end(ids[0]);
      await route.continue();
    });
    for (const id of ids) await choose(page, id);
    await bulk(page).getByRole('button', { name: 'Pausar (2)' }).click();
    const refused = page.getByRole('dialog', { name: '1 de 2 ficou como estava' });
    await refused.getByText('Job já encerrado').waitFor();
    assert.equal(await refused.getByRole('link').getAttribute('href'), `/jobs/${ids[0]}`);
    await refused.getByText('Fechar').click();
    await inState(page, ids[1], 'Pausado');
  }));

test('the menu of a row does what its state allows', () =>
  web.visit(service, {}, async (page) => {
    const id = await longJob();
    await look(page);
    await row(page, id).getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Pausar' }).click();
    await inState(page, id, 'Pausado');
    await row(page, id).getByRole('button').click();
    assert.equal(await page.getByRole('menuitem', { name: 'Pausar' }).count(), 0);
    await page.getByRole('menuitem', { name: 'Ver detalhes' }).click();
    await page.waitForURL(`**/jobs/${id}`);
  }));

test('admins see the jobs of all, or their own; others see theirs alone', () =>
  web.visit(service, {}, async (page, context) => {
    const hers = await longJob();
    const his = await begin(30_000, 1999, 8);
    await look(page);
    await inState(page, his, 'Em execução');
    await page.getByLabel('De todos os usuários').uncheck();
    await row(page, his).waitFor({ state: 'detached' });
    await inAddress(page, 'todos=nao');
    await row(page, hers).waitFor();
    await context.clearCookies();
    await look(page, { as: 'Bruno' });
    await row(page, his).waitFor();
    assert.equal(await row(page, hers).count(), 0);
    assert.equal(await page.getByLabel('De todos os usuários').count(), 0);
  }));

test('the last hour, also as a table', () =>
  web.visit(service, {}, async (page) => {
    await generate(1);
    await look(page);
    const hour = page.getByRole('region', { name: 'Última hora' });
    await page.waitForFunction(
      () => Number(document.querySelector('.stat .v span').textContent) > 0,
    );
    await hour
      .getByText(/^desde \d\d:\d\d$/)
      .first()
      .waitFor(); // the service has not been there for an hour
    assert.equal(await page.locator('#conteudo h3').count(), 0, 'no level is left out');
    const table = hour.getByRole('table', { name: 'Última hora, de 5 em 5 minutos' });
    assert.equal(await table.locator('tbody tr').count(), 12);
    assert.deepEqual(await table.locator('thead th').allInnerTexts(), [
      'Horário',
      'Jobs encerrados',
      'Itens por segundo',
      'Falhas',
      'Na fila',
    ]);
    await hour.locator('.stat').first().hover();
    await hour
      .getByText(/^às \d\d:\d\d$/)
      .first()
      .waitFor();
  }));

test('by keyboard alone: to a row, chosen, paused', () =>
  web.visit(service, {}, async (page) => {
    const id = await longJob();
    await look(page);
    await inState(page, id, 'Em execução');
    await page.keyboard.press('j');
    await web.focusIs(page, `a[href="/jobs/${id}"]`);
    await page.keyboard.press('x');
    await bulk(page).getByText('1 selecionado').waitFor();
    await web.focusIs(page, `a[href="/jobs/${id}"]`);
    await page.keyboard.press('m');
    await web.focusIs(page, '.bulk [data-action="pause"]');
    await page.keyboard.press('Enter');
    await inState(page, id, 'Pausado');
  }));

test('on a phone, dark', () =>
  web.visit(service, { viewport: web.PHONE, scheme: 'dark' }, async (page) => {
    await generate(1);
    await look(page);
    await page.locator('.tbl .sub').first().getByText('Matriz · 100 %').waitFor();
    await web.checkNoSidewaysScroll(page);
    await web.checkAccess(page);
  }));

test('a list that cannot be loaded says so, and can be asked for again', () =>
  web.visit(service, { allowed: [web.status(500)] }, async (page) => {
    let broken = true;
    await page.route('**/api/empresas/jobs?*limit=50', (route) =>
      broken && !route.request().url().includes('state=')
        ? route.fulfill({ status: 500, json: { message: 'Erro interno' } })
        : route.continue(),
    );
    await web.enter(page, { path: '/jobs' });
    await page.getByText('Erro interno').waitFor();
    broken = false;
    await page.getByRole('button', { name: 'Tentar de novo' }).click();
    await page.locator('.tbl tbody a.n').first().waitFor();
  }));
