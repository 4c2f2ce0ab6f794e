// Issue "The main job", acceptance 5: broken inputs give exit code 2, clear sentences, no stack, no output folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { resolveFlags } from '../../src/input/flags.ts';
import { readInputs } from '../../src/input/read-inputs.ts';
import { readScenario } from '../../src/input/read-scenario.ts';
import { scratchFolder } from '../support/read-rows.ts';

const scratch = scratchFolder();
afterAll(() => scratch.remove());

const feature = (coordinates: unknown, properties: unknown, more: object = {}): string =>
  JSON.stringify({ type: 'Feature', ...more, geometry: { type: 'Point', coordinates }, properties });
const collect = (...features: readonly string[]): string =>
  `{"type":"FeatureCollection","features":[${features.join(',')}]}`;
const polygon = (rings: unknown, properties: unknown): string =>
  JSON.stringify({ type: 'Feature', geometry: { type: 'Polygon', coordinates: rings }, properties });
const square = (west: number, south: number, side: number): number[][][] => [
  [
    [west, south],
    [west + side, south],
    [west + side, south + side],
    [west, south + side],
    [west, south],
  ],
];

const GOOD = collect(
  feature([25, 60], { users: 10, ward: 'A' }),
  feature([25.01, 60], { users: 5, ward: 'B' }),
);
const deep = `${'['.repeat(100)}1${']'.repeat(100)}`;

