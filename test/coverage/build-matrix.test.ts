import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { buildMatrix, type MatrixRequest } from '../../src/coverage/build-matrix.ts';
import { bindRule, type LinkRule } from '../../src/coverage/link-rule.ts';
import type { CoverageMatrix } from '../../src/coverage/matrix.ts';
import { bearingDeg, distanceM } from '../../src/geo/ellipsoid.ts';
import { createPool } from '../../src/parallel/pool.ts';
import { elementAttenuationDb } from '../../src/radio/antenna.ts';
import type { ModelId } from '../../src/radio/model-ids.ts';
import { bindModel } from '../../src/radio/models.ts';
import { createRandom } from '../../src/random.ts';
import { NARROW_ELEMENT, OMNI_RULE } from '../support/link-rules.ts';

const sectored: LinkRule = {
  ...OMNI_RULE,
  sectors: {
    azimuthsDeg: [10, 130, 250],
    electricalTiltDeg: 4,
    pattern: NARROW_ELEMENT,
  },
};

/** Points in a square around Helsinki, some on one another. */
function scatter(count: number, spreadDeg: number, seed: number): { lon: Float64Array; lat: Float64Array } {
  const random = createRandom(seed);
  const lon = Float64Array.from({ length: count }, () => 24.9 + (random.next() - 0.5) * 2 * spreadDeg);
  const lat = Float64Array.from({ length: count }, () => 60.2 + (random.next() - 0.5) * spreadDeg);
  return { lon, lat };
}

function rowsOf({ siteCount, siteStart, demandOfSite }: CoverageMatrix): number[][] {
  return Array.from({ length: siteCount }, (_, s) => [
    ...demandOfSite.subarray(siteStart[s]!, siteStart[s + 1]!),
  ]);
}

/** The rule asked pair by pair, in its plainest form. */
function bruteForce({ demand, sites, ruleOfSite, rules }: MatrixRequest): number[][] {
  return Array.from({ length: sites.lon.length }, (_, s) => {
    const rule = rules[ruleOfSite[s]!]!;
    const bound = bindModel(rule.modelId, rule.link);
    const row: number[] = [];
    for (let i = 0; i < demand.lon.length; i++) {
      const from = [sites.lon[s]!, sites.lat[s]!] as const;
      const to = [demand.lon[i]!, demand.lat[i]!] as const;
      const apartM = distanceM(...from, ...to);
      if (apartM > rule.maxReachM) continue;
      const attenuationDb = Math.min(
        ...(rule.sectors?.azimuthsDeg.map((azimuthDeg) => {
          const off = ((bearingDeg(...from, ...to) - azimuthDeg + 540) % 360) - 180;
          const drop = rule.link.txHeightM - rule.link.rxHeightM;
          const zenith = 90 + (Math.atan2(drop, apartM) * 180) / Math.PI;
          return elementAttenuationDb(rule.sectors!.pattern, off, zenith, rule.sectors!.electricalTiltDeg);
        }) ?? [0]),
      );
      const probability = bound.probabilityWithin(rule.maxLossDb - attenuationDb, apartM, rule.extraSigmaDb);
      if (probability >= rule.locationProbability) row.push(i);
    }
    return row;
  });
}

