// What the measurements of the page share.
import { chromium } from '../tests/e2e/web/support/modules.mjs';

export const launch = () =>
  chromium.launch({
    executablePath: process.env.MUTIRAO_CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid() !== 0, // as for users; it refuses to be root's
    args: ['--disable-dev-shm-usage', '--disable-gpu'],
  });

/** Sorts them, and gives the median. */
export const middle = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)];
