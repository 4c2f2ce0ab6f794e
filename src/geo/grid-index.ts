import { EARTH_RADIUS_M, parallelAt, writeEarthCentred } from './ellipsoid.ts';
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
  /** [2 x (rows + 1)] distance from the axis and height over the equator's plane at the rows' edges, metres. */
  readonly parallels: Float64Array;
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
  // Two stable counting sorts, by column and by row: points stay ascending within a cell.
  const byColumn = sortByColumn(columnOf, columns);
  const sorted = scatterToRows(byColumn, columnOf, rowOf, rows, lon, lat);
  const cells = cutCells(sorted.rowPoint, sorted.columnAt);
  const { pointOrder, xyz } = sorted;
  const parallels = sharedFloat64(2 * (rows + 1));
  for (let row = 0; row <= rows; row++) {
    const { axisM, planeM } = parallelAt(latMin + row * latStepDeg);
    parallels[2 * row] = axisM;
    parallels[2 * row + 1] = planeM;
  }
  return {
    count,
    lonMin,
    latMin,
    lonStepDeg,
    latStepDeg,
    columns,
    rows,
    ...cells,
    pointOrder,
    xyz,
    parallels,
  };
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

/** Where each key's entries start: [keys + 1]. */
function offsetsOf(keyOf: Uint32Array, keys: number): Uint32Array {
  const offsets = new Uint32Array(keys + 1);
  for (let i = 0; i < keyOf.length; i++) offsets[keyOf[i]! + 1]!++;
  for (let key = 0; key < keys; key++) offsets[key + 1]! += offsets[key]!;
  return offsets;
}

function sortByColumn(columnOf: Uint32Array, columns: number): Uint32Array {
  const next = offsetsOf(columnOf, columns);
  const order = new Uint32Array(columnOf.length);
  for (let i = 0; i < columnOf.length; i++) order[next[columnOf[i]!]!++] = i;
  return order;
}

/**
 * Puts points into their rows, in the order given. Everything that queries need is written on the way, row by row at
 * the rows' ends: with points sorted by longitude (as reading leaves them) memory is read and written in streams.
 */
function scatterToRows(
  order: Uint32Array,
  columnOf: Uint32Array,
  rowOf: Uint32Array,
  rows: number,
  lon: ArrayLike<number>,
  lat: ArrayLike<number>,
): { rowPoint: Uint32Array; pointOrder: Uint32Array; columnAt: Uint32Array; xyz: Float64Array } {
  const rowPoint = offsetsOf(rowOf, rows);
  const next = rowPoint.slice();
  const pointOrder = sharedUint32(order.length);
  const columnAt = new Uint32Array(order.length);
  const xyz = sharedFloat64(3 * order.length);
  for (let k = 0; k < order.length; k++) {
    const point = order[k]!;
    const at = next[rowOf[point]!]!++;
    pointOrder[at] = point;
    columnAt[at] = columnOf[point]!;
    writeEarthCentred(xyz, 3 * at, lon[point]!, lat[point]!);
  }
  return { rowPoint, pointOrder, columnAt, xyz };
}

/** A cell starts where the row or the column changes. */
function cutCells(
  rowPoint: Uint32Array,
  columnAt: Uint32Array,
): Pick<GridIndex, 'rowStart' | 'cellColumn' | 'cellStart'> {
  const rows = rowPoint.length - 1;
  const starts = new Uint32Array(columnAt.length + 1);
  const rowStart = sharedUint32(rows + 1);
  let cells = 0;
  for (let row = 0; row < rows; row++) {
    rowStart[row] = cells;
    const from = rowPoint[row]!;
    for (let at = from; at < rowPoint[row + 1]!; at++) {
      if (at === from || columnAt[at] !== columnAt[at - 1]) starts[cells++] = at;
    }
  }
  rowStart[rows] = cells;
  const cellStart = sharedUint32(cells + 1);
  const cellColumn = sharedUint32(cells);
  for (let cell = 0; cell < cells; cell++) {
    cellStart[cell] = starts[cell]!;
    cellColumn[cell] = columnAt[starts[cell]!]!;
  }
  cellStart[cells] = columnAt.length;
  return { rowStart, cellColumn, cellStart };
}
