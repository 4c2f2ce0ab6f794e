/**
 * One measurement of read-demand.bench.ts in a process of its own, so that its peak memory is its own:
 * `tsx demand-reading.ts write <file> <points>`, `... recipe <file>` or `... demand <file>`. Prints JSON.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { Findings } from '../../src/input/findings.ts';
import { readDemand } from '../../src/input/read-demand.ts';
import { createRandom } from '../../src/random.ts';

const CHUNK = 1 << 20;

/** Points with an id, two periods of users and two other properties: about 200 bytes each. */
function write(file: string, points: number): void {
  const random = createRandom(7);
  const out = openSync(file, 'w');
  writeSync(out, '{"type":"FeatureCollection","features":[\n');
  let lines: string[] = [];
  for (let index = 0; index < points; index++) {
    const lon = (24 + random.next()).toFixed(6);
    const lat = (60 + random.next()).toFixed(6);
    const day = (100 * random.next()).toFixed(2);
    const night = (100 * random.next()).toFixed(2);
    const comma = index + 1 < points ? ',' : '';
    lines.push(
      `{"type":"Feature","id":${index},"geometry":{"type":"Point","coordinates":[${lon},${lat}]},"properties":{"municipality":"Espoo","users_day":${day},"users_night":${night},"postal_code":"02150"}}${comma}`,
    );
    if (lines.length === 10_000) {
      writeSync(out, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  writeSync(out, `${lines.join('\n')}\n]}\n`);
  closeSync(out);
}

interface PointFeature {
  readonly geometry: { readonly coordinates: readonly [number, number] };
  readonly properties: { readonly users_day: number; readonly users_night: number };
}

/** The plain recipe: a byte scanner finds whole features in chunks of 1 MB, JSON.parse reads them, arrays keep them. */
function recipe(file: string): number {
  const input = openSync(file, 'r');
  const columns = [0, 1, 2, 3].map(() => new Float64Array(8_000_000));
  let count = 0;
  let rest = Buffer.alloc(0);
  let inFeatures = false;
  const take = (text: string): void => {
    for (const { geometry, properties } of JSON.parse(`[${text}]`) as PointFeature[]) {
      columns[0]![count] = geometry.coordinates[0];
      columns[1]![count] = geometry.coordinates[1];
      columns[2]![count] = properties.users_day;
      columns[3]![count] = properties.users_night;
      count++;
    }
  };
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const read = readSync(input, chunk, 0, CHUNK, null);
    if (read === 0) break;
    const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
    let from = 0;
    if (!inFeatures) {
      from = bytes.indexOf('[') + 1;
      inFeatures = true;
    }
    let depth = 0;
    let inString = false;
    let escaped = false;
    let start = -1;
    let first = -1;
    let end = from;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
      } else if (byte === 0x22) inString = true;
      else if (byte === 0x7b) {
        if (depth++ === 0) start = at;
        if (first < 0) first = start;
      } else if (byte === 0x7d && --depth === 0) end = at + 1;
    }
    if (end > from) take(bytes.toString('utf8', first, end));
    rest = bytes.subarray(end);
    const comma = rest.indexOf(',');
    if (comma >= 0 && comma < 3) rest = rest.subarray(comma + 1);
  }
  closeSync(input);
  return count;
}

async function demand(file: string): Promise<number> {
  const findings = new Findings();
  const { demand: table } = await readDemand(file, {
    file,
    spec: { file, users: { day: 'users_day', night: 'users_night' }, scale: 1, cellM: 100 },
    periods: ['day', 'night'],
    findings,
  });
  findings.throwIfErrors();
  return table.count;
}

const [mode = '', file = '', points = '0'] = process.argv.slice(2);
if (mode === 'write') write(file, Number(points));
else {
  const started = performance.now();
  const before = process.cpuUsage();
  const count = mode === 'recipe' ? recipe(file) : await demand(file);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ count, seconds, cpuSeconds: (user + system) / 1e6, peakMb }));
}
