// The bell: counted, told in every tab, read in one and thereby in all, missed while away.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 2, companies: 12 }, (started) => (service = started));
beforeEach(() => service.ask('POST', '/api/notificacoes/read-all'));

const list = async () =>
  (await service.ask('GET', '/api/notificacoes?limit=100')).data.notifications;

let micros = 0;
/** A job that ends soon. */
async function start() {
  const json = { type: 'noop', arguments: { items: 2, micros: micros++ } };
  return (await service.ask('POST', '/api/jobs', { json })).data.jobId;
}

/** Resolves when it has ended, and its notification is there. */
async function work() {
  const id = await start();
  while (!(await list()).some((one) => one.metadata.jobId === id));
  return id;
}

const bell = (page, name) => page.getByRole('button', { name, exact: true });
const panel = (page) => page.getByRole('dialog', { name: 'Notificações' });
const counts = async (page, n) => {
  const words = { 0: 'Notificações', 1: 'Notificações, 1 não lida' };
  await bell(page, words[n] ?? `Notificações, ${n} não lidas`).waitFor();
  await page.waitForFunction(
    (start) => document.title.startsWith(start),
    n ? `(${n}) ` : 'Empresas · ',
  );
};

async function look(page) {
  await web.enter(page, { path: '/empresas' });
  await page.locator('#live[data-s="live"]').waitFor();
}

test('two tabs: each tells it once, and what is read in one is read in both', () =>
  web.visit(service, {}, async (page, context) => {
    await look(page);
    const second = await context.newPage();
    await second.goto('/empresas');
    await second.locator('#live[data-s="live"]').waitFor();
    await counts(page, 0);
    const id = await work();
    for (const tab of [page, second]) {
      await counts(tab, 1);
      await tab.locator('.toast').first().waitFor();
    }
    await bell(page, 'Notificações, 1 não lida').click();
    await panel(page)
      .getByRole('button', { name: /^Marcar como lida/ })
      .click();
    for (const tab of [page, second]) {
      await counts(tab, 0);
      assert.equal(await tab.locator('.toast').count(), 1, 'the end is told once');
    }
    assert.ok((await list()).find((one) => one.metadata.jobId === id).read_at);
  }));

test('what came while nobody looked is counted, and leads to its job', () =>
  web.visit(service, {}, async (page) => {
    await work();
    const id = await work();
    await look(page);
    await counts(page, 2);
    assert.equal(await page.locator('.toast').count(), 0);
    await bell(page, 'Notificações, 2 não lidas').click();
    await web.checkAccess(page);
    await panel(page).getByRole('link', { name: 'Ver detalhes' }).first().click();
    await page.waitForURL(`**/jobs/${id}`);
    await page.locator('.jobcard').waitFor();
    await bell(page, 'Notificações, 1 não lida').waitFor();
    assert.equal(await panel(page).isVisible(), false);
  }));

test('all are marked as read, by keyboard alone', () =>
  web.visit(service, {}, async (page) => {
    await work();
    await work();
    await look(page);
    await counts(page, 2);
    await page.locator('h1').focus();
    await page.keyboard.press('b');
    await web.focusIs(page, '.ntf a');
    const all = panel(page).getByRole('button', { name: 'Marcar todas como lidas' });
    await all.focus();
    await page.keyboard.press('Enter');
    await counts(page, 0);
    await web.focusIs(page, '[data-f="all"]');
    assert.equal(await all.getAttribute('aria-disabled'), 'true');
    await page.keyboard.press('Escape');
    await web.focusIs(page, 'h1'); // where it was
    assert.equal((await list()).filter((one) => !one.read_at).length, 0);
  }));

/** Presses "mark all", of which `through` decides when the request goes and when its answer comes. */
async function markAll(page, through) {
  await page.route('**/read-all', through, { times: 1 });
  await bell(page, /^Notificações, \d+ não lidas?$/).click();
  await panel(page).getByRole('button', { name: 'Marcar todas como lidas' }).click();
}

test('what comes while all are being marked is shown as the service has it, in every tab', () =>
  web.visit(service, {}, async (page, context) => {
    await work();
    await look(page);
    const second = await context.newPage();
    await second.goto('/empresas');
    const tabs = [page, second];
    const both = (n) => Promise.all(tabs.map((tab) => counts(tab, n)));
    await both(1);
    await markAll(page, async (route) => {
      await work();
      await both(2);
      await route.continue();
    });
    await both(0);
    assert.ok((await list()).every((one) => one.read_at));
    await page.keyboard.press('Escape');
    await work();
    await work();
    await both(2);
    await markAll(page, async (route) => {
      const response = await route.fetch();
      await work();
      await both(3);
      await route.fulfill({ response });
    });
    await both(1);
    assert.equal((await list()).filter((one) => !one.read_at).length, 1);
  }));

