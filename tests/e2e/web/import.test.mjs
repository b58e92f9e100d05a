// Importar: a file or pasted lines, what is wrong in them before anything is stored, then the job.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { newCompany } from './support/companies.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 2, companies: 5 }, (started) => (service = started));

const HEADER = 'razao_social;nome_fantasia;cnpj;cidade;data_renovacao';
const line = ({ razao_social, nome_fantasia, cnpj } = newCompany(), date = '2020-03-15') =>
  [razao_social, nome_fantasia, cnpj, 'Campinas', date].join(';');
const sheet = (...lines) => [HEADER, ...lines, ''].join('\n');

const dialog = (page) => page.getByRole('dialog', { name: 'Importar empresas' });
const offline = (page) =>
  page.locator('.dlg .banner', { hasText: 'Sem conexão. O que está aqui fica' });
const toast = (page, text) => page.locator('.toast', { hasText: text });
const counted = (page, text) => page.locator('.dlg .badge', { hasText: text });
const start = (page) => dialog(page).getByRole('button', { name: /^Importar [\d.]+ empresas?$/ });
const companies = async () => (await service.ask('GET', '/api/empresas')).data.companies;

async function open(page) {
  await web.enter(page, { path: '/empresas?unidade=1' });
  await web.seeCompanies(page);
  await page.keyboard.press('i');
  await dialog(page).waitFor();
}

async function paste(page, text) {
  await dialog(page).getByLabel('Ou cole as linhas').fill(text);
  await dialog(page).getByRole('button', { name: 'Conferir' }).click();
}

const file = (text, name = 'empresas-novas.csv') => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.isBuffer(text) ? text : Buffer.from(text),
});
const choose = (page, of) => dialog(page).getByLabel('Escolher arquivo CSV').setInputFiles(of);

test('a file that is right: its first lines, the job, the companies with their tasks', () =>
  web.visit(service, {}, async (page) => {
    await open(page);
    await web.checkAccess(page);
    const company = newCompany();
    await choose(page, file(sheet(line(company), line())));
    await dialog(page).getByText('empresas-novas.csv').waitFor();
    await counted(page, '2 linhas certas').waitFor();
    await dialog(page).getByRole('cell', { name: company.razao_social }).waitFor();
    await web.focusIs(page, '.dlg footer .primary');
    await web.checkAccess(page);
    const before = (await companies()).length;
    await start(page).click();
    await toast(page, 'Importação iniciada: 2 empresas.').waitFor();
    await toast(page, 'Importadas 2 empresas.').waitFor();
    await page.locator('tr', { hasText: company.razao_social }).waitFor();
    const after = await companies();
    assert.equal(after.length, before + 2);
    const { id, unidade_id: unit } = after.find((one) => one.cnpj === company.cnpj);
    assert.equal(unit, 1);
    assert.equal((await service.ask('GET', `/api/tarefas/empresa/${id}`)).data.total, 1);
  }));

test('what is wrong is told line by line, nothing is stored, and the rest can be imported', () =>
  web.visit(service, {}, async (page) => {
    await open(page);
    const twice = newCompany();
    const text = sheet(
      line(),
      line({ ...newCompany(), cnpj: '11222333000182' }),
      line({ ...newCompany(), razao_social: '' }),
      line(newCompany(), '2026-02-31'),
      line(twice),
      line(twice),
    );
    const before = (await companies()).length;
    await paste(page, text);
    await counted(page, '2 linhas certas').waitFor();
    await counted(page, '4 com erro').waitFor();
    const rows = await dialog(page).locator('tbody tr').allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.split(/\s/)[0]),
      ['3', '4', '5', '7'],
    );
    assert.match(rows[0], /11222333000182\s+CNPJ inválido/);
    assert.match(rows[1], /\(vazio\)\s+Razão social: campo obrigatório\./);
    assert.match(rows[2], /Data de renovação: use AAAA-MM-DD, de um dia que existe\./);
    await dialog(page).getByText('Volte e corrija as linhas coladas.').waitFor();
    assert.equal(await start(page).getAttribute('aria-disabled'), 'true');
    assert.equal((await companies()).length, before);
    await web.focusIs(page, '.dlg .ck');
    await page.keyboard.press('Space');
    assert.equal(await start(page).innerText(), 'Importar 2 empresas');
    await start(page).click();
    const end = toast(page, 'Importadas 2 empresas.');
    await end.getByText('4 linhas com erro.').waitFor();
    const card = page.locator('.jobcard');
    await card.getByRole('link', { name: '4 linhas com falha' }).waitFor();
    const { data } = await service.ask('GET', '/api/empresas/jobs?type=import-companies&limit=1');
    await card.getByRole('button', { name: 'Tentar de novo' }).click();
    await toast(page, '4 linhas com erro.').nth(1).waitFor();
    const again = await service.ask('GET', `/api/empresas/jobs/${data.jobs[0].id}`);
    assert.equal(again.data.run, 2);
  }));

