// A company's dialog: what is wrong shows as one types, what the service refuses loses nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { addCompany, newCompany } from './support/companies.mjs';
import { onStage } from './support/stage.mjs';

const THIS_YEAR = new Date().getFullYear();

let service;
onStage({ units: 2, companies: 5 }, (started) => (service = started));

const dialog = (page, name) => page.getByRole('dialog', { name });
const offline = (page) =>
  page.locator('.dlg .banner', { hasText: 'Sem conexão. O que está aqui fica' });
const toast = (page, text) => page.locator('.toast', { hasText: text });
const hint = (page) => page.locator('.field:has(.in.mono) .hint');
const row = (page, name) => page.locator('tr', { hasText: name });

async function openNew(page, enter = web.enter) {
  await enter(page);
  await web.seeCompanies(page);
  await page.keyboard.press('n');
  return dialog(page, 'Nova empresa');
}

async function openEdit(page, name) {
  await web.enter(page);
  await web.seeCompanies(page);
  await page.locator('#busca').fill(name);
  await row(page, name).getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Editar' }).click();
  return dialog(page, 'Editar empresa');
}

async function fillNew(box, { cnpj, razao_social, nome_fantasia } = newCompany()) {
  await box.getByLabel('Razão social').fill(razao_social);
  await box.getByLabel('Nome fantasia').fill(nome_fantasia);
  await box.getByLabel('Número').fill(cnpj);
}

const save = (box) => box.getByRole('button', { name: /^(Salvar|Cadastrar)$/ });

/** What the service answers to the writing requests of the page, from now on. */
const answer = (page, status, body = {}, headers = {}) =>
  page.route('**/api/empresas{,/*}', (route) =>
    route.request().method() === 'GET'
      ? route.continue()
      : route.fulfill({ status, json: body, headers }),
  );

test('the document is masked and checked as it is typed', () =>
  web.visit(service, {}, async (page) => {
    const box = await openNew(page);
    const number = box.getByLabel('Número');
    await number.pressSequentially('112223330001');
    assert.equal(await number.inputValue(), '11.222.333/0001');
    assert.equal(await hint(page).innerText(), '14 caracteres, números ou letras.');
    await number.pressSequentially('82');
    assert.equal(await hint(page).innerText(), 'Dígitos verificadores não conferem.');
    assert.equal(await number.getAttribute('aria-invalid'), 'true');
    await page.keyboard.press('Backspace');
    await number.pressSequentially('1');
    assert.equal(await hint(page).innerText(), 'Documento válido.');
    await number.fill('');
    await number.pressSequentially('12abc34501de35');
    assert.equal(await number.inputValue(), '12.ABC.345/01DE-35');
    assert.equal(await hint(page).innerText(), 'Documento válido.');
    await page.locator('.seg label', { hasText: 'CAEPF' }).click();
    await number.fill('52998224726');
    assert.equal(await number.inputValue(), '529.982.247-26');
    assert.equal(await hint(page).innerText(), 'Dígitos verificadores do CPF não conferem.');
    await number.fill('52998224725');
    assert.equal(await hint(page).innerText(), 'Documento válido.');
    await number.fill('12345678901234');
    assert.equal(await number.inputValue(), '123.456.789/012-34');
    assert.equal(await hint(page).innerText(), 'Documento válido.');
    await page.locator('.seg label', { hasText: 'CNPJ' }).click();
    assert.equal(await number.inputValue(), '12.ABC.345/01DE-35');
  }));

test('at submit every mistake shows and the first takes the focus', () =>
  web.visit(service, {}, async (page) => {
    const box = await openNew(page);
    await box.getByLabel('Número').fill('112223');
    await box.getByLabel('Rotina a cada').fill('0');
    await save(box).click();
    await web.focusIs(page, '.dlg .field:first-child input');
    for (const text of [
      'Informe a razão social.',
      'Informe o nome fantasia.',
      'Faltam 8 caracteres.',
      'Use um número de dias, de 1 a 9.999.',
    ]) {
      await box.getByText(text).waitFor();
    }
    await web.checkAccess(page);
    await web.checkNoSidewaysScroll(page);
  }));

test('a new company by keyboard alone, its tasks, and the focus afterwards', () =>
  web.visit(service, {}, async (page) => {
    const { razao_social: name, cnpj } = newCompany();
    await openNew(page, web.enterByClick); // which leaves the focus on the heading
    await page.keyboard.type(name);
    await page.keyboard.press('Tab');
    await page.keyboard.type('Teste');
    await web.tabTo(page, '.in.mono', 3);
    await page.keyboard.type(cnpj);
    await page.keyboard.press('Enter');
    await toast(page, 'Empresa cadastrada.').waitFor();
    await toast(page, 'Sem data de renovação, nenhuma tarefa foi criada.').waitFor();
    await row(page, name).waitFor();
    await web.focusIs(page, 'h1');
    await page.locator('.toast').getByRole('link', { name: 'Abrir' }).click();
    await page.getByRole('heading', { name }).waitFor();
  }));

