// What the service refuses by its limits, and by rights: real answers, in the words of the page.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { startService } from './support/service.mjs';
import { onStage } from './support/stage.mjs';

const LIMITS = ['--max-jobs-per-user', '1', '--max-jobs', '2'];

let service;
onStage({ units: 2, companies: 20, args: LIMITS }, (started) => (service = started));

const dialog = (page, name = 'Gerar tarefas') => page.getByRole('dialog', { name });
const go = (page) => dialog(page).getByRole('button', { name: /^Gerar [\d.]+ tarefas?$/ });
const toast = (page, text) => page.locator('.toast', { hasText: text });
const banner = (page, text) => page.locator('.dlg .banner', { hasText: text });

let micros = 1_000_000;
/** Unfinished until it is cancelled. */
async function occupy(user) {
  const json = { type: 'noop', arguments: { items: 100, micros: ++micros } };
  return (await service.ask('POST', '/api/jobs', { user, json })).data.jobId;
}

async function release(id) {
  const path = `/api/empresas/jobs/${id}`;
  await service.ask('POST', `${path}/cancel`);
  while ((await service.ask('GET', path)).data.state !== 'cancelled');
}

async function open(page, { of = service, unit = 1 } = {}) {
  await page.clock.install();
  await web.enter(page, { path: `/empresas?unidade=${unit}` });
  await web.seeCompanies(page);
  await page.keyboard.press('t');
  await go(page).waitFor();
  const keys = new Set();
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().startsWith(`${of.url}/api/empresas/unidade/`))
      keys.add(request.headers()['idempotency-key']);
  });
  return keys;
}

/** Waits as long as the page says, by its clock, and sends it again. */
async function sendAgain(page, seconds, text) {
  await banner(page, new RegExp(`${text}\\.? Tente de novo em \\d+ s\\.$`)).waitFor();
  assert.equal(await go(page).getAttribute('aria-disabled'), 'true');
  await page.clock.fastForward(1000 * seconds);
  await banner(page, 'Já é possível tentar de novo.').waitFor();
  await go(page).click();
}

const refused = [429, 503, 507, 403].map(web.status);

test('the limit of a user, and then that of the service: it waits, and is sent with the same key', () =>
  web.visit(service, { allowed: refused }, async (page) => {
    const keys = await open(page);
    const own = await occupy(7);
    await go(page).click();
    await banner(page, 'Limite de jobs do usuário atingido').waitFor();
    const others = [await occupy(8)];
    await release(own);
    others.push(await occupy(9));
    await sendAgain(page, 5, 'Limite de jobs do usuário atingido');
    await banner(page, 'Limite de jobs do serviço atingido').waitFor();
    await Promise.all(others.map(release));
    await sendAgain(page, 5, 'Limite de jobs do serviço atingido');
    await toast(page, /^Processadas? /).waitFor();
    assert.equal(keys.size, 1, 'one wish, one key');
  }));

/** From now on the service sees somebody of another unit behind requests of the page. */
const asSomebodyElse = (page, url) => {
  const claims = { userId: 12, unidades: [{ id: 1, nome: 'Matriz' }] };
  return page.route(url, (route) => {
    const authorization = `Bearer ${service.token(claims)}`;
    return route.continue({ headers: { ...route.request().headers(), authorization } });
  });
};

test('who has lost a unit meanwhile is told so, in both dialogs', () =>
  web.visit(service, { allowed: refused }, async (page) => {
    await open(page, { unit: 2 });
    await asSomebodyElse(page, '**/auto-tarefas?futureYears=0');
    await go(page).click();
    await banner(page, 'Você não tem acesso a esta unidade.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('n');
    const box = dialog(page, 'Nova empresa');
    await box.getByLabel('Número').fill('11222333000181');
    await box.getByLabel('Razão social').fill('Padaria Sol Ltda');
    await box.getByLabel('Nome fantasia').fill('Padaria Sol');
    await asSomebodyElse(page, '**/api/empresas');
    await box.getByRole('button', { name: 'Cadastrar' }).click();
    await banner(page, 'Você não tem acesso a esta unidade.').waitFor();
    assert.equal(await box.getByLabel('Razão social').inputValue(), 'Padaria Sol Ltda');
  }));

/** A file system of a few MiB; nothing where one may not mount it. */
function smallDisk() {
  const at = mkdtempSync(join(tmpdir(), 'mutirao-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', at], { stdio: 'ignore' });
  } catch {
    rmSync(at, { recursive: true });
    return null;
  }
  const ballast = join(at, 'ballast');
  return {
    at,
    fill() {
      const file = openSync(ballast, 'w');
      const block = Buffer.alloc(4096, 'x');
      try {
        while (writeSync(file, block) === block.length);
      } catch (error) {
        assert.equal(error.code, 'ENOSPC');
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast),
    end() {
      execFileSync('umount', ['-l', at]);
      rmSync(at, { recursive: true });
    },
  };
}

/** A service whose database is on that disk. */
async function startOn(disk) {
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = disk.at;
  try {
    return await startService({ units: 1, companies: 20 });
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
  }
}

test('a full disk: it waits, and is stored when there is room', async (t) => {
  const disk = smallDisk();
  if (!disk) return t.skip('only root can mount a small disk');
  const small = await startOn(disk);
  try {
    await web.visit(small, { allowed: refused }, async (page) => {
      await open(page, { of: small });
      disk.fill();
      // The log may have pages left that need no new space.
      for (let i = 0, status = 0; status !== 507; i++) {
        assert.ok(i < 2000);
        const json = { type: 'noop', arguments: { items: 3, micros: i } };
        status = (await small.ask('POST', '/api/jobs', { json })).status;
      }
      await go(page).click();
      await banner(page, 'Sem espaço para armazenar').waitFor();
      disk.free();
      await sendAgain(page, 30, 'Sem espaço para armazenar');
      await toast(page, /^Processadas? /).waitFor();
    });
  } finally {
    await small.end();
    disk.end();
  }
});
