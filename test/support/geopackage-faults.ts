import type sqlite from 'node-sqlite3-wasm';

type Row = Record<string, unknown>;

/** Tables and columns every GeoPackage with features has (OGC 12-128r18, tables 1, 3, 5 and clause 2.1). */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  gpkg_spatial_ref_sys: [
    'srs_name',
    'srs_id',
    'organization',
    'organization_coordsys_id',
    'definition',
    'description',
  ],
  gpkg_contents: [
    'table_name',
    'data_type',
    'identifier',
    'description',
    'last_change',
    'min_x',
    'min_y',
    'max_x',
    'max_y',
    'srs_id',
  ],
  gpkg_geometry_columns: ['table_name', 'column_name', 'geometry_type_name', 'srs_id', 'z', 'm'],
  gpkg_extensions: ['table_name', 'column_name', 'extension_name', 'definition', 'scope'],
};
const GEOMETRY_NAMES: Readonly<Record<number, string>> = { 1: 'POINT', 3: 'POLYGON', 6: 'MULTIPOLYGON' };
/** Single precision of the R-tree, rounded outwards, at 180 degrees. */
const RTREE_SLACK = 2e-5;

/** Written from the standard, apart from the code it judges. Requirement numbers are those of OGC 12-128r18. */
export function geopackageFaults(database: InstanceType<typeof sqlite.Database>): string[] {
  const faults: string[] = [];
  const rows = (sql: string): Row[] => database.all(sql) as Row[];
  const expectAll = (condition: boolean, fault: string): void => {
    if (!condition) faults.push(fault);
  };
  const one = (sql: string): unknown => Object.values(rows(sql)[0] ?? {})[0];

  expectAll(one('PRAGMA application_id') === 0x47504b47, 'requirement 2: application_id is not GPKG');
  expectAll(Number(one('PRAGMA user_version')) >= 10200, 'requirement 2: user_version');
  expectAll(one('PRAGMA integrity_check') === 'ok', 'requirement 6: integrity_check');
  expectAll(rows('PRAGMA foreign_key_check').length === 0, 'requirement 7: foreign_key_check');
  for (const [table, columns] of Object.entries(REQUIRED)) {
    const names = rows(`PRAGMA table_info("${table}")`).map(({ name }) => name);
    for (const column of columns) expectAll(names.includes(column), `${table} lacks ${column}`);
  }
  const systems = rows('SELECT srs_id FROM gpkg_spatial_ref_sys').map(({ srs_id: id }) => Number(id));
  for (const id of [-1, 0, 4326]) expectAll(systems.includes(id), `requirement 11: no srs_id ${id}`);

  for (const layer of rows('SELECT * FROM gpkg_contents')) {
    const table = String(layer['table_name']);
    if (layer['data_type'] !== 'features') continue;
    const say = (condition: boolean, fault: string): void => expectAll(condition, `${table}: ${fault}`);
    const [column, ...more] = rows(`SELECT * FROM gpkg_geometry_columns WHERE table_name = '${table}'`);
    say(column !== undefined && more.length === 0, 'requirement 22: one geometry column');
    if (column === undefined) continue;
    say(column['srs_id'] === layer['srs_id'] && systems.includes(Number(layer['srs_id'])), 'srs_id');
    say(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(layer['last_change'])), 'requirement 15');
    const key = rows(`PRAGMA table_info("${table}")`).filter(({ pk }) => Number(pk) > 0);
    say(key.length === 1 && key[0]?.['type'] === 'INTEGER', 'requirement 29: primary key');
    const name = String(column['column_name']);
    const extension = `SELECT count(*) FROM gpkg_extensions WHERE table_name = '${table}'
      AND column_name = '${name}' AND extension_name = 'gpkg_rtree_index' AND scope = 'write-only'`;
    say(one(extension) === 1, 'requirement 75: the index is not declared');
    const triggers = `SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree_${table}_${name}_%'`;
    say(Number(one(triggers)) >= 6, 'requirement 77: triggers of the index');
    checkFeatures(rows, { table, name, type: String(column['geometry_type_name']), layer }, say);
  }
  return faults;
}

function checkFeatures(
  rows: (sql: string) => Row[],
  { table, name, type, layer }: { table: string; name: string; type: string; layer: Row },
  say: (condition: boolean, fault: string) => void,
): void {
  const index = `rtree_${table}_${name}`;
  const features = rows(`SELECT fid, "${name}" blob FROM "${table}"`);
  const boxes = indexedBoxes(rows, index);
  say(boxes.size === features.length, 'the index holds other rows');
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const row of features) {
    const bytes = Buffer.from(row['blob'] as Uint8Array);
    say(bytes.toString('latin1', 0, 2) === 'GP' && bytes[2] === 0, 'requirement 19: blob header');
    say(bytes.readInt32LE(4) === layer['srs_id'], 'requirement 19: srs_id of a blob');
    const envelope = (bytes[3]! >> 1) & 7;
    const body = 8 + [0, 32, 48, 48, 64][envelope]!;
    say(GEOMETRY_NAMES[bytes.readUInt32LE(body + 1)] === type, 'requirement 32: type of a geometry');
    const box =
      envelope === 1
        ? [8, 24, 16, 32].map((at) => bytes.readDoubleLE(at))
        : [5, 13, 5, 13].map((at) => bytes.readDoubleLE(body + at));
    const tree = boxes.get(Number(row['fid'])) ?? [];
    say(
      tree.length === 4 &&
        tree.every((value, side) => {
          const outwards = side < 2 ? box[side]! - value : value - box[side]!;
          return outwards >= 0 && outwards < RTREE_SLACK;
        }),
      `the index has another box for row ${String(row['fid'])}`,
    );
    [minX, minY] = [Math.min(minX, box[0]!), Math.min(minY, box[1]!)];
    [maxX, maxY] = [Math.max(maxX, box[2]!), Math.max(maxY, box[3]!)];
  }
  if (features.length === 0) return;
  const extent = [layer['min_x'], layer['min_y'], layer['max_x'], layer['max_y']].map(Number);
  say(
    extent.every((value, side) => value === [minX, minY, maxX, maxY][side]),
    'extent in gpkg_contents',
  );
}

/**
 * West, south, east and north of every row of an R-tree, from the leaves in its own tables (sqlite.org/rtree.html,
 * section 6): this SQLite has no such module, and what others would read is looked at directly.
 */
function indexedBoxes(rows: (sql: string) => Row[], index: string): Map<number, number[]> {
  const leaves = new Set(rows(`SELECT DISTINCT nodeno FROM "${index}_rowid"`).map(({ nodeno }) => nodeno));
  const boxes = new Map<number, number[]>();
  for (const { nodeno, data } of rows(`SELECT nodeno, data FROM "${index}_node"`)) {
    if (!leaves.has(nodeno)) continue;
    const node = Buffer.from(data as Uint8Array);
    for (let cell = 0; cell < node.readUInt16BE(2); cell++) {
      const at = 4 + 24 * cell;
      const [minX, maxX, minY, maxY] = [8, 12, 16, 20].map((offset) => node.readFloatBE(at + offset));
      boxes.set(Number(node.readBigInt64BE(at)), [minX!, minY!, maxX!, maxY!]);
    }
  }
  return boxes;
}
