import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCandidates, type CandidateRequest } from '../../src/coverage/candidates.ts';
import type { ModelChoice } from '../../src/coverage/link-rule.ts';
import { distanceM } from '../../src/geo/ellipsoid.ts';
import type { MeasurementBins } from '../../src/coverage/types.ts';
import type { Demand, SiteTable } from '../../src/input/types.ts';
import { createRandom } from '../../src/random.ts';
import { at, demandTable, scenario, siteTable, type User } from './tables.ts';

const model: ModelChoice = { id: null, offsetDb: 0, sigmaDb: null };

function request(more: Partial<CandidateRequest> = {}, text = ''): CandidateRequest {
  return {
    scenario: scenario(text),
    demand: demandTable([{ eastM: 0, northM: 0 }]),
    fromFile: null,
    keepOut: null,
    bins: null,
    model,
    ...more,
  };
}

function town(count: number, sideM: number, seed: number): User[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => ({
    eastM: sideM * random.next(),
    northM: sideM * random.next(),
  }));
}

function distances(sites: SiteTable, demand: Demand, site: number): number[] {
  return Array.from(demand.lon, (lon, i) =>
    distanceM(sites.lon[site]!, sites.lat[site]!, lon, demand.lat[i]!),
  );
}

/** The nodes of the published definition around some users, asked one by one. */
function plainGrid(demand: Demand, spacingM: number, reachM: number): string[] {
  const ids: string[] = [];
  const rowM = (spacingM * Math.sqrt(3)) / 2;
  for (let row = Math.floor(6_660_000 / rowM); row * rowM < 6_690_000; row++) {
    for (let column = Math.floor(370_000 / spacingM); column * spacingM < 400_000; column++) {
      const eastM = column * spacingM + (row % 2 === 0 ? 0 : spacingM / 2) - 385_000;
      const [lon, lat] = at(eastM, row * rowM - 6_673_000);
      const near = demand.lon.some((userLon, i) => distanceM(lon, lat, userLon, demand.lat[i]!) <= reachM);
      if (near) ids.push(`grid-35N-${spacingM}-${column}-${row}`);
    }
  }
  return ids.sort();
}

describe('generated candidates', () => {
  it('are the nodes of a triangular grid of the zone with a user within reach', () => {
    const demand = demandTable(town(60, 4000, 1));
    const { candidates, configurations } = buildCandidates(
      request({ demand }, 'candidates: { generate: { spacingM: 700 } }'),
    );
    const { reachM } = configurations[0]!;
    expect([...candidates.ids].sort()).toEqual(plainGrid(demand, 700, reachM));
  });

  it('stand one reach apart by default, rounded to 50 m', () => {
    const { candidates, configurations } = buildCandidates(request());
    const spacing = Math.round(configurations[0]!.reachM / 50) * 50;
    expect(candidates.ids[0]).toMatch(new RegExp(`^grid-35N-${spacing}-\\d+-\\d+$`));
    // Neighbours on a triangular grid: exactly the spacing apart in the zone's metres (0.04 % off on the ground).
    const apart = distances(
      candidates,
      { ...demandTable([]), lon: candidates.lon, lat: candidates.lat },
      0,
    ).sort((a, b) => a - b);
    expect(apart[1]! / spacing).toBeCloseTo(1, 2);
  });

  it('keep their ids and places whatever the order of users, and do not move when users are added', () => {
    const users = town(40, 3000, 2);
    const text = 'candidates: { generate: { spacingM: 500 } }';
    const forward = buildCandidates(request({ demand: demandTable(users) }, text)).candidates;
    const backward = buildCandidates(request({ demand: demandTable(users.toReversed()) }, text)).candidates;
    expect(backward).toEqual(forward);
    const more = [...users, { eastM: 9000, northM: 9000 }];
    const wider = buildCandidates(request({ demand: demandTable(more) }, text)).candidates;
    const placeOf = new Map(wider.ids.map((id, s) => [id, [wider.lon[s], wider.lat[s]]]));
    forward.ids.forEach((id, s) => expect(placeOf.get(id)).toEqual([forward.lon[s], forward.lat[s]]));
    expect(wider.count).toBeGreaterThan(forward.count);
  });

  it('do not fill the sea between a city and a stray user far away', () => {
    const users = [...town(20, 2000, 3), { eastM: 900_000, northM: 0 }];
    const { candidates } = buildCandidates(request({ demand: demandTable(users) }));
    expect(candidates.count).toBeLessThan(200);
  });

  it('leave out keep-out areas, or say that none were given', () => {
    const ring = [at(-9e3, -9e3), at(0, -9e3), at(0, 9e3), at(-9e3, 9e3), at(-9e3, -9e3)];
    const text = 'candidates: { generate: { spacingM: 400 } }';
    const open = buildCandidates(request({}, text));
    expect(open.warnings.join()).toContain('without keep-out areas');
    const held = buildCandidates(request({ keepOut: [[ring]] }, text));
    expect(held.warnings).toEqual([]);
    expect(held.candidates.count).toBeGreaterThan(0);
    expect(held.candidates.count).toBeLessThan(open.candidates.count);
    const west = at(0, 0)[0];
    expect(held.candidates.lon.every((lon) => lon > west - 0.001)).toBe(true);
  });

  it('add the medoid of every cluster of three weak bins', () => {
    // Three weak bins in a row, a strong one beside them, a weak one alone.
    const places: [number, number, number][] = [
      [25, 25, -120],
      [75, 25, -119],
      [125, 25, -118],
      [175, 25, -80],
      [5025, 25, -125],
    ];
    const centres = places.map(([east, north]) => at(east, north));
    const bins: MeasurementBins = {
      count: places.length,
      lon: Float64Array.from(centres, ([lon]) => lon),
      lat: Float64Array.from(centres, ([, lat]) => lat),
      binM: 50,
      samples: new Uint32Array(places.length).fill(9),
      meanDbm: Float32Array.from(places, ([, , level]) => level),
      sdDb: new Float32Array(places.length),
      withheld: 0,
    };
    const { candidates } = buildCandidates(request({ bins }));
    const weak = candidates.ids.filter((id) => id.startsWith('weak-'));
    // Of three bins in a row the middle one is nearest to the others; 385075 / 50 = 7701, 6673025 / 50 = 133460.
    expect(weak).toEqual(['weak-35N-50-7701-133460']);
    const off = buildCandidates(request({ bins }, 'candidates: { generate: { weakSpots: false } }'));
    expect(off.candidates.ids.some((id) => id.startsWith('weak-'))).toBe(false);
  });

  it('are none where nobody can be served at any distance', () => {
    const { candidates, warnings } = buildCandidates(request({}, 'service: { rsrpDbm: 20 }'));
    expect(candidates.count).toBe(0);
    expect(warnings.join()).toContain('serves nobody');
  });
});

