import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { configurationsOf } from '../../src/coverage/configurations.ts';
import { bindRule, linkRule, type ModelChoice } from '../../src/coverage/link-rule.ts';
import { withThreshold } from '../../src/coverage/thresholds.ts';
import { inProcessExecutor } from '../../src/executor.ts';
import { distanceM } from '../../src/geo/ellipsoid.ts';
import { readInputs, type ScenarioInputs } from '../../src/input/read-inputs.ts';
import { parseScenario, readScenario } from '../../src/input/read-scenario.ts';
import { interferenceSchema } from '../../src/input/schema/interference.ts';
import type { Scenario } from '../../src/input/scenario-schema.ts';
import type { Demand } from '../../src/input/types.ts';
import { chooseModel } from '../../src/planning/choose-model.ts';
import { radioNetwork } from '../../src/planning/radio-network.ts';
import { serviceCoverage } from '../../src/planning/service-coverage.ts';
import { splitDemand } from '../../src/planning/split-demand.ts';
import { networkToday } from '../../src/planning/today.ts';
import { createRandom } from '../../src/random.ts';
import type { CoverageMatrix } from '../../src/coverage/matrix.ts';
import { gridOf, terrainOf } from '../support/grids.ts';
import { at, scenario as scenarioText, siteTable } from '../coverage/tables.ts';

const TINY = fileURLToPath(new URL('../fixtures/tiny/scenario.yaml', import.meta.url));
const auto: ModelChoice = { id: null, offsetDb: 0, sigmaDb: null };

interface Drawn {
  readonly thresholds: readonly number[];
  readonly seed: number;
  /** The uplink decides, and gives out where the downlink is at -94 dBm. */
  readonly uplink: boolean;
  readonly azimuths: string;
}

const arbitraryDrawn = fc.record<Drawn>({
  thresholds: fc.array(fc.integer({ min: -118, max: -90 }), { minLength: 2, maxLength: 4 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
  uplink: fc.boolean(),
  azimuths: fc.constantFrom('', ', azimuths: [0, 120, 240], tiltDeg: 4'),
});

/** A scenario of services with these thresholds, users and sites in a square of 4 km. */
function drawnCase({ thresholds, seed, uplink, azimuths }: Drawn) {
  const random = createRandom(seed);
  const hand = uplink ? ', uplink: { powerDbm: -3, decides: true }' : '';
  const services = thresholds.map((rsrpDbm, k) => {
    const share = k === 0 ? 1 - 0.1 * (thresholds.length - 1) : 0.1;
    return `{ name: s${k}, share: ${share.toFixed(1)}, rsrpDbm: ${rsrpDbm} }`;
  });
  const scenario = scenarioText(
    `radio: { heightM: 30${azimuths}${hand} }\nservices: [${services.join(', ')}]`,
  );
  const place = (_: unknown, k: number) => ({
    id: `site${k}`,
    eastM: 4000 * random.next(),
    northM: 4000 * random.next(),
  });
  const places = Array.from({ length: 40 }, place).map(({ eastM, northM }) => at(eastM, northM));
  const demand: Demand = {
    count: places.length,
    ids: places.map((_, i) => `u${i}`),
    lon: Float64Array.from(places, ([lon]) => lon),
    lat: Float64Array.from(places, ([, lat]) => lat),
    cellM: new Float32Array(places.length),
    periods: ['all'],
    // Some points are too small for every service to find users there.
    usersMilli: [Float64Array.from(places, () => Math.floor(6 * random.next()))],
    regionNames: null,
  };
  const membership = {
    names: [],
    regionOfDemand: new Int32Array(places.length).fill(-1),
    ties: 0,
    outside: 0,
  };
  const sites = siteTable(Array.from({ length: 5 }, place));
  return { scenario, sites, demand: splitDemand(scenario, demand, membership).demand };
}

/** Does a site serve a row, by the row's own service? Asked pair by pair; sectors are left to other tests. */
function isServed(
  scenario: Scenario,
  demand: Demand,
  row: number,
  sites: { lon: Float64Array; lat: Float64Array },
  site: number,
  offsetDb: number,
): boolean {
  const { rsrpDbm } = scenario.services![demand.services!.ofRow[row]!]!;
  const own = withThreshold(scenario, rsrpDbm);
  const { configurations } = configurationsOf(siteTable([{ id: 'a', eastM: 0, northM: 0 }]), scenario.radio);
  const rule = linkRule(configurations[0]!, own, auto, offsetDb);
  const apartM = distanceM(sites.lon[site]!, sites.lat[site]!, demand.lon[row]!, demand.lat[row]!);
  const probability = bindRule(rule).probabilityWithin(rule.maxLossDb, apartM, rule.extraSigmaDb);
  return apartM <= rule.maxReachM && probability >= rule.locationProbability;
}

describe('coverage of several services', () => {
  it('is that of the own threshold for every row, whichever direction decides and whatever the offset', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDrawn, fc.constantFrom(-6, 0, 3), async (drawn, offsetDb) => {
        const { scenario, demand, sites } = drawnCase({ ...drawn, azimuths: '' });
        const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
        const matrixAt = await serviceCoverage({
          ...{ scenario, demand, sites, configurations, model: auto, terrain: null },
          ruleOfSite: configurationOfSite,
        });
        const { matrix, links } = await matrixAt(offsetDb);
        expect(links).toBe(matrix.demandOfSite.length);
        for (let site = 0; site < sites.count; site++) {
          const expected = Array.from({ length: demand.count }, (_, row) => row).filter((row) =>
            isServed(scenario, demand, row, sites, site, offsetDb),
          );
          const row = matrix.demandOfSite.subarray(matrix.siteStart[site], matrix.siteStart[site + 1]);
          expect([...row]).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is over terrain what one service of its threshold is given, service by service', async () => {
    const drawn = { thresholds: [-112, -92, -101], seed: 5, uplink: false, azimuths: '' };
    const { scenario, demand, sites } = drawnCase(drawn);
    const grid = gridOf(
      { west: 24.8, south: 60.1, east: 25.1, north: 60.4 },
      (lon, lat) => 60 + 50 * Math.sin(300 * lon) * Math.cos(500 * lat),
    );
    const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
    const model: ModelChoice = { ...auto, id: 'itm' };
    const request = {
      sites,
      configurations,
      ruleOfSite: configurationOfSite,
      model,
      terrain: terrainOf(grid),
    };
    const { matrix } = await (await serviceCoverage({ ...request, scenario, demand }))(3);
    const pairsOf = ({ siteCount, siteStart, demandOfSite }: CoverageMatrix): string[] =>
      Array.from({ length: siteCount }, (_, site) =>
        Array.from(demandOfSite.subarray(siteStart[site], siteStart[site + 1]), (row) => `${site} ${row}`),
      ).flat();
    const expected: string[] = [];
    for (const [k, { rsrpDbm }] of scenario.services!.entries()) {
      const alone = { ...withThreshold(scenario, rsrpDbm), services: undefined };
      const own = await (await serviceCoverage({ ...request, scenario: alone, demand }))(3);
      const wants = (pair: string): boolean => demand.services!.ofRow[Number(pair.split(' ')[1])] === k;
      expected.push(...pairsOf(own.matrix).filter(wants));
    }
    expect(expected.length).toBeGreaterThan(20);
    expect(pairsOf(matrix).sort()).toEqual(expected.sort());
  });

  it('is the same by the links of the network on air, with sectors too', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDrawn, async (drawn) => {
        const { scenario, demand, sites } = drawnCase(drawn);
        const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
        const request = { scenario, demand, sites, model: auto, terrain: null, executor: inProcessExecutor };
        const matrixAt = await serviceCoverage({
          ...request,
          configurations,
          ruleOfSite: configurationOfSite,
        });
        const { matrix } = await matrixAt(0);
        const covered = new Uint8Array(demand.count);
        for (const row of matrix.demandOfSite) covered[row] = 1;
        const network = await radioNetwork({ ...request, interference: interferenceSchema.parse({}) });
        expect([...network.state.covering].map((cells) => Math.min(1, cells))).toEqual([...covered]);
        // Who stands at one point hears the same, whatever he wants.
        const { placeOfRow } = demand.services!;
        const sinr = network.state.sinr[0]!;
        for (let row = 1; row < demand.count; row++)
          if (placeOfRow[row] === placeOfRow[row - 1]) expect(sinr[row]! / sinr[row - 1]!).toBeCloseTo(1, 6);
      }),
      { numRuns: 40 },
    );
  });
});

