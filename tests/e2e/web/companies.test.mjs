// Empresas: thousands of rows, searched, sorted and filtered, with the address as memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 4, companies: 500 }, (started) => (service = started));

const foot = (page) => page.locator('.tblfoot');
const names = (page) => page.locator('.tbl tbody .n').allInnerTexts();

test('2,000 companies are in the table, and few of them in the document', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    assert.equal(await foot(page).innerText(), '2.000 empresas');
    assert.equal(await page.locator('.tbl').getAttribute('aria-rowcount'), '2001');
    assert.ok((await page.locator('.tbl tbody tr').count()) < 60);
    const most = await page.evaluate(async () => {
      const main = document.querySelector('#conteudo');
      let rows = 0;
      for (let i = 0; i < 40; i++) {
        main.scrollTop += 1500;
        await new Promise(requestAnimationFrame);
        rows = Math.max(rows, document.querySelectorAll('.tbl tbody tr').length);
      }
      main.scrollTop = main.scrollHeight;
      return rows;
    });
    await page.locator('tr[aria-rowindex="2001"]').waitFor();
    assert.ok(most < 60, `${most} rows while it is scrolled`);
  }));

test('what the first view needs is asked for once, ahead of the script', () =>
  web.visit(service, {}, async (page) => {
    // Once the stream is open, unfinished jobs are asked for again: one may have come meanwhile.
    const asked = [];
    let live = false;
    page.on('request', (request) => {
      const path = new URL(request.url()).pathname;
      live ||= path === '/api/notificacoes/stream';
      if (!live) asked.push(path);
    });
    await web.enter(page);
    await web.seeCompanies(page);
    await page.locator('#live[data-s="live"]').waitFor();
    for (const path of ['auth/session', 'unidades', 'empresas', 'empresas/jobs']) {
      assert.equal(asked.filter((one) => one === `/api/${path}`).length, 1, path);
    }
  }));

test('companies that take long have a placeholder, and come in its place', () =>
  web.visit(service, {}, async (page) => {
    let release;
    const held = new Promise((done) => (release = done));
    await page.route('**/api/empresas', async (route) => {
      await held;
      await route.continue();
    });
    await web.enter(page);
    await page.locator('.tblwrap[aria-busy]').waitFor();
    release();
    await web.seeCompanies(page);
    assert.equal(await page.locator('.tblwrap[aria-busy]').count(), 0);
  }));

test('a window that grows is filled with rows', () =>
  web.visit(service, { viewport: { width: 1280, height: 400 } }, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    await page.setViewportSize({ width: 1280, height: 2000 });
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll('.tbl tbody .r')].at(-1).getBoundingClientRect().bottom >=
        innerHeight,
    );
  }));

test('searching, filtering and sorting stand in the address, without steps in the history', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    const steps = await page.evaluate(() => history.length);
    await page.keyboard.press('/');
    await web.focusIs(page, '#busca');
    await page.locator('#busca').fill('aroeira');
    await page.getByRole('button', { name: /^Inativas/ }).click();
    await page.getByRole('button', { name: 'Cidade' }).click();
    await page.getByRole('button', { name: 'Cidade' }).click();
    const { search } = new URL(page.url());
    assert.equal(search, '?q=aroeira&situacao=inativo&ordem=cidade&desc=1');
    assert.equal(await page.evaluate(() => history.length), steps);
    assert.equal(await page.locator('th[aria-sort]').innerText(), 'Cidade');
    assert.equal(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'descending');
    const shown = await names(page);
    await page.reload();
    await web.seeCompanies(page);
    assert.deepEqual(await names(page), shown);
    assert.equal(await page.locator('#busca').inputValue(), 'aroeira');
  }));

test('a document is found with and without its punctuation', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    const shown = await page.locator('.tbl tbody td:nth-child(2)').first().innerText();
    for (const typed of [shown, shown.replace(/\W/g, '')]) {
      await page.locator('#busca').fill(typed);
      assert.equal(await foot(page).innerText(), '1 de 2.000 empresas');
    }
    await page.locator('#busca').fill('nada disso existe');
    await page.getByRole('heading', { name: 'Nenhuma empresa encontrada' }).waitFor();
    await page.getByRole('button', { name: 'Limpar filtros' }).click();
    assert.equal(await foot(page).innerText(), '2.000 empresas');
    await web.focusIs(page, '#busca');
  }));

test('the unit is chosen in the navigation and in the bar', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    await page
      .locator('#nav')
      .getByRole('link', { name: /Filial São Paulo/ })
      .click();
    await page.waitForURL('**/empresas?unidade=2');
    assert.equal(await foot(page).innerText(), '500 empresas');
    await page.evaluate(() => localStorage.clear()); // as another browser, by the address alone
    await page.reload();
    await web.seeCompanies(page);
    assert.equal(await foot(page).innerText(), '500 empresas');
    await page.locator('#unit').click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    assert.equal(await foot(page).innerText(), '2.000 empresas');
    await web.focusIs(page, '#unit');
  }));

test('j, k and Enter walk through the rows; the way back leads to the same place', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    for (let i = 0; i < 60; i++) await page.keyboard.press('j');
    await page.keyboard.press('k');
    await web.focusIs(page, 'tr[aria-rowindex="60"] a');
    const top = await page.evaluate(() => document.querySelector('#conteudo').scrollTop);
    assert.ok(top > 0);
    await page.keyboard.press('Enter');
    await page.waitForURL(/empresas\/\d+$/);
    await web.focusIs(page, 'h1');
    await page.goBack();
    await web.seeCompanies(page);
    await page.waitForFunction(
      (wanted) => document.querySelector('#conteudo').scrollTop === wanted,
      top,
    );
    await web.focusIs(page, 'tr[aria-rowindex="60"] a');
  }));

test('what cannot be loaded says so, and is tried again', () =>
  web.visit(service, { allowed: [web.status(503)] }, async (page) => {
    let broken = true;
    await page.route('**/api/empresas', (route) =>
      broken
        ? route.fulfill({
            status: 503,
            json: { message: 'Cheio.' },
            headers: { 'Retry-After': '3' },
          })
        : route.continue(),
    );
    await web.enter(page);
    await page.getByText('Cheio. Tente de novo em 3 s.').waitFor();
    broken = false;
    await page.getByRole('button', { name: 'Tentar de novo' }).click();
    await web.seeCompanies(page);
  }));
