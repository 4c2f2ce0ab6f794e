// Writes test/fixtures/tiny: a synthetic town for fast tests. Run: npx tsx scripts/make-tiny-fixture.ts
import { writeFileSync } from 'node:fs';
import { createRandom } from '../src/random.ts';

const folder = new URL('../test/fixtures/tiny/', import.meta.url);
const random = createRandom(20260101);
const CENTRE_LON = -3.7;
const CENTRE_LAT = 40.4;
const M_PER_DEG_LAT = 111_320;
const M_PER_DEG_LON = M_PER_DEG_LAT * Math.cos((CENTRE_LAT * Math.PI) / 180);

type Properties = Record<string, unknown>;
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const lonLat = (eastM: number, northM: number): [number, number] => [
  round(CENTRE_LON + eastM / M_PER_DEG_LON, 6),
  round(CENTRE_LAT + northM / M_PER_DEG_LAT, 6),
];
/** Standard normal by Box and Muller. */
const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
const point = (eastM: number, northM: number, properties: Properties, id?: string): unknown => ({
  type: 'Feature',
  ...(id === undefined ? {} : { id }),
  geometry: { type: 'Point', coordinates: lonLat(eastM, northM) },
  properties,
});
const square = (name: string, west: number, south: number, east: number, north: number): unknown => ({
  type: 'Feature',
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        lonLat(west, south),
        lonLat(east, south),
        lonLat(east, north),
        lonLat(west, north),
        lonLat(west, south),
      ],
    ],
  },
  properties: { name },
});
const write = (file: string, features: readonly unknown[]): void => {
  const lines = features.map((feature) => JSON.stringify(feature)).join(',\n');
  writeFileSync(new URL(file, folder), `{"type":"FeatureCollection","features":[\n${lines}\n]}\n`);
};

const users = [];
for (let index = 0; index < 300; index++) {
  const central = index < 120;
  const spread = central ? 700 : 1600;
  const east = Math.max(-2900, Math.min(2900, normal() * spread));
  const north = Math.max(-2900, Math.min(2900, normal() * spread));
  const night = random.below(central ? 30 : 60);
  const day = random.below(central ? 90 : 25);
  users.push(
    point(east, north, { users_night: night, users_day: day }, `u${String(index).padStart(3, '0')}`),
  );
}
write('users.geojson', users);

const existing = [
  { id: 'E1', east: -400, north: 300 },
  { id: 'E2', east: 1500, north: -900 },
];
write(
  'sites.geojson',
  existing.map(({ id, east, north }) =>
    point(east, north, { status: 'existing', height_m: 30, cell_ids: [`${id}-1`] }, id),
  ),
);

const candidates = [];
for (let row = 0; row < 7; row++) {
  for (let column = 0; column < 7; column++) {
    const east = (column - 3) * 900 + (random.next() - 0.5) * 300;
    const north = (row - 3) * 900 + (random.next() - 0.5) * 300;
    candidates.push(point(east, north, { cost: 1 }, `c${row}${column}`));
  }
}
write('candidates.geojson', candidates);

const drive = [];
for (let index = 0; index < 400; index++) {
  const alongM = index * 25;
  const east = alongM < 5000 ? alongM - 2500 : 2500;
  const north = alongM < 5000 ? -600 : alongM - 5600;
  const nearest = existing
    .map(({ id, east: e, north: n }) => ({ id, distanceM: Math.hypot(east - e, north - n) }))
    .sort((a, b) => a.distanceM - b.distanceM)[0];
  if (nearest === undefined) throw new RangeError('no existing site');
  const rsrpDbm = 34 - 128 - 38 * Math.log10(Math.max(nearest.distanceM, 35) / 1000) + 5 * normal();
  const time = new Date(Date.UTC(2026, 0, 12, 10, 0, index * 3)).toISOString().replace('.000Z', 'Z');
  drive.push(
    point(east, Math.min(north, 2800), {
      timestamp: time,
      rsrp_dbm: round(rsrpDbm, 1),
      cell_id: `${nearest.id}-1`,
      gps_accuracy_m: 5,
      imei: '000000000000000',
    }),
  );
}
write('drive.geojson', drive);

write('districts.geojson', [
  square('Centre', -1000, -1000, 1000, 1000),
  square('North', -3000, 1000, 3000, 3000),
  square('South', -3000, -3000, 3000, -1000),
]);
