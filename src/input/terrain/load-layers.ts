import type { GeoGrid, TerrainLayer } from '../../geo/geo-grid.ts';
import { groundNeed } from '../../memory/estimates.ts';
import type { MemoryAccount } from '../../memory/memory-account.ts';
import type { Scenario } from '../scenario-schema.ts';
import type { InputFileSummary } from '../types.ts';
import type { GeoBox } from './area.ts';
import { clutterTable, WORLDCOVER } from './clutter-table.ts';
import { readTerrain } from './read-terrain.ts';

export interface LoadedTerrain {
  readonly layer: TerrainLayer;
  /** As messages name the terrain. */
  readonly file: string;
  readonly summaries: readonly InputFileSummary[];
  /** Sentences for the report: what was resampled, what is missing. */
  readonly warnings: readonly string[];
}

const METRES_PER_DEGREE = 111_195;
const COARSER = 'Use a coarser raster or a smaller area, or grant more with --memory.';

/** The smaller side of a cell, m: a finer profile step tells nothing new. */
export function cellSizeM(grid: GeoGrid): number {
  const middleLat = grid.north - (grid.rows / 2) * grid.stepLatDeg;
  const eastM = grid.stepLonDeg * METRES_PER_DEGREE * Math.cos((middleLat * Math.PI) / 180);
  return Math.min(eastM, grid.stepLatDeg * METRES_PER_DEGREE);
}

/**
 * Reads a scenario's terrain and clutter for an area (positions plus reach).
 *
 * @param memory told of the cells before they are allocated
 * @param resolvePath from a path as the scenario writes it to one that can be opened
 * @throws InputError as `readTerrain`; for a table whose classes are no codes
 */
export async function loadTerrain(
  scenario: { readonly terrain: NonNullable<Scenario['terrain']>; readonly clutter?: Scenario['clutter'] },
  resolvePath: (file: string) => string,
  area: GeoBox | null,
  memory?: MemoryAccount,
): Promise<LoadedTerrain> {
  const { terrain, clutter } = scenario;
  const holdCells =
    (kind: 'terrain' | 'clutter') =>
    (held: number): void =>
      memory?.hold(`${kind}: ${held.toLocaleString('en')} cells`, groundNeed(held), COARSER);
  const heights = await readTerrain(resolvePath(terrain.file), {
    file: terrain.file,
    area,
    crs: terrain.crs,
    kind: 'terrain',
    onCells: holdCells('terrain'),
  });
  const warnings: string[] = [];
  const cells = heights.grid.columns * heights.grid.rows;
  if (heights.voidCells > 0) {
    const share = ((100 * heights.voidCells) / cells).toFixed(1);
    warnings.push(
      `${terrain.file}: ${share} % of the area has no height; paths bridge such holes on a straight line, places in them are not served.`,
    );
  }
  if (heights.resampled) {
    warnings.push(
      `${terrain.file}: resampled (bilinear) onto a grid of degrees of about its own resolution.`,
    );
  }
  const stepM = terrain.stepM ?? cellSizeM(heights.grid);
  if (clutter === undefined) {
    return {
      layer: { grid: heights.grid, clutter: null, stepM },
      file: terrain.file,
      summaries: heights.summaries,
      warnings,
    };
  }
  const cover = await readTerrain(resolvePath(clutter.file), {
    file: clutter.file,
    area,
    crs: clutter.crs,
    kind: 'clutter',
    onCells: holdCells('clutter'),
  });
  const table = clutterTable(clutter.table ?? WORLDCOVER, clutter.file);
  return {
    layer: { grid: heights.grid, clutter: { classes: cover.grid, ...table }, stepM },
    file: terrain.file,
    summaries: [...heights.summaries, ...cover.summaries],
    warnings,
  };
}
