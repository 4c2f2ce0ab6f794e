import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { buildMatrix } from '../../../src/coverage/build-matrix.ts';
import { buildRadioLinks } from '../../../src/coverage/interference/build-links.ts';
import { cellsOf, copySettings } from '../../../src/coverage/interference/cells.ts';
import { settleLoads } from '../../../src/coverage/interference/loads.ts';
import { mastsOf } from '../../../src/coverage/interference/masts.ts';
import { DEFAULT_POLLUTION, findPollution } from '../../../src/coverage/interference/pollution.ts';
import type { RadioLinks } from '../../../src/coverage/interference/radio-links.ts';
import { SignalState } from '../../../src/coverage/interference/signal-state.ts';
import { bindRule, type LinkRule } from '../../../src/coverage/link-rule.ts';
import { inProcessExecutor, type Executor } from '../../../src/executor.ts';
import { distanceM } from '../../../src/geo/ellipsoid.ts';
import { createPool } from '../../../src/parallel/pool.ts';
import { noisePerResourceElementDbm, sinrDb } from '../../../src/radio/link-budget.ts';
import { createRandom } from '../../../src/random.ts';
import { NARROW_ELEMENT, OMNI_RULE } from '../../support/link-rules.ts';

const THRESHOLD_DBM = -105;
const omni: LinkRule = { ...OMNI_RULE, maxLossDb: 134 };
const sectored: LinkRule = {
  ...omni,
  sectors: {
    azimuthsDeg: [0, 120, 240],
    electricalTiltDeg: 4,
    pattern: NARROW_ELEMENT,
  },
};
const noiseDbm = noisePerResourceElementDbm(15, 7);
const noiseMw = 10 ** (noiseDbm / 10);

interface Places {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
}

function scatter(count: number, spreadDeg: number, seed: number): Places {
  const random = createRandom(seed);
  const lon = Float64Array.from({ length: count }, () => 24.9 + (random.next() - 0.5) * 2 * spreadDeg);
  const lat = Float64Array.from({ length: count }, () => 60.2 + (random.next() - 0.5) * spreadDeg);
  return { lon, lat };
}

interface Options {
  readonly rules?: readonly LinkRule[];
  readonly load?: number;
  readonly mostLinks?: number;
  readonly executor?: Executor;
}

/** Mast k follows rule k modulo the number of rules. */
async function network(sites: Places, places: Places, options: Options = {}) {
  const { rules = [sectored], load = 0.5, executor = inProcessExecutor } = options;
  const ruleOfSite = Uint16Array.from(sites.lon, (_, k) => k % rules.length);
  const masts = mastsOf({ count: sites.lon.length, ...sites }, ruleOfSite, rules, THRESHOLD_DBM, null);
  const links = await buildRadioLinks({ masts, places, noiseDbm, executor, mostLinks: options.mostLinks });
  return { masts, links, ...cellsOf(masts), state: stateOf(masts.carrierCount, links, cellsOf(masts), load) };
}

function stateOf(
  carriers: number,
  links: RadioLinks,
  { cells, settings }: ReturnType<typeof cellsOf>,
  load: number,
): SignalState {
  return new SignalState(links, cells, copySettings(settings), {
    noiseMw: new Float64Array(carriers).fill(noiseMw),
    loads: [new Float64Array(cells.count).fill(load)],
    restLoad: Float64Array.of(load),
  });
}

const toDb = (value: number): number => 10 * Math.log10(value);

/** Median RSRP of an omni site, straight from the model. */
function levelDbm(site: Places, k: number, place: Places, i: number, rule = omni): number {
  const apartM = distanceM(site.lon[k]!, site.lat[k]!, place.lon[i]!, place.lat[i]!);
  return THRESHOLD_DBM + rule.maxLossDb - bindRule(rule).medianLossDb(apartM);
}

