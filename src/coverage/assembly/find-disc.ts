/**
 * The radius query in AssemblyScript: `findDisc` of ../find-disc.ts with four points at a time (WebAssembly SIMD, two
 * 64-bit lanes). Same operations on the same numbers, hence the same spans, bit for bit. `npm run build:kernel` compiles
 * it into ../disc-kernel-bytes.ts.
 */

/** Where the arrays of the grid begin in the memory, bytes; see PointGrid and the layout in ../disc-kernel.ts. */
let xAt: usize = 0;
let yAt: usize = 0;
let cellsAt: usize = 0;
let edgesAt: usize = 0;
let minX: f64 = 0;
let minY: f64 = 0;
let cell: f64 = 1;
let columns: i32 = 0;
let rows: i32 = 0;

/** 1 while the last point tested lies inside: an edge is due where the next one differs. */
let open: u32 = 0;
let points: u32 = 0;

export function setGrid(
  x: usize,
  y: usize,
  cellStart: usize,
  edges: usize,
  left: f64,
  bottom: f64,
  cellSize: f64,
  columnCount: i32,
  rowCount: i32,
): void {
  xAt = x;
  yAt = y;
  cellsAt = cellStart;
  edgesAt = edges;
  minX = left;
  minY = bottom;
  cell = cellSize;
  columns = columnCount;
  rows = rowCount;
}

/** Points within the disc that `findDisc` found last. */
export function pointsFound(): u32 {
  return points;
}

/** The places of the set bits of 0 .. 15, in front of each other: four 32-bit numbers an entry. */
const PLACES = memory.data<u32>(
  [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 1, 2, 0, 0, 0, 1, 2, 0, 3, 0, 0,
    0, 0, 3, 0, 0, 1, 3, 0, 0, 0, 1, 3, 0, 2, 3, 0, 0, 0, 2, 3, 0, 1, 2, 3, 0, 0, 1, 2, 3,
  ],
  16,
);

/** Which of two points lie within the disc, as bits. */
function test(x: usize, y: usize, px: v128, py: v128, radiusSquared: v128): u32 {
  const dx = f64x2.sub(v128.load(x), px);
  const dy = f64x2.sub(v128.load(y), py);
  const squared = f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy));
  return i64x2.bitmask(f64x2.le(squared, radiusSquared));
}

/**
 * Tests the points `from .. to`, writes an edge wherever inside and outside change and says where the next one goes. Reads up to three
 * points further and writes up to four edges further, to no effect.
 */
function findEdges(from: u32, to: u32, px: v128, py: v128, radiusSquared: v128, edges: usize): usize {
  let before = open;
  let inside: u32 = 0;
  let x = xAt + ((<usize>from) << 3);
  let y = yAt + ((<usize>from) << 3);
  for (let point = from; point < to; point += 4) {
    const count = min<u32>(to - point, 4);
    const valid: u32 = ((<u32>1) << count) - 1;
    const low = test(x, y, px, py, radiusSquared);
    const high = test(x + 16, y + 16, px, py, radiusSquared);
    const isIn = (low | (high << 2)) & valid;
    const changes = (isIn ^ ((isIn << 1) | before)) & valid;
    before = isIn >> (count - 1);
    inside += popcnt(isIn);
    v128.store(edges, i32x4.add(i32x4.splat(point), v128.load(PLACES + ((<usize>changes) << 4))));
    edges += (<usize>popcnt(changes)) << 2;
    x += 32;
    y += 32;
  }
  points += inside;
  open = before;
  return edges;
}

/** Adds the spans of points within `radius` of (px, py) after `used` edges; how many edges there are then. */
export function findDisc(px: f64, py: f64, radius: f64, used: u32): u32 {
  const radiusSquared = radius * radius;
  const perCell = 1.0 / cell;
  const firstRow = i32(max(0.0, floor((py - radius - minY) * perCell - 1e-6)));
  const lastRow = i32(min(f64(rows - 1), floor((py + radius - minY) * perCell + 1e-6)));
  const allX = f64x2.splat(px);
  const allY = f64x2.splat(py);
  const allSquared = f64x2.splat(radiusSquared);
  let edges = edgesAt + ((<usize>used) << 2);
  points = 0;
  for (let row = firstRow; row <= lastRow; row++) {
    const low = minY + f64(row) * cell - py;
    const high = low + cell;
    const nearest: f64 = low > 0 ? low : high < 0 ? high : 0;
    const farthest: f64 = -low > high ? -low : high;
    const reach = sqrt<f64>(max(0.0, radiusSquared - nearest * nearest));
    const firstColumn = i32(max(0.0, floor((px - reach - minX) * perCell - 1e-6)));
    const lastColumn = i32(min(f64(columns - 1), floor((px + reach - minX) * perCell + 1e-6)));
    if (firstColumn > lastColumn) continue;
    const inside = radiusSquared * (1.0 - 1e-9) - farthest * farthest;
    let fromInside = lastColumn + 1;
    let toInside = lastColumn + 1;
    if (inside > 0) {
      const half = sqrt<f64>(inside);
      fromInside = i32(max(f64(firstColumn), ceil((px - half - minX) * perCell + 1e-6)));
      toInside = i32(min(f64(lastColumn + 1), floor((px + half - minX) * perCell - 1e-6)));
      if (fromInside >= toInside) {
        fromInside = lastColumn + 1;
        toInside = lastColumn + 1;
      }
    }
    const base = cellsAt + ((<usize>(row * columns)) << 2);
    const start = load<u32>(base + ((<usize>firstColumn) << 2));
    const startInside = load<u32>(base + ((<usize>fromInside) << 2));
    const endInside = load<u32>(base + ((<usize>toInside) << 2));
    const end = load<u32>(base + ((<usize>(lastColumn + 1)) << 2));
    open = 0;
    edges = findEdges(start, startInside, allX, allY, allSquared, edges);
    if (startInside < endInside) {
      store<u32>(edges, startInside);
      edges += (1 - open) << 2;
      open = 1;
      points += endInside - startInside;
    }
    edges = findEdges(endInside, end, allX, allY, allSquared, edges);
    store<u32>(edges, end);
    edges += open << 2;
  }
  return <u32>((edges - edgesAt) >> 2);
}
