// Entrar: right, wrong, too often; as a made-up user; and back to where one wanted to go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

const EMAIL = 'dora@example.com';
const PASSWORD = 'uma senha de teste';

let service;
onStage(
  {
    users: [[EMAIL, PASSWORD, '--nome', 'Dora', '--sobrenome', 'Alves', '--unit', '1']],
  },
  (started) => (service = started),
);

const fill = async (page, email, password) => {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Senha').fill(password);
  await page.keyboard.press('Enter');
};
const alert = (page) => page.locator('.login .banner.bad');

test('e-mail and password lead to where one wanted to go', () =>
  web.visit(service, {}, async (page) => {
    await page.goto('/jobs?estado=running');
    await page.waitForURL('**/entrar?de=*');
    await web.focusIs(page, '[name=email]');
    await fill(page, EMAIL, PASSWORD);
    await page.waitForURL('**/jobs?estado=running');
    assert.equal(await page.title(), 'Jobs · Mutirão');
    await page.getByRole('button', { name: /DA, conta de Dora Alves/ }).waitFor();
    await page.goBack();
    assert.notEqual(new URL(page.url()).pathname, '/entrar', 'signing in is no step back');
  }));

test('only addresses of this page are gone to', () =>
  web.visit(service, {}, async (page) => {
    await web.enterByClick(page, { path: '/entrar?de=//example.com/x' });
    assert.equal(page.url(), `${service.url}/empresas`);
  }));

test('a wrong password and an unknown user read the same', () =>
  web.visit(service, { allowed: [web.status(401)] }, async (page) => {
    await page.goto('/');
    for (const [email, password] of [
      [EMAIL, 'errada'],
      ['ninguem@example.com', PASSWORD],
    ]) {
      await fill(page, email, password);
      await alert(page).waitFor();
      assert.equal(await alert(page).innerText(), 'E-mail ou senha incorretos.');
      await web.focusIs(page, '[name=senha]');
      await page.waitForFunction(
        () => document.querySelector('#urgent').textContent === 'E-mail ou senha incorretos.',
      );
    }
  }));

test('what is missing is said at its field, and nothing is sent', () =>
  web.visit(service, {}, async (page) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await page.getByText('Informe um e-mail, como nome@empresa.com.br.').waitFor();
    await page.getByText('Informe a senha.').waitFor();
    await web.focusIs(page, '[name=email]');
    await page.getByLabel('E-mail').fill('sem arroba');
    assert.equal(await page.getByText('Informe um e-mail').count(), 0, 'gone as one types');
    await fill(page, 'sem arroba', 'x');
    await page.getByText('Informe um e-mail').waitFor();
  }));

test('too many tries count down, then one may try again', () =>
  web.visit(service, { allowed: [web.status(401), web.status(429)] }, async (page) => {
    await page.goto('/');
    await page.clock.install();
    const send = page.getByRole('button', { name: 'Entrar', exact: true });
    for (let i = 0; i < 6; i++) {
      const answered = page.waitForResponse('**/api/auth/login');
      await fill(page, 'outra@example.com', 'errada');
      await answered;
    }
    await page
      .getByText(/^Muitas tentativas\. Espere \d+ s e tente de novo\.$/)
      .first()
      .waitFor();
    assert.equal(await send.getAttribute('aria-disabled'), 'true');
    await page.clock.fastForward(400_000);
    await page.waitForFunction(() => !document.querySelector('[aria-disabled="true"]'));
    assert.equal(await alert(page).count(), 0);
  }));

test('one click as a made-up user; signing out leaves nothing behind', () =>
  web.visit(service, {}, async (page, context) => {
    await web.enterByClick(page, { as: 'Bruno' });
    await web.seeCompanies(page);
    assert.equal(await page.locator('#unit').innerText(), 'Matriz', 'his only unit');
    const stored = await page.evaluate(() =>
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    );
    assert.ok(!stored.includes('eyJ'), 'no token in storage');
    assert.ok(!page.url().includes('eyJ'));
    await page.locator('#account').click();
    await page.getByRole('menuitem', { name: 'Sair' }).click();
    await page.waitForURL('**/entrar');
    assert.equal(await page.locator('#bar').isVisible(), false);
    assert.deepEqual(await context.cookies(), []);
    await page.reload();
    await page.getByLabel('E-mail').waitFor();
  }));

test('the session is taken up again when the page is opened anew', () =>
  web.visit(service, {}, async (page, context) => {
    await web.enterByClick(page);
    await page.reload();
    await web.seeCompanies(page);
    const second = await context.newPage();
    await second.goto('/sobre');
    await second.getByRole('heading', { name: 'Sobre e API', level: 1 }).waitFor();
  }));

test('English by the browser and by the switch, which is remembered', () =>
  web.visit(service, { language: 'en-US' }, async (page) => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en-GB');
    await page.getByRole('button', { name: 'Português' }).click();
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Entrar' }).waitFor();
  }));