test('what was pasted is still there when one goes back', () =>
  web.visit(service, {}, async (page) => {
    await open(page);
    const text = sheet(line());
    await paste(page, text);
    await dialog(page).getByRole('button', { name: 'Voltar às linhas' }).click();
    assert.equal(await dialog(page).getByLabel('Ou cole as linhas').inputValue(), text);
  }));

test('a file that is none says what is wrong with it', () =>
  web.visit(service, { allowed: [web.status(400)] }, async (page) => {
    await open(page);
    await paste(page, 'nome;coluna_nova\nA;B\n');
    await dialog(page)
      .locator('.banner', { hasText: 'A coluna "nome" não é conhecida. As que são: cnpj,' })
      .waitFor();
    await paste(page, 'cnpj;CNPJ\n');
    await dialog(page)
      .locator('.banner', { hasText: 'Na planilha, salve como "CSV UTF-8".' })
      .waitFor();
    await choose(page, file(Buffer.from('PK\x03\x04\x14\0\x06\0'), 'empresas.xlsx'));
    await dialog(page).locator('.banner', { hasText: 'Salve-a como "CSV UTF-8"' }).waitFor();
    await paste(page, `${HEADER}\n`);
    await dialog(page).getByText('Só há o cabeçalho').waitFor();
    assert.equal(await start(page).getAttribute('aria-disabled'), 'true');
  }));

test('columns as people name them, copied out of a spreadsheet or saved as Unicode', () =>
  web.visit(service, {}, async (page) => {
    await open(page);
    const [one, two] = [newCompany(), newCompany()];
    const tabbed = [
      'CNPJ\tRazão Social\tNome fantasia\tData de Renovação',
      ...[one, two].map((x) => [x.cnpj, x.razao_social, x.nome_fantasia, '2020-03-15'].join('\t')),
    ].join('\r\n');
    await paste(page, tabbed);
    await counted(page, '2 linhas certas').waitFor();
    await dialog(page).getByRole('button', { name: 'Voltar às linhas' }).click();
    await choose(page, file(Buffer.from(`\ufeff${tabbed}`, 'utf16le'), 'unicode.txt'));
    await counted(page, '2 linhas certas').waitFor();
    await dialog(page).getByRole('cell', { name: one.razao_social }).waitFor();
    await start(page).click();
    await toast(page, 'Importadas 2 empresas.').waitFor();
  }));

test('a file whose lines name another unit is an import of that unit, of several one of none', () =>
  web.visit(service, {}, async (page) => {
    await open(page);
    const of = (unit) => `${line()};${unit}`;
    const csv = (...units) => [`${HEADER};unidade_responsavel`, ...units.map(of)].join('\n');
    await paste(page, csv(2, 2));
    await start(page).click();
    await page.locator('.jobcard', { hasText: 'Importar empresas · Filial' }).waitFor();
    assert.match(page.url(), /unidade=2/);
    await service.ask('POST', '/api/empresas/import', {
      json: { unidades: [{ id: 3, nome: 'Terceira' }] },
    });
    await page.goto('/empresas?unidade=1');
    await web.seeCompanies(page);
    await page.keyboard.press('i');
    await paste(page, csv(2, 3));
    await start(page).click();
    await page.locator('.jobcard', { hasText: 'Importar empresas' }).first().waitFor();
    const { data } = await service.ask('GET', '/api/empresas/jobs?type=import-companies&limit=1');
    assert.equal(data.jobs[0].unidade_id, undefined);
  }));

