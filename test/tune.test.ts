import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../src/errors.ts';
import { readScenario } from '../src/input/read-scenario.ts';
import { utmZoneAt } from '../src/geo/utm.ts';
import { openTuningOutput, tuningJson, tuningText, writeTuning } from '../src/report/write-tuning.ts';
import type { InterferenceFacts } from '../src/planning/interference-facts.ts';
import { tune } from '../src/tune.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mastplan-tune-'));
  await writeFile(join(folder, 'users.geojson'), collection(users()));
  await writeFile(join(folder, 'sites.geojson'), collection(sites()));
  await writeFile(join(folder, 'old.geojson'), collection([place('old', 1500, 1500, { azimuths: [45] })]));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const zone = utmZoneAt(24.9, 60.2);

function place(id: string, eastM: number, northM: number, properties: object): object {
  const coordinates = zone.toDegrees(385_000 + eastM, 6_673_000 + northM);
  return { type: 'Feature', properties: { id, ...properties }, geometry: { type: 'Point', coordinates } };
}

/** A square of 3 km, 210 m apart, more users by day in the middle. */
function users(): object[] {
  return Array.from({ length: 196 }, (_, k) => {
    const [east, north] = [210 * (k % 14), 210 * Math.floor(k / 14)];
    const middle = Math.hypot(east - 1425, north - 1425) < 800;
    return place(`u${k}`, east, north, { night: 10, day: middle ? 40 : 2 });
  });
}

function sites(): object[] {
  return Array.from({ length: 9 }, (_, k) =>
    place(`S${k}`, 500 + 950 * (k % 3), 500 + 950 * Math.floor(k / 3), {
      azimuths: [10 + 7 * k, 130 + 7 * k, 250 + 7 * k],
    }),
  );
}

function collection(features: object[]): string {
  return JSON.stringify({ type: 'FeatureCollection', features });
}

async function scenario(more: object = {}): ReturnType<typeof readScenario> {
  const path = join(folder, 'scenario.json');
  const base = {
    demand: { file: 'users.geojson', users: { night: 'night', day: 'day' } },
    radio: { frequencyMhz: 1800, bandwidthMhz: 20, eirpDbm: 60, heightM: 30, tiltDeg: 2 },
    phases: [{ name: 'all', targets: [{ share: 0.9 }] }],
  };
  await writeFile(path, JSON.stringify({ ...base, ...more }));
  return readScenario(path);
}

/** Users by region and period; SINR itself may differ in the last digit, as power comes back as a sum. */
function served({ scopes }: InterferenceFacts): number[] {
  return scopes.flatMap(({ signalMilli, sinrMilli, pollutedMilli }) => [
    signalMilli,
    sinrMilli,
    pollutedMilli,
  ]);
}

const sitesFile = (): string => join(folder, 'sites.geojson');

describe('tune', () => {
  it('serves more users by SINR and keeps every met target', async () => {
    const tuning = await tune(await scenario(), { sitesFile: sitesFile(), change: true });
    const bySinr = (facts: typeof tuning.before): number =>
      facts.scopes.filter(({ region }) => region === null).reduce((sum, { sinrMilli }) => sum + sinrMilli, 0);
    expect(bySinr(tuning.after)).toBeGreaterThan(bySinr(tuning.before));
    expect(tuning.targets).toHaveLength(2);
    for (const { beforeMilli, afterMilli, needMilli } of tuning.targets) {
      expect(afterMilli).toBeGreaterThanOrEqual(Math.min(beforeMilli, needMilli));
    }
    expect(tuningText(tuning)).toMatch(/Tuned \d+ of 27 cells/);
  });

  it('writes cells that are read again as the network it left', async () => {
    const loaded = await scenario();
    const tuning = await tune(loaded, { sitesFile: sitesFile(), change: true });
    const dir = join(folder, 'out');
    const output = await openTuningOutput(dir, false);
    await writeTuning(tuning, output);
    await output.close();
    const written: unknown = JSON.parse(await readFile(join(dir, 'tuning.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(tuningJson(tuning))));
    const again = await tune(loaded, { sitesFile: join(dir, 'cells.geojson'), change: false });
    expect(again.network.state.cells.count).toBe(27);
    expect(served(again.before)).toEqual(served(tuning.after));
  });

  it('changes nothing when only asked to look', async () => {
    const tuning = await tune(await scenario(), { sitesFile: sitesFile(), change: false });
    expect(tuning.search).toBeNull();
    expect(tuning.after).toBe(tuning.before);
    expect(JSON.parse(JSON.stringify(tuningJson(tuning)))).toMatchObject({ after: null, cells: [] });
  });

  it('leaves existing sites as they are unless they may be changed', async () => {
    const existing = { existing: { file: 'old.geojson' } };
    const kept = await tune(await scenario(existing), { sitesFile: sitesFile(), change: true });
    expect(kept.after.cells[0]).toMatchObject({ site: 'old', azimuthDeg: 45, tiltDeg: 2, powerChangeDb: 0 });
    const loaded = await scenario({ ...existing, interference: { tune: { existing: true } } });
    const freed = await tune(loaded, { sitesFile: sitesFile(), change: true });
    expect([...freed.mayChange]).not.toContain(0);
    expect([...kept.mayChange]).toContain(0);
    const dir = join(folder, 'beside');
    const output = await openTuningOutput(dir, false);
    await writeTuning(kept, output);
    await output.close();
    const cells = join(dir, 'cells.geojson');
    const again = await tune(await scenario(existing), { sitesFile: cells, change: false });
    expect(served(again.before)).toEqual(served(kept.after));
  });

  it('works loads out from traffic: more traffic, more load and less SINR', async () => {
    const look = async (mbpsPerUser: number) =>
      tune(await scenario({ traffic: { mbpsPerUser } }), { sitesFile: sitesFile(), change: false });
    const [little, much] = [await look(0.01), await look(0.1)];
    const p50 = ({ before }: typeof little): number => before.scopes[1]!.sinrDb!.p50;
    expect(much.before.traffic![1]!.meanLoad).toBeGreaterThan(little.before.traffic![1]!.meanLoad);
    expect(p50(much)).toBeLessThan(p50(little));
    // 196 places of 10 users by night: 1960 x 0.01 Mbit/s, carried or blocked.
    const { carriedMbps, blockedMbps } = little.before.traffic![0]!;
    expect(carriedMbps + blockedMbps).toBeCloseTo(19.6, 2);
  });

  it('asks for sites where none is on air', async () => {
    const run = tune(await scenario(), { sitesFile: null, change: false });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(/no site is on air/);
  });
});