/** Name, content of the demand file, what the sentence must say. */
const DEMAND_CASES: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['an empty file', '', 'is empty.'],
  ['blanks only', ' \n\n ', 'holds nothing but blanks.'],
  ['cut JSON', GOOD.slice(0, -40), 'is cut off: it ends in the middle, after 1 whole features.'],
  ['cut before the first feature', '{"type":"FeatureCollection","features":', 'is cut off'],
  ['bytes after the end', `${GOOD}\n{}`, 'goes on after its closing brace.'],
  ['two collections', `${GOOD}${GOOD}`, 'goes on after its closing brace.'],
  ['no comma between features', GOOD.replace('},{"type"', '}{"type"'), '"," or "]" is expected'],
  ['a missing bracket', GOOD.replace(/\]\}$/, '}'), '"," or "]" is expected'],
  [
    'broken JSON inside a feature',
    GOOD.replace('"users":10', '"users":1.0.0'),
    'feature 0: is not valid JSON',
  ],
  ['swapped coordinates', collect(feature([45.4, -75.7], { users: 1 })), 'the two may be swapped.'],
  ['projected coordinates', collect(feature([445000, 5028000], { users: 1 })), 'Coordinates look projected'],
  ['latitude 91', collect(feature([25, 91], { users: 1 })), 'has latitude 91, outside [-90, 90].'],
  ['longitude 181', collect(feature([181, 60], { users: 1 })), 'has longitude 181, outside [-180, 180].'],
  ['NaN users', GOOD.replace('"users":10', '"users":NaN'), 'holds NaN, which JSON does not know.'],
  ['infinite users', GOOD.replace('"users":10', '"users":1e999'), 'must be a finite number'],
  ['NaN in a table', 'lon,lat,users\n25,60,NaN\n', '"users" must be a finite number, got "NaN".'],
  ['negative users', GOOD.replace('"users":10', '"users":-10'), '"users" must be at least 0, got -10.'],
  [
    'users as text',
    GOOD.replace('"users":10', '"users":"ten"'),
    '"users" must be a finite number, got "ten".',
  ],
  ['missing users', GOOD.replace('"users":10,', ''), 'feature 0: has no "users".'],
  ['nobody at all', GOOD.replaceAll(/"users":\d+/g, '"users":0'), 'no feature has users in any period.'],
  [
    'a line as demand',
    collect(
      '{"type":"Feature","geometry":{"type":"LineString","coordinates":[[1,1],[2,2]]},"properties":{"users":1}}',
    ),
    'is a LineString. Demand is points or polygons.',
  ],
  ['no geometry', collect('{"type":"Feature","geometry":null,"properties":{"users":1}}'), 'has no geometry.'],
  [
    'a point without coordinates',
    collect('{"type":"Feature","geometry":{"type":"Point","coordinates":[]},"properties":{"users":1}}'),
    'is not well formed',
  ],
  ['a point with one coordinate', collect(feature([25], { users: 1 })), 'is not well formed'],
  ['text as coordinates', collect(feature(['25', '60'], { users: 1 })), 'is not well formed'],
  [
    'a geometry without type',
    collect('{"type":"Feature","geometry":{"coordinates":[1,2]},"properties":{"users":1}}'),
    'is not well formed',
  ],
  [
    'an unclosed ring',
    collect(
      polygon(
        [
          [
            [25, 60],
            [26, 60],
            [26, 61],
            [25, 61],
          ],
        ],
        { users: 1 },
      ),
    ),
    'is not well formed',
  ],
  [
    'a ring of three positions',
    collect(
      polygon(
        [
          [
            [25, 60],
            [26, 60],
            [25, 60],
          ],
        ],
        { users: 1 },
      ),
    ),
    'is not well formed',
  ],
  [
    'a polygon without area',
    collect(
      polygon(
        [
          [
            [25, 60],
            [26, 60],
            [25.5, 60],
            [25, 60],
          ],
        ],
        { users: 1 },
      ),
    ),
    'has a polygon without area.',
  ],
  [
    'a polygon over the date line',
    collect(
      polygon(
        [
          [
            [179, 60],
            [-179, 60],
            [-179, 61],
            [179, 61],
            [179, 60],
          ],
        ],
        { users: 1 },
      ),
    ),
    'Cut it at the antimeridian',
  ],
  ['an empty collection', collect(), 'holds no features.'],
  [
    'ids twice',
    collect(feature([25, 60], { users: 1 }, { id: 'x' }), feature([26, 60], { users: 1 }, { id: 'x' })),
    'feature 1 (id "x"): has an id that another feature has too.',
  ],
  [
    'a key twice',
    collect(
      '{"type":"Feature","geometry":{"type":"Point","coordinates":[25,60]},"properties":{"users":1,"users":2}}',
    ),
    'has the key "users" twice.',
  ],
  [
    'features twice',
    '{"type":"FeatureCollection","features":[],"features":[]}',
    'has the key "features" twice',
  ],
  [
    'features that are no list',
    '{"type":"FeatureCollection","features":{}}',
    'has "features" that is not a list.',
  ],
  ['a number among features', collect('7'), 'feature 0: is 7, not a feature.'],
  [
    'a bare geometry among features',
    collect('{"type":"Point","coordinates":[1,2]}'),
    '"Feature" is expected.',
  ],
  ['no type at the top', '{"features":[]}', 'has no "type" at its top level'],
  ['other JSON', '{"users":[1,2,3]}', 'is JSON, but not GeoJSON'],
  ['a JSON list', '[1,2,3]', 'is a JSON list.'],
  ['TopoJSON', '{"type":"Topology","objects":{}}', 'is TopoJSON.'],
  [
    'another coordinate system',
    GOOD.replace(
      '"features"',
      '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::3067"}},"features"',
    ),
    'has the coordinate system urn:ogc:def:crs:EPSG::3067. Reproject it to WGS 84',
  ],
  [
    'deep nesting',
    collect(
      `{"type":"Feature","geometry":{"type":"Point","coordinates":[25,60]},"properties":{"users":1,"x":${deep}}}`,
    ),
    'is nested 102 deep',
  ],
  [
    'binary data',
    Uint8Array.from({ length: 300 }, (_, index) => (index * 37) % 256),
    'is binary data of no known kind.',
  ],
  ['BOM before broken JSON', `\uFEFF${GOOD.slice(0, -1)}`, 'is cut off'],
  ['UTF-16 text', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'), 'is UTF-16 text. Save it as UTF-8.'],
  ['Latin-1 text', Buffer.from(GOOD.replace('"A"', '"\u00c4"'), 'latin1'), 'is not UTF-8 text'],
  ['a PNG image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0), 'is a PNG image.'],
  ['a ZIP archive', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), 'is a ZIP archive.'],
  ['HTML', '<!doctype html><html></html>', 'is XML or HTML.'],
  ['cut gzip', gzipSync(GOOD).subarray(0, 60), 'is cut off: its gzip data ends too early.'],
  [
    'wrong gzip',
    Buffer.concat([gzipSync(GOOD).subarray(0, 12), Buffer.alloc(80, 0xff)]),
    'holds damaged gzip data',
  ],
  ['gzip of nothing', gzipSync(''), 'is empty once decompressed.'],
  ['wrong zstd', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4, 5, 6), 'zstd data'],
  [
    'a table without positions',
    'name,users\nx,1\n',
    'has no longitude and latitude columns; its columns are name, users.',
  ],
  ['a table with a short row', 'lon,lat,users\n25,60,1\n25,61\n', 'line 3: has 2 cells, the header has 3.'],
  ['a table with decimal commas', 'lon;lat;users\n25,5;60.1;1\n', 'Write decimals with a point.'],
  ['a header without rows', 'lon,lat,users\n', 'holds a header but no rows.'],
  ['an open quote', 'lon,lat,users\n25,60,"1\n', 'opens a quote that is never closed.'],
  [
    'a bad line among lines',
    `${feature([25, 60], { users: 1 })}\n{"type":"Feature",\n`,
    'line 2: is not valid JSON',
  ],
];

