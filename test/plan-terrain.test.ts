import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assess } from '../src/assess.ts';
import { chooseModel } from '../src/planning/choose-model.ts';
import { EVIDENCE_PREDICTED } from '../src/coverage/types.ts';
import { inProcessExecutor } from '../src/executor.ts';
import { readGround } from '../src/planning/ground.ts';
import { readInputs } from '../src/input/read-inputs.ts';
import { readScenario } from '../src/input/read-scenario.ts';
import { createPool } from '../src/parallel/pool.ts';
import { plan } from '../src/plan.ts';
import type { PlanResult } from '../src/planning/plan-result.ts';
import { standingCoverage } from '../src/planning/standing-coverage.ts';
import { writeHgt } from './support/hgt.ts';

/** A mast at 24.5 E, 60.5 N; a ridge of 150 m over ground of 10 m runs north to south 2 km east of it. */
const MAST: [number, number] = [24.5, 60.5];
const ridge = (lon: number): number => (Math.abs(lon - 24.536) < 0.004 ? 150 : 10);
/** About 4.4 km west and east of the mast: alike but for the ridge. */
const WEST: [number, number] = [24.42, 60.5];
const EAST: [number, number] = [24.58, 60.5];

let work = '';
const pool = await createPool({ threads: 2 });
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'mastplan-hill-'));
  writeHgt(work, ridge);
  const point = (coordinates: [number, number], properties: object): object => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Point', coordinates },
  });
  const write = (name: string, features: object[]): void => {
    writeFileSync(join(work, name), JSON.stringify({ type: 'FeatureCollection', features }));
  };
  write('users.geojson', [point(WEST, { id: 'west', users: 10 }), point(EAST, { id: 'east', users: 20 })]);
  write('sites.geojson', [point(MAST, { id: 'mast' })]);
  write('wide.geojson', [point(MAST, { id: 'mast' }), point([24.1, 59.98], { id: 'beyond' })]);
  write('candidates.geojson', [point([24.575, 60.503], { id: 'new' })]);
});
afterAll(async () => {
  await pool.close();
  rmSync(work, { recursive: true, force: true });
});

async function scenarioWith(more: object): Promise<Awaited<ReturnType<typeof readScenario>>> {
  const path = join(work, 'scenario.json');
  writeFileSync(
    path,
    JSON.stringify({
      demand: { file: 'users.geojson' },
      existing: { file: 'sites.geojson' },
      candidates: { file: 'candidates.geojson' },
      terrain: { file: 'N60E024.hgt' },
      radio: { model: 'p1812', frequencyMhz: 700, bandwidthMhz: 10, heightM: 30, maxReachM: 20_000 },
      phases: [{ name: 'all', targets: [{ share: 1 }] }],
      ...more,
    }),
  );
  return readScenario(path);
}

/** id -> [served today, RSRP of today's best server]. */
function today({
  demand,
  baseline,
}: Pick<PlanResult, 'demand' | 'baseline'>): Record<string, [number, number]> {
  return Object.fromEntries(
    demand.ids.map((id, i) => [id, [baseline.served[0]![i]!, baseline.rsrpDbm[0]![i]!]]),
  );
}

