// What became of a job's webhooks, on the page of the job: for its owner and admins.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

process.env.MUTIRAO_WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 'x').toString('base64')}`;

let service;
onStage(
  {
    units: 1,
    companies: 5,
    args: ['--webhooks-allow-private', '--webhook-backoff', '1s', '--webhook-attempts', '2'],
  },
  (started) => (service = started),
);

let receiver;
let answers = {}; // path -> status
before(async () => {
  receiver = createServer((request, answer) => {
    answer.statusCode = answers[request.url] ?? 200;
    answer.end();
  });
  await new Promise((ready) => receiver.listen(0, '127.0.0.1', ready));
});
after(() => receiver.close());

const host = () => `127.0.0.1:${receiver.address().port}`;

/** A job that imports a line, and tells its end to `path` of the receiver. */
async function told(path) {
  const csv = `cnpj,razao_social,nome_fantasia\n${path},Torta,Torta\n`;
  const json = {
    type: 'import-companies',
    arguments: { unit: 1, csv },
    callbackUrl: `http://${host()}${path}?key=hidden`,
  };
  const { data } = await service.ask('POST', '/api/jobs', { json });
  return data.jobId;
}

const panel = (page) => page.getByRole('tabpanel');
const look = (page, id, as) => web.enter(page, { path: `/jobs/${id}?aba=dados`, as });
const line = (page) => panel(page).getByRole('listitem');

test('one that arrived, by its host, and how often it was tried', () =>
  web.visit(service, {}, async (page) => {
    const id = await told('/good');
    await look(page, id);
    await line(page).getByText('Entregue').waitFor();
    assert.equal(await line(page).locator('b').innerText(), host());
    await line(page)
      .getByText(/job\.completed · 1 tentativa$/)
      .waitFor();
    assert.equal(await panel(page).getByText('hidden').count(), 0, 'only the host');
    await web.checkAccess(page);
  }));

test('one that is refused: tried again by and by, then given up, while one looks', () =>
  web.visit(service, { viewport: web.PHONE }, async (page) => {
    answers = { '/bad?key=hidden': 500 };
    await look(page, await told('/bad'));
    await line(page).getByText('Desistiu').waitFor();
    await line(page)
      .getByText(/2 tentativas · HTTP 500$/)
      .waitFor();
    await web.checkNoSidewaysScroll(page);
    await web.checkAccess(page);
  }));

test('one that waits says when it is tried next; a job without has none', () =>
  web.visit(service, {}, async (page) => {
    answers = {};
    await page.route('**/entregas', async (route) => {
      const response = await route.fetch();
      const { entregas } = await response.json();
      const next = '2026-11-23T12:00:24.530Z';
      const waiting = { state: 'pending', lastError: 'timeout', nextAttemptAt: next };
      await route.fulfill({ json: { entregas: entregas.map((one) => ({ ...one, ...waiting })) } });
    });
    await look(page, await told('/next'));
    await line(page).getByText('A enviar').waitFor();
    await line(page)
      .getByText(/timeout · próxima às 09:00:24$/)
      .waitFor();
    const json = { type: 'noop', arguments: { items: 1 } };
    const { data } = await service.ask('POST', '/api/jobs', { json });
    const asked = page.waitForResponse('**/entregas');
    await page.goto(`/jobs/${data.jobId}?aba=dados`);
    await asked;
    await panel(page).getByText('noop').waitFor();
    assert.equal(await panel(page).getByText('Webhooks').count(), 0);
  }));

test('who only looks on does not ask', () =>
  web.visit(service, {}, async (page) => {
    const id = await told('/other');
    let asked = 0;
    page.on('request', (request) => (asked += request.url().endsWith('/entregas')));
    await look(page, id, 'Bruno');
    await panel(page).getByText('import-companies').waitFor();
    assert.equal(asked, 0);
  }));