test('a sheet in Windows-1252 is read as such, which is said', () =>
  web.visit(service, {}, async (page) => {
    await open(page);
    const text = sheet(line({ ...newCompany(), razao_social: 'Padaria São João' }));
    await choose(page, file(Buffer.from(text, 'latin1')));
    await dialog(page).getByText('foi lido como Windows-1252').waitFor();
    await dialog(page).getByRole('cell', { name: 'Padaria São João' }).waitFor();
  }));

test('busy and offline: the lines stay, and are sent later', () =>
  web.visit(service, { allowed: [web.status(503), web.NO_ANSWER] }, async (page, context) => {
    let busy = true;
    await page.route('**/api/empresas/import?*', (route) =>
      busy
        ? route.fulfill({
            status: 503,
            json: { message: 'Serviço ocupado' },
            headers: { 'Retry-After': '1' },
          })
        : route.continue(),
    );
    await open(page);
    const text = sheet(line());
    await paste(page, text);
    await dialog(page).getByText('Serviço ocupado. Tente de novo em 1 s.').first().waitFor();
    await dialog(page)
      .getByText('Serviço ocupado. Já é possível tentar de novo.')
      .first()
      .waitFor();
    busy = false;
    await dialog(page).getByRole('button', { name: 'Conferir' }).click();
    await start(page).waitFor();
    await context.setOffline(true);
    await start(page).click();
    await offline(page).waitFor();
    await context.setOffline(false);
    await offline(page).waitFor({ state: 'hidden' });
    await start(page).click();
    await toast(page, 'Importada 1 empresa.').waitFor();
  }));

test('the model can be downloaded, and is right as it is', () =>
  web.visit(service, {}, async (page) => {
    await open(page);
    const [model] = await Promise.all([
      page.waitForEvent('download'),
      dialog(page).getByRole('link', { name: 'Baixar um modelo' }).click(),
    ]);
    assert.equal(model.suggestedFilename(), 'empresas.csv');
    await choose(page, await model.path());
    await counted(page, '1 linha certa').waitFor();
  }));

test('on a phone', () =>
  web.visit(service, { viewport: web.PHONE, scheme: 'dark' }, async (page) => {
    await web.enter(page, { path: '/empresas?unidade=1' });
    await web.seeCompanies(page);
    await page.getByRole('button', { name: 'Importar CSV' }).click();
    await web.checkNoSidewaysScroll(page);
    await paste(page, sheet(line(), line({ ...newCompany(), cnpj: '1' })));
    await counted(page, '1 com erro').waitFor();
    await web.checkAccess(page);
    await web.checkNoSidewaysScroll(page);
    const button = await start(page).boundingBox();
    assert.ok(button.x + button.width <= web.PHONE.width);
  }));