describe('candidates of a file', () => {
  const fromFile = siteTable([
    { id: 'b', eastM: 0, northM: 0, heightM: 15, status: 'required' },
    { id: 'a', eastM: 0, northM: 0, status: 'forbidden', cost: 3 },
    { id: 'c', eastM: 900, northM: 0, azimuthsDeg: [240, 0, 120] },
    { id: 'd', eastM: 1700, northM: 0, azimuthsDeg: [0, 120, 240] },
  ]);

  it('stand alone, with their properties', () => {
    const { candidates, warnings } = buildCandidates(request({ fromFile }));
    expect(candidates.ids).toEqual(['a', 'b', 'c', 'd']);
    expect(candidates.status).toEqual(['forbidden', 'required', 'candidate', 'candidate']);
    expect(candidates.cost[0]).toBe(3);
    expect(warnings).toEqual([]);
  });

  it('share a configuration when technology, power, height and sectors agree', () => {
    const { configurations, configurationOfCandidate } = buildCandidates(request({ fromFile }));
    expect(configurations.map(({ id }) => id)).toEqual([
      'lte 1800 MHz, 62 dBm, 15 m, omni',
      'lte 1800 MHz, 62 dBm, 30 m, 0°/120°/240°',
      'lte 1800 MHz, 62 dBm, 30 m, omni',
    ]);
    expect([...configurationOfCandidate]).toEqual([2, 0, 1, 1]);
    // Below 20 m UMi stands in for UMa: another model, another reach.
    expect(configurations[0]!.reachM).not.toBeCloseTo(configurations[2]!.reachM, 0);
  });

  it('at one position share a location', () => {
    expect([...buildCandidates(request({ fromFile })).locationOfCandidate]).toEqual([0, 0, 1, 2]);
  });
});

describe('minSpacingM', () => {
  it('lists every pair nearer than the spacing once, sorted, as brute force does', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 1, max: 3000, noNaN: true }),
        (seed, spacing) => {
          const sites = town(25, 3000, seed).map((place, k) => ({ id: `s${k}`, ...place }));
          const { candidates, conflicts } = buildCandidates(
            request(
              { fromFile: siteTable(sites) },
              `candidates: { file: c.geojson, minSpacingM: ${spacing} }`,
            ),
          );
          const expected: number[] = [];
          for (let a = 0; a < 25; a++) {
            const apart = distances(
              candidates,
              { ...demandTable([]), lon: candidates.lon, lat: candidates.lat },
              a,
            );
            for (let b = a + 1; b < 25; b++) if (apart[b]! < spacing) expected.push(a, b);
          }
          expect([...conflicts]).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never sets two required sites against each other', () => {
    const sites = ['x', 'y', 'z'].map((id, k) => ({
      id,
      eastM: 10 * k,
      northM: 0,
      status: k < 2 ? ('required' as const) : ('candidate' as const),
    }));
    const { conflicts } = buildCandidates(
      request({ fromFile: siteTable(sites) }, 'candidates: { file: c.geojson, minSpacingM: 100 }'),
    );
    expect([...conflicts]).toEqual([0, 2, 1, 2]);
  });
});
