// What do terrain and model change for London (9,002,488 residents) at 700 MHz, masts of 40 m, links of 3 km and more?
// Three plans (Hata, P.1812 over level ground, P.1812 over terrain) of the same target are put side by side by
// `mastplan compare`; then the sites of the first plan are predicted by each model. Build first; then
//   npx tsx benchmarks/london-terrain.ts [folder for the runs] [threshold, dBm]
// The data are those of ../shared/data/london-population-terrain.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { distanceM } from '../src/geo/ellipsoid.ts';
import { sharedPath } from '../test/support/shared.ts';

const program = fileURLToPath(new URL('../bin/mastplan.js', import.meta.url));
const data = sharedPath('data/london-population-terrain');
if (data === null) throw new Error('../shared/data/london-population-terrain is not beside the clone');
const [folder = 'out/london', thresholdDbm = '-110'] = process.argv.slice(2);
const out = resolve(folder);
mkdirSync(out, { recursive: true });

const RUNS = [
  { name: 'hata', radio: { model: 'hata', environment: 'suburban' }, terrain: false },
  { name: 'p1812-level', radio: { model: 'p1812' }, terrain: false },
  { name: 'p1812-terrain', radio: { model: 'p1812' }, terrain: true },
] as const;

function scenarioOf({ name, radio, terrain }: (typeof RUNS)[number], candidates: object): string {
  const path = join(out, `${name}.json`);
  const scenario = {
    name,
    demand: { file: join(data!, 'lsoa_population_2020.geojson'), users: { all: 'population' } },
    regions: { file: join(data!, 'boroughs.geojson'), groupBy: 'name' },
    ...candidates,
    ...(terrain && { terrain: { file: join(data!, 'greater_london_dem_3s.tif') } }),
    radio: { frequencyMhz: 700, bandwidthMhz: 10, heightM: 40, maxReachM: 20_000, ...radio },
    service: { rsrpDbm: Number(thresholdDbm), locationProbability: 0.9 },
    phases: [{ name: '95 % of residents', targets: [{ share: 0.95 }] }],
  };
  writeFileSync(path, JSON.stringify(scenario, null, 1));
  return path;
}

function mastplan(...args: string[]): string {
  return execFileSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

interface Point {
  readonly geometry: { readonly coordinates: [number, number] };
  readonly properties: { readonly users?: Readonly<Record<string, number>>; readonly id: string };
}

function pointsOf(file: string): Point[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { features: Point[] }).features;
}

/** Shares of residents whose nearest site of the plan stands 3 km away or more, and the farthest served from there. */
function farShare(run: string): string {
  const sites = pointsOf(join(out, run, 'sites.geojson'));
  let [far, all] = [0, 0];
  for (const { geometry, properties } of pointsOf(join(out, run, 'demand.geojson'))) {
    const users = properties.users?.['all'] ?? 0;
    const nearest = Math.min(
      ...sites.map((site) => distanceM(...geometry.coordinates, ...site.geometry.coordinates)),
    );
    all += users;
    if (nearest >= 3000) far += users;
  }
  return `${((100 * far) / all).toFixed(0)} %`;
}

// The terrain file ends with the city: candidates stand where it has heights.
const candidates = { candidates: { generate: { spacingM: 2500 } } };
for (const run of RUNS) {
  process.stderr.write(`plan ${run.name} ...\n`);
  const args = ['--out', join(out, run.name), '--force', '--no-progress', '--quiet'];
  mastplan('plan', scenarioOf(run, candidates), ...args);
}
console.log(`95 % of residents at ${thresholdDbm} dBm with probability 0.9:\n`);
const names = RUNS.map(({ name }) => join(out, name));
console.log(mastplan('compare', ...names, '--out', join(out, 'compared'), '--force'));
for (const { name } of RUNS) {
  console.log(`${name}: ${farShare(name)} of residents live 3 km or more from the nearest new site`);
}
console.log('\nThe same sites (those of the Hata plan) under each model:');
for (const run of RUNS) {
  const args = ['--sites', join(out, 'hata', 'sites.geojson'), '--resolution', '250', '--json'];
  const predicted = JSON.parse(
    mastplan(
      'predict',
      scenarioOf(run, candidates),
      ...args,
      '--out',
      join(out, `${run.name}-same`),
      '--force',
    ),
  ) as {
    users: { region: string | null; users: number; covered: number }[];
    areas: { region: string | null; km2: number; coveredKm2: number }[];
  };
  const users = predicted.users.find(({ region }) => region === null)!;
  const boroughs = predicted.areas.filter(({ region }) => region !== null);
  const sum = (of: (area: (typeof boroughs)[number]) => number): string =>
    boroughs.reduce((total, area) => total + of(area), 0).toFixed(0);
  console.log(
    `  ${run.name}: ${((100 * users.covered) / users.users).toFixed(2)} % of residents, ` +
      `${sum(({ coveredKm2 }) => coveredKm2)} of ${sum(({ km2 }) => km2)} km2`,
  );
}
