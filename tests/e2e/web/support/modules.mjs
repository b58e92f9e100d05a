// The npm packages of tests/node, where the build installed them.
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const modules = process.env.MUTIRAO_NODE_MODULES;
if (!modules) throw new Error('MUTIRAO_NODE_MODULES is not set; run these tests by ctest');
const require = createRequire(join(modules, 'here.js'));

export const { chromium } = require('playwright-core');
export const axeSource = require('axe-core').source;