/** Name, scenario text (demand.geojson is sound), what the sentence must say. */
const SCENARIO_CASES: readonly (readonly [string, string, string])[] = [
  [
    'an unknown key',
    'demand: { file: demand.geojson }\nradio: { frequncyMhz: 800 }',
    'unknown key "frequncyMhz" in radio. Did you mean "frequencyMhz"?',
  ],
  [
    'a target of 120 %',
    'demand: { file: demand.geojson }\nphases: [{ name: a, targets: [{ share: 1.2 }] }]',
    'write 0.95 for 95 %; got 1.2.',
  ],
  ['a missing file', 'demand: { file: nowhere.geojson }', 'nowhere.geojson: no such file.'],
  ['a folder as file', 'demand: { file: folder }', 'folder: is a folder, a file is expected.'],
  [
    'a region without name',
    'demand: { file: demand.geojson }\nregions: { file: nameless.geojson }',
    'nameless.geojson, feature 1: has no "name".',
  ],
  [
    'a point as region',
    'demand: { file: demand.geojson }\nregions: { file: demand.geojson, groupBy: ward }',
    'is a Point, a polygon is expected.',
  ],
  [
    'a filter that leaves nothing',
    'demand: { file: demand.geojson }\nregions: { file: wards.geojson, where: { name: Z } }',
    'regions.where leaves none of its 2 features.',
  ],
  [
    'a group property that is not there',
    'demand: { file: demand.geojson }\nregions: { file: wards.geojson, groupBy: nam }',
    'no feature has a property "nam". Did you mean "name"?',
  ],
  [
    'a target for no region',
    'demand: { file: demand.geojson }\nregions: { file: wards.geojson }\nphases: [{ name: a, targets: [{ share: 0.9, regions: [Est] }] }]',
    'has a target for the region "Est", which does not exist. Did you mean "East"?',
  ],
  [
    'a target for no period',
    'demand: { file: demand.geojson }\nphases: [{ name: a, targets: [{ share: 0.9, period: night }] }]',
    'has a target for the period "night", which does not exist.',
  ],
  [
    'regions elsewhere',
    'demand: { file: demand.geojson }\nregions: { file: far.geojson }',
    'no demand point lies in any region.',
  ],
  [
    'a candidate that costs nothing',
    'demand: { file: demand.geojson }\ncandidates: { file: free.geojson }',
    'cost must be greater than 0, got 0.',
  ],
  [
    'an unknown status',
    'demand: { file: demand.geojson }\ncandidates: { file: status.geojson }',
    'status "requird" is not known. Did you mean "required"?',
  ],
  [
    'candidates elsewhere',
    'demand: { file: demand.geojson }\ncandidates: { file: far-sites.geojson }',
    'km from every demand point.',
  ],
  [
    'path loss in place of RSRP',
    'demand: { file: demand.geojson }\nmeasurements: { files: [loss.csv] }',
    'holds path loss, a plan needs RSRP.',
  ],
  [
    'a timestamp that is none',
    'demand: { file: demand.geojson }\nmeasurements: { files: [time.csv] }',
    'has the timestamp "yesterday", which is no time.',
  ],
  [
    'no samples left',
    'demand: { file: demand.geojson }\nmeasurements: { files: [loud.csv] }',
    'no sample is left after setting aside.',
  ],
];

