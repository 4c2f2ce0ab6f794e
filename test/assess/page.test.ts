import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assess } from '../../src/assess.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import { writeAssessment } from '../../src/report/write-assessment.ts';
import { tinyWith } from '../support/tiny.ts';
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

describeWithTool('chromium', 'assessment.html in Chromium', (executablePath) => {
  let folder = '';
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mastplan-assess-page-'));
    const tiny = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
    const loaded = await readScenario(tiny);
    const named = { ...loaded, scenario: { ...loaded.scenario, name: '<script>alert(1)</script>' } };
    await writeAssessment(await assess(named), join(folder, 'run'));
    const services = [
      { name: 'voice <b>', share: 0.3, rsrpDbm: -115 },
      { name: 'video', share: 0.7 },
    ];
    await writeAssessment(await assess(await tinyWith({ services })), join(folder, 'services'));
    browser = await chromium.launch({ executablePath, args: FLAGS });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page and holds that nothing was logged, thrown or requested while the action ran. */
  async function visit(
    action: (page: Page) => Promise<void>,
    fragment = '',
    width = 1360,
    colorScheme: 'light' | 'dark' = 'light',
    run = 'run',
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) trouble.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, run, 'assessment.html')).href + fragment);
    await page.locator('html[data-ready]').waitFor();
    await action(page);
    expect(trouble).toEqual([]);
    await context.close();
  }

  it('answers first, in one sentence, and shows hostile names as text', () =>
    visit(async (page) => {
      const answer = page.locator('main:visible h1');
      await expect(answer.textContent()).resolves.toContain('the promise is not shown to be kept');
      await expect(page.locator('main:visible .name').textContent()).resolves.toContain('<script>alert(1)');
    }));

  it('switches the period of the map and keeps it in the address', () =>
    visit(async (page) => {
      await page.locator('main:visible .choose-period').selectOption('1');
      const label = await page.locator('main:visible .period-map:visible svg').getAttribute('aria-label');
      expect(label).toContain('night');
      expect(page.url()).toContain('period=1');
    }));

  it('switches the service of the map, and tells shares and areas by service', () =>
    visit(
      async (page) => {
        const shown = page.locator('main:visible .period-map:visible svg');
        await expect(shown.count()).resolves.toBe(1);
        for (const service of ['video', 'voice <b>']) {
          await page.locator('main:visible .choose-service').selectOption(service);
          await expect(shown.count()).resolves.toBe(1);
          await expect(shown.getAttribute('aria-label')).resolves.toContain(service);
        }
        expect(page.url()).toContain('service=voice');
        const headings = await page.locator('main:visible h2').allTextContents();
        expect(headings).toContain('Services, each by itself');
        await expect(
          page.locator('main:visible td', { hasText: 'voice <b>' }).count(),
        ).resolves.toBeGreaterThan(3);
        await page.evaluate(axeSource);
        const result = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
        expect(result.violations.map(({ id }) => id)).toEqual([]);
      },
      '',
      1360,
      'light',
      'services',
    ));

  it('zooms and moves the map by buttons, keys and wheel, in every period and language alike', () =>
    visit(async (page) => {
      const map = page.locator('main:visible .period-map:visible svg');
      const view = (): Promise<string | null> => map.locator('.m-view').getAttribute('transform');
      const bar = (): Promise<string | null> => map.locator('.m-length').textContent();
      const whole = await bar();
      const buttons = page.locator('main:visible .period-map:visible .map-button');
      await buttons.nth(0).click();
      await buttons.nth(0).click();
      // Two steps of 1.6 about the middle of the picture.
      expect(await view()).toMatch(/^translate\(-[\d.]+,-[\d.]+\) scale\(2\.56/);
      expect(await bar()).not.toBe(whole);
      const near = await view();
      await page.locator('main:visible .choose-period').selectOption('1');
      expect(await view()).toBe(near);
      await page.locator('main:visible .switch-language').click();
      expect(await view()).toBe(near);
      expect(await map.getAttribute('aria-label')).toContain('方向键移动');
      // Without the focus the wheel scrolls the page.
      await map.hover();
      await page.mouse.wheel(0, -300);
      expect(await view()).toBe(near);
      await map.focus();
      await page.keyboard.press('ArrowRight');
      const moved = await view();
      expect(moved).not.toBe(near);
      await map.hover();
      await page.mouse.wheel(0, -300);
      await expect.poll(view).not.toBe(moved);
      await page.keyboard.press('Home');
      expect(await view()).toBe('translate(0,0) scale(1)');
      expect(await bar()).toBe(whole);
      // The picture ends where it is drawn: nothing empty can be moved into view.
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('-');
      expect(await view()).toBe('translate(0,0) scale(1)');
    }));

  it('speaks Chinese on request, from the button and from the address', async () => {
    await visit(async (page) => {
      await page.locator('main:visible .switch-language').click();
      await expect(page.locator('main:visible h1').textContent()).resolves.toContain('尚不能证明承诺已兑现');
    });
    await visit(async (page) => {
      expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans');
    }, '#lang=zh');
  });

  it('fits a phone: nothing but tables scrolls sideways', () =>
    visit(
      async (page) => {
        const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
        expect(widths).toEqual([375, 375]);
      },
      '',
      375,
    ));

  it.each(['light', 'dark'] as const)('has no accessibility violation in the %s theme', (scheme) =>
    visit(
      async (page) => {
        await page.evaluate(axeSource);
        const result = (await page.evaluate('axe.run()')) as { violations: { id: string }[] };
        expect(result.violations.map(({ id }) => id)).toEqual([]);
      },
      '',
      1360,
      scheme,
    ),
  );
});
