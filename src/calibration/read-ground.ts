import { resolve } from 'node:path';
import { formatFinding, InputError } from '../errors.ts';
import { Findings } from '../input/findings.ts';
import { sitesNear } from '../input/sites-near.ts';
import { boxAround, union } from '../input/terrain/area.ts';
import { checkSitesOnGround } from '../input/terrain/ground-findings.ts';
import { loadTerrain, type LoadedTerrain } from '../input/terrain/load-layers.ts';
import type { MeasurementTable, SiteTable } from '../input/types.ts';

export interface CalibrationGround {
  /** Heights: GeoTIFF, .hgt or a folder of tiles. */
  readonly terrain?: string | undefined;
  /** Land-cover classes; needs terrain. */
  readonly clutter?: string | undefined;
  /** Coordinate system of the terrain, where it names none. */
  readonly crs?: string | undefined;
}

/** Some cells of any raster around the outermost places, metres. */
const MARGIN_M = 500;

/**
 * Terrain and clutter under measurements and the sites near them; null where none is given.
 *
 * @throws InputError for clutter without terrain, and for sites without ground under them
 */
export async function readCalibrationGround(
  { terrain, clutter, crs }: CalibrationGround,
  sites: { readonly table: SiteTable; readonly file: string },
  measurements: MeasurementTable,
  maxDistanceM: number,
): Promise<LoadedTerrain | null> {
  if (terrain === undefined) {
    if (clutter === undefined) return null;
    throw new InputError('--clutter needs --terrain.', { code: 'clutter-without-terrain' });
  }
  const measured = boxAround(measurements.lon, measurements.lat, MARGIN_M);
  const near = sitesNear(sites.table, measured, maxDistanceM);
  const area = near.count === 0 ? measured : union([measured, boxAround(near.lon, near.lat, MARGIN_M)]);
  const ground = await loadTerrain(
    {
      terrain: { file: terrain, ...(crs !== undefined && { crs }) },
      ...(clutter !== undefined && { clutter: { file: clutter } }),
    },
    (file) => resolve(file),
    area,
  );
  const findings = new Findings();
  checkSitesOnGround({ ...near, file: sites.file }, { grid: ground.layer.grid, file: ground.file }, findings);
  findings.throwIfErrors();
  return { ...ground, warnings: [...ground.warnings, ...findings.all.map(formatFinding)] };
}
