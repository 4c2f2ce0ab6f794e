import { distanceM } from '../geo/ellipsoid.ts';
import { createPolygonLocator } from '../geo/polygon-locator.ts';
import type { RegionTable } from '../input/types.ts';
import type { RasterGrid } from './raster-grid.ts';

/** How much of an area is covered: a cell counts where its probability reaches the service's location probability. */
export interface CoveredArea {
  /** Null = the whole. */
  readonly region: string | null;
  readonly km2: number;
  readonly coveredKm2: number;
}

export interface AreaRequest {
  readonly columns: number;
  readonly rows: number;
  cellKm2(row: number): number;
  /** Longitude and latitude of a cell's centre. */
  centre(column: number, row: number): readonly [number, number];
  isCovered(cell: number): boolean;
  readonly regions: RegionTable | null;
  /** Does a place belong to the whole? */
  isInside(lon: number, lat: number): boolean;
}

/** Areas of the whole, then of each region in order. */
export function coveredAreas(request: AreaRequest): CoveredArea[] {
  const { columns, rows, regions } = request;
  const names = regions?.names ?? [];
  const locator = createPolygonLocator(regions?.polygons ?? []);
  const km2 = new Float64Array(names.length + 1);
  const coveredKm2 = new Float64Array(names.length + 1);
  const add = (group: number, cellKm2: number, isCovered: boolean): void => {
    km2[group]! += cellKm2;
    if (isCovered) coveredKm2[group]! += cellKm2;
  };
  for (let row = 0; row < rows; row++) {
    const cellKm2 = request.cellKm2(row);
    for (let column = 0; column < columns; column++) {
      const isCovered = request.isCovered(row * columns + column);
      const [lon, lat] = request.centre(column, row);
      if (request.isInside(lon, lat)) add(0, cellKm2, isCovered);
      const region = names.length === 0 ? -1 : locator.first(lon, lat);
      if (region >= 0) add(region + 1, cellKm2, isCovered);
    }
  }
  return [null, ...names].map((region, k) => ({ region, km2: km2[k]!, coveredKm2: coveredKm2[k]! }));
}

/** The ground a cell of this row takes up, km2: sides measured on the ellipsoid. */
export function degreeCellKm2({ west, north, cellWidth, cellHeight }: RasterGrid, row: number): number {
  const lat = north - (row + 0.5) * cellHeight;
  const widthM = distanceM(west, lat, west + cellWidth, lat);
  return (widthM * distanceM(west, lat - cellHeight / 2, west, lat + cellHeight / 2)) / 1e6;
}
