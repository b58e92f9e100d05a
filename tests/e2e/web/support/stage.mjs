// What the tests of a file run against: the service and a browser, from its first test to its last.
import { after, before } from 'node:test';
import { closeBrowser, openBrowser } from './browser.mjs';
import { startService } from './service.mjs';

/** Starts both (`options` as in startService), hands the service over, and ends both. */
export function onStage(options, hand) {
  let service;
  before(async () => {
    service = await startService(options);
    hand(service);
    await openBrowser();
  });
  after(async () => {
    await closeBrowser();
    await service.end();
  });
}
