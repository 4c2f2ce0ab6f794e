import { sharedFloat32 } from '../../src/geo/shared-array.ts';
import type { GeoGrid, TerrainLayer } from '../../src/geo/geo-grid.ts';

/** A grid of 3 arc-seconds whose heights follow a formula of longitude and latitude. */
export function gridOf(
  box: { west: number; south: number; east: number; north: number },
  heightM: (lon: number, lat: number) => number,
): GeoGrid {
  const step = 1 / 1200;
  const columns = Math.round((box.east - box.west) / step) + 1;
  const rows = Math.round((box.north - box.south) / step) + 1;
  const values = sharedFloat32(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = heightM(box.west + column * step, box.north - row * step);
    }
  }
  return { columns, rows, west: box.west, north: box.north, stepLonDeg: step, stepLatDeg: step, values };
}

export function terrainOf(grid: GeoGrid, stepM = 60): TerrainLayer {
  return { grid, clutter: null, stepM };
}