/** As a user: {status, type of the problem, data}. */
async function send(path, body, claims) {
  const answer = await fetch(service.url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${service.token(claims)}` },
    body,
  });
  const data = await answer.json();
  return { status: answer.status, type: data.type, data };
}

const preview = (csv, unit, claims) =>
  send(
    `/api/empresas/import?dryRun=true&asJob=true${unit ? `&unidade_id=${unit}` : ''}`,
    csv,
    claims,
  );
const asJob = (csv, unit, claims) =>
  send(
    '/api/jobs',
    JSON.stringify({ type: 'import-companies', arguments: { csv, ...(unit && { unit }) } }),
    claims,
  );

const ADMIN = { userId: 7, permissions: ['admin'] };
const MEMBER = { userId: 8, unidades: [{ id: 1, nome: 'Matriz' }] };
const COLUMNS =
  'razao_social;nome_fantasia;cnpj;caepf;cidade;telefone;periodicidade;data_renovacao;tecnico_responsavel;unidade_responsavel;status';

/** A line of `COLUMNS`, right but for what is given. */
const row = (given = {}) => {
  const company = newCompany({ unidade_responsavel: '', cidade: 'Campinas', ...given });
  return COLUMNS.split(';')
    .map((name) => company[name] ?? '')
    .join(';');
};

function everyFault() {
  const twice = newCompany().cnpj;
  return [
    row(),
    row({ razao_social: '' }),
    row({ nome_fantasia: '" "' }),
    row({ razao_social: 'x'.repeat(300) }),
    row({ razao_social: 'x'.repeat(301) }),
    row({ cidade: '"a\tb"' }),
    row({ cnpj: '11222333000182' }),
    row({ cnpj: '' }),
    row({ cnpj: '', caepf: '52998224725' }),
    row({ caepf: '52998224725' }),
    row({ cnpj: '', caepf: '52998224726' }),
    row({ telefone: '"(19) ""5"""' }),
    row({ periodicidade: '0090' }),
    ...['36501', '-1', 'x', '1.5', '99999999999999999999'].map((n) => row({ periodicidade: n })),
    row({ data_renovacao: '2026-02-28' }),
    ...['2026-02-29', '28/02/2026'].map((date) => row({ data_renovacao: date })),
    row({ tecnico_responsavel: '7' }),
    ...['0', 'Ana'].map((id) => row({ tecnico_responsavel: id })),
    ...['1', '2', '99', 'x'].map((id) => row({ unidade_responsavel: id })),
    row({ status: 'inativo' }),
    row({ status: 'Ativo' }),
    row({ cnpj: twice }),
    row({ cnpj: twice }),
    `${row()};mais;uma`,
    `Torta";Torta;${newCompany().cnpj}`,
    `Curta;Curta;${newCompany().cnpj}`,
    '"Aberta;Aberta',
  ];
}

async function failedLines(jobId) {
  const path = `/api/empresas/jobs/${jobId}`;
  let job;
  while (job?.state !== 'completed') job = (await service.ask('GET', path)).data;
  const { data } = await service.ask('GET', `${path}/items?status=failed&limit=500`);
  return { created: job.createdSoFar, lines: data.items.map((item) => item.linha) };
}

for (const [who, claims, unit] of [
  ['an admin', ADMIN, 1],
  ['an admin, without unit', ADMIN],
  ['a member of the unit', MEMBER, 1],
  ['a member, without unit', MEMBER],
]) {
  test(`the preview says what the job does with every kind of fault: ${who}`, async () => {
    const registered = row({ cnpj: (await companies()).find((one) => one.cnpj).cnpj });
    const csv = [COLUMNS, registered, ...everyFault()].join('\n');
    const { data: found } = await preview(csv, unit, claims);
    assert.ok(found.good > 0 && found.bad.length > 10, JSON.stringify(found));
    const { data: begun } = await asJob(csv, unit, claims);
    const did = await failedLines(begun.jobId);
    assert.deepEqual(
      did.lines,
      found.bad.map((one) => one.line),
    );
    assert.equal(did.created, found.good);
  });
}

test('the preview refuses the columns that the job refuses, for the same reason', async () => {
  const company = newCompany();
  const values = [company.razao_social, company.nome_fantasia, company.cnpj].join(';');
  const files = [
    ...['id', 'nome', 'unidade_nome', 'tecnico_nome', 'cor'].map(
      (more) => `razao_social;nome_fantasia;cnpj;${more}\n${values};1\n`,
    ),
    `razao_social;nome_fantasia;cnpj;cnpj\n${values};1\n`,
    `razao_social;nome_fantasia;;cnpj\n${values};1\n`,
    'razao_social;cnpj\nA;11222333000181\n',
    'nome_fantasia;cnpj\nA;11222333000181\n',
    'id;nome\n77;Nova\n',
    'id;nome;email\n77;Nova;nova@example.com\n',
    '{"empresas":[]}',
    ' \n',
  ];
  for (const csv of files) {
    const [said, did] = [await preview(csv, 1, ADMIN), await asJob(csv, 1, ADMIN)];
    assert.equal(said.status, 400, csv);
    assert.deepEqual([said.status, said.type], [did.status, did.type], csv);
    assert.equal(said.data.message, did.data.message, csv);
  }
});
