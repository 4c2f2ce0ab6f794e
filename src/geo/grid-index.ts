import { EARTH_RADIUS_M, writeEarthCentred } from './ellipsoid.ts';
import { sharedFloat64, sharedUint32 } from './shared-array.ts';

/**
 * A fixed grid of longitude and latitude over points, in compressed rows: only cells that hold points exist, so a
 * stray point on another continent costs nothing. Plain arrays on shared memory: workers query without a copy.
 */
export interface GridIndex {
  readonly count: number;
  readonly lonMin: number;
  readonly latMin: number;
  readonly lonStepDeg: number;
  readonly latStepDeg: number;
  readonly columns: number;
  readonly rows: number;
  /** [rows + 1] the cells of row `r` (south to north) are `rowStart[r] .. rowStart[r + 1])`. */
  readonly rowStart: Uint32Array;
  /** [cells] column of each cell, ascending within its row. */
  readonly cellColumn: Uint32Array;
  /** [cells + 1] the points of cell `c` are `pointOrder[cellStart[c] .. cellStart[c + 1])`. */
  readonly cellStart: Uint32Array;
  /** [count] point numbers, cell after cell, ascending within a cell. */
  readonly pointOrder: Uint32Array;
  /** [3 x count] earth-centred coordinates in the order of `pointOrder`. */
  readonly xyz: Float64Array;
}

/** Rows and columns are held below this by widening the cells; the globe at 300 m fits. */
const MAX_STEPS = 1 << 17;
const DEGREES = 180 / Math.PI;

/** Builds the index; `cellM` is the wanted side of a cell, metres. Positions in degrees. */
export function buildGridIndex(lon: ArrayLike<number>, lat: ArrayLike<number>, cellM: number): GridIndex {
  const count = lon.length;
  const [lonMin, lonMax] = range(lon);
  const [latMin, latMax] = range(lat);
  const cosLat = Math.max(0.01, Math.cos((latMin + latMax) / 2 / DEGREES));
  const wantedLatStep = (cellM / EARTH_RADIUS_M) * DEGREES;
  const latStepDeg = Math.max(wantedLatStep, (latMax - latMin) / (MAX_STEPS - 2));
  const lonStepDeg = Math.max(wantedLatStep / cosLat, (lonMax - lonMin) / (MAX_STEPS - 2));
  const rows = Math.floor((latMax - latMin) / latStepDeg) + 1;
  const columns = Math.floor((lonMax - lonMin) / lonStepDeg) + 1;
  const columnOf = stepsOf(lon, lonMin, lonStepDeg);
  const rowOf = stepsOf(lat, latMin, latStepDeg);
  // Two stable counting sorts: by column, then by row; points stay ascending within a cell.
  const byColumn = countingSort(null, columnOf, columns);
  const pointOrder = countingSort(byColumn, rowOf, rows);
  const cells = cutCells(pointOrder, rowOf, columnOf, rows);
  const xyz = orderedCoordinates(pointOrder, lon, lat);
  return { count, lonMin, latMin, lonStepDeg, latStepDeg, columns, rows, ...cells, pointOrder, xyz };
}

function stepsOf(degrees: ArrayLike<number>, min: number, stepDeg: number): Uint32Array {
  const steps = new Uint32Array(degrees.length);
  for (let i = 0; i < degrees.length; i++) steps[i] = Math.floor((degrees[i]! - min) / stepDeg);
  return steps;
}

function range(values: ArrayLike<number>): [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return values.length === 0 ? [0, 0] : [min, max];
}

function countingSort(order: Uint32Array | null, keyOf: Uint32Array, keys: number): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (const key of keyOf) next[key + 1]!++;
  for (let key = 0; key < keys; key++) next[key + 1]! += next[key]!;
  const sorted = sharedUint32(keyOf.length);
  for (let i = 0; i < keyOf.length; i++) {
    const point = order === null ? i : order[i]!;
    sorted[next[keyOf[point]!]!++] = point;
  }
  return sorted;
}

function cutCells(
  pointOrder: Uint32Array,
  rowOf: Uint32Array,
  columnOf: Uint32Array,
  rows: number,
): Pick<GridIndex, 'rowStart' | 'cellColumn' | 'cellStart'> {
  const starts: number[] = [];
  const rowStart = sharedUint32(rows + 1);
  let row = -1;
  let column = -1;
  for (let at = 0; at < pointOrder.length; at++) {
    const point = pointOrder[at]!;
    if (rowOf[point] === row && columnOf[point] === column) continue;
    while (row < rowOf[point]!) rowStart[++row] = starts.length;
    column = columnOf[point]!;
    starts.push(at);
  }
  while (row < rows) rowStart[++row] = starts.length;
  const cellStart = sharedUint32(starts.length + 1);
  const cellColumn = sharedUint32(starts.length);
  for (let cell = 0; cell < starts.length; cell++) {
    cellStart[cell] = starts[cell]!;
    cellColumn[cell] = columnOf[pointOrder[starts[cell]!]!]!;
  }
  cellStart[starts.length] = pointOrder.length;
  return { rowStart, cellColumn, cellStart };
}

function orderedCoordinates(
  pointOrder: Uint32Array,
  lon: ArrayLike<number>,
  lat: ArrayLike<number>,
): Float64Array {
  const xyz = sharedFloat64(3 * pointOrder.length);
  for (let at = 0; at < pointOrder.length; at++) {
    const point = pointOrder[at]!;
    writeEarthCentred(xyz, 3 * at, lon[point]!, lat[point]!);
  }
  return xyz;
}
