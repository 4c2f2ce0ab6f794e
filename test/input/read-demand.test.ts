import { afterAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { Findings } from '../../src/input/findings.ts';
import type { DemandInput } from '../../src/input/read-demand.ts';
import { readDemand } from '../../src/input/read-demand.ts';
import { shareOut, splitPolygon } from '../../src/input/polygon-cells.ts';
import type { Scenario } from '../../src/input/scenario-schema.ts';
import { scratchFolder } from '../support/read-rows.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

type Spec = Partial<Scenario['demand']>;

async function read(content: string | Uint8Array, spec: Spec = {}, periods = ['all']): Promise<DemandInput> {
  const findings = new Findings();
  const path = scratch.write('demand', content);
  const full = { file: 'demand', users: 'users', scale: 1, cellM: 100, ...spec };
  const input = await readDemand(path, { file: 'demand', spec: full, periods, findings });
  findings.throwIfErrors();
  return input;
}

function collection(...features: unknown[]): string {
  return JSON.stringify({ type: 'FeatureCollection', features });
}

function point(lon: number, lat: number, properties: object, id?: string): object {
  return {
    type: 'Feature',
    ...(id !== undefined && { id }),
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties,
  };
}

/** A square with its south-west corner at 25 E, 60 N; `sideM` on the mean sphere. */
function square(sideM: number, properties: object): object {
  const degree = (6371008.771 * Math.PI) / 180;
  const lat = 60 + sideM / degree;
  const lon = 25 + sideM / (degree * Math.cos(((60 + lat) / 2) * (Math.PI / 180)));
  const ring = [
    [25, 60],
    [lon, 60],
    [lon, lat],
    [25, lat],
    [25, 60],
  ];
  return { type: 'Feature', id: 'sq', geometry: { type: 'Polygon', coordinates: [ring] }, properties };
}

describe('readDemand', () => {
  it('keeps users in whole thousandths and sorts by longitude, latitude and id', async () => {
    const { demand } = await read(
      collection(
        point(2, 1, { users: 1.2345 }, 'b'),
        point(1, 5, { users: 3 }, 'c'),
        point(1, 4, { users: 2 }, 'a'),
      ),
      { scale: 2 },
    );
    expect(demand.ids).toEqual(['a', 'c', 'b']);
    expect([...demand.usersMilli[0]!]).toEqual([4000, 6000, 2469]);
  });

  it('reads a property per period, 0 where a feature lacks it, and drops cells without users', async () => {
    const { demand, summary } = await read(
      collection(point(1, 1, { d: 5 }), point(2, 1, { d: 0, n: 0 }), point(3, 1, { n: 7, d: null })),
      { users: { day: 'd', night: 'n' } },
      ['day', 'night'],
    );
    expect(demand.usersMilli.map((users) => [...users])).toEqual([
      [5000, 0],
      [0, 7000],
    ]);
    expect(summary.setAside).toEqual({ 'without users in every period': 1 });
  });

  it('splits a polygon of 250 m into 9 cells of at most 100 m that add up to its users', async () => {
    const { demand } = await read(collection(square(250, { users: 10 })));
    expect(demand.count).toBe(9);
    expect(demand.usersMilli[0]!.reduce((a, b) => a + b, 0)).toBe(10_000);
    // Equal squares: 10 000 / 9 = 1111 and one thousandth left over.
    expect([...demand.usersMilli[0]!].sort((a, b) => a - b)).toEqual([...Array(8).fill(1111), 1112]);
    expect(demand.cellM[0]).toBeCloseTo(250 / 3, 0);
  });

  it('leaves a hole without users', async () => {
    const outer = [
      [0, 0],
      [0.01, 0],
      [0.01, 0.01],
      [0, 0.01],
      [0, 0],
    ];
    const hole = [
      [0.002, 0.002],
      [0.008, 0.002],
      [0.008, 0.008],
      [0.002, 0.008],
      [0.002, 0.002],
    ];
    const geometry = { type: 'Polygon', coordinates: [outer, hole] };
    const { demand } = await read(collection({ type: 'Feature', geometry, properties: { users: 64 } }));
    for (let index = 0; index < demand.count; index++) {
      const inHole = [demand.lon[index]!, demand.lat[index]!].every(
        (degrees) => degrees > 0.0031 && degrees < 0.0069,
      );
      expect(inHole).toBe(false);
    }
    expect(demand.usersMilli[0]!.reduce((a, b) => a + b, 0)).toBe(64_000);
  });

  it('gives the same table whatever the order of features, the dialect and the packing', async () => {
    const features = Array.from({ length: 50 }, (_, index) =>
      point(index % 7, (index * 13) % 50, { users: (index % 5) + 0.5 }),
    );
    const twice = [...features, features[3]!, features[4]!];
    const base = (await read(collection(...twice))).demand;
    const lines = twice.map((feature) => JSON.stringify(feature));
    const rows = twice.map((feature) => {
      const { geometry, properties } = feature as {
        geometry: { coordinates: number[] };
        properties: { users: number };
      };
      return [...geometry.coordinates, properties.users].join(';');
    });
    const others = [
      collection(...[...twice].reverse()),
      JSON.stringify({ features: twice, name: 'features', type: 'FeatureCollection' }, null, 2),
      `\uFEFF${lines.join('\r\n')}\n`,
      lines.map((line) => `\x1e${line}\n`).join(''),
      ['Longitude;LAT;users', ...rows].join('\r\n'),
      gzipSync(collection(...twice)),
    ];
    for (const content of others) expect((await read(content)).demand).toEqual(base);
    expect(new Set(base.ids).size).toBe(52);
  });

  it('takes the region from a property', async () => {
    const { demand } = await read(
      collection(point(1, 1, { users: 1, ward: 'B' }), point(2, 1, { users: 1 })),
      { regionProperty: 'ward' },
    );
    expect(demand.regionNames).toEqual(['B', null]);
  });

  it('drops identifiers and counts them', async () => {
    const { summary } = await read(
      collection(point(1, 1, { users: 1, IMEI: '35', msisdn: '+1' }), point(2, 1, { users: 1, imei: 3 })),
    );
    expect(summary.identifiersDropped).toEqual({ IMEI: 1, imei: 1, msisdn: 1 });
  });

  it('merges to cells of at least k users in every period that has any, and loses nobody', async () => {
    const features = Array.from({ length: 400 }, (_, index) =>
      point(25 + (index % 20) * 0.001, 60 + Math.floor(index / 20) * 0.001, {
        d: index % 3,
        n: (index % 7) / 2,
      }),
    );
    const spec = { users: { day: 'd', night: 'n' } };
    const all = (await read(collection(...features), spec, ['day', 'night'])).demand;
    const { demand } = await read(collection(...features), { ...spec, privacyK: 12 }, ['day', 'night']);
    expect(demand.count).toBeLessThan(all.count);
    expect(demand.count).toBeGreaterThan(10);
    demand.usersMilli.forEach((users, period) => {
      expect(users.every((milli) => milli === 0 || milli >= 12_000)).toBe(true);
      const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
      expect(sum(users)).toBe(sum(all.usersMilli[period]!));
    });
  });

  it.each([
    [
      'a negative number',
      point(1, 1, { users: -3 }, 'K-07'),
      'demand, feature 1 (id "K-07"): "users" must be at least 0, got -3.',
    ],
    ['text', point(1, 1, { users: 'many' }), '"users" must be a finite number, got "many".'],
    ['nothing', point(1, 1, { people: 4 }), 'demand, feature 1: has no "users".'],
    [
      'swapped coordinates',
      point(45.4, -75.7, { users: 1 }),
      'lies at latitude -75.7, where nobody lives. GeoJSON puts longitude first',
    ],
    ['latitude 91', point(1, 91, { users: 1 }), 'has latitude 91, outside [-90, 90].'],
    [
      'projected coordinates',
      point(445123.5, 5028200, { users: 1 }),
      'Coordinates look projected; use WGS 84 degrees',
    ],
    [
      'a line',
      {
        type: 'Feature',
        geometry: {
          type: 'LineString',
          coordinates: [
            [1, 1],
            [2, 2],
          ],
        },
        properties: { users: 1 },
      },
      'is a LineString. Demand is points or polygons.',
    ],
    ['no geometry', { type: 'Feature', geometry: null, properties: { users: 1 } }, 'has no geometry.'],
    [
      'an id twice',
      point(3, 3, { users: 1 }, 'first'),
      'feature 1 (id "first"): has an id that another feature has too.',
    ],
  ])('names feature, id and remedy for %s', async (_, feature, message) => {
    await expect(read(collection(point(2, 2, { users: 1 }, 'first'), feature))).rejects.toThrow(message);
  });

  it('suggests the property that was meant', async () => {
    await expect(
      read(collection(point(1, 1, { users_night: 1 })), { users: { night: 'user_night' } }, ['night']),
    ).rejects.toThrow('no feature has a number in "user_night". Did you mean "users_night"?');
  });

  it('stops after the wanted number of findings', async () => {
    const bad = Array.from({ length: 50 }, (_, index) => point(index, 1, { users: -1 }));
    const error = await read(collection(...bad)).catch((reason: unknown) => reason);
    expect((error as { findings: unknown[] }).findings).toHaveLength(20);
  });
});

describe('splitPolygon', () => {
  it('conserves area for any triangle and cell size', () => {
    const corner = fc.tuple(
      fc.double({ min: 0, max: 0.02, noNaN: true }),
      fc.double({ min: 50, max: 50.02, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.tuple(corner, corner, corner), fc.integer({ min: 60, max: 900 }), ([a, b, c], cellM) => {
        const whole = splitPolygon([[[a, b, c, a]]], 1e6);
        const cells = splitPolygon([[[a, b, c, a]]], cellM);
        const area = (parts: typeof cells): number =>
          (parts ?? []).reduce((sum, { areaM2 }) => sum + areaM2, 0);
        expect(area(cells)).toBeCloseTo(area(whole), 2);
      }),
    );
  });
});

describe('shareOut', () => {
  it('gives whole parts that add up and lie within one of the exact share', () => {
    const weights = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.nat({ max: 1e9 }), weights, (units, parts) => {
        const shares = shareOut(units, parts);
        const total = parts.reduce((a, b) => a + b, 0);
        expect(shares.reduce((a, b) => a + b, 0)).toBe(units);
        shares.forEach((share, index) =>
          expect(Math.abs(share - (units * parts[index]!) / total)).toBeLessThan(1 + 1e-6),
        );
      }),
    );
  });
});
