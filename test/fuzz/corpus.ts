import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../', import.meta.url));
const encoder = new TextEncoder();

/** The first features of a bundled file as a whole collection: real bytes, few of them. */
function headOf(path: string, features: number): Uint8Array {
  const stored = readFileSync(root + path);
  const text = (path.endsWith('.gz') ? gunzipSync(stored) : stored).toString('utf8');
  const collection = JSON.parse(text) as { features: unknown[] };
  return encoder.encode(JSON.stringify({ ...collection, features: collection.features.slice(0, features) }));
}

function linesOf(path: string, lines: number): Uint8Array {
  const stored = readFileSync(root + path);
  const text = (path.endsWith('.gz') ? gunzipSync(stored) : stored).toString('utf8');
  return encoder.encode(`${text.split('\n').slice(0, lines).join('\n')}\n`);
}

const text = (lines: readonly string[]): Uint8Array => encoder.encode(lines.join('\n'));

const POINT =
  '{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[25.1,60.2,7]},"properties":{"users":12.5,"imsi":"240"}}';
const AREA =
  '{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[25,60],[25.01,60],[25.01,60.01],[25,60.01],[25,60]],[[25.002,60.002],[25.004,60.002],[25.004,60.004],[25.002,60.002]]]]},"properties":{"users":7,"name":"A \\u00e9","cost":2,"azimuths":[0,120]}}';

/** Files of features as text: real ones cut short, and one of each dialect. */
export const FEATURE_SEEDS: readonly Uint8Array[] = [
  headOf('data/ottawa/users.geojson.gz', 3),
  headOf('data/ottawa/measurements.geojson.gz', 3),
  headOf('data/ottawa/wards.geojson.gz', 1).subarray(0, 3000),
  headOf('test/fixtures/tiny/candidates.geojson', 2),
  headOf('test/fixtures/tiny/drive.geojson', 3),
  linesOf('data/helsinki/users-72-hours.csv.gz', 4),
  text([`{"type":"FeatureCollection","features":[${POINT},${AREA}]}`]),
  text([POINT, AREA, POINT]),
  text([`\u001e${POINT}`, `\u001e${AREA}`]),
  text([
    'id,lon,lat,users,rsrp_dbm,timestamp',
    'a,25.1,60.2,3,-95,2026-01-02T03:04:05Z',
    '"b ""x""",25,60,4,-99,',
  ]),
  text(['lon\tlat\tusers', '25\t60\t1', '25.5\t60.5\t2']),
];

/** Scenario files. */
export const SCENARIO_SEEDS: readonly Uint8Array[] = [
  ...['data/ottawa/scenario.yaml', 'data/helsinki/scenario.yaml', 'test/fixtures/tiny/scenario.yaml'].map(
    (path) => new Uint8Array(readFileSync(root + path)),
  ),
  text([
    'demand: { file: users.geojson, users: { day: d, night: n }, scale: 1.5, privacyK: 20 }',
    'measurements: { files: [a.geojson, b.csv], privacyK: 5 }',
    'candidates: { generate: { spacingM: 400, weakSpots: true, keepOut: parks.geojson } }',
    'regions: { file: wards.geojson, where: { sector: Urban }, groupBy: sector }',
    'periods: [ { name: day, days: [mon, tue], from: "07:00", to: "19:00" }, { name: night } ]',
    'timeZone: Europe/Helsinki',
    'radio: { technology: nr, frequencyMhz: 700, bandwidthMhz: 10, powerDbm: 46, gainDbi: 17, lossDb: 1 }',
    'service: { rsrpDbm: -105, locationProbability: 0.9 }',
    'phases: { order: as-built, list: [ { name: a, targets: [ { share: 0.9, period: day, regions: each } ] } ] }',
    'solver: { seed: 7, effort: quick, threads: 2, timeLimitS: 5 }',
  ]),
  encoder.encode('{"demand":{"file":"users.geojson"},"budget":{"sites":4,"objective":"worst"}}'),
];

