// The page of one job: its actions, the map, what happened when, each item; and what goes wrong.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import * as web from './support/browser.mjs';
import { SECRET } from './support/service.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 2, companies: 12 }, (started) => (service = started));

let job; // of the test that runs
afterEach(async () => {
  if (job) await service.ask('POST', `/api/empresas/jobs/${job}/cancel`);
  job = null;
});

async function begin(json) {
  const { data } = await service.ask('POST', '/api/jobs', { json });
  return (job = data.jobId);
}
const noop = (items, micros) => begin({ type: 'noop', arguments: { items, micros } });
const generate = async () =>
  (await service.ask('POST', '/api/empresas/unidade/1/auto-tarefas?futureYears=1')).data.jobId;
/** Of two lines the first fails. */
const importing = () => {
  const csv = 'cnpj,razao_social,nome_fantasia\n123,Torta,Torta\n11222333000181,Boa,Boa\n';
  return begin({ type: 'import-companies', arguments: { unit: 1, csv } });
};

const badge = (page, text) => page.locator('.jobcard .badge', { hasText: text }).waitFor();
const action = (page, name) => page.locator('.jobcard').getByRole('button', { name });
const panel = (page) => page.getByRole('tabpanel');
const happened = (page, text) => panel(page).locator('.tl .b', { hasText: text }).first().waitFor();
const tab = (page, name) => page.getByRole('tab', { name });
const moves = (page, from = 0) =>
  page.waitForFunction(
    (before) => Number(document.querySelector('.jobcard .prog')?.ariaValueNow) > before,
    from,
  );
const at = (page) =>
  page.evaluate(() => Number(document.querySelector('.jobcard .prog').ariaValueNow));

async function look(page, id, { tail = '', as } = {}) {
  await web.enter(page, { path: `/jobs/${id}${tail}`, as });
  await page.locator('.jobcard').waitFor();
}

test('one that has ended: what it did, when, and for which company', () =>
  web.visit(service, {}, async (page) => {
    const id = await generate();
    await look(page, id);
    await badge(page, 'Concluído');
    await page.getByRole('heading', { name: 'Gerar tarefas · Matriz' }).waitFor();
    await page.getByRole('img', { name: /^Mapa: (\d+) de \1 empresas$/ }).waitFor();
    for (const text of ['Criado', 'Iniciado', 'Lote 1', 'Concluído']) await happened(page, text);
    await web.checkAccess(page, 'the timeline');
    await tab(page, /^Empresas \(\d+\)$/).click();
    await page.waitForURL('**?aba=empresas');
    await panel(page)
      .getByRole('button', { name: /^Feitas/ })
      .waitFor();
    await web.checkAccess(page, 'the items');
    const company = panel(page).locator('a.n').first();
    assert.match(await company.getAttribute('href'), /^\/empresas\/\d+$/);
    await page.waitForFunction(
      () => !/^Empresa \d+$/.test(document.querySelector('#painel a.n')?.textContent),
    );
    await tab(page, 'Dados').click();
    await panel(page).getByText(id).waitFor();
    await panel(page).getByText('generate-auto-tasks-unit').waitFor();
    await web.checkAccess(page, 'the facts');
    await page.keyboard.press('ArrowLeft');
    await panel(page).getByRole('table').waitFor();
    await page.reload();
    await panel(page).getByRole('table').waitFor();
  }));

test('paused, resumed, moved forward and cancelled, and the timeline tells it', () =>
  web.visit(service, {}, async (page) => {
    await look(page, await noop(30_000, 2000));
    await badge(page, 'Em execução');
    await panel(page)
      .getByText(/^Processando/)
      .waitFor();
    await action(page, 'Pausar').click();
    await badge(page, 'Pausado');
    await happened(page, 'Pausado');
    await page.getByRole('button', { name: 'Prioridade: normal' }).click();
    await page.getByRole('menuitemradio', { name: 'muito alta' }).click();
    await page.getByRole('button', { name: 'Prioridade: muito alta' }).waitFor();
    await happened(page, 'Prioridade mudada');
    await action(page, 'Retomar').click();
    await badge(page, 'Em execução');
    await action(page, 'Cancelar').click();
    const ask = page.getByRole('dialog', { name: 'Cancelar o processamento?' });
    await ask.getByText('continua assim').waitFor();
    await ask.getByRole('button', { name: 'Cancelar processamento' }).click();
    await badge(page, 'Cancelado');
    await happened(page, 'Cancelado');
    await web.focusIs(page, '.jobcard .btn');
    assert.equal(await page.getByRole('button', { name: /^Prioridade/ }).isVisible(), false);
  }));

test('what failed comes first, says why, and is tried again in another run', () =>
  web.visit(service, {}, async (page) => {
    await look(page, await importing());
    await badge(page, 'Concluído');
    await page.getByRole('img', { name: 'Mapa: 2 de 2 linhas, 1 linha com falha' }).waitFor();
    assert.equal(await page.locator('.map[role=img] .failx').count(), 1);
    await page.locator('.jobcard').getByRole('link', { name: '1 linha com falha' }).click();
    await page.waitForURL('**?aba=empresas&item=failed');
    await panel(page).getByText('Linha 2').waitFor();
    assert.equal(await panel(page).locator('tbody tr.r').count(), 1);
    await panel(page).getByRole('button', { name: 'Todas 2' }).click();
    await panel(page).getByText('Linha 3').waitFor();
    assert.match(await panel(page).locator('tbody tr.r').first().innerText(), /^Linha 2/);
    await panel(page).getByRole('button', { name: 'Erro de Linha 2' }).click();
    const dialog = page.getByRole('dialog', { name: 'Linha 2' });
    await dialog.getByText('CNPJ').waitFor();
    await web.checkAccess(page);
    await page.keyboard.press('Escape');
    await web.focusIs(page, '#painel .act .btn');
    await panel(page).getByRole('button', { name: 'Puladas 0' }).click();
    await panel(page).getByRole('heading', { name: 'Nada aqui' }).waitFor();
    await action(page, 'Tentar de novo').click();
    await tab(page, 'Linha do tempo').click();
    await happened(page, 'Nova tentativa');
    await badge(page, 'Concluído');
  }));

