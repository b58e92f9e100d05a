// The card of a job that runs: paused, cancelled, found again, polled, and over a crash.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 2, companies: 5 }, (started) => (service = started));

const LASTING = 20000; // items: longer than any test looks, on two workers 20 s
let job; // of the test that runs
afterEach(() => service.ask('POST', `/api/empresas/jobs/${job}/cancel`));

const card = (page) => page.locator('.jobcard');
const state = (page, text) => card(page).locator('.badge', { hasText: text }).waitFor();
const toast = (page, text) => page.locator('.toast', { hasText: text });
const action = (page, name) => card(page).getByRole('button', { name });
const at = (page) =>
  page.evaluate(() => Number(document.querySelector('.jobcard .prog').ariaValueNow));
const moves = (page, from = 0) =>
  page.waitForFunction(
    (before) => Number(document.querySelector('.jobcard .prog')?.ariaValueNow) > before,
    from,
  );

/** A job of Ana's, in batches of a tenth of a second. */
async function begin(items) {
  const json = { type: 'noop', arguments: { items, micros: 2000 } };
  job = (await service.ask('POST', '/api/jobs', { json })).data.jobId;
}

async function look(page) {
  await web.enter(page);
  await web.seeCompanies(page);
}

test('paused, resumed and cancelled, which is asked first and says what stays', () =>
  web.visit(service, {}, async (page) => {
    await look(page);
    await begin(3000);
    await moves(page);
    await card(page).getByText('itens/s').waitFor();
    await card(page)
      .getByText(/restantes|quase pronto/)
      .waitFor();
    await web.checkAccess(page);
    await action(page, 'Pausar').focus();
    await page.keyboard.press('Enter');
    await state(page, 'Pausado');
    await web.focusIs(page, '.jobcard .btn');
    await action(page, 'Retomar').click();
    await state(page, 'Em execução');
    await action(page, 'Cancelar').click();
    const ask = page.getByRole('dialog', { name: 'Cancelar o processamento?' });
    await ask.getByText('continua assim').waitFor();
    await ask.getByRole('button', { name: 'Continuar processando' }).click();
    await action(page, 'Cancelar').click();
    await ask.getByRole('button', { name: 'Cancelar processamento' }).click();
    await state(page, 'Cancelado');
    await toast(page, 'Processamento cancelado.')
      .getByText(/de 3\.000 itens: o que estava pronto continua assim\./)
      .waitFor();
    await action(page, 'Tentar de novo').click();
    await state(page, 'Em execução');
  }));

test('closed and opened again, the page finds it; every tab tells the end once', () =>
  web.visit(service, {}, async (page, context) => {
    await look(page);
    await begin(2000);
    await moves(page);
    await action(page, 'Pausar').click();
    await state(page, 'Pausado');
    await page.close();
    const [one, two] = [await context.newPage(), await context.newPage()];
    await one.goto('/empresas');
    await two.goto('/jobs');
    await state(one, 'Pausado');
    await two.locator('#live[data-s="live"]').waitFor();
    await action(one, 'Retomar').click();
    for (const tab of [one, two]) {
      await toast(tab, 'concluído.').waitFor();
      assert.equal(await tab.locator('.toast').count(), 1);
    }
    await state(one, 'Concluído');
  }));

test('where the streams are cut it is asked for every 2 s', () =>
  web.visit(service, { allowed: [web.status(503)] }, async (page) => {
    await page.route('**/api/stream-tickets', (route) => route.fulfill({ status: 503, json: {} }));
    await look(page);
    await page.locator('#live[data-s="poll"]').waitFor();
    await begin(2500);
    await moves(page);
    const before = await at(page);
    await moves(page, before);
    await toast(page, 'concluído.').waitFor();
    await state(page, 'Concluído');
  }));

test('the service is killed in the middle and comes back: the job goes on to its end', () =>
  web.visit(service, { allowed: [web.NO_ANSWER, web.status(401)] }, async (page) => {
    await look(page);
    await page.locator('#live[data-s="live"]').waitFor();
    await begin(1500);
    await moves(page);
    await service.kill();
    await page.locator('#live[data-s="off"]').waitFor();
    const reached = await at(page);
    await service.start();
    await moves(page, reached);
    await toast(page, 'concluído.').waitFor();
    await state(page, 'Concluído');
  }));

test('an action that is refused says why', () =>
  web.visit(service, { allowed: [web.status(409)] }, async (page) => {
    await look(page);
    await begin(LASTING);
    await moves(page);
    await page.route('**/pause', async (route) => {
      const path = `/api/empresas/jobs/${job}`;
      await service.ask('POST', `${path}/cancel`); // by somebody else, at the same time
      while ((await service.ask('GET', path)).data.state !== 'cancelled');
      await route.continue();
    });
    await action(page, 'Pausar').click();
    await toast(page, 'Não foi possível pausar.').getByText('Job já encerrado').waitFor();
  }));

test('a double click is one request, and no second action at what stands there then', () =>
  web.visit(service, {}, async (page) => {
    await look(page);
    await begin(LASTING);
    await moves(page);
    await service.ask('POST', `/api/empresas/jobs/${job}/cancel`);
    await state(page, 'Cancelado');
    const posts = [];
    page.on('request', (one) => one.method() === 'POST' && posts.push(new URL(one.url()).pathname));
    await action(page, 'Tentar de novo').dblclick();
    await state(page, 'Em execução');
    await moves(page);
    assert.deepEqual(
      posts.filter((path) => path.includes('/jobs/')),
      [`/api/empresas/jobs/${job}/retry`],
    );
    assert.equal(await toast(page, 'Não foi possível').count(), 0);
  }));

test('the question whether to cancel goes when there is nothing to cancel any more', () =>
  web.visit(service, {}, async (page) => {
    await look(page);
    await begin(LASTING);
    await moves(page);
    await action(page, 'Cancelar').click();
    const ask = page.getByRole('dialog', { name: 'Cancelar o processamento?' });
    await ask.waitFor();
    await service.ask('POST', `/api/empresas/jobs/${job}/cancel`);
    await ask.waitFor({ state: 'detached' });
  }));
