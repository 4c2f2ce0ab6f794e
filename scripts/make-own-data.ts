// Writes data/own-data: a made-up town in the layouts that WorldPop, OpenCelliD and a phone's drive-test log have.
// Run: npx tsx scripts/make-own-data.ts
import { writeFileSync } from 'node:fs';
import { createRandom } from '../src/random.ts';
import { geotiffBytes } from '../src/report/geotiff/geotiff.ts';

const folder = new URL('../data/own-data/', import.meta.url);
const random = createRandom(20260415);
const CENTRE_LON = 23.76;
const CENTRE_LAT = 61.5;
const M_PER_DEG_LAT = 111_320;
const M_PER_DEG_LON = M_PER_DEG_LAT * Math.cos((CENTRE_LAT * Math.PI) / 180);
/** 3 arc seconds, as WorldPop. */
const PIXEL = 1 / 1200;
const COLUMNS = 200;
const ROWS = 100;
const NO_DATA = -99_999;
const PEOPLE = 60_000;

interface Place {
  readonly east: number;
  readonly north: number;
}
/** Standard normal by Box and Muller. */
const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
const distance = (a: Place, b: Place): number => Math.hypot(a.east - b.east, a.north - b.north);
const lonLat = ({ east, north }: Place): string =>
  `${(CENTRE_LON + east / M_PER_DEG_LON).toFixed(6)},${(CENTRE_LAT + north / M_PER_DEG_LAT).toFixed(6)}`;

/** A centre, two suburbs, and a lake in the south-east where WorldPop has no data. */
function population(): Float32Array {
  const suburbs = [
    { east: 0, north: 0, people: 3, spread: 900 },
    { east: -2600, north: 1400, people: 1.5, spread: 700 },
    { east: 2400, north: 2000, people: 1, spread: 600 },
  ];
  const lake = { east: 2200, north: -2200 };
  const density = Float64Array.from({ length: COLUMNS * ROWS }, (_, pixel) => {
    const at = {
      east: ((pixel % COLUMNS) - COLUMNS / 2 + 0.5) * PIXEL * M_PER_DEG_LON,
      north: (ROWS / 2 - Math.floor(pixel / COLUMNS) - 0.5) * PIXEL * M_PER_DEG_LAT,
    };
    if (distance(at, lake) < 1300) return NaN;
    return suburbs.reduce(
      (sum, suburb) => sum + suburb.people * Math.exp(-((distance(at, suburb) / suburb.spread) ** 2) / 2),
      0.01,
    );
  });
  const total = density.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
  return Float32Array.from(density, (value) => (Number.isNaN(value) ? NO_DATA : (value / total) * PEOPLE));
}

const enodebs = [
  { id: 102_001, east: -300, north: 200 },
  { id: 102_002, east: 1500, north: 1100 },
  { id: 102_003, east: -2400, north: 900 },
];

function cellTable(): string {
  const header =
    'radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal';
  const rows = enodebs.flatMap(({ id, ...site }) =>
    [0, 1, 2].map((sector) => {
      const guess = { east: site.east + 60 * normal(), north: site.north + 60 * normal() };
      const samples = 20 + random.below(200);
      return `LTE,244,99,3021,${id * 256 + sector},${sector},${lonLat(guess)},1500,${samples},1,1704067200,1711929600,0`;
    }),
  );
  return `${[header, ...rows].join('\n')}\n`;
}

/** A drive around the town: 36 dB a decade and 6 dB of slow fading that half forgets itself in 100 m. */
function driveTest(): string {
  const rows = ['timestamp,lon,lat,technology,cell_id,rsrp_dbm,rsrq_db,gps_accuracy_m,imei'];
  let fading = 0;
  for (let second = 0; second < 900; second++) {
    const angle = (second / 900) * 2 * Math.PI;
    const at = { east: 2600 * Math.cos(angle), north: 400 + 1500 * Math.sin(2 * angle) };
    const [serving] = [...enodebs].sort((a, b) => distance(a, at) - distance(b, at));
    const sector = Math.floor(
      ((Math.atan2(at.east - serving!.east, at.north - serving!.north) + 4) / 2.1) % 3,
    );
    fading = 0.9 * fading + Math.sqrt(1 - 0.81) * 6 * normal();
    const rsrp = Math.round(-62 - 36 * Math.log10(Math.max(distance(serving!, at), 50) / 100) + fading);
    const time = new Date(Date.UTC(2026, 3, 15, 9, 0, second)).toISOString().replace('.000', '');
    const accuracy = 3 + random.below(6);
    rows.push(
      `${time},${lonLat(at)},LTE,${serving!.id * 256 + sector},${Math.max(-140, rsrp)},${-8 - random.below(8)},${accuracy},000000000000000`,
    );
  }
  return `${rows.join('\n')}\n`;
}

const bands = [{ values: population(), overviews: 'mean' as const, description: 'people' }];
writeFileSync(
  new URL('population.tif', folder),
  geotiffBytes({
    columns: COLUMNS,
    rows: ROWS,
    noData: NO_DATA,
    west: CENTRE_LON - (COLUMNS / 2) * PIXEL,
    north: CENTRE_LAT + (ROWS / 2) * PIXEL,
    cellWidth: PIXEL,
    cellHeight: PIXEL,
    epsg: 4326,
    bands,
  }),
);
writeFileSync(new URL('cells.csv', folder), cellTable());
writeFileSync(new URL('drive-test.csv', folder), driveTest());
