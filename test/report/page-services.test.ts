import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseScenario, readScenario } from '../../src/input/read-scenario.ts';
import { plan } from '../../src/plan.ts';
import { percentDown } from '../../src/report/numbers.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { writePlan } from '../../src/report/write-plan.ts';
import { describeWithTool } from '../support/tools.ts';

const TINY = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

describeWithTool('chromium', 'report.html of several services in Chromium', (executablePath) => {
  let root = '';
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'mastplan-page-'));
    const loaded = await readScenario(TINY);
    const services = [
      { name: 'voice', share: 0.3, mbpsPerUser: 0.024, rsrpDbm: -115 },
      { name: 'video', share: 0.7, mbpsPerUser: 2, activity: 0.1 },
    ];
    const phases = [{ name: 'town', targets: [{ share: 0.8 }, { share: 0.95, service: 'voice' }] }];
    const value = { ...loaded.scenario, services, phases };
    const scenario = parseScenario({ value, lineOf: () => null }, TINY, [], loaded.baseDir);
    await writePlan(await plan({ ...loaded, scenario }), root);
    browser = await chromium.launch({ executablePath, args: FLAGS });
    page = await (await browser.newContext({ viewport: { width: 1360, height: 900 } })).newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(pathToFileURL(join(root, 'report.html')).href);
    await page.waitForSelector('body[data-ready=yes]');
  });
  afterAll(async () => {
    await browser.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('shows one of them or all: shares, curve and map; the choice stands in the address', async () => {
    const report = reportSchema.parse(JSON.parse(readFileSync(join(root, 'report.json'), 'utf8')));
    const period = await page.locator('#period').inputValue();
    const shareOf = ({ users, usersServed }: { users: number; usersServed: number }): string =>
      percentDown(Math.round(1000 * usersServed), Math.round(1000 * users));
    const served = async (): Promise<string | null> => page.textContent('#now-served');
    expect(await served()).toBe(shareOf(report.periods.find((own) => own.period === period)!));
    const drawn = async (): Promise<unknown> => page.evaluate('document.querySelector("canvas").toDataURL()');
    const pictures: unknown[] = [];
    for (const { name, periods } of report.services!) {
      await page.selectOption('#service', name);
      expect(await served()).toBe(shareOf(periods.find((own) => own.period === period)!));
      expect(page.url()).toContain(`service=${name}`);
      pictures.push(await page.waitForTimeout(200).then(drawn));
    }
    expect(pictures[0]).not.toBe(pictures[1]);
    await page.selectOption('#service', { index: 0 });
  });

  it('names whom a target speaks of, and tables users and traffic by service', async () => {
    expect(await page.textContent('.targets table')).toContain('users of voice');
    const rows = await page.locator('.services tbody tr').allTextContents();
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^voice-115 dBm/);
  });

  it('tells who serves which users at a place', async () => {
    const canvas = (await page.locator('canvas').first().boundingBox())!;
    // Users stand at scattered points: the map is probed until one is hit.
    let found = '';
    for (let probe = 0; probe < 400 && !/voice.*video/s.test(found); probe++) {
      const x = canvas.x + canvas.width * (0.3 + 0.02 * (probe % 20));
      await page.mouse.click(x, canvas.y + canvas.height * (0.3 + 0.02 * Math.floor(probe / 20)));
      found = (await page.textContent('.selection')) ?? '';
    }
    expect(found).toMatch(/voice.*video/s);
    expect(complaints).toEqual([]);
  });
});
