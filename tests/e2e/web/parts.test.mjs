// The parts that screens are made of, one by one, in a real page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as web from './support/browser.mjs';
import { onStage } from './support/stage.mjs';

let service;
onStage({}, (started) => (service = started));

/** Runs `steps(page, use)`; use(name, run, argument) gives `run` a module of the page. */
const inPage = (steps, options = {}) =>
  web.visit(service, options, async (page) => {
    await web.enter(page);
    await web.seeCompanies(page);
    const use = async (name, run, argument) =>
      (await web.moduleOf(page, name)).evaluate(run, argument);
    await steps(page, use);
  });

const toasts = (page) => page.locator('.toast');

test('toasts: three at most, gone after 6 s, but not under the pointer; errors stay', () =>
  inPage(async (page, use) => {
    await page.clock.install();
    const show = (text, kind) =>
      use('parts/toast.js', ({ toast }, [a, b]) => void toast(a, { kind: b }), [text, kind]);
    for (const text of ['um', 'dois', 'três']) await show(text, 'ok');
    await show('quatro', 'bad');
    assert.deepEqual(await toasts(page).locator('.b').allInnerTexts(), ['dois', 'três', 'quatro']);
    await toasts(page).first().hover();
    await page.clock.fastForward(7000);
    assert.deepEqual(await toasts(page).locator('.b').allInnerTexts(), ['dois', 'quatro']);
    await page.mouse.move(0, 0);
    await page.clock.fastForward(7000);
    assert.deepEqual(await toasts(page).locator('.b').allInnerTexts(), ['quatro']);
    await page.getByRole('button', { name: 'Fechar aviso' }).click();
    assert.equal(await toasts(page).count(), 0);
  }));

test('a question before what cannot be undone: focus on the way back, and back to the opener', () =>
  inPage(async (page, use) => {
    await page.locator('#unit').focus();
    await use('parts/dialog.js', ({ confirmDialog }) => {
      confirmDialog('Cancelar?', 'Fica.', { yes: 'Cancelar', no: 'Voltar' }).then((answer) => {
        document.body.dataset.answer = answer;
      });
    });
    await web.focusIs(page, 'dialog footer .btn');
    await web.checkAccess(page);
    for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('dialog') !== null));
    await page.keyboard.press('Escape');
    await page.locator('body[data-answer="false"]').waitFor();
    await web.focusIs(page, '#unit');
  }));

test('a menu is walked through by arrows, and gives the focus back', () =>
  inPage(async (page) => {
    await page.locator('#account').press('Enter');
    const at = () => page.evaluate(() => document.activeElement.textContent);
    await page.keyboard.press('Home');
    assert.match(await at(), /Atalhos do teclado/);
    await page.keyboard.press('ArrowUp');
    assert.equal(await at(), 'Sair');
    await page.keyboard.press('Escape');
    await web.focusIs(page, '#account[aria-expanded="false"]');
  }));

test('a mask leaves the caret where one types', () =>
  inPage(async (page, use) => {
    const parts = await web.moduleOf(page, 'parts/field.js');
    await use(
      'documents.js',
      ({ maskCnpj }, { field, input, masked }) => {
        const of = masked(input('', { id: 'doc' }), maskCnpj);
        document.querySelector('.page').prepend(field('Número', of));
      },
      parts,
    );
    const doc = page.locator('#doc');
    await doc.pressSequentially('11222333000181');
    assert.equal(await doc.inputValue(), '11.222.333/0001-81');
    await doc.evaluate((of) => of.setSelectionRange(4, 5));
    await page.keyboard.press('9');
    assert.equal(await doc.inputValue(), '11.292.333/0001-81');
    assert.equal(await doc.evaluate((of) => of.selectionStart), 5);
    await use('parts/field.js', ({ markField }) =>
      markField(document.querySelector('#doc'), 'bad', 'Dígitos verificadores não conferem.'),
    );
    assert.equal(await doc.getAttribute('aria-invalid'), 'true');
    await web.checkAccess(page);
  }));

