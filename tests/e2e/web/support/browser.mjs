// Debian's Chromium, and pages in it that fail their test where the console shows an error or the
// page's policy was broken.
import assert from 'node:assert/strict';
import { axeSource, chromium } from './modules.mjs';

export const PHONE = { width: 360, height: 780 };
export const DESK = { width: 1280, height: 800 };

let browser = null;

export async function openBrowser() {
  browser = await chromium.launch({
    executablePath: process.env.MUTIRAO_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

export const closeBrowser = () => browser?.close();

/**
 * Runs `steps(page, context)` in a browser profile of its own and closes it. `allowed`: what the
 * console may complain of (a 401 that the test provokes is an error there).
 */
export async function visit(service, options, steps) {
  const { viewport = DESK, scheme = 'light', language = 'pt-BR', allowed = [] } = options;
  const context = await browser.newContext({
    baseURL: service.url,
    viewport,
    colorScheme: scheme,
    locale: language,
    timezoneId: 'America/Sao_Paulo',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(8000);
  const complaints = [];
  context.on('page', (page) => listen(page, complaints));
  try {
    await steps(await context.newPage(), context);
    const wrong = complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)));
    assert.deepEqual(wrong, [], 'the console shows errors');
  } finally {
    await context.close();
  }
}

function listen(page, complaints) {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
}

/** The status of a failed request, as the console shows it. */
export const status = (code) => new RegExp(`Failed to load resource.*${code}`);
export const NO_ANSWER =
  /ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_SOCKET_NOT_CONNECTED/;

const USERS = { Ana: 7, Bruno: 8, Carla: 9 };
const framed = (page) => page.locator('#nav a[aria-current="page"]').waitFor();

/** Opens an address with the session of one of the users of `--dev`, and waits for the frame. */
export async function enter(page, { path = '/', as = 'Ana' } = {}) {
  const answer = await page.context().request.post('/api/auth/dev', { data: { id: USERS[as] } });
  assert.equal(answer.status(), 200);
  await page.goto(path);
  await framed(page);
}

/** The same by Entrar, with one click. */
export async function enterByClick(page, { path = '/', as = 'Ana' } = {}) {
  await page.goto(path);
  await page.getByRole('button', { name: new RegExp(`Entrar como ${as}|Enter as ${as}`) }).click();
  await framed(page);
}

/** Waits for the companies in the table. */
export const seeCompanies = (page) => page.locator('.tbl tbody .n').first().waitFor();

/** Nothing that axe-core calls serious or critical. */
export async function checkAccess(page, where = '') {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const grave = violations
    .filter(({ impact }) => ['serious', 'critical'].includes(impact))
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((one) => one.html).join(' ')}`);
  assert.deepEqual(grave, [], where);
}

/** Nothing is wider than the window. */
export async function checkNoSidewaysScroll(page) {
  const wide = await page.evaluate(() =>
    ['html', 'body', '#conteudo'].filter((name) => {
      const element = document.querySelector(name);
      return element && element.scrollWidth > element.clientWidth;
    }),
  );
  assert.deepEqual(wide, [], 'these scroll sideways');
}

/** Presses Tab until the focus is on what matches `selector`. */
export async function tabTo(page, selector, most = 40) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
  }
  assert.fail(`the focus never came to ${selector}`);
}

export const focusIs = (page, selector) =>
  page.waitForFunction((wanted) => document.activeElement.matches(wanted), selector);

/** A handle of one of the page's own modules: (await moduleOf(page, 'api.js')).evaluate(…). */
export const moduleOf = (page, name) =>
  page.evaluateHandle(async (path) => {
    const main = [...document.querySelectorAll('script[type=module]')].at(-1).src;
    const { modules } = await import(main); // the build has made one script of them
    return modules?.[path] ?? import(new URL(path, main));
  }, name);
