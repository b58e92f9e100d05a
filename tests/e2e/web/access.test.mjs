// For everybody: axe-core in light, dark and on a phone; the keyboard alone; nothing scrolls
// sideways; something is seen while the rest is on its way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({}, (started) => (service = started));

const LOOKS = [
  ['light', { scheme: 'light' }],
  ['dark', { scheme: 'dark' }],
  ['phone', { viewport: web.PHONE }],
];
const SCREENS = ['/empresas', '/jobs', '/sobre', '/nada-disso'];

for (const [look, options] of LOOKS) {
  test(`axe finds nothing serious: ${look}`, () =>
    web.visit(service, { ...options }, async (page) => {
      await page.goto('/entrar');
      await page.getByLabel('E-mail').waitFor();
      await web.checkAccess(page, 'Entrar');
      await web.checkNoSidewaysScroll(page);
      await web.enter(page);
      await web.seeCompanies(page);
      await web.checkAccess(page, 'Empresas');
      await web.checkNoSidewaysScroll(page);
      for (const id of ['account', 'bell']) {
        await page.locator(`#${id}`).click();
        await web.checkAccess(page, id);
        await page.keyboard.press('Escape');
      }
      await page.keyboard.press('?');
      await web.checkAccess(page, 'keys');
      await web.checkNoSidewaysScroll(page);
    }));
}

test('by keyboard alone: sign in, move about, sign out', () =>
  web.visit(service, {}, async (page) => {
    await page.goto('/');
    await web.focusIs(page, '[name=email]');
    await web.tabTo(page, '.login .btn:has(svg)');
    await page.keyboard.press('Enter');
    await web.focusIs(page, 'h1');
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.waitForURL('**/jobs');
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await web.seeCompanies(page);
    await page.keyboard.press('?');
    await web.focusIs(page, 'dialog *');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('dialog') !== null));
    await page.keyboard.press('Escape');
    await web.focusIs(page, 'h1');
    await web.tabTo(page, '#conteudo a.n', 60);
    await page.evaluate(() => document.querySelector('#skip').focus());
    await page.keyboard.press('Enter');
    await web.focusIs(page, '#conteudo');
    await page.evaluate(() => document.querySelector('#keys').focus());
    await web.tabTo(page, '#account');
    await page.keyboard.press('Enter');
    await web.focusIs(page, '[role=menuitemradio][aria-checked=true]');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await web.focusIs(page, '[name=email]');
  }));

test('single keys can be switched off', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await page.keyboard.press('?');
    await page.getByRole('checkbox', { name: 'Usar atalhos de uma tecla' }).uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    assert.equal(await page.locator('dialog').count(), 0);
    assert.equal(new URL(page.url()).pathname, '/empresas');
  }));

test('focus and title follow each change of view', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await page.getByRole('link', { name: 'Sobre e API' }).click();
    await web.focusIs(page, 'h1');
    assert.equal(await page.title(), 'Sobre e API · Mutirão');
    assert.equal(await page.locator('a[aria-current=page]').innerText(), 'Sobre e API');
    await page.goto('/empresas/999999');
    await page.locator('h1').waitFor();
  }));

test('appearance is chosen over the system, and remembered', () =>
  web.visit(service, { scheme: 'light' }, async (page) => {
    await web.enter(page);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.locator('#account').click();
    await page.getByRole('menuitemradio', { name: 'Escura' }).click();
    assert.notEqual(await ground(), light);
    await page.reload();
    await page.locator('#account').waitFor();
    assert.notEqual(await ground(), light);
  }));

test('what takes its time leaves the frame to be seen meanwhile', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    let release;
    const held = new Promise((done) => (release = done));
    await page.route('**/api/empresas', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await page.locator('#account').waitFor();
    assert.equal(await page.locator('.tbl tbody .n').count(), 0);
    const top = async () => (await page.locator('.tblwrap tbody').boundingBox()).y;
    const before = await top();
    release();
    await web.seeCompanies(page);
    assert.ok(Math.abs((await top()) - before) < 2, 'the table stays where it was');
  }));

test('an address that is not there says so, signed in or not, and leads back', () =>
  web.visit(service, { allowed: [web.status(404)] }, async (page) => {
    const answer = await page.goto('/nada/mais');
    assert.equal(answer.status(), 404);
    await page.getByRole('heading', { level: 1, name: 'Página não encontrada' }).waitFor();
    await web.enter(page);
    await page.goto('/nada');
    await page.locator('#conteudo a[href="/empresas"]').click();
    await web.seeCompanies(page);
  }));

test('screens fit a phone of 360 pixels', () =>
  web.visit(service, { viewport: web.PHONE }, async (page) => {
    await web.enter(page);
    for (const path of SCREENS) {
      await page.evaluate((to) => history.pushState({}, '', to), path);
      await page.evaluate(() => dispatchEvent(new PopStateEvent('popstate', { state: {} })));
      await page.locator('h1').waitFor();
      await web.checkNoSidewaysScroll(page);
    }
  }));