test('a job: its words, its steps spoken at 25, 50 and 75 %, what can be done', () =>
  inPage(async (page, use) => {
    const data = await web.moduleOf(page, 'data/jobs.js');
    const show = ({ jobCard }, { jobs }) => {
      const said = (globalThis.said = []);
      new MutationObserver(() => {
        const text = document.querySelector('#polite').textContent;
        if (text) said.push(text);
      }).observe(document.querySelector('#polite'), { childList: true });
      const job = (current, state = 'running') => ({
        id: '00000000-0000-4000-8000-000000000001',
        type: 'generate-auto-tasks-unit',
        unidade_nome: 'Campinas',
        state,
        run: 1,
        progress: { current, total: 150, percentage: Math.round(current / 1.5) },
        companiesPerSecond: 11.46,
        secondsLeft: 13,
        createdSoFar: 274,
        failedItems: 1,
      });
      const ended = new AbortController();
      jobs.watch = () => {};
      document.querySelector('.page').prepend(jobCard(job(25), ended.signal));
      globalThis.step = (...given) => jobs.put(job(...given));
    };
    await use('parts/jobcard.js', show, data);
    const card = page.locator('.jobcard');
    assert.deepEqual(await card.locator('.facts > *').allInnerTexts(), [
      '25 de 150 empresas (17 %)',
      '11,5 empresas/s',
      'cerca de 15 s restantes',
      '274 tarefas criadas',
      '1 empresa com falha',
    ]);
    await web.checkAccess(page);
    for (const current of [40, 60, 80, 110, 120]) {
      await page.evaluate((n) => globalThis.step(n), current);
      await page.waitForTimeout(60); // the words are put in a moment later
    }
    assert.deepEqual(await page.evaluate(() => globalThis.said), [
      '25 % das empresas processadas.',
      '50 % das empresas processadas.',
      '75 % das empresas processadas.',
    ]);
    const actions = () => card.locator('.row .btn').allInnerTexts();
    assert.deepEqual(await actions(), ['Pausar', 'Cancelar', 'Detalhes']);
    await card.getByRole('button', { name: 'Pausar' }).focus();
    await page.evaluate(() => globalThis.step(120, 'paused'));
    assert.deepEqual(await actions(), ['Retomar', 'Cancelar', 'Detalhes']);
    assert.ok(await page.evaluate(() => document.activeElement.closest('.jobcard') !== null));
    await page.evaluate(() => globalThis.step(60, 'running')); // an answer that comes late
    assert.match(await card.innerText(), /120 de 150/);
    await page.evaluate(() => globalThis.step(150, 'completed'));
    assert.deepEqual(await actions(), ['Tentar de novo', 'Detalhes']);
  }));

test('dates, numbers and plurals, in both languages', () =>
  inPage(async (page, use) => {
    const format = (run, argument) => use('format.js', run, argument);
    const minute = 60_000;
    assert.equal(await format(({ day }) => day('2026-11-23')), '23/11/2026');
    assert.equal(await format(({ ago }, ms) => ago(Date.now() - ms), 3 * minute), 'há 3 min');
    assert.equal(await format(({ ago }, ms) => ago(Date.now() - ms), 1441 * minute), 'há 1 dia');
    assert.equal(await format(({ duration }) => duration(62_000)), '1 min 02 s');
    assert.equal(await format(({ time }) => time('2026-11-23T17:32:10.000Z')), '14:32');
    const say = (n) => use('i18n.js', ({ t }, many) => t('companies.count', { n: many }), n);
    assert.deepEqual(
      [await say(0), await say(1), await say(1234)],
      ['0 empresas', '1 empresa', '1.234 empresas'],
    );
    await use('i18n.js', ({ setLanguage }) => setLanguage('en'));
    assert.deepEqual([await say(1), await say(1234)], ['1 company', '1,234 companies']);
    await page.getByRole('heading', { name: 'Companies', level: 1 }).waitFor();
  }));
