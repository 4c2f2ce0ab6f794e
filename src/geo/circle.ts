import { chordOfDistanceM, earthCentred, parallelAt, SMALLEST_RADIUS_M } from './ellipsoid.ts';
import type { GridIndex } from './grid-index.ts';

const DEGREES = 180 / Math.PI;
/** Circles of certain points are this much smaller, of possible points this much larger: far above rounding. */
const EDGE_M = 1e-3;
/** The same for longitudes and latitudes, degrees (0.6 mm). */
const EDGE_DEG = 6e-9;
/** Latitudes and longitudes a circle spans are widened by this: more than the ellipsoid's departure from a sphere. */
const BOX_SLACK = 1.02;

/** A piece of the grid's point order: positions `from` up to, not including, `to`. */
export type VisitRun = (from: number, to: number) => void;

/**
 * Walks the grid rows a circle touches. In each row the cells that lie inside `innerM` as a whole are one run, taken
 * without a look at their points; what is left within `outerM` comes as runs of points that need a test.
 *
 * A parallel of latitude cuts a circle in one interval of longitude, |dλ| <= f(φ), with
 * 1 - cos f = (c² - (p - p₀)² - (z - z₀)²) / (2 p p₀), c the chord, p and z from axis and equator's plane. f has one
 * peak, so over a row its least value stands at the row's north or south edge: a cell within that is inside.
 */
export function visitCircle(
  grid: GridIndex,
  lonDeg: number,
  latDeg: number,
  innerM: number,
  outerM: number,
  onInside: VisitRun,
  onEdge: VisitRun,
): void {
  const { latMin, latStepDeg, rows, parallels } = grid;
  const angle = (BOX_SLACK * (outerM + EDGE_M)) / SMALLEST_RADIUS_M;
  const latReachDeg = angle * DEGREES;
  const firstRow = Math.max(0, Math.floor((latDeg - latReachDeg - latMin) / latStepDeg));
  const lastRow = Math.min(rows - 1, Math.floor((latDeg + latReachDeg - latMin) / latStepDeg));
  const widestDeg = widestReachDeg(latDeg, angle);
  if (widestDeg >= 180) {
    for (let row = firstRow; row <= lastRow; row++) {
      visitRow(grid, row, lonDeg, -1, widestDeg, onInside, onEdge);
    }
    return;
  }
  const peakDeg = peakLatitudeDeg(latDeg, angle);
  const peakFrom = Math.min(latDeg, peakDeg) - EDGE_DEG;
  const peakTo = Math.max(latDeg, peakDeg) + EDGE_DEG;
  const inner2 = innerM > EDGE_M ? chordOfDistanceM(innerM - EDGE_M) ** 2 : 0;
  const outer2 = chordOfDistanceM(outerM + EDGE_M) ** 2;
  const { axisM, planeM } = parallelAt(latDeg);
  let southAxisM = parallels[2 * firstRow]!;
  let southApart2 = apart2(parallels, firstRow, axisM, planeM);
  for (let row = firstRow; row <= lastRow; row++) {
    const northAxisM = parallels[2 * row + 2]!;
    const northApart2 = apart2(parallels, row + 1, axisM, planeM);
    const south = latMin + row * latStepDeg;
    let farDeg = widestDeg;
    if (south > peakTo || south + latStepDeg < peakFrom) {
      farDeg = Math.max(
        crossingDeg(outer2 - southApart2, axisM * southAxisM),
        crossingDeg(outer2 - northApart2, axisM * northAxisM),
      );
    }
    if (farDeg >= 0) {
      const nearDeg = Math.min(
        crossingDeg(inner2 - southApart2, axisM * southAxisM),
        crossingDeg(inner2 - northApart2, axisM * northAxisM),
      );
      visitRow(grid, row, lonDeg, nearDeg - EDGE_DEG, farDeg + EDGE_DEG, onInside, onEdge);
    }
    southAxisM = northAxisM;
    southApart2 = northApart2;
  }
}

/** (p - p₀)² + (z - z₀)² of a row's southern edge and the centre's parallel, m². */
function apart2(parallels: Float64Array, edge: number, axisM: number, planeM: number): number {
  const axis = parallels[2 * edge]! - axisM;
  const plane = parallels[2 * edge + 1]! - planeM;
  return axis * axis + plane * plane;
}

/** f(φ) in degrees from what is left of the squared chord, and p p₀; -1 where the parallel misses the circle. */
function crossingDeg(across2: number, axes: number): number {
  if (across2 <= 0) return -1;
  const half2 = across2 / (4 * axes);
  return half2 >= 1 ? 180 : 2 * Math.asin(Math.sqrt(half2)) * DEGREES;
}

