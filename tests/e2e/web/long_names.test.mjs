// Names as long as they may be, with and without blanks: nothing scrolls sideways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 1, companies: 6 }, (started) => (service = started));

const LEGAL =
  'Associação Comercial, Industrial, Agropecuária e de Prestação de Serviços dos Produtores Rurais do Vale do Paranapanema e Região Ltda';
const UNBROKEN = `Empresa ${'X'.repeat(150)} Ltda`;
const UNIT = `Filial ${'Y'.repeat(80)} de nome comprido`;
const EVERY_WIDTH = [web.PHONE, { width: 768, height: 900 }, { width: 1440, height: 900 }];

let job; // of the unit with the long name
async function prepare() {
  const unidades = [{ id: 2, nome: UNIT }];
  await service.ask('POST', '/api/empresas/import', { json: { unidades } });
  for (const [id, name] of [
    [1, LEGAL],
    [2, UNBROKEN],
  ]) {
    const json = { razao_social: name, nome_fantasia: name, cidade: name, unidade_responsavel: 2 };
    assert.equal((await service.ask('PUT', `/api/empresas/${id}`, { json })).status, 200);
  }
  const path = '/api/empresas/unidade/2/auto-tarefas?futureYears=0';
  return (await service.ask('POST', path)).data.jobId;
}

/** Nothing of the page ends beyond the window, but in what scrolls or is cut by itself. */
async function checkInside(page, path) {
  await web.checkNoSidewaysScroll(page);
  const beyond = await page.evaluate(() =>
    [...document.querySelectorAll('#app :is(h1,h2,p,a,button,span,dd,li,.badge)')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
      .filter((one) => {
        for (let at = one; at; at = at.parentElement) {
          if (getComputedStyle(at).overflowX !== 'visible' && at.id !== 'conteudo') return false;
        }
        return true;
      })
      .map((one) => one.outerHTML.slice(0, 80)),
  );
  assert.deepEqual(beyond, [], path);
}

for (const viewport of EVERY_WIDTH) {
  test(`at ${viewport.width} pixels`, () =>
    web.visit(service, { viewport }, async (page) => {
      job ??= await prepare();
      await web.enter(page);
      await web.seeCompanies(page);
      await checkInside(page, '/empresas');
      for (const path of ['/empresas/1', '/empresas/2']) {
        await page.goto(path);
        await page.locator('.cal').or(page.locator('.empty')).first().waitFor();
        await checkInside(page, path);
        await page.getByRole('button', { name: 'Editar' }).click();
        await page.getByRole('dialog', { name: 'Editar empresa' }).waitFor();
        await web.checkNoSidewaysScroll(page);
      }
      await page.goto('/jobs');
      await page.locator('.tbl .n').first().waitFor();
      await checkInside(page, '/jobs');
      for (const tail of ['', '?aba=empresas', '?aba=dados']) {
        await page.goto(`/jobs/${job}${tail}`);
        await page.locator('.jobcard').waitFor();
        await checkInside(page, tail);
      }
    }));
}