beforeAll(() => {
  scratch.write('demand.geojson', GOOD);
  scratch.write(
    'wards.geojson',
    collect(
      polygon(square(24.9, 59.9, 0.105), { name: 'West' }),
      polygon(square(25.005, 59.9, 0.2), { name: 'East' }),
    ),
  );
  scratch.write(
    'nameless.geojson',
    collect(polygon(square(24.9, 59.9, 0.2), { name: 'A' }), polygon(square(24, 59, 0.2), {})),
  );
  scratch.write('far.geojson', collect(polygon(square(60, 25, 0.2), { name: 'A' })));
  scratch.write('free.geojson', collect(feature([25, 60], { cost: 0 })));
  scratch.write('status.geojson', collect(feature([25, 60], { status: 'requird' })));
  scratch.write('far-sites.geojson', collect(feature([60, 25], {})));
  scratch.write('loss.csv', 'lon,lat,path_loss_db\n25,60,120\n');
  scratch.write('time.csv', 'lon,lat,rsrp,timestamp\n25,60,-90,yesterday\n');
  scratch.write('loud.csv', 'lon,lat,rsrp\n25,60,-10\n');
  mkdirSync(join(scratch.path, 'folder'));
});

/** Sentences a user would see, without the folder they happen to be in. */
async function sentences(read: () => Promise<unknown>): Promise<string[]> {
  const error = await read().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message.replaceAll(`${scratch.path}/`, '').split('\n');
}

function expectPlain(lines: readonly string[], expected: string): void {
  expect(
    lines.some((line) => line.includes(expected)),
    lines.join(' | '),
  ).toBe(true);
  for (const line of lines) {
    expect(line).not.toMatch(/\bat \S+:\d+:\d+|Error:|undefined|\[object/);
    expect(line.length).toBeLessThan(400);
  }
}

describe('broken files', () => {
  it('are at least 40', () => {
    expect(DEMAND_CASES.length + SCENARIO_CASES.length).toBeGreaterThanOrEqual(40);
  });

  it.each(DEMAND_CASES)('demand: %s', async (name, content, expected) => {
    const path = scratch.write(`${name.replaceAll(' ', '-')}.data`, content);
    const loaded = await readScenario(null, resolveFlags({ demand: path }));
    const lines = await sentences(() => readInputs(loaded));
    expectPlain(lines, expected);
    expect(lines).toHaveLength(1);
  });

  it.each(SCENARIO_CASES)('scenario: %s', async (name, text, expected) => {
    const path = scratch.write(`${name.replaceAll(' ', '-')}.yaml`, text);
    expectPlain(await sentences(async () => readInputs(await readScenario(path))), expected);
  });

  it('are all listed, file after file', async () => {
    const text =
      'demand: { file: nowhere.geojson }\ncandidates: { file: free.geojson }\nregions: { file: nameless.geojson }';
    const lines = await sentences(async () =>
      readInputs(await readScenario(scratch.write('three.yaml', text))),
    );
    expect(lines).toHaveLength(3);
  });
});

describe('the built command on broken files', () => {
  const bin = new URL('../../bin/mastplan.js', import.meta.url).pathname;
  const out = join(scratch.path, 'out');
  const run = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', cwd: scratch.path });

  it.each([
    ['cut JSON', ['plan', '--demand', 'cut.geojson'], 'cut.geojson: is cut off'],
    [
      'an unknown key',
      ['plan', 'typo.yaml'],
      'typo.yaml, line 2: unknown key "rdio" at the top level. Did you mean "radio"?',
    ],
    ['a missing scenario', ['plan', 'missing.yaml'], 'missing.yaml: no such file.'],
    [
      'a number that is none',
      ['plan', '--demand', 'demand.geojson', '--eirp', 'loud'],
      '--eirp must be a number, got "loud".',
    ],
  ])('plan: %s: exit 2, one sentence, nothing written', (_, args, expected) => {
    scratch.write('cut.geojson', GOOD.slice(0, -30));
    scratch.write('typo.yaml', 'demand: { file: demand.geojson }\nrdio: { heightM: 20 }');
    const { status, stderr } = run(...args, '--out', out, '--no-progress');
    expect(status).toBe(2);
    expectPlain(String(stderr).trim().split('\n'), expected);
    expect(String(stderr).trim().split('\n')).toHaveLength(1);
    expect(existsSync(out)).toBe(false);
  });

  it('validate: exit 2 with findings, 0 without, one document with --json', () => {
    scratch.write('cut.geojson', GOOD.slice(0, -30));
    const bad = run('validate', '--json', 'demand.geojson', 'cut.geojson');
    expect(bad.status).toBe(2);
    const report = JSON.parse(String(bad.stdout)) as {
      clean: boolean;
      files: { dialect: string; findings: unknown[] }[];
    };
    expect(report.clean).toBe(false);
    expect(report.files.map(({ findings }) => findings.length)).toEqual([0, 1]);
    expect(report.files[0]?.dialect).toBe('geojson');
    expect(run('validate', 'demand.geojson').status).toBe(0);
  });
});
