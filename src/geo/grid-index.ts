import {
  chordOfDistanceM,
  earthCentred,
  EARTH_RADIUS_M,
  SMALLEST_RADIUS_M,
  writeEarthCentred,
} from './ellipsoid.ts';
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
  /** [4 x cells] centre x, y, z and radius of a sphere around each cell's points. */
  readonly spheres: Float64Array;
}

/** Rows and columns are held below this by widening the cells; the globe at 300 m fits. */
const MAX_STEPS = 1 << 17;
/** Spheres are this much wider than computed, metres: far above rounding, far below any distance of interest. */
const SPHERE_SLACK_M = 1e-5;
/** Search boxes are this much wider than on the sphere: more than the ellipsoid's departure from it. */
const BOX_SLACK = 1.02;
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
  const columnOf = new Uint32Array(count);
  const rowOf = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    columnOf[i] = Math.floor((lon[i]! - lonMin) / lonStepDeg);
    rowOf[i] = Math.floor((lat[i]! - latMin) / latStepDeg);
  }
  // Two stable counting sorts: by column, then by row; points stay ascending within a cell.
  const byColumn = countingSort(null, columnOf, columns);
  const pointOrder = countingSort(byColumn, rowOf, rows);
  const cells = cutCells(pointOrder, rowOf, columnOf, rows);
  const xyz = orderedCoordinates(pointOrder, lon, lat);
  const spheres = boundingSpheres(cells.cellStart, xyz);
  return { count, lonMin, latMin, lonStepDeg, latStepDeg, columns, rows, ...cells, pointOrder, xyz, spheres };
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

function boundingSpheres(cellStart: Uint32Array, xyz: Float64Array): Float64Array {
  const cells = cellStart.length - 1;
  const spheres = sharedFloat64(4 * cells);
  for (let cell = 0; cell < cells; cell++) {
    const from = 3 * cellStart[cell]!;
    const to = 3 * cellStart[cell + 1]!;
    for (let axis = 0; axis < 3; axis++) {
      let min = Infinity;
      let max = -Infinity;
      for (let at = from + axis; at < to; at += 3) {
        min = Math.min(min, xyz[at]!);
        max = Math.max(max, xyz[at]!);
      }
      spheres[4 * cell + axis] = (min + max) / 2;
    }
    let radius2 = 0;
    for (let at = from; at < to; at += 3) {
      const dx = xyz[at]! - spheres[4 * cell]!;
      const dy = xyz[at + 1]! - spheres[4 * cell + 1]!;
      const dz = xyz[at + 2]! - spheres[4 * cell + 2]!;
      radius2 = Math.max(radius2, dx * dx + dy * dy + dz * dz);
    }
    spheres[4 * cell + 3] = Math.sqrt(radius2) + SPHERE_SLACK_M;
  }
  return spheres;
}

/**
 * Visits every cell that may hold points within a ground distance: the cells of a box around the circle. Which
 * points count is the visitor's own test (the spheres decide most cells at once).
 */
export function visitCellsNear(
  grid: GridIndex,
  lonDeg: number,
  latDeg: number,
  withinM: number,
  visit: (cell: number) => void,
): void {
  const { rowStart, cellColumn, lonMin, latMin, lonStepDeg, latStepDeg, columns, rows } = grid;
  const angle = (BOX_SLACK * withinM) / SMALLEST_RADIUS_M;
  const latReachDeg = angle * DEGREES;
  const firstRow = Math.max(0, Math.floor((latDeg - latReachDeg - latMin) / latStepDeg));
  const lastRow = Math.min(rows - 1, Math.floor((latDeg + latReachDeg - latMin) / latStepDeg));
  const lonReachDeg = longitudeReachDeg(latDeg, angle);
  // Less than half a turn either way: no column comes up twice. A circle around a pole takes every column once.
  const turns = lonReachDeg < 180 ? [-360, 0, 360] : [0];
  for (const turn of turns) {
    const west = Math.floor((lonDeg + turn - lonReachDeg - lonMin) / lonStepDeg);
    const east = Math.floor((lonDeg + turn + lonReachDeg - lonMin) / lonStepDeg);
    if (east < 0 || west >= columns) continue;
    for (let row = firstRow; row <= lastRow; row++) {
      const rowEnd = rowStart[row + 1]!;
      for (let cell = lowerBound(cellColumn, rowStart[row]!, rowEnd, west); cell < rowEnd; cell++) {
        if (cellColumn[cell]! > east) break;
        visit(cell);
      }
    }
  }
}

/** Half the width in longitude of a circle of this angular radius; 720 (everything) when it holds a pole. */
function longitudeReachDeg(latDeg: number, angle: number): number {
  const sine = Math.sin(Math.min(Math.PI / 2, angle)) / Math.cos(latDeg / DEGREES);
  return angle < Math.PI / 2 && sine < 1 ? Math.asin(sine) * DEGREES : 720;
}

function lowerBound(sorted: Uint32Array, from: number, to: number, value: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The points within a ground distance of a position, ascending. For single look-ups; the matrix has its own loop. */
export function pointsWithin(grid: GridIndex, lonDeg: number, latDeg: number, withinM: number): number[] {
  const { cellStart, pointOrder, xyz } = grid;
  const centre = earthCentred([lonDeg], [latDeg]);
  const limit2 = chordOfDistanceM(withinM) ** 2;
  const found: number[] = [];
  visitCellsNear(grid, lonDeg, latDeg, withinM, (cell) => {
    for (let at = cellStart[cell]!; at < cellStart[cell + 1]!; at++) {
      const dx = xyz[3 * at]! - centre[0]!;
      const dy = xyz[3 * at + 1]! - centre[1]!;
      const dz = xyz[3 * at + 2]! - centre[2]!;
      if (dx * dx + dy * dy + dz * dz <= limit2) found.push(pointOrder[at]!);
    }
  });
  return found.sort((a, b) => a - b);
}
