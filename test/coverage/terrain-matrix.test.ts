import { afterAll, describe, expect, it } from 'vitest';
import type { LinkRule } from '../../src/coverage/link-rule.ts';
import { terrainLinkTest } from '../../src/coverage/terrain-links.ts';
import {
  buildTerrainLinks,
  terrainMatrix,
  type TerrainMatrixRequest,
} from '../../src/coverage/terrain-matrix.ts';
import { createPool } from '../../src/parallel/pool.ts';
import { TR38901_ELEMENT } from '../../src/radio/antenna.ts';
import { bindModel } from '../../src/radio/models.ts';
import { normalQuantile } from '../../src/radio/normal.ts';
import { greatCircleKm } from '../../src/radio/profile.ts';
import { createRandom } from '../../src/random.ts';
import { gridOf, terrainOf } from '../support/grids.ts';

const BOX = { west: 24.5, south: 60, east: 25.3, north: 60.4 };
const rule: LinkRule = {
  modelId: 'p1812',
  link: { frequencyMhz: 700, txHeightM: 30, rxHeightM: 1.5, environment: 'open', sigmaDb: null },
  maxLossDb: 145,
  locationProbability: 0.9,
  extraSigmaDb: 3,
  maxReachM: 12_000,
  sectors: null,
};
const sectored: LinkRule = {
  ...rule,
  modelId: 'itm',
  sectors: { azimuthsDeg: [0, 120, 240], electricalTiltDeg: 3, pattern: TR38901_ELEMENT },
};
const hills = terrainOf(gridOf(BOX, (lon, lat) => 120 + 90 * Math.sin(lon * 210) * Math.cos(lat * 330)));
const flat = terrainOf(gridOf(BOX, () => 10));

function request(more: Partial<TerrainMatrixRequest> = {}): TerrainMatrixRequest {
  const random = createRandom(4);
  const inside = (count: number): { lon: Float64Array; lat: Float64Array } => ({
    lon: Float64Array.from({ length: count }, () => 24.55 + 0.7 * random.next()),
    lat: Float64Array.from({ length: count }, () => 60.05 + 0.3 * random.next()),
  });
  return {
    demand: inside(300),
    sites: inside(11),
    ruleOfSite: Array.from({ length: 11 }, (_, i) => i % 2),
    rules: [rule, sectored],
    terrain: hills,
    ...more,
  };
}

const pool = await createPool({ threads: 2 });
afterAll(() => pool.close());

describe('coverage over terrain', () => {
  it('holds exactly the pairs whose own margin is not negative', async () => {
    const asked = request();
    const { matrix } = terrainMatrix(await buildTerrainLinks(asked));
    const tests = asked.rules.map((each) => terrainLinkTest(each, asked.terrain));
    for (let s = 0; s < matrix.siteCount; s++) {
      const expected: number[] = [];
      for (let i = 0; i < matrix.demandCount; i++) {
        const from = [asked.sites.lon[s]!, asked.sites.lat[s]!] as const;
        const to = [asked.demand.lon[i]!, asked.demand.lat[i]!] as const;
        if (greatCircleKm(...from, ...to) > 12) continue;
        if (tests[s % 2]!.marginDb(...from, ...to) >= 0) expected.push(i);
      }
      expect([...matrix.demandOfSite.subarray(matrix.siteStart[s]!, matrix.siteStart[s + 1]!)]).toEqual(
        expected,
      );
    }
    expect(matrix.demandOfSite.length).toBeGreaterThan(100);
  });

  it('is the same on two threads, byte for byte', async () => {
    const one = await buildTerrainLinks(request());
    const two = await buildTerrainLinks(request({ executor: pool }));
    expect(two).toEqual(one);
  });

  it('loses pairs behind hills and never gains any from less signal', async () => {
    const links = await buildTerrainLinks(request());
    const counts = [-6, -3, 0, 3, 6].map((offsetDb) => terrainMatrix(links, offsetDb).links);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    const overFlat = terrainMatrix(await buildTerrainLinks(request({ terrain: flat })));
    expect(overFlat.links).toBeGreaterThan(counts[2]!);
    expect(() => terrainMatrix(links, 7)).toThrow(RangeError);
  });

  it('says over level ground what the model of distance alone says', () => {
    const test = terrainLinkTest(rule, flat);
    const bound = bindModel('p1812', rule.link);
    const spread = Math.sqrt(8 * 8 + 3 * 3);
    for (const lon of [24.72, 24.8, 24.95, 25.1]) {
      const lossDb = bound.medianLossDb(1000 * greatCircleKm(24.7, 60.2, lon, 60.2));
      const marginDb = 145 - normalQuantile(0.9) * spread - lossDb;
      // Level ground differs only in the number of profile points and in latitude: 0.05 dB.
      expect(Math.abs(test.marginDb(24.7, 60.2, lon, 60.2) - marginDb)).toBeLessThan(0.05);
    }
  });

  it('never serves where the terrain has no height, and counts it', async () => {
    const half = terrainOf(gridOf({ ...BOX, east: 24.9 }, () => 10));
    const asked = request({ terrain: half });
    const links = await buildTerrainLinks(asked);
    expect(links.pairsWithoutTerrain).toBeGreaterThan(0);
    expect(links.pairsWithoutTerrain).toBeLessThan(links.pairs);
    for (const demand of links.demandOfLink)
      expect(asked.demand.lon[demand]!).toBeLessThanOrEqual(24.9 + 0.5 / 1200);
  });

  it('adds what clutter does: higher surface on the way, further loss at the user', () => {
    const classes = gridOf(BOX, (lon) => (lon > 24.75 ? 50 : 30));
    const heightOfClass = new Float64Array(51);
    heightOfClass[50] = 20;
    const lossOfClass = new Float64Array(51);
    const bare = terrainLinkTest(rule, flat).marginDb(24.7, 60.2, 24.85, 60.2);
    const withHeights = terrainLinkTest(rule, { ...flat, clutter: { classes, heightOfClass, lossOfClass } });
    const built = withHeights.marginDb(24.7, 60.2, 24.85, 60.2);
    expect(built).toBeLessThan(bare - 5);
    const lossy = Float64Array.from(lossOfClass);
    lossy[50] = 4;
    const withLoss = terrainLinkTest(rule, {
      ...flat,
      clutter: { classes, heightOfClass, lossOfClass: lossy },
    });
    expect(withLoss.marginDb(24.7, 60.2, 24.85, 60.2)).toBeCloseTo(built - 4, 9);
  });
});