describe("today's service by service", () => {
  let scenario: Scenario;
  let inputs: ScenarioInputs;
  beforeAll(async () => {
    const loaded = await readScenario(TINY);
    inputs = await readInputs(loaded);
    const { phases, ...rest } = loaded.scenario;
    const services = [
      { name: 'voice', share: 0.3, rsrpDbm: -115 },
      { name: 'video', share: 0.5, rsrpDbm: -95 },
      { name: 'mail', share: 0.2 },
    ];
    const value = { ...rest, phases: phases!.list, services };
    scenario = parseScenario({ value, lineOf: () => null }, TINY, [], loaded.baseDir);
  });

  const cases = [
    ['measured and predicted', true, true],
    ['measured and interpolated', true, false],
    ['predicted alone', false, true],
  ] as const;
  it.each(cases)(
    'is what one service of its threshold finds: %s',
    async (_name, withMeasurements, withSites) => {
      const measurements = withMeasurements ? inputs.measurements : null;
      const existing = withSites ? inputs.existing : null;
      const chosen = chooseModel(scenario, existing, measurements, null, null);
      const request = { measurements, existing, chosen, terrain: null };
      const { demand } = splitDemand(scenario, inputs.demand, inputs.membership);
      const all = await networkToday({ ...request, scenario, demand });
      const { ofRow, placeOfRow } = demand.services!;
      const served = new Set<number>();
      for (const [k, { rsrpDbm }] of scenario.services!.entries()) {
        const alone = { ...withThreshold(scenario, rsrpDbm), services: undefined };
        const one = await networkToday({ ...request, scenario: alone, demand: inputs.demand });
        let users = 0;
        demand.periods.forEach((_period, period) => {
          for (let row = 0; row < demand.count; row++) {
            if (ofRow[row] !== k) continue;
            const place = placeOfRow[row]!;
            expect(all.baseline.served[period]![row]).toBe(one.baseline.served[period]![place]);
            expect(all.baseline.evidence[period]![row]).toBe(one.baseline.evidence[period]![place]);
            expect(all.baseline.samples[period]![row]).toBe(one.baseline.samples[period]![place]);
            const level = one.baseline.rsrpDbm[period]![place]!;
            if (!Number.isNaN(level)) expect(all.baseline.rsrpDbm[period]![row]).toBeCloseTo(level, 3);
            users += all.baseline.served[period]![row]!;
          }
        });
        served.add(users);
        expect(all.baseline.samplesUsed).toBe(one.baseline.samplesUsed);
      }
      // The thresholds do tell services apart here.
      expect(served.size).toBe(3);
    },
  );
});
