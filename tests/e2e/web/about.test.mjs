// Sobre e API: what runs here, and every operation of the service's own description.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 1, companies: 1 }, (started) => (service = started));

const operations = (page) => page.getByRole('navigation', { name: 'Operações' });

async function described() {
  const { data } = await service.ask('GET', '/api/openapi.json');
  return Object.entries(data.paths).flatMap(([path, of]) =>
    Object.entries(of).map(([method, one]) => ({ ...one, method: method.toUpperCase(), path })),
  );
}

test('version and health of the service, and all that its description names', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { path: '/sobre' });
    const { data } = await service.ask('GET', '/version');
    await page.getByText(`Mutirão ${data.version}`).waitFor();
    await page.getByRole('status').filter({ hasText: 'Pronto' }).waitFor();
    await operations(page).getByRole('link').first().waitFor();
    const all = await described();
    assert.equal(await operations(page).getByRole('link').count(), all.length);
    await web.checkAccess(page);
    await page.getByRole('link', { name: 'openapi.json', exact: true }).click();
    await page.waitForURL('**/api/openapi.json');
  }));

test('each operation can be looked at', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { path: '/sobre' });
    const router = await web.moduleOf(page, 'router.js');
    for (const { operationId, method, path, summary } of await described()) {
      await router.evaluate(({ go }, to) => go(to), `/sobre/${operationId}`);
      await page.getByRole('heading', { level: 1, name: summary, exact: true }).waitFor();
      assert.equal(await page.locator('article .verb').innerText(), method);
      assert.equal(await page.locator('article code.path').innerText(), path);
      assert.ok((await page.locator('article .badge').count()) > 1, operationId);
    }
  }));

test('one operation: parameters, body, examples, answers, errors', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { path: '/sobre/generateForUnit' });
    await page.getByRole('heading', { level: 1 }).waitFor();
    assert.match(await page.title(), /^Gerar as tarefas das empresas de uma unidade · Mutirão$/);
    const parameters = page.getByRole('table', { name: 'Parâmetros' });
    await parameters.getByRole('row', { name: /unidade_id.*obrigatório.*caminho/ }).waitFor();
    await parameters.getByRole('row', { name: /futureYears.*consulta.*0 – 5/ }).waitFor();
    const request = await page.getByRole('region', { name: 'Exemplo de pedido' }).innerText();
    assert.match(request, /^curl -X POST 'http.*\/api\/empresas\/unidade\/1\/auto-tarefas/);
    assert.match(request, /Authorization: Bearer \$TOKEN/);
    await page.getByRole('region', { name: 'Exemplo de resposta' }).first().waitFor();
    await page.getByText('RFC 9457').waitFor();
    await web.checkAccess(page);
    await page.goto('/sobre/getJob');
    await page.getByText('Campos de progress').first().click();
    await page.locator('.fields .fields').getByText('percentage', { exact: true }).waitFor();
    await web.checkAccess(page);
  }));

test('searched by words, which stand in the address, and moved through by keys', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { path: '/sobre' });
    await page.locator('#busca').waitFor();
    await page.keyboard.press('/');
    await web.focusIs(page, '#busca');
    await page.keyboard.type('cancelar job');
    await page.waitForURL('**?q=cancelar+job');
    const link = operations(page).getByRole('link', { name: /cancel.*Cancelar um job/ });
    await link.waitFor();
    await page.keyboard.press('Tab');
    await web.focusIs(page, '.ops a');
    await link.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sobre/cancelJob?q=cancelar+job');
    assert.equal(await page.locator('#busca').inputValue(), 'cancelar job');
    await page.goBack();
    await page.locator('#busca').fill('nada disto existe');
    await operations(page).getByText('Nenhuma operação com estas palavras.').waitFor();
  }));

test('an operation that is not there', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { path: '/sobre/nada' });
    await page.getByRole('heading', { level: 1, name: 'Operação não encontrada' }).waitFor();
    await page.getByRole('link', { name: 'Ver todas as operações' }).click();
    await page.waitForURL('**/sobre');
  }));

test('a service that is not ready, and a description that does not come', () =>
  web.visit(service, { allowed: [web.status(503)] }, async (page) => {
    await page.route('**/health/ready', (route) => route.fulfill({ status: 503, json: {} }));
    let broken = true;
    await page.route('**/api/openapi.json', (route) =>
      broken ? route.fulfill({ status: 503, json: { message: 'Ocupado' } }) : route.continue(),
    );
    await web.enter(page, { path: '/sobre' });
    await page.getByRole('heading', { name: 'O servidor está ocupado' }).waitFor();
    broken = false;
    await page.getByRole('button', { name: 'Tentar de novo' }).click();
    await page.getByText('Não está pronto').waitFor();
  }));

test('on a phone, dark, in English', () =>
  web.visit(service, { viewport: web.PHONE, scheme: 'dark', language: 'en-GB' }, async (page) => {
    await web.enter(page, { path: '/sobre/startJob' });
    const heading = (name) => page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('heading', { name: 'Parameters' }).waitFor();
    await heading('Start a job of any type');
    const texts = await web.moduleOf(page, 'i18n.js');
    await texts.evaluate(({ setLanguage }) => setLanguage('pt'));
    await heading('Iniciar um job de qualquer tipo');
    await texts.evaluate(({ setLanguage }) => setLanguage('en'));
    await heading('Start a job of any type');
    await web.checkNoSidewaysScroll(page);
    await web.checkAccess(page);
    await page.getByRole('link', { name: 'About and API' }).first().click();
    await page.getByRole('navigation', { name: 'Operations' }).waitFor();
    await web.checkNoSidewaysScroll(page);
  }));
