// Writes the data files of data/ottawa and data/helsinki from the collected sources beside the clone (../shared/data).
// Run: npx tsx scripts/build-data.ts. The files are committed; this says how they were made.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const source = new URL('../../shared/data/', import.meta.url);
const target = new URL('../data/', import.meta.url);

/** gzip writes no name and no date here, so the same content gives the same bytes. */
function pack(file: string, text: string): void {
  const packed = gzipSync(text, { level: 9 });
  writeFileSync(new URL(file, target), packed);
  console.log(`data/${file}: ${packed.length} bytes`);
}

function copy(from: string, to: string): void {
  pack(to, readFileSync(new URL(from, source), 'utf8'));
}

/** The three tables of hourly shares as one: 72 periods beside each other, named as in the 8-period file. */
function joinHelsinkiHours(): string {
  const tables = ['workday', 'saturday', 'sunday'].map((day) => {
    const text = readFileSync(new URL(`helsinki-24h-users/share_${day}.csv`, source), 'utf8');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => line.trim().split(','));
    const header = rows[0] ?? [];
    const hours = header.flatMap((name, column) => (/^h\d\d$/.test(name) ? [column] : []));
    return { day, header, hours, rows: rows.slice(1) };
  });
  const first = tables[0];
  if (first === undefined) throw new RangeError('no tables');
  const byId = tables.map(({ rows }) => new Map(rows.map((row) => [row[0], row])));
  const names = tables.flatMap(({ day, header, hours }) => hours.map((column) => `${day}_${header[column]}`));
  const lines = first.rows.map((row) => {
    const [id, lon, lat] = row;
    const shares = tables.flatMap(({ hours }, table) =>
      hours.map((column) => byId[table]?.get(id)?.[column] ?? '0'),
    );
    return [id, lon, lat, ...shares].join(',');
  });
  return `${[`id,lon,lat,${names.join(',')}`, ...lines].join('\n')}\n`;
}

copy('ottawa/census_blocks_population_2021.geojson', 'ottawa/users.geojson.gz');
copy('ottawa/measurements.geojson', 'ottawa/measurements.geojson.gz');
copy('ottawa/wards.geojson', 'ottawa/wards.geojson.gz');
copy('helsinki-24h-users/users_8periods.geojson', 'helsinki/users.geojson.gz');
copy('helsinki-24h-users/municipalities.geojson', 'helsinki/municipalities.geojson.gz');
pack('helsinki/users-72-hours.csv.gz', joinHelsinkiHours());
