import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import geographiclib from 'geographiclib-geodesic';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScenario, readScenario, type LoadedScenario } from '../src/input/read-scenario.ts';
import { plan } from '../src/plan.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { writePlan } from '../src/report/write-plan.ts';

const TINY = fileURLToPath(new URL('./fixtures/tiny/scenario.yaml', import.meta.url));
const { WGS84 } = geographiclib.Geodesic;

let work = '';
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-costs-'));
});
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

const FIBRE = [
  [-3.72, 40.41],
  [-3.69, 40.425],
] as const;

async function withCosts(): Promise<LoadedScenario> {
  const file = join(work, 'fibre.geojson');
  const geometry = { type: 'LineString', coordinates: FIBRE };
  writeFileSync(
    file,
    JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry }] }),
  );
  const loaded = await readScenario(TINY);
  const { phases, solver, ...rest } = loaded.scenario;
  const value = {
    ...rest,
    solver,
    ...(phases !== null && { phases }),
    cost: {
      site: 100,
      siteYearly: 7.77,
      tower: [{ toM: 60, cost: 33.33 }],
      backhaul: { file, perKm: 41.17, radioHop: { maxKm: 1.5, cost: 25, yearlyCost: 1 } },
      years: 7,
      discountRate: 0.065,
    },
    configurations: [
      { name: 'omni', cost: 10 },
      { name: 'sectors', azimuthSets: [[0, 120, 240]], eirpDbm: 65, cost: 30, yearlyCost: 0.5 },
    ],
  };
  const scenario = parseScenario({ value, lineOf: () => null }, 'scenario.yaml', [], loaded.baseDir);
  return { ...loaded, scenario };
}

describe('a plan with costs broken down', () => {
  it('adds up to the cent in the report, and its fibre distances are those of the geodesic', async () => {
    const result = await plan(await withCosts());
    await writePlan(result, join(work, 'out'));
    const text = readFileSync(join(work, 'out', 'report.json'), 'utf8');
    const report = reportSchema.parse(JSON.parse(text));
    const costs = report.costs!;
    const cents = (money: number): number => Math.round(money * 100);
    const sum = (parts: typeof costs.parts): number =>
      Object.values(parts).reduce((total, money) => total + cents(money), 0);
    expect(costs.sites.length).toBe(result.solution.sites.length);
    expect(costs.sites.length).toBeGreaterThan(0);
    for (const site of costs.sites) {
      expect(sum(site.parts)).toBe(cents(site.cost));
      expect(cents(report.sites.find(({ id }) => id === site.id)!.cost)).toBe(cents(site.cost));
    }
    expect(sum(costs.parts)).toBe(cents(costs.cost));
    expect(costs.sites.reduce((total, { cost }) => total + cents(cost), 0)).toBe(cents(costs.cost));
    expect(cents(report.cost)).toBe(cents(costs.cost));
    expect(report.mix.reduce((total, { sites }) => total + sites, 0)).toBe(costs.sites.length);

    // Brute force: 20,001 places along the line, geodesics by geographiclib; places lie 0.15 m apart.
    for (const { id, fibreM } of costs.sites) {
      const site = result.candidates.ids.indexOf(id);
      const [lon, lat] = [result.candidates.lon[site]!, result.candidates.lat[site]!];
      let nearest = Infinity;
      for (let k = 0; k <= 20_000; k++) {
        const t = k / 20_000;
        const [[lonA, latA], [lonB, latB]] = FIBRE;
        const place = [latA + (latB - latA) * t, lonA + (lonB - lonA) * t] as const;
        nearest = Math.min(nearest, WGS84.Inverse(lat, lon, ...place).s12!);
      }
      expect(Math.abs(nearest - fibreM!)).toBeLessThan(0.51);
    }
  });

  it('never builds two configurations of one place', async () => {
    const result = await plan(await withCosts());
    const places = result.solution.sites.map((site) => result.problem.siteLocation[site]);
    expect(new Set(places).size).toBe(places.length);
  });
});