test('a new company with a date says how many tasks came', () =>
  web.visit(service, {}, async (page) => {
    const box = await openNew(page);
    await fillNew(box);
    await box.getByLabel('Data de renovação').fill('2020-03-15');
    await save(box).click();
    await toast(page, `Tarefas de ${THIS_YEAR} criadas: 1.`).waitFor();
  }));

test('an edit says whether tasks changed, sends what differs, and keeps the focus', async () => {
  const { razao_social: name } = await addCompany(service);
  await web.visit(service, {}, async (page) => {
    const box = await openEdit(page, name);
    await box.getByLabel('Cidade').fill('Sumaré');
    const sent = page.waitForRequest((asked) => asked.method() === 'PUT');
    await save(box).click();
    assert.deepEqual((await sent).postDataJSON(), { cidade: 'Sumaré' });
    await toast(page, 'Empresa salva.').waitFor();
    await toast(page, 'Nenhuma tarefa mudou.').waitFor();
    await web.focusIs(page, 'td.act button');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Editar' }).click();
    await dialog(page, 'Editar empresa').getByLabel('Rotina a cada').fill('60');
    await save(dialog(page, 'Editar empresa')).click();
    await page
      .getByText(new RegExp(`^Tarefas de ${THIS_YEAR} geradas de novo: [3-7]\\.$`))
      .waitFor();
    await web.focusIs(page, 'td.act button');
  });
});

test('without its date the automatic tasks go, which is said', async () => {
  const { razao_social: name } = await addCompany(service, { periodicidade: null });
  await web.visit(service, {}, async (page) => {
    const box = await openEdit(page, name);
    await box.getByLabel('Data de renovação').fill('');
    await save(box).click();
    await toast(page, 'Tarefas automáticas removidas: 1.').waitFor();
  });
});

test('a document that is there already is said before and after it is sent', async () => {
  const known = await addCompany(service);
  const hidden = await addCompany(service, { unidade_responsavel: 2 });
  await web.visit(service, { allowed: [web.status(409)] }, async (page) => {
    await web.enter(page, { as: 'Bruno' }); // sees the first unit alone
    await web.seeCompanies(page);
    await page.keyboard.press('n');
    const box = dialog(page, 'Nova empresa');
    await fillNew(box, { ...newCompany(), cnpj: known.cnpj });
    await box.getByText('Documento já cadastrado.').waitFor();
    await box.getByLabel('Número').fill(hidden.cnpj);
    await box.getByText('Documento válido.').waitFor();
    await save(box).click();
    await box.getByText('Documento já cadastrado.').waitFor();
    await web.focusIs(page, '.in.mono[aria-invalid=true]');
  });
});

test('what is refused says why, waits as long as it is told, and loses nothing', () =>
  web.visit(service, { allowed: [404, 429, 503].map(web.status) }, async (page) => {
    await page.clock.install();
    const box = await openNew(page);
    const company = newCompany();
    await fillNew(box, company);
    const refuse = async (status, message, after, said) => {
      await page.unrouteAll();
      await answer(page, status, { message }, after ? { 'Retry-After': after } : {});
      await save(box).click();
      await box.locator('.banner', { hasText: said }).waitFor();
      assert.equal(await box.getByLabel('Razão social').inputValue(), company.razao_social);
    };
    await refuse(404, 'Unidade não encontrada', '', 'Unidade não encontrada.');
    await web.checkAccess(page);
    await refuse(503, 'Serviço ocupado', '1', 'Serviço ocupado. Tente de novo em 1 s.');
    assert.equal(await save(box).getAttribute('aria-disabled'), 'true');
    await page.clock.fastForward(1000);
    await box.getByText('Serviço ocupado. Já é possível tentar de novo.').waitFor();
    await refuse(429, 'Muitos pedidos', '1', 'Muitos pedidos. Tente de novo em 1 s.');
    await page.clock.fastForward(1000);
    await box.getByText('Muitos pedidos. Já é possível tentar de novo.').waitFor();
    await page.unrouteAll();
    await save(box).click();
    await toast(page, 'Empresa cadastrada.').waitFor();
  }));

