import { mkdtempSync, rmSync, writeFileSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ComparedRun } from '../src/compare.ts';
import { compareRuns } from '../src/compare.ts';
import { comparisonText } from '../src/report/comparison-text.ts';
import { readRun } from '../src/report/read-run.ts';
import { writeComparison } from '../src/report/write-comparison.ts';
import { writePlan } from '../src/report/write-plan.ts';
import { syntheticPlan } from './support/synthetic-plan.ts';

let root = '';
let runs: ComparedRun[] = [];
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mastplan-compare-'));
  await writePlan(syntheticPlan(), join(root, 'a'));
  await writePlan(syntheticPlan({ shares: [0.7, 0.95], reachM: 1000 }), join(root, 'b'));
  runs = [await readRun(join(root, 'a')), await readRun(join(root, 'b'))];
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('mastplan compare', () => {
  it('finds a run equal to itself', () => {
    const [run] = runs;
    const { differences } = compareRuns([run!, { ...run!, name: 'again' }], { movedWithinM: 500 });
    expect(differences[0]).toMatchObject({
      sitesMoved: [],
      sitesOnlyHere: [],
      sitesOnlyInFirst: [],
      cellsUnmatched: 0,
    });
    expect(differences[0]!.sitesInCommon).toHaveLength(run!.sites.length);
    for (const users of differences[0]!.users) expect(users).toMatchObject({ won: 0, lost: 0 });
  });

  it('puts every site of either run in exactly one place, and won less lost is the change in users served', () => {
    const [a, b] = runs as [ComparedRun, ComparedRun];
    const [difference] = compareRuns([a, b], { movedWithinM: 600 }).differences;
    const { sitesInCommon, sitesMoved, sitesOnlyHere, sitesOnlyInFirst, users } = difference!;
    expect(sitesInCommon.length + sitesMoved.length + sitesOnlyHere.length).toBe(b.sites.length);
    expect(sitesInCommon.length + sitesMoved.length + sitesOnlyInFirst.length).toBe(a.sites.length);
    for (const moved of sitesMoved) expect(moved.distanceM).toBeLessThanOrEqual(600);
    users.forEach(({ won, lost }, k) => {
      expect(won - lost).toBeCloseTo(b.periods[k]!.usersServed - a.periods[k]!.usersServed, 6);
    });
  });

  it('pairs the nearest sites first, each once', () => {
    const site = (id: string, lat: number) => ({ id, lon: 0, lat, cost: 1, configuration: 'x' });
    const run = (name: string, sites: ComparedRun['sites']): ComparedRun => ({
      ...runs[0]!,
      name,
      sites,
      demand: [],
    });
    const metre = 1 / 111_195;
    const first = run('first', [site('p', 0), site('q', 100 * metre)]);
    const other = run('other', [site('r', 70 * metre), site('s', 5000 * metre), site('t', 0)]);
    expect(compareRuns([first, other], { movedWithinM: 500 }).differences[0]).toMatchObject({
      sitesInCommon: ['t'],
      sitesMoved: [{ from: 'q', to: 'r', distanceM: 30 }],
      sitesOnlyHere: ['s'],
      sitesOnlyInFirst: [],
    });
  });

  it('states the served area of each run, its change, and the regions with the greatest', () => {
    const [a, b] = runs as [ComparedRun, ComparedRun];
    const area = (region: string | null, servedKm2: number) => ({ region, km2: 50, servedKm2 });
    const first = { ...a, areas: [area(null, 30), area('North', 20), area('South', 10)] };
    const other = { ...b, areas: [area(null, 27.5), area('North', 20.5), area('South', 7)] };
    const comparison = compareRuns([first, other], { movedWithinM: 500 });
    expect(comparison.differences[0]!.areas).toEqual([
      { region: null, servedKm2: -2.5 },
      { region: 'North', servedKm2: 0.5 },
      { region: 'South', servedKm2: -3 },
    ]);
    const text = comparisonText(comparison);
    expect(text).toContain('30.0 of 50.0');
    expect(text).toContain('area served: -2.5 km2 (most in South -3.0, North +0.5)');
    expect(comparisonText(compareRuns([a, b], { movedWithinM: 500 }))).not.toContain('area served');
  });

  it('says when demand points of the runs differ', () => {
    const [a, b] = runs as [ComparedRun, ComparedRun];
    const fewer = { ...b, demand: b.demand.slice(10) };
    const comparison = compareRuns([a, fewer], { movedWithinM: 500 });
    expect(comparison.differences[0]!.cellsUnmatched).toBe(10);
    expect(comparisonText(comparison)).toContain('10 demand points are in one of the two only');
  });

  it('writes a page and the comparison itself', async () => {
    const out = join(root, 'compared');
    const comparison = compareRuns(runs, { movedWithinM: 500 });
    await writeComparison(comparison, [join(root, 'a'), join(root, 'b')], out, false);
    expect(readdirSync(out).sort()).toEqual(['compare.html', 'comparison.json']);
  });

  it('says what a folder lacks to be a run', async () => {
    await expect(readRun(join(root, 'nothing'))).rejects.toThrow(/report\.json cannot be read/);
    mkdirSync(join(root, 'broken'));
    writeFileSync(join(root, 'broken', 'report.json'), '{"format":"other"}');
    await expect(readRun(join(root, 'broken'))).rejects.toThrow('is not a mastplan-report of version 1');
  });
});
