import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { drainRuns } from '../../src/coverage/bit-set.ts';
import { buildMatrix, type MatrixRequest } from '../../src/coverage/build-matrix.ts';
import { buildTiled, joinTiled, type BuiltTiles } from '../../src/coverage/build-tiled.ts';
import { joinRowMatrices } from '../../src/coverage/join-rows.ts';
import type { LinkRule } from '../../src/coverage/link-rule.ts';
import type { CoverageMatrix } from '../../src/coverage/matrix.ts';
import { demandOf, markCovered } from '../../src/coverage/span-coverage.ts';
import { buildTerrainLinks, terrainMatrix } from '../../src/coverage/terrain-matrix.ts';
import { createPool } from '../../src/parallel/pool.ts';
import { TR38901_ELEMENT } from '../../src/radio/antenna.ts';
import { createRandom } from '../../src/random.ts';
import { gridOf, terrainOf } from '../support/grids.ts';
import { OMNI_RULE } from '../support/link-rules.ts';

const sectored: LinkRule = {
  ...OMNI_RULE,
  sectors: { azimuthsDeg: [10, 130, 250], electricalTiltDeg: 4, pattern: TR38901_ELEMENT },
};

function scatter(count: number, seed: number): { lon: Float64Array; lat: Float64Array } {
  const random = createRandom(seed);
  return {
    lon: Float64Array.from({ length: count }, () => 24.9 + 0.1 * random.next()),
    lat: Float64Array.from({ length: count }, () => 60.2 + 0.05 * random.next()),
  };
}

function requestOf(points: number, sites: number, seed: number): MatrixRequest {
  return {
    demand: scatter(points, seed),
    sites: scatter(sites, seed + 1),
    ruleOfSite: Array.from({ length: sites }, (_, site) => site % 2),
    rules: [OMNI_RULE, sectored],
  };
}

/** Everything a held matrix says, of one in tiles. */
function listed({ matrix, ...counts }: { readonly matrix: CoverageMatrix }): unknown {
  const { siteCount, demandCount, siteStart } = matrix;
  const rows = Array.from({ length: siteCount }, (_, site) => [...demandOf(matrix, site)]);
  return {
    siteCount,
    demandCount,
    siteStart: [...siteStart],
    rows,
    all: [...matrix.demandOfSite],
    ...counts,
  };
}

const pool = await createPool({ threads: 2 });
afterAll(() => pool.close());

describe('runs of a set of bits', () => {
  it('are those of its members, and the words end empty', () => {
    const members = fc.uniqueArray(fc.nat(200), { selector: (bit) => bit });
    fc.assert(
      fc.property(members, (bits) => {
        const words = new Uint32Array(8);
        for (const bit of bits) words[bit >>> 5]! |= 1 << (bit & 31);
        const out = new Uint32Array(512);
        const end = drainRuns(words, 0, 6, out, 1);
        const found: number[] = [];
        for (let edge = 1; edge < end; edge += 2) {
          expect(edge === 1 || out[edge]! > out[edge - 1]!).toBe(true);
          for (let bit = out[edge]!; bit < out[edge + 1]!; bit++) found.push(bit);
        }
        expect(found).toEqual(bits.toSorted((a, b) => a - b));
        expect([...words]).toEqual(new Array(8).fill(0));
      }),
    );
  });
});

describe('a coverage matrix in tiles', () => {
  it('holds the pairs and counts of the one that is held, for any size of tiles', async () => {
    const sizes = fc.record({
      points: fc.integer({ min: 1, max: 300 }),
      sites: fc.integer({ min: 1, max: 80 }),
      itemsPerTile: fc.integer({ min: 1, max: 400 }),
      offsetDb: fc.constantFrom(-6, 0, 6),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ points, sites, itemsPerTile, offsetDb, seed }) => {
        const request = { ...requestOf(points, sites, seed), offsetDb };
        const tiled = await buildTiled({ ...request, terrain: null, itemsPerTile });
        expect(listed(tiled)).toEqual(listed(await buildMatrix(request)));
      }),
      { numRuns: 30 },
    );
  });

  it('over terrain too, and is the same in two threads', async () => {
    const box = { west: 24.8, south: 60.1, east: 25.1, north: 60.3 };
    const hills = gridOf(box, (lon, lat) => 120 + 90 * Math.sin(lon * 210) * Math.cos(lat * 330));
    const rule: LinkRule = { ...OMNI_RULE, modelId: 'p1812', maxLossDb: 140, maxReachM: 6_000 };
    const request = { ...requestOf(250, 9, 3), rules: [rule, { ...rule, modelId: 'itm' as const }] };
    const terrain = terrainOf(hills);
    const held = await buildTerrainLinks({ ...request, terrain });
    const expected = [-3, 0].map((offsetDb) => listed(terrainMatrix(held, offsetDb)));
    const found = async (offsetDb: number, executor?: typeof pool): Promise<unknown> =>
      listed(await buildTiled({ ...request, terrain, offsetDb, itemsPerTile: 40, executor }));
    expect([await found(-3), await found(0)]).toEqual(expected);
    expect([await found(-3, pool), await found(0, pool)]).toEqual(expected);
  });

  it('of several services joins the rows of each', async () => {
    const { demand, ...sites } = requestOf(120, 20, 8);
    const rows = [0, 1].map((odd) => Uint32Array.from({ length: 60 }, (_, i) => 2 * i + odd));
    const parts = rows.map((own, k) => ({
      rows: own,
      request: {
        ...sites,
        rules: [OMNI_RULE, sectored].map((rule) => ({ ...rule, maxLossDb: 126 + 4 * k })),
        demand: {
          lon: Float64Array.from(own, (row) => demand.lon[row]!),
          lat: Float64Array.from(own, (row) => demand.lat[row]!),
        },
      },
    }));
    const held = [];
    const tiled: { rows: Uint32Array; built: BuiltTiles }[] = [];
    for (const { rows: own, request } of parts) {
      held.push({ rows: own, built: await buildMatrix(request) });
      tiled.push({ rows: own, built: await buildTiled({ ...request, terrain: null, itemsPerTile: 25 }) });
    }
    expect(listed(joinTiled(tiled, 120))).toEqual(listed(joinRowMatrices(held, 120)));
  });

  it('marks what a site covers, and lists some sites as if the others covered nothing', async () => {
    const request = requestOf(200, 12, 5);
    const { matrix } = await buildTiled({ ...request, terrain: null, itemsPerTile: 33 });
    const some = matrix.rowsOf([7, 2]);
    for (let site = 0; site < 12; site++) {
      const flags = new Uint8Array(200);
      markCovered(matrix, site, flags);
      expect([...flags.keys()].filter((point) => flags[point] === 1)).toEqual([...matrix.demandOf(site)]);
      expect([...demandOf(some, site)]).toEqual(site === 2 || site === 7 ? [...matrix.demandOf(site)] : []);
    }
  });

  it('asks about its spans as they are found, and ends where no more are granted', async () => {
    const request = { ...requestOf(100, 40, 2), terrain: null };
    const told: number[] = [];
    const { matrix } = await buildTiled({ ...request, onSpans: (spans) => told.push(spans) });
    const spans = matrix.tiles.reduce((sum, { from }) => sum + from.length, 0);
    expect(told).toEqual([spans]);
    const refuse = (): never => {
      throw new Error('no room');
    };
    await expect(buildTiled({ ...request, onSpans: refuse })).rejects.toThrow('no room');
  });
});