test('offline: what was typed waits, and is sent when the service is back', () =>
  web.visit(service, { allowed: [web.NO_ANSWER] }, async (page, context) => {
    const box = await openNew(page);
    const company = newCompany();
    await fillNew(box, company);
    await context.setOffline(true);
    await save(box).click();
    await offline(page).waitFor();
    assert.equal(await save(box).getAttribute('aria-disabled'), 'true');
    await context.setOffline(false);
    await offline(page).waitFor({ state: 'hidden' });
    assert.equal(await box.getByLabel('Razão social').inputValue(), company.razao_social);
    await save(box).click();
    await toast(page, 'Empresa cadastrada.').waitFor();
  }));

test('a session that ends meanwhile is asked for above the dialog, which stays', () =>
  web.visit(service, { allowed: [web.NO_ANSWER, web.status(401)] }, async (page) => {
    const box = await openNew(page);
    const company = newCompany();
    await fillNew(box, company);
    const { secret } = service;
    await service.kill();
    service.secret = 'another secret of the tests, 32 bytes and more';
    await service.start();
    const again = dialog(page, 'Entrar de novo');
    await again.getByRole('button', { name: /Entrar como Ana/ }).click();
    await again.waitFor({ state: 'detached' });
    assert.equal(await box.getByLabel('Razão social').inputValue(), company.razao_social);
    await page.waitForFunction(
      () => !document.querySelector('.dlg [type=submit]').hasAttribute('aria-disabled'),
    );
    await save(box).click();
    await toast(page, 'Empresa cadastrada.').waitFor();
    await service.kill();
    service.secret = secret;
    await service.start();
  }));

test('deactivating asks first and says what stays; reactivating does not', async () => {
  const { id, razao_social: name } = await addCompany(service);
  await web.visit(service, {}, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    await page.locator('#busca').fill(name);
    const choose = async (item) => {
      await row(page, name).getByRole('button').click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await choose('Desativar');
    const box = dialog(page, 'Desativar a empresa?');
    await box.getByText(`${name} deixa de receber tarefas automáticas.`).waitFor();
    await web.focusIs(page, '.dlg footer .btn:first-child');
    await page.keyboard.press('Enter');
    await web.focusIs(page, 'td.act button');
    await choose('Desativar');
    await box.getByRole('button', { name: 'Desativar' }).click();
    await toast(page, 'Empresa desativada.').waitFor();
    await row(page, name).getByText('Inativa').waitFor();
    const tasks = await service.ask('GET', `/api/tarefas/empresa/${id}`);
    assert.ok(tasks.data.total > 0);
    await choose('Reativar');
    await toast(page, 'Empresa reativada.').waitFor();
    await row(page, name).getByText('Ativa', { exact: true }).waitFor();
  });
});

test('the technicians of the service are to choose from, and the one there is stays', async () => {
  const { users } = (await service.ask('GET', '/api/usuarios')).data;
  const { id, razao_social: name } = await addCompany(service, {
    tecnico_responsavel: users[1].id,
  });
  await web.visit(service, {}, async (page) => {
    const box = await openEdit(page, name);
    const of = box.getByLabel('Técnico responsável');
    await page.waitForFunction(
      (n) => document.querySelectorAll('option').length >= n,
      users.length,
    );
    assert.equal(await of.inputValue(), String(users[1].id));
    await of.selectOption(String(users[0].id));
    await save(box).click();
    await toast(page, 'Empresa salva.').waitFor();
    const { data } = await service.ask('GET', `/api/empresas/${id}`);
    assert.equal(data.tecnico_responsavel, users[0].id);
  });
});

test('on a phone the dialog fills the screen', () =>
  web.visit(service, { viewport: web.PHONE, scheme: 'dark' }, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    await page.getByRole('button', { name: 'Nova empresa' }).click();
    await dialog(page, 'Nova empresa').waitFor();
    await web.checkAccess(page);
    await web.checkNoSidewaysScroll(page);
    const { width } = await dialog(page, 'Nova empresa').boundingBox();
    assert.equal(width, web.PHONE.width);
  }));

test('who has no unit yet is told whom to ask', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { as: 'Carla' });
    await page.getByRole('heading', { name: 'Você ainda não tem unidades' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Nova empresa' }).count(), 0);
  }));

test('what another tab changed is seen when this one is looked at again', async () => {
  const { id, razao_social: name } = await addCompany(service);
  await web.visit(service, {}, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    await service.ask('PUT', `/api/empresas/${id}`, { json: { cidade: 'Registro' } });
    await page.clock.install();
    await page.clock.fastForward(60_000);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.locator('#busca').fill(name);
    await row(page, name).getByText('Registro').waitFor();
  });
});
