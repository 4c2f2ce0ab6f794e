import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareRuns } from '../../src/compare.ts';
import { findGaps } from '../../src/report/gaps.ts';
import { pageHtml } from '../../src/report/page-html.ts';
import { countPlan } from '../../src/report/plan-facts.ts';
import { percentDown } from '../../src/report/numbers.ts';
import { readRun } from '../../src/report/read-run.ts';
import { writeComparison } from '../../src/report/write-comparison.ts';
import { writePlan } from '../../src/report/write-plan.ts';
import { syntheticPlan } from '../support/synthetic-plan.ts';
import { describeWithTool } from '../support/tools.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describeWithTool('chromium', 'report.html in Chromium', (executablePath) => {
  const plan = syntheticPlan({ periods: ['day', 'night', 'weekend'], withSinr: true });
  const facts = countPlan(plan);
  let root = '';
  let browser: Browser;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'mastplan-page-'));
    await writePlan(plan, join(root, 'run'));
    browser = await chromium.launch({ executablePath, args: FLAGS });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** Opens the page, hands it over, and holds that nothing was logged, thrown or requested. */
  async function visit(
    action: (page: Page) => Promise<void>,
    {
      fragment = '',
      dir = 'run',
      file = 'report.html',
      ...options
    }: BrowserContextOptions & { fragment?: string; dir?: string; file?: string } = {},
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) trouble.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(join(root, dir, file)).href + fragment);
    await page.locator('body[data-ready]').waitFor();
    await action(page);
    expect(trouble).toEqual([]);
    await context.close();
  }

  /** What the canvas shows, to see that it changed. */
  const picture = (page: Page): Promise<string> =>
    page.locator('.map-frame canvas').evaluate(async (canvas: { toDataURL(): string }) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return canvas.toDataURL();
    });

  it('opens with the answer, three numbers and a drawn map', async () => {
    await visit(async (page) => {
      await expect(page.locator('h1').textContent()).resolves.toMatch(/new sites bring stable signal/);
      expect(await page.locator('.number-card .value').allTextContents()).toHaveLength(3);
      expect((await picture(page)).length).toBeGreaterThan(20_000);
    });
  });

  it('moves map and numbers together with the build-order slider', async () => {
    await visit(async (page) => {
      const before = await picture(page);
      await page.locator('#built').fill('3');
      const scope =
        facts.periods[
          await page.locator('#period').evaluate((s: { selectedIndex: number }) => s.selectedIndex)
        ]!;
      const served = scope.servedTodayMilli + scope.newMilli[0]! + scope.newMilli[1]! + scope.newMilli[2]!;
      expect(await page.locator('#now-served').textContent()).toBe(percentDown(served, scope.totalMilli));
      expect(await page.locator('.number-card .value').nth(1).textContent()).toBe('3');
      expect(await picture(page)).not.toBe(before);
      expect(page.url()).toContain('sites=3');
      await page.locator('#built').press('ArrowRight');
      expect(page.url()).toContain('sites=4');
    });
  });

  it('shows another period and can be linked to', async () => {
    await visit(async (page) => {
      const before = await page.locator('#now-served').textContent();
      await page.locator('#period').selectOption('weekend');
      expect(await page.locator('#now-served').textContent()).not.toBe(before);
      expect(page.url()).toContain('period=weekend');
    });
    await visit(
      async (page) => {
        expect(await page.locator('#period').inputValue()).toBe('weekend');
        expect(await page.locator('#built-value').textContent()).toMatch(/^2 of/);
        expect(await page.locator('tr[aria-current]').getAttribute('data-rank')).toBe('5');
        expect(await page.locator('#layer-sites').isChecked()).toBe(true);
        expect(await page.locator('#layer-today').isChecked()).toBe(false);
      },
      { fragment: '#period=weekend&sites=2&site=5&layers=sites.open' },
    );
  });

  it('draws map tiles from the one host that the scenario names, and credits their owner', async () => {
    const pixel = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(200, { 'content-type': 'image/png' }).end(pixel);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const map = { tileUrl: `${host}/{z}/{x}/{y}.png`, attribution: 'Tiles of <b>the test</b>' };
    await writePlan({ ...plan, scenario: { ...plan.scenario, map } }, join(root, 'tiles'));
    const page = await browser.newPage();
    const requested: string[] = [];
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) requested.push(request.url());
    });
    await page.goto(pathToFileURL(join(root, 'tiles', 'report.html')).href);
    await page.locator('body[data-ready]').waitFor();
    await expect.poll(() => asked.length, { timeout: 30_000 }).toBeGreaterThan(0);
    expect(requested.every((url) => url.startsWith(`${host}/`))).toBe(true);
    expect(asked.every((url) => /^\/\d+\/\d+\/\d+\.png$/.test(url))).toBe(true);
    expect(await page.locator('.attribution').textContent()).toBe(map.attribution);
    expect(await page.locator('footer').textContent()).toContain('Only the map background is loaded');
    expect(await page.content()).toContain(`img-src data: ${host};`);
    await page.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('takes any fragment without failing', async () => {
    await visit(
      async (page) => {
        expect(await page.locator('#built-value').textContent()).toMatch(/\d+ of \d+/);
      },
      { fragment: '#period=%3Cscript%3E&sites=1e9&site=-3&layers=x.y&lang=xx&theme=&region=nowhere' },
    );
  });

  it('shows SINR by period, and the cells that reach too far', async () => {
    await visit(async (page) => {
      const text = (await page.locator('.sinr').textContent())!;
      const { asBuilt } = plan.interference!;
      for (const { sinrMilli, usersMilli } of asBuilt.scopes)
        expect(text).toContain(percentDown(sinrMilli, usersMilli));
      expect(text).toContain('-6.3 / 2.5 / 12.0');
      expect(text).toContain('site <1>, sector 1');
      expect(text).toContain('1,234');
    });
  });

  it('switches layers on and off', async () => {
    await visit(async (page) => {
      const layers = [
        'today',
        'new',
        'open',
        'sinr',
        'sites',
        'areas',
        'existing',
        'bins',
        'gaps',
        'regions',
      ];
      for (const layer of layers) {
        const before = await picture(page);
        await page.locator(`#layer-${layer}`).click();
        expect(await picture(page), layer).not.toBe(before);
      }
    });
  });

  it('shows what stands under a click, and steps through sites by keyboard', async () => {
    await visit(async (page) => {
      const box = (await page.locator('.map-frame').boundingBox())!;
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      await expect(page.locator('.selection-body').textContent()).resolves.toMatch(/Demand cell|Site \d+/);
      await page.locator('#map').focus();
      await page.keyboard.press('Escape');
      await page.keyboard.press('n');
      await expect(page.locator('.selection-body').textContent()).resolves.toMatch(
        /^Site 1: .*Adds [\d,]+ users/,
      );
      await page.keyboard.press('n');
      expect(await page.locator('tr.chosen').getAttribute('data-rank')).toBe('2');
      const before = await picture(page);
      await page.keyboard.press('+');
      await page.keyboard.press('ArrowLeft');
      expect(await picture(page)).not.toBe(before);
      await page.keyboard.press('Home');
    });
  });

  it('colours targets by margin, worst first, and shows one on the map', async () => {
    await visit(async (page) => {
      await page.locator('#built').fill('0');
      const first = page.locator('.matrix tbody tr').first();
      expect(await first.locator('td.missed').count()).toBe(3);
      await first.locator('button').nth(1).click();
      expect(page.url()).toContain('region=');
      expect(await page.locator('.matrix button[aria-pressed=true]').count()).toBe(1);
    });
  });

  it('sorts and filters the table of sites', async () => {
    await visit(async (page) => {
      const column = (): Promise<string[]> =>
        page.locator('.site-table tbody tr td:nth-child(6)').allTextContents();
      await page.locator('.site-table th button', { hasText: 'New users' }).click();
      const users = (await column()).map((text) => Number(text.replace(/,/g, '')));
      expect(users).toEqual([...users].sort((a, b) => a - b));
      await page.locator('.site-table th button', { hasText: 'New users' }).click();
      expect((await column())[0]).toBe(Math.max(...users).toLocaleString('en'));
      await page.locator('#filter').fill('west');
      const shown = await page.locator('.site-table tbody tr').allTextContents();
      expect(shown.length).toBeLessThan(users.length);
      for (const row of shown) expect(row).toContain('West');
    });
  });

  it('downloads the sites as CSV', async () => {
    await visit(async (page) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.locator('#download').click(),
      ]);
      const lines = readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\r\n');
      expect(lines).toHaveLength(1 + plan.solution.sites.length);
      expect(lines[0]).toMatch(/^rank,id,phase,region,lon,lat,cost,configuration,new_users_day/);
    });
  });

  it('speaks Chinese on demand and keeps the view', async () => {
    await visit(async (page) => {
      await page.locator('#built').fill('3');
      await page.locator('#language').click();
      expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans');
      await expect(page.locator('h1').textContent()).resolves.toContain('个站点');
      expect(await page.locator('#built').inputValue()).toBe('3');
      await expect(page.locator('.site-table .reason').first().textContent()).resolves.toContain('新增服务');
      await expect(page.locator('.sinr').textContent()).resolves.toContain('越区覆盖小区');
    });
  });

  const looks: [string, BrowserContextOptions & { fragment?: string }][] = [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['dark by choice', { colorScheme: 'light', fragment: '#theme=dark' }],
    ['Chinese', { fragment: '#lang=zh' }],
    ['a phone', { viewport: { width: 375, height: 812 }, hasTouch: true }],
  ];
  it.each(looks)('has no serious accessibility finding: %s', async (_, options) => {
    await visit(async (page) => {
      await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true");
      await page.evaluate(axeSource);
      const serious = await page.evaluate(async () => {
        const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } })
          .axe;
        const { violations } = await axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
      });
      expect(serious).toEqual([]);
    }, options);
  });

  it('fits 375 px without scrolling sideways', async () => {
    await visit(
      async (page) => {
        const width = await page
          .locator('html')
          .evaluate((root: { scrollWidth: number }) => root.scrollWidth);
        expect(width).toBe(375);
      },
      { viewport: { width: 375, height: 812 } },
    );
  });

  it('prints with everything unfolded, in light colours, without controls', async () => {
    await visit(
      async (page) => {
        expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(50_000);
        await page.emulateMedia({ media: 'print' });
        await page.evaluate("window.dispatchEvent(new Event('beforeprint'))").catch(() => undefined);
        expect(await page.locator('.toolbar').isVisible()).toBe(false);
        expect(await page.locator('#built').isVisible()).toBe(false);
      },
      { colorScheme: 'dark' },
    );
  });

  it('keeps hostile names text and still works', async () => {
    const evil = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>=1+1';
    await writePlan(syntheticPlan({ side: 14, namePrefix: evil }), join(root, 'hostile'));
    await visit(
      async (page) => {
        expect(await page.locator('img').count()).toBe(0);
        await expect(page.locator('.name').textContent()).resolves.toContain('<script>');
        await page.locator('tr[data-rank="1"] .row-button').click();
        await expect(page.locator('.selection-body').textContent()).resolves.toContain('onerror=alert(1)');
      },
      { dir: 'hostile' },
    );
  });

  it('keeps formulas, marks that turn the reading direction, control characters and long names in their place', async () => {
    const evil = `=cmd()\u202e\u200f\u0007\u001b[31m${'W'.repeat(150)}`;
    await writePlan(syntheticPlan({ side: 12, namePrefix: evil }), join(root, 'long'));
    await visit(
      async (page) => {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.locator('#download').click(),
        ]);
        const [, ...rows] = readFileSync(await download.path(), 'utf8')
          .trim()
          .split('\r\n');
        for (const row of rows) expect(row).toMatch(/^\d+,"?'=cmd\(\)/);
        const width = await page
          .locator('html')
          .evaluate((html: { scrollWidth: number }) => html.scrollWidth);
        expect(width).toBe(375);
      },
      { dir: 'long', viewport: { width: 375, height: 812 } },
    );
  });

  it('opens a plan without sites, one period and nobody served', async () => {
    const empty = syntheticPlan({ side: 8, periods: ['all'], shares: [0, 0] });
    await writePlan(empty, join(root, 'empty'));
    await visit(
      async (page) => {
        await expect(page.locator('h1').textContent()).resolves.toContain('No new site is needed');
        expect(await page.locator('#period').isVisible()).toBe(false);
      },
      { dir: 'empty' },
    );
  });

  it('shows two runs side by side, their maps moving together', async () => {
    await writePlan(
      syntheticPlan({ reachM: 1000, periods: ['day', 'night', 'weekend'] }),
      join(root, 'other'),
    );
    const dirs = [join(root, 'run'), join(root, 'other')];
    const comparison = compareRuns([await readRun(dirs[0]!), await readRun(dirs[1]!)], { movedWithinM: 500 });
    await writeComparison(comparison, dirs, join(root, 'compared'), false);
    await visit(
      async (page) => {
        const second = page.locator('.map-frame canvas').nth(1);
        const look = (): Promise<string> =>
          second.evaluate(async (canvas: { toDataURL(): string }) => {
            await new Promise((resolve) => setTimeout(resolve, 60));
            return canvas.toDataURL();
          });
        const before = await look();
        await page.locator('.map-buttons').first().locator('button').first().click();
        expect(await look()).not.toBe(before);
        expect(await page.locator('table').first().locator('tbody tr').count()).toBe(2);
      },
      { dir: 'compared', file: 'compare.html' },
    );
  });

  it('stays small and quick with half a million demand points', async () => {
    const large = syntheticPlan({ side: 707, cellM: 50, periods: ['all'], reachM: 6000, shares: [0.2, 0.3] });
    const counted = countPlan(large);
    const html = await pageHtml(large, counted, findGaps(large, counted), 'en');
    expect(html.length).toBeLessThan(8e6);
    mkdirSync(join(root, 'large'));
    writeFileSync(join(root, 'large', 'report.html'), html);
    await visit(
      async (page) => {
        expect(await page.locator('.name').textContent()).toBe('Synthetic town');
        await page.locator('#built').fill('1');
        expect((await picture(page)).length).toBeGreaterThan(10_000);
      },
      { dir: 'large' },
    );
  }, 180_000);
});

interface AxeViolation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}