/** Covering instances by format. */
export const INSTANCE_SEEDS = {
  json: [
    text([
      '{"format":"mastplan-instance","version":1,"sites":[{"id":"a","cost":3,"location":"L1","covers":[0,1]},',
      '{"id":"b","cost":2.5,"status":"required","covers":[1,2]}],"conflicts":[[0,1]],"demand":{"night":[12,0,3],"day":[8,1,3]},',
      '"servedToday":{"night":[0,1,0],"day":[0,0,0]},"phases":[{"name":"x","targets":[{"period":"night","share":0.95},{"period":"day","share":0.9,"region":"R","members":[0,1]}]}]}',
    ]),
    encoder.encode(
      '{"sites":[{"id":"a","cost":1,"covers":[0]}],"demand":{"all":[1]},"targets":[{"share":1}]}',
    ),
  ],
  scp: [
    text(['3 4', '1 2 3 4', '2', '1 2', '2', '2 3', '3', '1 3 4', '']),
    text(['2 2', '1 1', '1 1', '1 2']),
  ],
  rail: [text(['3 2', '1 2 1 2', '2 2 2 3', ''])],
  planar: [
    text(['1 2', 'F 0 25.2 11.8 70 5.75', 'C 0 1 1 4', 'C 1 2 2 5.5', '']),
    linesOf('data/instances/A-uniform-100x10k.txt.gz', 30),
  ],
  bds: [text(['1 2', 'F 0 25.2 11.8 70', 'C 0 1 1 4', 'C 1 2 2 5.5', ''])],
  'mclp-lonlat': [text(['3 1', '45.4 -75.7 12', '45.5 -75.6 3', '45.3 -75.5 9', ''])],
} as const;

/** Geometries as well-known binary: a point, a polygon, a collection of two points, collections in collections. */
export const WKB_SEEDS: readonly Uint8Array[] = wkbSeeds();

function wkbSeeds(): Uint8Array[] {
  const header = (type: number, ...counts: number[]): Buffer => {
    const bytes = Buffer.alloc(5 + 4 * counts.length);
    bytes[0] = 1;
    [type, ...counts].forEach((value, index) => bytes.writeUInt32LE(value, 1 + 4 * index));
    return bytes;
  };
  const position = (x: number, y: number): Buffer => {
    const bytes = Buffer.alloc(16);
    bytes.writeDoubleLE(x, 0);
    bytes.writeDoubleLE(y, 8);
    return bytes;
  };
  const point = Buffer.concat([header(1), position(25, 60)]);
  const ring = Buffer.concat([position(0, 0), position(1, 0), position(1, 1), position(0, 0)]);
  const nested = Buffer.concat(Array.from({ length: 40 }, () => header(7, 1)));
  const all = [
    point,
    Buffer.concat([header(3, 1, 4), ring]),
    Buffer.concat([header(7, 2), point, point]),
    nested,
  ];
  return all.map((bytes) => new Uint8Array(bytes));
}

/** Other texts that people hand over. */
export const SCORECARD_SEEDS: readonly Uint8Array[] = [
  text(['note: x', 'indicators:', '  - { id: a, name: A, unit: x, direction: up, target: 2 }']),
  text(['id,period,value,target', 'a,2026-Q1,3.5,4', '"b ""x""",2026-Q1,7,8']),
];
export const ANTENNA_SEEDS: readonly Uint8Array[] = [
  text([
    'NAME test',
    'FREQUENCY 1800',
    'GAIN 17 dBi',
    'HORIZONTAL 4',
    '0 0',
    '90 10',
    '180 25',
    '270 10',
    'VERTICAL 4',
    '0 0',
    '90 15',
    '180 25',
    '270 15',
    '',
  ]),
];
export const TIME_SEEDS: readonly Uint8Array[] = [
  '2026-03-29T03:30:00+02:00',
  '2026-10-25 02:30',
  '2026-01-01T00:00:00.123Z',
  '2026-06-30',
].map((one) => encoder.encode(one));
export const MODEL_SEEDS: readonly Uint8Array[] = [
  encoder.encode(
    JSON.stringify({
      format: 'mastplan-model',
      version: 1,
      name: 'town',
      form: 'log-distance',
      status: 'calibrated',
      frequencyMhz: 1800,
      offset: 'common',
      parameters: { K1: { value: 15, low: 14, high: 16 }, K2: { value: 35, low: 33, high: 37 } },
      sigmaDb: 7.5,
      ranges: { distanceM: [50, 5000], txHeightM: [20, 40] },
      errors: { samples: 400, biasDb: 0, sdDb: 7, rmseDb: 7 },
    }),
  ),
];
