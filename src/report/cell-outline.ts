import type { Position } from 'geojson';

/** A set of unit squares, named by column and row of a grid. */
export interface GridSquares {
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

const OFFSET = 2 ** 25;
const key = (column: number, row: number): number => (column + OFFSET) * 2 ** 26 + (row + OFFSET);

/** Groups of squares that touch, corners included (8-neighbourhood), in order of their first square. */
export function touchingGroups(squares: GridSquares): number[][] {
  const indexOf = new Map<number, number>();
  for (let k = 0; k < squares.columns.length; k++) indexOf.set(key(squares.columns[k]!, squares.rows[k]!), k);
  const seen = new Uint8Array(squares.columns.length);
  const groups: number[][] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1) continue;
    seen[start] = 1;
    const group = [start];
    for (let next = 0; next < group.length; next++) {
      const k = group[next]!;
      for (let step = 0; step < 9; step++) {
        const column = squares.columns[k]! + (step % 3) - 1;
        const row = squares.rows[k]! + Math.floor(step / 3) - 1;
        const neighbour = indexOf.get(key(column, row));
        if (neighbour === undefined || seen[neighbour] === 1) continue;
        seen[neighbour] = 1;
        group.push(neighbour);
      }
    }
    groups.push(group.sort((a, b) => a - b));
  }
  return groups;
}

/**
 * Outline of a group of squares as rings of grid corners: exteriors counter-clockwise, holes clockwise. Every edge
 * keeps its square on the left; at a corner where two squares meet diagonally the path turns left, so that parts that
 * touch in a corner only become polygons of their own (valid by OGC simple features).
 */
export function outlineRings(squares: GridSquares, group: readonly number[]): [number, number][][] {
  const filled = new Set(group.map((k) => key(squares.columns[k]!, squares.rows[k]!)));
  const edges = new Map<number, [number, number][]>();
  const addEdge = (x1: number, y1: number, x2: number, y2: number): void => {
    const from = key(x1, y1);
    const list = edges.get(from);
    if (list === undefined) edges.set(from, [[x2, y2]]);
    else list.push([x2, y2]);
  };
  for (const k of group) {
    const x = squares.columns[k]!;
    const y = squares.rows[k]!;
    if (!filled.has(key(x, y - 1))) addEdge(x, y, x + 1, y);
    if (!filled.has(key(x + 1, y))) addEdge(x + 1, y, x + 1, y + 1);
    if (!filled.has(key(x, y + 1))) addEdge(x + 1, y + 1, x, y + 1);
    if (!filled.has(key(x - 1, y))) addEdge(x, y + 1, x, y);
  }
  const rings: [number, number][][] = [];
  for (const k of group) {
    const corners: [number, number][] = [
      [squares.columns[k]!, squares.rows[k]!],
      [squares.columns[k]! + 1, squares.rows[k]!],
      [squares.columns[k]! + 1, squares.rows[k]! + 1],
      [squares.columns[k]!, squares.rows[k]! + 1],
    ];
    for (const start of corners) {
      while ((edges.get(key(start[0], start[1]))?.length ?? 0) > 0)
        rings.push(...simpleRings(walk(edges, start)));
    }
  }
  return rings;
}

function walk(edges: Map<number, [number, number][]>, start: [number, number]): [number, number][] {
  const ring: [number, number][] = [start];
  let at = start;
  let direction: [number, number] | null = null;
  do {
    const list: [number, number][] = edges.get(key(at[0], at[1]))!;
    const choice = direction === null ? 0 : leftmost(list, at, direction);
    const next = list.splice(choice, 1)[0]!;
    const step: [number, number] = [next[0] - at[0], next[1] - at[1]];
    const straight = direction !== null && step[0] === direction[0] && step[1] === direction[1];
    if (straight) ring[ring.length - 1] = next;
    else ring.push(next);
    direction = step;
    at = next;
  } while (at[0] !== start[0] || at[1] !== start[1]);
  return ring;
}

/** A ring that comes back to one of its own corners becomes several that only touch there. */
function simpleRings(ring: readonly [number, number][]): [number, number][][] {
  const rings: [number, number][][] = [];
  const path: [number, number][] = [];
  const placeOf = new Map<number, number>();
  for (const corner of ring) {
    const place = placeOf.get(key(corner[0], corner[1]));
    if (place !== undefined) {
      const loop = path.splice(place);
      for (const passed of loop) placeOf.delete(key(passed[0], passed[1]));
      rings.push([...loop, corner]);
    }
    placeOf.set(key(corner[0], corner[1]), path.length);
    path.push(corner);
  }
  return rings;
}

/** Index of the edge that turns most to the left of the direction walked. */
function leftmost(
  list: readonly [number, number][],
  at: readonly [number, number],
  direction: readonly [number, number],
): number {
  const turn = (to: readonly [number, number]): number =>
    direction[0] * (to[1] - at[1]) - direction[1] * (to[0] - at[0]);
  let best = 0;
  for (let k = 1; k < list.length; k++) if (turn(list[k]!) > turn(list[best]!)) best = k;
  return best;
}

/** Sorts rings into polygons: each hole goes to the exterior that holds it (a corner of it lies inside). */
export function polygonsOfRings(rings: readonly [number, number][][]): [number, number][][][] {
  const exteriors = rings.filter((ring) => area(ring) > 0).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => area(ring) < 0)) {
    const owner = exteriors.find((polygon) => holds(polygon[0]!, hole));
    owner?.push(hole);
  }
  return exteriors;
}

function area(ring: readonly Position[]): number {
  let sum = 0;
  for (let k = 0; k + 1 < ring.length; k++) {
    sum += ring[k]![0]! * ring[k + 1]![1]! - ring[k + 1]![0]! * ring[k]![1]!;
  }
  return sum;
}

/** A point just inside the hole (right of its first edge: holes run clockwise) lies inside the exterior ring. */
function holds(exterior: readonly [number, number][], hole: readonly [number, number][]): boolean {
  const [x1, y1] = hole[0]!;
  const [x2, y2] = hole[1]!;
  const length = Math.abs(x2 - x1) + Math.abs(y2 - y1);
  const px = x1 + (0.5 * (x2 - x1)) / length + (0.25 * (y2 - y1)) / length;
  const py = y1 + (0.5 * (y2 - y1)) / length - (0.25 * (x2 - x1)) / length;
  let inside = false;
  for (let k = 0; k + 1 < exterior.length; k++) {
    const [ax, ay] = exterior[k]!;
    const [bx, by] = exterior[k + 1]!;
    if (ay > py !== by > py && px < ax + ((py - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}