test('a list that was asked for before and comes after changes nothing', () =>
  web.visit(service, {}, async (page) => {
    await work();
    await look(page);
    await counts(page, 1);
    const known = await web.moduleOf(page, 'data/notifications.js');
    let answer;
    await page.route(
      '**/api/notificacoes?limit=100',
      async (route) => {
        const response = await route.fetch();
        await new Promise((late) => (answer = late));
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    await known.evaluate(({ notifications }) => {
      globalThis.late = notifications.load();
    });
    while (!answer) await page.evaluate(() => {});
    await known.evaluate(({ notifications }) => notifications.readAll());
    await counts(page, 0);
    answer();
    await page.evaluate(() => globalThis.late);
    await counts(page, 0);
  }));

test('what comes while the panel is open stands at its top', () =>
  web.visit(service, {}, async (page) => {
    await look(page);
    await bell(page, 'Notificações').click();
    const before = await panel(page).locator('.ntf').count();
    await work();
    await panel(page).locator('.ntf.un').waitFor();
    assert.equal(await panel(page).locator('.ntf').count(), before + 1);
    await web.checkAccess(page);
  }));

test('where the stream is cut they come all the same', () =>
  web.visit(service, { allowed: [web.status(503)] }, async (page) => {
    await page.route('**/api/stream-tickets', (route) => route.fulfill({ status: 503, json: {} }));
    await web.enter(page, { path: '/empresas' });
    await counts(page, 0);
    await page.locator('#live[data-s="poll"]').waitFor();
    await work();
    await counts(page, 1);
    await page.locator('.toast', { hasText: 'Teste de carga concluído' }).waitFor();
  }));

test('one that cannot be marked says so and stays unread', () =>
  web.visit(service, { allowed: [web.status(503)] }, async (page) => {
    await work();
    await look(page);
    await counts(page, 1);
    await page.route('**/api/notificacoes/*/read', (route) =>
      route.fulfill({ status: 503, json: { message: 'Serviço ocupado' } }),
    );
    await bell(page, 'Notificações, 1 não lida').click();
    await panel(page)
      .getByRole('button', { name: /^Marcar como lida/ })
      .click();
    await page
      .locator('.toast', { hasText: 'Não foi possível' })
      .getByText('Serviço ocupado')
      .waitFor();
    await counts(page, 1);
  }));

test('notices of the browser: asked for by the button alone, shown where no tab is seen', () =>
  web.visit(service, {}, async (page) => {
    await page.addInitScript(() => {
      globalThis.shown = [];
      globalThis.asked = 0;
      globalThis.Notification = class {
        static permission = 'default';
        static async requestPermission() {
          globalThis.asked++;
          return (this.permission = 'granted');
        }
        constructor(title, { body }) {
          globalThis.shown.push(`${title}: ${body}`);
        }
      };
    });
    await look(page);
    assert.equal(await page.evaluate(() => globalThis.asked), 0);
    await bell(page, 'Notificações').click();
    await panel(page).getByRole('button', { name: 'Avisar também pelo navegador' }).click();
    await panel(page).getByRole('button', { name: 'Parar de avisar pelo navegador' }).waitFor();
    await work();
    await counts(page, 1);
    assert.deepEqual(await page.evaluate(() => globalThis.shown), [], 'the tab is seen');
    await page.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => true }));
    await work();
    await page.waitForFunction(() => globalThis.shown.length === 1);
    assert.match(await page.evaluate(() => globalThis.shown[0]), /2 itens/);
    await panel(page).getByRole('button', { name: 'Parar de avisar pelo navegador' }).click();
    await panel(page).getByRole('button', { name: 'Avisar também pelo navegador' }).waitFor();
  }));

test('without any it says when there will be; on a phone, dark', () =>
  web.visit(service, { viewport: web.PHONE, scheme: 'dark' }, async (page) => {
    await web.enter(page, { path: '/empresas', as: 'Carla' });
    await bell(page, 'Notificações').click();
    await panel(page).getByRole('heading', { name: 'Nada de novo' }).waitFor();
    await web.checkNoSidewaysScroll(page);
    await web.checkAccess(page);
  }));

test('the bell stays where another screen comes', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { path: '/empresas', as: 'Carla' });
    const before = await page.locator('#bell').elementHandle();
    await page.locator('#nav a[href="/jobs"]').click();
    await page.locator('#nav a[href="/jobs"][aria-current="page"]').waitFor();
    assert.ok(await page.evaluate((one) => one === document.querySelector('#bell'), before));
  }));

test('more than the list holds are counted, and all of them are marked', () =>
  web.visit(service, {}, async (page) => {
    const many = Array.from({ length: 104 }, start);
    await Promise.all(many);
    const unread = async () => (await service.ask('GET', '/api/notificacoes?limit=1')).data.unread;
    while ((await unread()) < many.length);
    await look(page);
    await counts(page, 104);
    await work();
    await counts(page, 105);
    await bell(page, 'Notificações, 105 não lidas').click();
    assert.equal(await panel(page).locator('.ntf').count(), 100);
    await panel(page)
      .getByRole('button', { name: /^Marcar como lida/ })
      .last()
      .click();
    await counts(page, 104);
    await panel(page).getByRole('button', { name: 'Marcar todas como lidas' }).click();
    await counts(page, 0);
    assert.equal(await unread(), 0);
  }));
