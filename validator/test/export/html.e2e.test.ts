import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import {describe, expect, it} from 'vitest';
import {htmlReport} from '../../src/export/html.ts';
import {temporaryFolder} from '../server/support.ts';
import {report} from './results.ts';

/** Not everybody has one: without it, this is skipped, and vitest says so. */
const executablePath = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== '' && existsSync(path));

const PHONE = {width: 360, height: 740};
const DESK = {width: 1_200, height: 900};

describe.skipIf(executablePath === undefined)('the HTML report in a browser', () => {
  it.for([PHONE, DESK])(
    'fits a window $width pixels wide, and asks for nothing',
    async (viewport) => {
      const path = join(temporaryFolder(), 'report.html');
      writeFileSync(path, htmlReport(report()));
      const browser = await chromium.launch({
        ...(executablePath === undefined ? {} : {executablePath}),
        args: ['--no-sandbox'],
      });
      try {
        const page = await browser.newPage({viewport});
        const requests: string[] = [];
        const complaints: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        page.on('console', (message) => complaints.push(message.text()));
        page.on('dialog', (dialog) => complaints.push(dialog.message()));
        await page.goto(pathToFileURL(path).href);

        expect(await page.title()).toBe('Week 2: FAIL');
        const width = await page.evaluate('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(viewport.width);
        expect(await page.locator('.timeline li svg').count()).toBe(6);
        await page.getByText('week 2, notes').first().click();
        expect(await page.getByText('500 requests').isVisible()).toBe(true);
        expect(requests).toHaveLength(1);
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});
