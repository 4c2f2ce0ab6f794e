import { InputError } from '../../../errors.ts';

/** A feature as a binary format holds it, in GeoJSON's terms. Checked like any other feature afterwards. */
export interface BinaryRecord {
  readonly type: 'Feature';
  readonly id?: string;
  readonly geometry: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What a binary reader needs to know beyond the path. */
export interface BinarySource {
  readonly path: string;
  /** The file as messages name it. */
  readonly file: string;
  /** Cells of a raster are summed to squares of about this side, metres. */
  readonly rasterCellM: number;
}

/** EPSG codes and names under which WGS 84 longitude, latitude goes. */
export function isWgs84(code: unknown): boolean {
  return code === 4326 || code === '4326' || code === 'CRS84' || code === 4979 || code === 0;
}

export function wrongCrs(file: string, shown: string): InputError {
  return new InputError(`has the coordinate system ${shown}.`, {
    code: 'crs',
    file,
    hint: 'Reproject it to WGS 84 longitude, latitude (EPSG:4326), for example with ogr2ogr -t_srs EPSG:4326.',
  });
}

/** What a library that trusts its files runs into; of no use to whoever made the file. */
const PROGRAMMERS_WORDS = /undefined|null|not a function|not iterable|BigInt|DataView|typed array/i;

/** A damaged or unsupported file of a known kind. */
export function unreadableKind(file: string, kind: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const said = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 160);
  const reason = PROGRAMMERS_WORDS.test(said) ? 'its parts do not fit together' : said;
  return new InputError(`cannot be read as ${kind} (${reason}).`, { code: 'file-damaged', file });
}

/** Values of databases and columns as JSON knows them. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}
