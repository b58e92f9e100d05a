// A session that ends: taken up by the cookie, or asked for above what one was at.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import * as web from './support/browser.mjs';
import { SECRET } from './support/service.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage(
  {
    users: [['dora@example.com', 'uma senha de teste', '--nome', 'Dora', '--unit', '1']],
  },
  (started) => (service = started),
);
afterEach(async () => {
  if (service.secret !== SECRET) await restartWith(SECRET);
});

/** Every token and cookie of before is worth nothing then. */
async function restartWith(secret) {
  await service.kill();
  service.secret = secret;
  await service.start();
}

const allowed = [web.status(401), web.NO_ANSWER];
const dialog = (page) => page.getByRole('dialog', { name: 'Entrar de novo' });

test('it is asked for above what one was at, which stays', () =>
  web.visit(service, { allowed }, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    await page.locator('#busca').fill('me');
    const before = await page.locator('.tblfoot').innerText();
    await restartWith('another secret of the tests, 32 bytes and more');
    await dialog(page).waitFor(); // the stream, or what asks instead of it, was refused
    await dialog(page)
      .getByText('Sua sessão terminou. Entre de novo para continuar de onde parou.')
      .waitFor();
    assert.equal(await dialog(page).getByLabel('E-mail').inputValue(), 'ana@example.com');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Escape'); // there is no way around it
    await dialog(page).waitFor();
    await web.checkAccess(page);
    await dialog(page)
      .getByRole('button', { name: /Entrar como Ana/ })
      .click();
    await dialog(page).waitFor({ state: 'detached' });
    assert.equal(await page.locator('#busca').inputValue(), 'me');
    assert.equal(await page.locator('.tblfoot').innerText(), before);
    await page.locator('#live[data-s="live"]').waitFor();
  }));

test('by password, and a wrong one is said there', () =>
  web.visit(service, { allowed }, async (page) => {
    await page.goto('/jobs');
    await page.getByLabel('E-mail').fill('dora@example.com');
    await page.getByLabel('Senha').fill('uma senha de teste');
    await page.keyboard.press('Enter');
    await page.locator('#nav a[aria-current="page"]').waitFor();
    await restartWith('another secret of the tests, 32 bytes and more');
    await dialog(page).getByLabel('Senha').fill('errada!!');
    await page.keyboard.press('Enter');
    await dialog(page).getByText('E-mail ou senha incorretos.').first().waitFor();
    await dialog(page).getByLabel('Senha').fill('uma senha de teste');
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    assert.equal(new URL(page.url()).pathname, '/jobs');
  }));

test('one may leave instead', () =>
  web.visit(service, { allowed }, async (page) => {
    await web.enter(page);
    await restartWith('another secret of the tests, 32 bytes and more');
    await dialog(page).waitFor();
    await dialog(page).getByRole('button', { name: 'Sair' }).click();
    await page.waitForURL('**/entrar');
    assert.equal(await dialog(page).count(), 0);
  }));

test('a token that the service refuses is replaced through the cookie, unseen', () =>
  web.visit(service, { allowed }, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    let refused = 0;
    await page.route('**/api/unidades', (route) =>
      refused++
        ? route.continue()
        : route.fulfill({ status: 401, json: { error: 'Token inválido' } }),
    );
    const asked = page.waitForResponse('**/api/auth/session');
    await (await web.moduleOf(page, 'api.js')).evaluate(({ api }) => api.get('/api/unidades'));
    await asked;
    assert.equal(refused, 2);
    assert.equal(await dialog(page).count(), 0);
  }));

test('a token past half of its life is renewed beside the next request', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    await page.clock.install({ time: Date.now() + 5 * 3600 * 1000 });
    const renewed = page.waitForResponse('**/api/auth/renew');
    await page.locator('#nav a[href="/jobs"]').click();
    await (await web.moduleOf(page, 'api.js')).evaluate(({ api }) => api.get('/api/unidades'));
    assert.equal((await renewed).status(), 200);
  }));

const leave = async (page) => {
  await page.locator('#account').click();
  await page.getByRole('menuitem', { name: 'Sair' }).click();
  await page.waitForURL('**/entrar');
};

test('who signs out in one tab is out in all, also of what was being typed', () =>
  web.visit(service, {}, async (page, context) => {
    await web.enter(page);
    const other = await context.newPage();
    await other.goto('/empresas');
    await web.seeCompanies(other);
    await other.keyboard.press('n');
    await other.getByRole('dialog', { name: 'Nova empresa' }).waitFor();
    await leave(page);
    await other.waitForURL('**/entrar**');
    assert.equal(await other.getByRole('dialog').count(), 0);
    const token = await (
      await web.moduleOf(other, 'session.js')
    ).evaluate(({ session }) => session.token);
    assert.equal(token, null);
  }));

test('who signs in as another user is that user in all tabs', () =>
  web.visit(service, {}, async (page, context) => {
    await web.enter(page);
    const other = await context.newPage();
    await other.goto('/jobs');
    await other.locator('#account').waitFor();
    await leave(page);
    await other.waitForURL('**/entrar**');
    await page.getByRole('button', { name: /Entrar como Bruno/ }).click();
    for (const one of [page, other]) {
      await one.locator('#account', { hasText: 'BL' }).waitFor();
    }
  }));

test('a request that comes back refused after one signed out asks for nothing', () =>
  web.visit(service, { allowed }, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    let release;
    const held = new Promise((done) => (release = done));
    await page.route('**/api/unidades', async (route) => {
      await held;
      await route.fulfill({ status: 401, json: { error: 'Token inválido' } });
    });
    const api = await web.moduleOf(page, 'api.js');
    const refused = api.evaluate(({ api: to }) =>
      to.get('/api/unidades').catch((error) => error.status),
    );
    await leave(page);
    let asked = 0;
    page.on('request', (request) => (asked += /auth\/session/.test(request.url())));
    release();
    assert.equal(await refused, 401);
    assert.equal(asked, 0);
    assert.equal(new URL(page.url()).pathname, '/entrar');
  }));