test('a job that is not there, and one that goes away while it is looked at', () =>
  web.visit(service, { allowed: [web.status(404)] }, async (page) => {
    await web.enter(page, { path: '/jobs/00000000-0000-4000-8000-000000000000' });
    await page.getByRole('heading', { name: 'Job não encontrado', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Voltar a Jobs' }).click();
    await page.waitForURL('**/jobs');
    const id = await noop(30_000, 2001);
    await page.goto(`/jobs/${id}`);
    await badge(page, 'Em execução');
    await page.route(`**/api/empresas/jobs/${id}?details=false`, (route) =>
      route.fulfill({ status: 404, json: { message: 'Job não encontrado' } }),
    );
    await page.route(`**/api/empresas/jobs/${id}/pause`, (route) =>
      route.fulfill({ status: 404, json: { message: 'Job não encontrado' } }),
    );
    await action(page, 'Pausar').click();
    await page.getByRole('heading', { name: 'Job não encontrado', level: 1 }).waitFor();
  }));

test('an action that is refused says why, and the page shows how the job is', () =>
  web.visit(service, { allowed: [web.status(409), web.status(403)] }, async (page) => {
    const id = await noop(30_000, 2002);
    await look(page, id);
    await badge(page, 'Em execução');
    await page.route('**/priority', (route) =>
      route.fulfill({ status: 403, json: { message: 'Sem permissão' } }),
    );
    await page.getByRole('button', { name: 'Prioridade: normal' }).click();
    await page.getByRole('menuitemradio', { name: 'baixa', exact: true }).click();
    await page
      .locator('.toast', { hasText: 'Não foi possível mudar a prioridade.' })
      .getByText('Sem permissão')
      .waitFor();
    await page.route('**/pause', async (route) => {
      const path = `/api/empresas/jobs/${id}`;
      await service.ask('POST', `${path}/cancel`); // by somebody else, at the same time
      while ((await service.ask('GET', path)).data.state !== 'cancelled');
      await route.continue();
    });
    await action(page, 'Pausar').click();
    await page.locator('.toast').getByText('Job já encerrado').waitFor();
    await badge(page, 'Cancelado');
  }));

test('who may only look on has no actions', () =>
  web.visit(service, {}, async (page) => {
    const id = await importing();
    await look(page, id, { as: 'Bruno' });
    await badge(page, 'Concluído');
    await panel(page).locator('.tl li').first().waitFor();
    assert.equal(await page.locator('.jobcard .btn').count(), 0);
    assert.equal(await page.getByRole('button', { name: /^Prioridade/ }).isVisible(), false);
  }));

test('killed and back while its page is open', () =>
  web.visit(service, { allowed: [web.NO_ANSWER, web.status(401)] }, async (page) => {
    await look(page, await noop(3000, 1500));
    await moves(page);
    await service.kill();
    await page.locator('#live[data-s="off"]').waitFor();
    assert.equal(await action(page, 'Pausar').getAttribute('aria-disabled'), 'true');
    const reached = await at(page);
    await service.start();
    await moves(page, reached);
    await badge(page, 'Concluído');
    await happened(page, 'Retomado');
    await happened(page, 'Concluído');
  }));

test('where the streams are cut it is asked for', () =>
  web.visit(service, { allowed: [web.status(503)] }, async (page) => {
    await page.route('**/api/stream-tickets', (route) => route.fulfill({ status: 503, json: {} }));
    await look(page, await noop(2500, 2003));
    await moves(page);
    await badge(page, 'Concluído');
    await happened(page, 'Concluído');
  }));

test('the session ends in the middle: one signs in above the page, and it goes on', () =>
  web.visit(service, { allowed: [web.NO_ANSWER, web.status(401)] }, async (page) => {
    const id = await noop(30_000, 2004);
    await look(page, id);
    await badge(page, 'Em execução');
    await service.kill();
    service.secret = 'another secret of the tests, 32 bytes and more';
    await service.start();
    const again = page.getByRole('dialog', { name: 'Entrar de novo' });
    await again.getByRole('button', { name: /Entrar como Ana/ }).click();
    await again.waitFor({ state: 'detached' });
    await action(page, 'Pausar').click();
    await badge(page, 'Pausado');
    await service.ask('POST', `/api/empresas/jobs/${id}/cancel`);
    await badge(page, 'Cancelado');
    await service.kill();
    service.secret = SECRET;
    await service.start();
  }));

test('on a phone, dark, of several companies in one square', () =>
  web.visit(service, { viewport: web.PHONE, scheme: 'dark' }, async (page) => {
    await look(page, await noop(900, 0));
    await badge(page, 'Concluído');
    await page.getByText('cada quadro: até 3 itens').waitFor();
    assert.equal(await page.locator('.map[role=img] rect').count(), 320);
    for (const name of [/^Itens/, 'Dados', 'Linha do tempo']) {
      await tab(page, name).click();
      await web.checkNoSidewaysScroll(page);
    }
    await web.checkAccess(page);
  }));
