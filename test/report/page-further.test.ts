import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plan } from '../../src/plan.ts';
import { writePlan } from '../../src/report/write-plan.ts';
import { tinyWith } from '../support/tiny.ts';
import { describeWithTool } from '../support/tools.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HOURS = Array.from({ length: 72 }, (_, hour) => `<b>h${hour}</b>`);

describeWithTool('chromium', 'report.html of further periods and lines in Chromium', (executablePath) => {
  let root = '';
  let browser: Browser;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'mastplan-page-'));
    const roads = join(root, 'roads.geojson');
    const coordinates = [
      [-3.76, 40.4],
      [-3.64, 40.43],
    ];
    const road = {
      type: 'Feature',
      properties: { class: '<i>main</i>' },
      geometry: { type: 'LineString', coordinates },
    };
    writeFileSync(roads, JSON.stringify(road));
    const users = Object.fromEntries(
      HOURS.map((hour, k) => [hour, k % 3 === 0 ? 'users_day' : 'users_night']),
    );
    const scenario = await tinyWith({
      evaluate: { demand: { file: 'users.geojson', users } },
      lines: { file: roads, groupBy: 'class' },
    });
    await writePlan(await plan(scenario), join(root, 'run'));
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function visit(options: BrowserContextOptions, action: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(join(root, 'run', 'report.html')).href);
    await page.waitForSelector('.evaluation svg');
    await action(page);
    expect(complaints).toEqual([]);
    await context.close();
  }

  it('answers in a sentence, draws a mark for each of 72 periods and shows names as text', async () => {
    await visit({ viewport: { width: 1360, height: 900 } }, async (page) => {
      expect(await page.textContent('.evaluation strong')).toMatch(/^Evaluated on 72 periods, the plan/);
      expect(await page.locator('.evaluation circle').count()).toBe(72);
      expect(await page.locator('.evaluation b, .lines i').count()).toBe(0);
      expect(await page.textContent('.lines tbody')).toContain('<i>main</i>');
      expect(await page.locator('.evaluation .rule').count()).toBe(1);
      await page.selectOption('#evaluated', { label: 'Centre' });
      expect(await page.locator('.evaluation circle').count()).toBe(72);
      expect(await page.locator('.evaluation tbody tr').count()).toBe(144);
    });
  });

  it('draws lines on the map, and leaves them out when their layer is off', async () => {
    await visit({ viewport: { width: 1360, height: 900 } }, async (page) => {
      const drawn = async (): Promise<unknown> =>
        page.evaluate('document.querySelector("canvas").toDataURL()');
      const withLines = await page.waitForTimeout(200).then(drawn);
      await page.uncheck('#layer-lines');
      expect(await page.waitForTimeout(200).then(drawn)).not.toBe(withLines);
    });
  });

  it.each([
    ['a phone in the dark', { viewport: { width: 390, height: 800 }, colorScheme: 'dark' }],
    ['a wide window', { viewport: { width: 1360, height: 900 }, colorScheme: 'light' }],
  ] as const)('fits %s, and axe finds nothing', async (_, options) => {
    await visit(options, async (page) => {
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(options.viewport.width);
      await page.evaluate(axeSource);
      const found = await page.evaluate<string[]>(
        'axe.run(".evaluation, .lines").then(({ violations }) => violations.map(({ id }) => id))',
      );
      expect(found).toEqual([]);
    });
  });
});