describe('existing sites over terrain', () => {
  it('a hill between mast and users takes their signal, and the plan builds behind it', async () => {
    const overHill = await plan(await scenarioWith({}));
    const level = await plan(await scenarioWith({ terrain: undefined }));
    expect([...overHill.baseline.evidence[0]!]).toEqual([EVIDENCE_PREDICTED, EVIDENCE_PREDICTED]);
    const [withHill, without] = [today(overHill), today(level)];
    expect(without['east']![1]).toBeCloseTo(without['west']![1], 0);
    expect(without['east']![0]).toBe(1);
    // One edge 100 m above the ray, 2 km from the mast and 2.4 km from the user: v = 100 sqrt(2 x 4.4 /
    // (0.428 x 2 x 2.4 x 1000)) = 6.5, J(v) = 29 dB (P.526, equation 31); Bullington's allowance adds up to 10 dB.
    expect(withHill['west']![0]).toBe(1);
    expect(without['east']![1] - withHill['east']![1]).toBeGreaterThan(25);
    expect(without['east']![1] - withHill['east']![1]).toBeLessThan(50);
    expect(withHill['east']![0]).toBe(0);
    expect(level.solution.sites).toHaveLength(0);
    expect(Array.from(overHill.solution.sites, (site) => overHill.candidates.ids[site])).toEqual(['new']);
    expect(overHill.model.existing).toMatchObject({ links: 2, linksOutsideValidity: 0 });
    expect(overHill.inputs.map(({ role }) => role)).toContain('terrain');
  });

  it('is the same on two threads', async () => {
    const loaded = await scenarioWith({});
    const one = await plan(loaded);
    const two = await plan(loaded, { executor: pool });
    expect(two.baseline).toEqual(one.baseline);
    expect(two.model).toEqual(one.model);
  });

  it('an assessment sees the same hill', async () => {
    const result = await assess(await scenarioWith({ candidates: undefined }), { withPlan: true });
    expect(today(result)['east']![0]).toBe(0);
    expect(today(result)['west']![0]).toBe(1);
    expect(result.plan!.solution.sites.length).toBeGreaterThan(0);
  });

  it('capacities of existing sites count whom they reach over terrain', async () => {
    // Covered by the matrix of standing sites, not by the baseline: 1 Mbit/s of room for whoever is reached.
    const loaded = await scenarioWith({});
    const { demand, existing } = await readInputs(loaded);
    const { choice } = chooseModel(loaded.scenario, null, null);
    const request = { demand, existing, candidates: null, marginM: 0, model: choice };
    const ground = await readGround(loaded, request);
    const rooms = [{ mbps: 1, users: null, load: null }];
    const covers = async (terrain: typeof ground): Promise<number> =>
      (await standingCoverage({
        scenario: loaded.scenario,
        demand,
        existing: { ...existing!, rooms },
        model: choice,
        terrain: terrain?.layer ?? null,
        executor: inProcessExecutor,
      }))!.coverage.demandOfSite.length;
    expect([await covers(null), await covers(ground)]).toEqual([2, 1]);
  });

  it('names an existing site without ground under it where it could reach users', async () => {
    const far = { existing: { file: 'wide.geojson' } };
    const wide = { radio: { model: 'p1812', frequencyMhz: 700, bandwidthMhz: 10, maxReachM: 90_000 } };
    await expect(plan(await scenarioWith({ ...far, ...wide }))).rejects.toThrow(
      'the terrain does not reach site "beyond" of wide.geojson',
    );
    const within = await plan(await scenarioWith(far));
    expect(today(within)['west']![0]).toBe(1);
  });

  it('evaluates users of further periods, and lines, on the ground they stand on, beyond the planned users too', async () => {
    const far: [number, number] = [24.65, 60.52];
    const file = join(work, 'further.csv');
    const row = ([lon, lat]: [number, number], id: string): string => `${id},${lon},${lat},5`;
    const rows = [row(WEST, 'west'), row(EAST, 'east'), row(far, 'far')];
    writeFileSync(file, `id,lon,lat,users\n${rows.join('\n')}\n`);
    const line = join(work, 'line.geojson');
    const geometry = { type: 'LineString', coordinates: [WEST, EAST] };
    writeFileSync(line, JSON.stringify({ type: 'Feature', properties: {}, geometry }));
    const evaluated = await plan(
      await scenarioWith({ evaluate: { demand: { file } }, lines: { file: line } }),
    );
    // The same places as users of the plan itself.
    const planned = await plan(
      await scenarioWith({ demand: { file }, phases: [{ name: 'all', targets: [{ share: 0.5 }] }] }),
    );
    const { demand, today } = evaluated.evaluation!;
    expect(demand.ids).toEqual(planned.demand.ids);
    expect([...today.served[0]!]).toEqual([...planned.baseline.served[0]!]);
    expect(today.served[0]![demand.ids.indexOf('west')]).toBe(1);
    expect(today.served[0]![demand.ids.indexOf('east')]).toBe(0);
    const { runs } = evaluated.lines!;
    expect(runs[0]!.servedToday).toBe(true);
    expect(runs.at(-1)!.servedToday).toBe(false);
    expect(runs.at(-1)!.rank).toBe(1);
  });
});