describe('SINR', () => {
  const sites = scatter(2, 0.02, 3);
  const places = scatter(40, 0.03, 4);

  it.each([0, 0.3, 1])(
    'is RSRP / (noise + load x interferer) with one interferer at load %d',
    async (load) => {
      const { state } = await network(sites, places, { rules: [omni], load });
      for (let i = 0; i < 40; i++) {
        const levels = [0, 1].map((k) => levelDbm(sites, k, places, i)).toSorted((a, b) => b - a);
        // The loss table is within 0.001 dB of the model (loss-table.ts).
        expect(toDb(state.sinr[0]![i]!)).toBeCloseTo(sinrDb(levels[0]!, [levels[1]!], load, noiseDbm), 2);
      }
    },
  );

  it('is RSRP / noise where sites stand on carriers of their own', async () => {
    const other = { ...omni, link: { ...omni.link, frequencyMhz: 2600 } };
    const { state } = await network(sites, places, { rules: [omni, other], load: 1 });
    for (let i = 0; i < 40; i++) {
      const best = Math.max(levelDbm(sites, 0, places, i), levelDbm(sites, 1, places, i, other));
      expect(toDb(state.sinr[0]![i]!)).toBeCloseTo(best - noiseDbm, 2);
    }
  });

  it('falls as load rises, everywhere', async () => {
    const many = scatter(12, 0.05, 5);
    const { masts, links, cells, settings } = await network(many, places);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          const at = (load: number) => stateOf(masts.carrierCount, links, { cells, settings }, load).sinr[0]!;
          const [more, less] = [at(Math.max(a, b)), at(Math.min(a, b))];
          return more.every((value, i) => value <= less[i]! * (1 + 1e-12));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('counts the masts left out one by one as their sum', async () => {
    const many = scatter(30, 0.05, 6);
    const all = await network(many, places, { rules: [omni], load: 1 });
    const few = await network(many, places, { rules: [omni], load: 1, mostLinks: 3 });
    expect(few.links.linkStart[40]).toBeLessThan(all.links.linkStart[40]!);
    // Losses are kept as 32-bit numbers: 1e-5 dB.
    for (let i = 0; i < 40; i++)
      expect(toDb(few.state.sinr[0]![i]!)).toBeCloseTo(toDb(all.state.sinr[0]![i]!), 4);
  });
});

describe('coverage', () => {
  it('is that of the matrix, pair by pair', async () => {
    const sites = scatter(15, 0.05, 7);
    const places = scatter(3000, 0.08, 8);
    const reaching = { ...omni, maxLossDb: 140 };
    const { state, masts } = await network(sites, places, {
      rules: [reaching, { ...sectored, maxLossDb: 145 }],
      mostLinks: 15,
    });
    const { matrix } = await buildMatrix({
      demand: places,
      sites,
      ruleOfSite: Uint16Array.from(masts.ruleOfMast),
      rules: masts.rules,
      executor: inProcessExecutor,
    });
    const inMatrix = new Set<string>();
    for (let s = 0; s < matrix.siteCount; s++) {
      for (let k = matrix.siteStart[s]!; k < matrix.siteStart[s + 1]!; k++)
        inMatrix.add(`${s}/${matrix.demandOfSite[k]}`);
    }
    const inState = new Set<string>();
    state.entryCovers.forEach((covers, entry) => {
      if (covers === 1)
        inState.add(`${state.cells.mastOfCell[state.entryCell[entry]!]}/${state.placeOfEntry[entry]}`);
    });
    expect(inMatrix.size).toBeGreaterThan(500);
    expect(inState).toEqual(inMatrix);
  });
});

describe('a state', () => {
  const sites = scatter(8, 0.04, 9);
  const places = scatter(200, 0.05, 10);

  it('led through changes equals one built with the same settings, bit for bit', async () => {
    const { masts, links, cells, settings, state } = await network(sites, places, {
      rules: [sectored, omni],
    });
    const random = createRandom(11);
    for (let step = 0; step < 50; step++) {
      state.setCell(random.below(cells.count), random.below(360), random.below(12), -random.below(7));
    }
    const built = stateOf(masts.carrierCount, links, { cells, settings: state.settings }, 0.5);
    expect(built.sinr).toEqual(state.sinr);
    expect(built.best).toEqual(state.best);
    expect(built.covering).toEqual(state.covering);
    expect(settings.powerDb.every((change) => change === 0)).toBe(true);
  });

  it('tells what a change would do, and then does it', async () => {
    const { cells, state } = await network(sites, places);
    const random = createRandom(12);
    const change = { sinr: new Float64Array(1), covering: 0 };
    for (let step = 0; step < 20; step++) {
      const cell = random.below(cells.count);
      const [azimuth, tilt, power] = [random.below(360), random.below(12), -random.below(7)] as const;
      const told: [place: number, sinr: number, covering: number][] = [];
      for (let k = state.cellEntryStart[cell]!; k < state.cellEntryStart[cell + 1]!; k++) {
        const entry = state.cellEntry[k]!;
        state.tryEntry(entry, azimuth, tilt, power, change);
        told.push([state.placeOfEntry[entry]!, change.sinr[0]!, change.covering]);
      }
      state.setCell(cell, azimuth, tilt, power);
      for (const [place, sinr, covering] of told) {
        expect(state.covering[place]).toBe(covering);
        // Sums taken in another order.
        expect(state.sinr[0]![place]! / sinr).toBeCloseTo(1, 9);
      }
    }
  });
});

describe('loads', () => {
  it('of a lone cell are traffic over rate', async () => {
    const places = scatter(5, 0.01, 13);
    const { state } = await network(scatter(1, 0.001, 14), places, { rules: [{ ...omni, maxLossDb: 160 }] });
    const trafficBps = [1e6, 2e6, 0, 4e6, 1e6];
    const rateBps = (_: number, sinr: number): number => 1e7 * Math.log2(1 + sinr);
    const { wanted, blockedBps, carriedBps } = settleLoads(state, { set: 0, trafficBps, rateBps });
    const byHand = trafficBps.reduce((sum, traffic, i) => sum + traffic / rateBps(0, state.sinr[0]![i]!), 0);
    expect(wanted[0]).toBeCloseTo(byHand, 12);
    expect([carriedBps, blockedBps]).toEqual([8e6, 0]);
  });

  it('of cells that disturb one another hold together', async () => {
    const places = scatter(300, 0.05, 15);
    const { state } = await network(scatter(10, 0.04, 16), places, { mostLinks: 10 });
    const trafficBps = new Float64Array(300).fill(2e5);
    const rateBps = (_: number, sinr: number): number => 1e7 * Math.log2(1 + sinr);
    const { wanted } = settleLoads(state, { set: 0, trafficBps, rateBps });
    const again = new Float64Array(state.cells.count);
    state.best.forEach((cell, i) => {
      if (state.covering[i]! > 0) again[cell]! += trafficBps[i]! / rateBps(cell, state.sinr[0]![i]!);
    });
    // Settled to 0.001; another round moves them by less than twice that.
    again.forEach((load, cell) => expect(Math.abs(load - wanted[cell]!)).toBeLessThan(2e-3));
    expect(Math.max(...wanted)).toBeGreaterThan(0.01);
  });
});

describe('pollution', () => {
  it('is found where four masts on a cross are heard alike, and not beside one of them', async () => {
    const step = 0.02;
    const sites = {
      lon: Float64Array.of(24.9 - step, 24.9 + step, 24.9, 24.9),
      lat: Float64Array.of(60.2, 60.2, 60.2 - step / 2, 60.2 + step / 2),
    };
    const places = { lon: Float64Array.of(24.9, 24.9), lat: Float64Array.of(60.2, 60.2 + step / 2) };
    const { state } = await network(sites, places, { rules: [{ ...omni, maxLossDb: 160 }] });
    const { equals, overshoots } = findPollution(state, DEFAULT_POLLUTION);
    expect([...equals]).toEqual([4, 1]);
    expect(overshoots.flat()).toEqual([]);
  });

  it('calls a cell overshooting where six masts stand nearer', async () => {
    // One strong mast 20 km away among a ring of six weak ones.
    const angles = [0, 60, 120, 180, 240, 300].map((deg) => (deg * Math.PI) / 180);
    const sites = {
      lon: Float64Array.of(24.9 + 0.3, ...angles.map((a) => 24.9 + 0.02 * Math.cos(a))),
      lat: Float64Array.of(60.2, ...angles.map((a) => 60.2 + 0.01 * Math.sin(a))),
    };
    const strong = { ...omni, maxLossDb: 210 };
    const weak = { ...omni, maxLossDb: 110 };
    const masts = mastsOf(
      { count: 7, ...sites },
      Uint16Array.of(0, 1, 1, 1, 1, 1, 1),
      [strong, weak],
      THRESHOLD_DBM,
      null,
    );
    const places = { lon: Float64Array.of(24.9), lat: Float64Array.of(60.2) };
    const links = await buildRadioLinks({ masts, places, noiseDbm, executor: inProcessExecutor });
    const state = stateOf(1, links, cellsOf(masts), 0.5);
    expect(state.best[0]).toBe(0);
    expect(findPollution(state, DEFAULT_POLLUTION).overshoots[0]).toEqual([0]);
  });
});

describe('radio links', () => {
  const pools: { close(): Promise<void> }[] = [];
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
  });

  it('are the same bytes for one and two threads', async () => {
    const pool = await createPool({ threads: 2 });
    pools.push(pool);
    const sites = scatter(20, 0.05, 17);
    const places = scatter(1000, 0.08, 18);
    const here = await network(sites, places, { mostLinks: 8 });
    const there = await network(sites, places, { mostLinks: 8, executor: pool });
    expect(there.links).toEqual(here.links);
  });
});
