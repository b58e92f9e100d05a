// What is told as it happens: one stream for all tabs, asking where it is cut, and back again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({ units: 1, companies: 40 }, (started) => (service = started));

const live = (page, state) => page.locator(`#live[data-s="${state}"]`).waitFor();
const JOB = '/api/empresas/unidade/1/auto-tarefas';
const running = (page) => page.locator('#nav .mini');

/** A job of several seconds, in batches of half a second. */
async function longJob() {
  const json = { type: 'noop', arguments: { items: 6000, micros: 1000 } };
  return (await service.ask('POST', '/api/jobs', { json })).data.jobId;
}

const listeners = async () => {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(/^mutirao_listeners(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1] ?? 0);
};

test('two tabs share one stream, and the other takes it over', () =>
  web.visit(service, {}, async (page, context) => {
    await web.enter(page);
    await live(page, 'live');
    const second = await context.newPage();
    await second.goto('/jobs');
    await live(second, 'live');
    assert.equal(await listeners(), 1);
    const taken = second.waitForResponse('**/api/stream-tickets');
    await page.close();
    await taken;
    await live(second, 'live');
    assert.equal(await listeners(), 1);
  }));

test('a job that another client starts is shown in every tab', () =>
  web.visit(service, {}, async (page, context) => {
    await web.enter(page);
    await live(page, 'live');
    const second = await context.newPage();
    await second.goto('/jobs');
    await live(second, 'live');
    for (const tab of [page, second]) {
      await (
        await web.moduleOf(tab, 'live.js')
      ).evaluate(({ live }) => {
        live.on('notification', (one) => (document.body.dataset.told = one.message));
      });
    }
    await service.ask('POST', JOB);
    for (const tab of [page, second]) {
      await tab.waitForFunction(() => /tarefas automáticas/.test(document.body.dataset.told));
    }
  }));

test('where the stream is cut it asks every 2 s, and takes the stream up again', () =>
  web.visit(service, { allowed: [web.status(503), web.NO_ANSWER] }, async (page) => {
    await page.clock.install();
    let cut = true;
    await page.route('**/api/stream-tickets', (route) =>
      cut ? route.fulfill({ status: 503, json: {} }) : route.continue(),
    );
    await web.enter(page);
    await live(page, 'poll');
    assert.equal(await page.locator('#live').innerText(), 'A cada 2 s');
    const asked = page.waitForResponse((one) => one.url().includes('/api/empresas/jobs?state='));
    await page.clock.fastForward(2000);
    await asked;
    cut = false;
    await page.clock.fastForward(20_000); // longer than its pauses have become
    await live(page, 'live');
  }));

test('a service that is away is said, what is shown stays, and it comes back by itself', () =>
  web.visit(service, { allowed: [web.NO_ANSWER, web.status(401)] }, async (page) => {
    await page.clock.install();
    await web.enter(page);
    await web.seeCompanies(page);
    await live(page, 'live');
    await service.kill();
    await live(page, 'off');
    await page
      .getByText(/^Sem conexão\. Mostrando os dados das \d\d:\d\d; nova tentativa em \d s\.$/)
      .waitFor();
    assert.ok((await page.locator('.tbl tbody .n').count()) > 0);
    await web.checkNoSidewaysScroll(page);
    await web.checkAccess(page);
    await page.getByRole('button', { name: 'Tentar agora' }).click();
    await live(page, 'off');
    await service.start();
    await page.clock.fastForward(5000); // the longest pause between two tries
    await live(page, 'live');
    assert.equal(await page.locator('#note .banner').isVisible(), false);
  }));

test('a running job is seen in the navigation, and its card moves', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page);
    await live(page, 'live');
    const id = await longJob();
    await running(page).waitFor();
    assert.equal(await running(page).getAttribute('href'), `/jobs/${id}`);
    await page.waitForFunction(
      () => Number(document.querySelector('#nav .mini [role=progressbar]')?.ariaValueNow) > 0,
    );
    await service.ask('POST', `/api/empresas/jobs/${id}/cancel`);
    await running(page).waitFor({ state: 'detached' });
  }));

test('an answer that was asked for before changes nothing when it comes late', () =>
  web.visit(service, {}, async (page) => {
    await web.enter(page, { path: '/jobs' });
    await live(page, 'live');
    const json = { type: 'noop', arguments: { items: 2, micros: 3_000_000 } };
    const id = (await service.ask('POST', '/api/jobs', { json })).data.jobId;
    const row = page.locator('tr', { has: page.locator(`a[href="/jobs/${id}"]`) });
    const shows = (state) => row.locator('.badge', { hasText: state }).waitFor();
    await shows('Em execução');
    let answer;
    await page.route(
      `**/api/empresas/jobs/${id}?details=false`,
      async (route) => {
        const response = await route.fetch();
        await new Promise((late) => (answer = late));
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    const known = await web.moduleOf(page, 'data/jobs.js');
    await known.evaluate(({ jobs }, of) => {
      globalThis.late = jobs.fetch(of);
    }, id);
    while (!answer) await page.evaluate(() => {});
    await service.ask('POST', `/api/empresas/jobs/${id}/pause`);
    await shows('Pausado');
    answer();
    const taken = await page.evaluate(() => globalThis.late);
    assert.equal(taken.state, 'paused', 'not as it was when that was asked for');
    await shows('Pausado');
    await service.ask('POST', `/api/empresas/jobs/${id}/cancel`);
  }));