/** Half the width in longitude of a circle of this angular radius; 720 (everything) when it holds a pole. */
function widestReachDeg(latDeg: number, angle: number): number {
  const sine = Math.sin(Math.min(Math.PI / 2, angle)) / Math.cos(latDeg / DEGREES);
  return angle < Math.PI / 2 && sine < 1 ? Math.asin(sine) * DEGREES : 720;
}

/** The latitude at which a circle is widest in longitude: poleward of its centre. Spherical, a little too far. */
function peakLatitudeDeg(latDeg: number, angle: number): number {
  const sine = Math.sin(latDeg / DEGREES) / Math.cos(angle);
  return Math.asin(Math.max(-1, Math.min(1, sine))) * DEGREES;
}

function visitRow(
  grid: GridIndex,
  row: number,
  lonDeg: number,
  nearDeg: number,
  farDeg: number,
  onInside: VisitRun,
  onEdge: VisitRun,
): void {
  const { rowStart, cellColumn, cellStart, lonMin, lonStepDeg, columns } = grid;
  // Less than half a turn either way: no column comes up twice. A circle around a pole takes every column once.
  const lastTurn = farDeg < 180 ? 360 : 0;
  for (let turn = -lastTurn; turn <= lastTurn; turn += 360) {
    const middle = lonDeg + turn - lonMin;
    const west = Math.floor((middle - farDeg) / lonStepDeg);
    const east = Math.floor((middle + farDeg) / lonStepDeg) + 1;
    if (east <= 0 || west >= columns) continue;
    const rowEnd = rowStart[row + 1]!;
    const first = lowerBound(cellColumn, rowStart[row]!, rowEnd, west);
    if (first === rowEnd || cellColumn[first]! >= east) continue;
    const end = lowerBound(cellColumn, first, rowEnd, east);
    const insideWest = nearDeg > 0 ? Math.ceil((middle - nearDeg) / lonStepDeg) : east;
    const insideEast = nearDeg > 0 ? Math.floor((middle + nearDeg) / lonStepDeg) : east;
    if (insideEast <= insideWest) {
      onEdge(cellStart[first]!, cellStart[end]!);
      continue;
    }
    const insideFirst = lowerBound(cellColumn, first, end, insideWest);
    const insideEnd = lowerBound(cellColumn, insideFirst, end, insideEast);
    if (first < insideFirst) onEdge(cellStart[first]!, cellStart[insideFirst]!);
    if (insideFirst < insideEnd) onInside(cellStart[insideFirst]!, cellStart[insideEnd]!);
    if (insideEnd < end) onEdge(cellStart[insideEnd]!, cellStart[end]!);
  }
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
  const { pointOrder, xyz } = grid;
  const centre = earthCentred([lonDeg], [latDeg]);
  const limit2 = chordOfDistanceM(withinM) ** 2;
  const found: number[] = [];
  const takeAll = (from: number, to: number): void => {
    for (let at = from; at < to; at++) found.push(pointOrder[at]!);
  };
  visitCircle(grid, lonDeg, latDeg, withinM, withinM, takeAll, (from, to) => {
    for (let at = from; at < to; at++) {
      const dx = xyz[3 * at]! - centre[0]!;
      const dy = xyz[3 * at + 1]! - centre[1]!;
      const dz = xyz[3 * at + 2]! - centre[2]!;
      if (dx * dx + dy * dy + dz * dz <= limit2) found.push(pointOrder[at]!);
    }
  });
  return found.sort((a, b) => a - b);
}

/** How many points lie within a distance of a position; 0 for a distance of 0. */
export function countWithin(grid: GridIndex, lon: number, lat: number, limitM: number): number {
  if (limitM === 0) return 0;
  const { xyz } = grid;
  const origin = earthCentred([lon], [lat]);
  const limit2 = chordOfDistanceM(limitM) ** 2;
  let count = 0;
  const countAll = (from: number, to: number): void => {
    count += to - from;
  };
  visitCircle(grid, lon, lat, limitM, limitM, countAll, (from, to) => {
    for (let at = from; at < to; at++) {
      const dx = xyz[3 * at]! - origin[0]!;
      const dy = xyz[3 * at + 1]! - origin[1]!;
      const dz = xyz[3 * at + 2]! - origin[2]!;
      if (dx * dx + dy * dy + dz * dz <= limit2) count++;
    }
  });
  return count;
}
