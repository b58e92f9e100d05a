// One company: its year, its marks, its list; by keyboard, on a phone, and where there is nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { addCompany } from './support/companies.mjs';
import { onStage } from './support/stage.mjs';

const THIS_YEAR = new Date().getFullYear();

let service;
onStage({ units: 1, companies: 5 }, (started) => (service = started));

const marked = (page) => page.locator('.cal button');
const focusedDay = (page) => page.evaluate(() => document.activeElement.dataset.day);

/** A company with tasks of every kind: main, routine, taken up. */
async function busyCompany() {
  const company = await addCompany(service);
  const { tasks } = (await service.ask('GET', `/api/tarefas/empresa/${company.id}`)).data;
  const routine = tasks.filter((task) => task.finalidade_id === 4);
  await service.ask('PUT', `/api/tarefas/${routine[0].id}`, { json: { status: 'progress' } });
  const dates = tasks.map((task) => task.prazo).sort();
  return { ...company, dates, taken: routine[0].prazo };
}

test('main, routine and existing tasks have marks of their own, in calendar and list', async () => {
  const { id, razao_social: name, dates, taken } = await busyCompany();
  await web.visit(service, {}, async (page) => {
    await web.enter(page, { path: `/empresas/${id}` });
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await marked(page).first().waitFor();
    assert.equal(await marked(page).count(), dates.length);
    const day = (date) => page.locator(`.cal [data-day="${date}"]`);
    assert.match(
      await day(`${THIS_YEAR}-03-15`).getAttribute('aria-label'),
      /Renovação, Principal$/,
    );
    assert.match(await day(taken).getAttribute('aria-label'), /Rotina, Existente$/);
    const shapes = (at) => page.locator(at).evaluateAll((all) => all.map((one) => one.localName));
    assert.deepEqual(await shapes('.cal button.main svg > *'), ['path']);
    assert.deepEqual([...new Set(await shapes('.cal button.routine svg > *'))], ['circle']);
    assert.deepEqual(await shapes('.cal button.other svg > *'), ['rect']);
    const list = page.locator('.tasks li');
    assert.equal(await list.count(), dates.length);
    assert.match(await list.filter({ hasText: 'Em andamento' }).innerText(), /Rotina/);
    await web.checkAccess(page);
    await web.checkNoSidewaysScroll(page);
  });
});

test('one tab stop; the arrows go from marked day to marked day, and Enter marks one', async () => {
  const { id, dates } = await busyCompany();
  await web.visit(service, {}, async (page) => {
    await web.enter(page, { path: `/empresas/${id}` });
    await marked(page).first().waitFor();
    assert.equal(await page.locator('.cal [tabindex="0"]').count(), 1);
    await web.tabTo(page, '.cal button', 30);
    assert.equal(await focusedDay(page), dates[0]);
    await page.keyboard.press('ArrowRight');
    assert.equal(await focusedDay(page), dates[1]);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await focusedDay(page), dates.at(-1));
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('.tasks .hit').getAttribute('data-day'), dates[0]);
    assert.equal(await page.locator('.cal [aria-pressed=true]').count(), 1);
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('.tasks .hit').count(), 0);
    await page.keyboard.press('Tab');
    assert.equal(await focusedDay(page), undefined);
  });
});

test('the year is switched, stands in the address, and an empty one says what to do', async () => {
  const { id } = await busyCompany();
  await web.visit(service, {}, async (page) => {
    await web.enter(page, { path: `/empresas/${id}` });
    await page.getByRole('button', { name: 'Próximo ano' }).click();
    assert.equal(new URL(page.url()).search, `?ano=${THIS_YEAR + 1}`);
    await page.getByRole('heading', { name: `Nenhuma tarefa em ${THIS_YEAR + 1}` }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: `Nenhuma tarefa em ${THIS_YEAR + 1}` }).waitFor();
    await page.getByRole('button', { name: 'Gerar tarefas' }).click();
    const box = page.getByRole('dialog', { name: 'Gerar tarefas' });
    assert.ok(await box.getByRole('radio', { name: 'mais 1' }).isChecked());
    await box.getByRole('button', { name: /^Gerar [\d.]+ tarefas?$/ }).click();
    await marked(page).first().waitFor(); // they appear when the job has ended
    await page.getByRole('button', { name: 'Ano anterior' }).click();
    assert.equal(new URL(page.url()).search, '');
    await page.getByRole('button', { name: 'Ano anterior' }).click();
    await page.getByText('Não há tarefas guardadas deste ano.').waitFor();
  });
});

test('without a renewal date the way is to edit the company', async () => {
  const { id } = await addCompany(service, { data_renovacao: null, periodicidade: null });
  await web.visit(service, {}, async (page) => {
    await web.enter(page, { path: `/empresas/${id}` });
    await page.getByText('A empresa não tem data de renovação.').waitFor();
    await page.getByRole('button', { name: 'Editar empresa' }).click();
    const box = page.getByRole('dialog', { name: 'Editar empresa' });
    await box.getByLabel('Data de renovação').fill('2021-05-20');
    await box.getByRole('button', { name: 'Salvar' }).click();
    await marked(page).first().waitFor();
    await page.locator('dd', { hasText: '20/05/2021' }).waitFor();
  });
});

test('on a phone the list comes first', async () => {
  const { id } = await busyCompany();
  await web.visit(service, { viewport: web.PHONE, scheme: 'dark' }, async (page) => {
    await web.enter(page, { path: `/empresas/${id}` });
    await marked(page).first().waitFor();
    const list = await page.locator('.tasks').boundingBox();
    const calendar = await page.locator('.cal').boundingBox();
    assert.ok(list.y < calendar.y);
    await web.checkAccess(page);
    await web.checkNoSidewaysScroll(page);
  });
});

test('in English too', async () => {
  const { id } = await busyCompany();
  await web.visit(service, { language: 'en-US' }, async (page) => {
    await web.enter(page, { path: `/empresas/${id}` });
    await page.locator('.cal caption', { hasText: 'January' }).waitFor();
    assert.match(
      await page.locator('.cal button.main').getAttribute('aria-label'),
      /^15 March \d+: Renovação, Main$/,
    );
  });
});

test('a company that is not there says so, without an error', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { path: '/empresas/999999' });
    await page.getByText('Ela pode estar em outra unidade').waitFor();
    await page.getByRole('link', { name: 'Voltar a Empresas' }).click();
    await web.seeCompanies(page);
  }));

test('tasks that cannot be read are asked for again', async () => {
  const { id } = await busyCompany();
  await web.visit(service, { allowed: [web.status(503)] }, async (page) => {
    let broken = true;
    await page.route('**/api/tarefas/empresa/*', (route) =>
      broken ? route.fulfill({ status: 503, json: { message: 'Cheio.' } }) : route.continue(),
    );
    await web.enter(page, { path: `/empresas/${id}` });
    await page.getByText('Cheio.').waitFor();
    broken = false;
    await page.getByRole('button', { name: 'Tentar de novo' }).click();
    await marked(page).first().waitFor();
  });
});