describe('buildMatrix', () => {
  const models: ModelId[] = ['uma', 'umi', 'rma', 'hata', 'cost231', 'free-space', 'log-distance', 'sui'];

  it.each(models)(
    'finds exactly the pairs the %s model serves, OMNI_RULE and with sectors',
    async (modelId) => {
      const request: MatrixRequest = {
        demand: scatter(1500, 0.1, 1),
        sites: scatter(12, 0.1, 2),
        ruleOfSite: Array.from({ length: 12 }, (_, s) => s % 2),
        rules: [
          { ...OMNI_RULE, modelId },
          { ...sectored, modelId },
        ],
      };
      const { matrix, links } = await buildMatrix(request);
      const expected = bruteForce(request);
      expect(rowsOf(matrix)).toEqual(expected);
      expect(links).toBe(expected.flat().length);
      expect(links).toBeGreaterThan(0);
    },
  );

  it('agrees with brute force for any layout, strength and spread', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 0, max: 200 }),
        fc.double({ min: 90, max: 150, noNaN: true }),
        fc.constantFrom(0, 0.0005, 0.02, 0.3),
        async (seed, demandCount, maxLossDb, spreadDeg) => {
          const request: MatrixRequest = {
            demand: scatter(demandCount, spreadDeg, seed),
            sites: scatter(3, spreadDeg, seed + 1),
            ruleOfSite: [0, 1, 0],
            rules: [
              { ...OMNI_RULE, maxLossDb },
              { ...sectored, maxLossDb },
            ],
          };
          expect(rowsOf((await buildMatrix(request)).matrix)).toEqual(bruteForce(request));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never uncovers a user when the signal gets stronger', async () => {
    const request: MatrixRequest = {
      demand: scatter(2000, 0.1, 5),
      sites: scatter(8, 0.1, 6),
      ruleOfSite: [0, 1, 0, 1, 0, 1, 0, 1],
      rules: [OMNI_RULE, sectored],
    };
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: -20, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 6, noNaN: true }),
        async (offsetDb, moreDb) => {
          const weaker = rowsOf((await buildMatrix({ ...request, offsetDb })).matrix);
          const stronger = rowsOf((await buildMatrix({ ...request, offsetDb: offsetDb + moreDb })).matrix);
          weaker.forEach((row, s) => {
            const still = new Set(stronger[s]);
            expect(row.filter((i) => !still.has(i))).toEqual([]);
          });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('counts links outside the range of the model, by distance and by height', async () => {
    // Hata speaks of 1-20 km: covered users nearer than 1 km are outside.
    const hata: LinkRule = {
      ...OMNI_RULE,
      modelId: 'hata',
      link: { ...OMNI_RULE.link, frequencyMhz: 900 },
      maxLossDb: 140,
    };
    const demand = scatter(3000, 0.03, 8);
    const sites = scatter(4, 0.03, 9);
    const request = { demand, sites, ruleOfSite: [0, 0, 0, 0], rules: [hata] };
    const built = await buildMatrix(request);
    const near = bruteForce(request).flatMap((row, s) =>
      row.filter((i) => distanceM(sites.lon[s]!, sites.lat[s]!, demand.lon[i]!, demand.lat[i]!) < 1000),
    );
    expect(built.linksOutsideValidity).toBe(near.length);
    expect(near.length).toBeGreaterThan(0);
    // A mast of 10 m is below Hata's 30 m: every link is outside.
    const low = { ...hata, link: { ...hata.link, txHeightM: 10 } };
    const all = await buildMatrix({ ...request, rules: [low] });
    expect(all.linksOutsideValidity).toBe(all.links);
    expect(built.linkWarnings).toEqual([
      { model: 'hata', parameter: 'distanceM', value: null, min: 1000, max: 20_000, links: near.length },
    ]);
    expect(all.linkWarnings).toContainEqual({
      model: 'hata',
      parameter: 'txHeightM',
      value: 10,
      min: 30,
      max: 200,
      links: all.links,
    });
  });

  it('counts covered links whose formula falls below free space', async () => {
    // Hata for open land lies below free space near the mast; sectors leave some of those links uncovered.
    const open: LinkRule = {
      ...sectored,
      modelId: 'hata',
      link: { ...sectored.link, frequencyMhz: 900, txHeightM: 60, environment: 'open' },
      maxLossDb: 115,
    };
    const demand = scatter(3000, 0.03, 8);
    const sites = scatter(4, 0.03, 9);
    for (const rule of [open, { ...open, sectors: null }]) {
      const request = { demand, sites, ruleOfSite: [0, 0, 0, 0], rules: [rule] };
      const bound = bindRule(rule);
      const held = bruteForce(request).flatMap((row, s) =>
        row.filter((i) =>
          bound.heldAtFreeSpace(distanceM(sites.lon[s]!, sites.lat[s]!, demand.lon[i]!, demand.lat[i]!)),
        ),
      );
      const built = await buildMatrix(request);
      expect(built.linksHeldAtFreeSpace).toBe(held.length);
      expect(held.length).toBeGreaterThan(0);
      expect(held.length).toBeLessThan(built.links);
    }
  });

  it('covers nobody when the budget is hopeless, and accepts empty sides', async () => {
    const hopeless = { ...OMNI_RULE, maxLossDb: 10 };
    const some = scatter(50, 0.01, 3);
    const none = { lon: [], lat: [] };
    const built = await buildMatrix({
      demand: some,
      sites: some,
      ruleOfSite: some.lon.map(() => 0),
      rules: [hopeless],
    });
    expect(built.links).toBe(0);
    expect(built.matrix.siteStart).toHaveLength(51);
    expect(
      (
        await buildMatrix({
          demand: none,
          sites: some,
          ruleOfSite: some.lon.map(() => 0),
          rules: [OMNI_RULE],
        })
      ).links,
    ).toBe(0);
    expect(
      (await buildMatrix({ demand: some, sites: none, ruleOfSite: [], rules: [OMNI_RULE] })).matrix.siteCount,
    ).toBe(0);
  });
});

describe('buildMatrix over threads', () => {
  const pools = [createPool({ threads: 2 }), createPool({ threads: 7 })];
  afterAll(async () => {
    for (const pool of await Promise.all(pools)) await pool.close();
  });

  it('writes the same bytes on 1, 2 and 7 threads', async () => {
    const request: MatrixRequest = {
      demand: scatter(20_000, 0.2, 11),
      sites: scatter(500, 0.2, 12),
      ruleOfSite: Array.from({ length: 500 }, (_, s) => s % 2),
      rules: [OMNI_RULE, sectored],
    };
    const { matrix, ...counts } = await buildMatrix(request);
    for (const executor of await Promise.all(pools)) {
      const { matrix: other, ...otherCounts } = await buildMatrix({ ...request, executor });
      expect(otherCounts).toEqual(counts);
      expect(Buffer.from(other.siteStart.buffer).equals(Buffer.from(matrix.siteStart.buffer))).toBe(true);
      expect(Buffer.from(other.demandOfSite.buffer).equals(Buffer.from(matrix.demandOfSite.buffer))).toBe(
        true,
      );
    }
  });

  it('does not depend on the order of users: the same pairs under new numbers', async () => {
    const demand = scatter(3000, 0.1, 13);
    const turned = { lon: demand.lon.toReversed(), lat: demand.lat.toReversed() };
    const rest = {
      sites: scatter(20, 0.1, 14),
      ruleOfSite: new Array<number>(20).fill(1),
      rules: [OMNI_RULE, sectored],
    };
    const rows = rowsOf((await buildMatrix({ demand, ...rest })).matrix);
    const turnedRows = rowsOf((await buildMatrix({ demand: turned, ...rest })).matrix);
    expect(turnedRows.map((row) => row.map((i) => 2999 - i).reverse())).toEqual(rows);
  });
});
