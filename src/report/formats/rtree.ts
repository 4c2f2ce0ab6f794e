/** A box with the row it belongs to: west, south, east, north. */
export interface IndexedBox {
  readonly row: number;
  readonly box: readonly [number, number, number, number];
}

/** The three shadow tables of an SQLite R*Tree. */
export interface RtreeTables {
  readonly nodes: readonly { readonly node: number; readonly data: Uint8Array }[];
  readonly parents: readonly { readonly node: number; readonly parent: number }[];
  readonly rowids: readonly { readonly row: number; readonly node: number }[];
}

/** SQLite's limits (ext/rtree): at most 51 cells of 24 bytes after a header of 4 bytes. */
const CELL_BYTES = 24;
const HEADER_BYTES = 4;
const MAX_CELLS = 51;
const NODE_BYTES = HEADER_BYTES + CELL_BYTES * MAX_CELLS;
const ROOT = 1;

interface Entry {
  /** Row id in a leaf, node number above. */
  readonly id: number;
  readonly box: readonly [number, number, number, number];
}

/**
 * The content of a two-dimensional SQLite R*Tree, packed by sort-tile-recursive (Leutenegger et al. 1997). Node layout
 * as SQLite documents it: depth of the tree in the root's first two bytes, cell count, then cells of a 64-bit id and
 * four 32-bit floats, all big-endian. The WebAssembly build of SQLite we use has no R*Tree module, its readers have.
 */
export function packRtree(boxes: readonly IndexedBox[]): RtreeTables {
  const levels: Entry[][][] = [tile(boxes.map(({ row, box }) => ({ id: row, box })))];
  const numbers: number[][] = [];
  let nextNumber = ROOT + 1;
  while (levels.at(-1)!.length > 1) {
    const nodes = levels.at(-1)!;
    numbers.push(nodes.map(() => nextNumber++));
    const own = numbers.at(-1)!;
    levels.push(tile(nodes.map((entries, k) => ({ id: own[k]!, box: cover(entries) }))));
  }
  numbers.push([ROOT]);
  const nodes = [];
  const parents = [];
  const rowids = [];
  for (const [level, groups] of levels.entries()) {
    for (const [k, entries] of groups.entries()) {
      const node = numbers[level]![k]!;
      nodes.push({ node, data: nodeBytes(entries, node === ROOT ? levels.length - 1 : 0) });
      for (const { id } of entries) {
        if (level === 0) rowids.push({ row: id, node });
        else parents.push({ node: id, parent: node });
      }
    }
  }
  return {
    nodes: nodes.sort((a, b) => a.node - b.node),
    parents: parents.sort((a, b) => a.node - b.node),
    rowids: rowids.sort((a, b) => a.row - b.row),
  };
}

/** Groups of at most 51 neighbours: vertical strips by the middle's x, then by y. An empty list is one empty node. */
function tile(entries: readonly Entry[]): Entry[][] {
  if (entries.length <= MAX_CELLS) return [[...entries]];
  const middle = (entry: Entry, axis: 0 | 1): number => entry.box[axis] + entry.box[axis + 2]!;
  const strips = Math.ceil(Math.sqrt(Math.ceil(entries.length / MAX_CELLS)));
  const perStrip = Math.ceil(entries.length / strips);
  const byX = [...entries].sort((a, b) => middle(a, 0) - middle(b, 0) || a.id - b.id);
  const groups: Entry[][] = [];
  for (let from = 0; from < byX.length; from += perStrip) {
    const strip = byX.slice(from, from + perStrip).sort((a, b) => middle(a, 1) - middle(b, 1) || a.id - b.id);
    for (let at = 0; at < strip.length; at += MAX_CELLS) groups.push(strip.slice(at, at + MAX_CELLS));
  }
  return groups;
}

function cover(entries: readonly Entry[]): [number, number, number, number] {
  return [
    Math.min(...entries.map(({ box }) => box[0])),
    Math.min(...entries.map(({ box }) => box[1])),
    Math.max(...entries.map(({ box }) => box[2])),
    Math.max(...entries.map(({ box }) => box[3])),
  ];
}

function nodeBytes(entries: readonly Entry[], depth: number): Uint8Array {
  const data = new Uint8Array(NODE_BYTES);
  const view = new DataView(data.buffer);
  view.setUint16(0, depth);
  view.setUint16(2, entries.length);
  entries.forEach(({ id, box: [west, south, east, north] }, k) => {
    const at = HEADER_BYTES + k * CELL_BYTES;
    view.setBigInt64(at, BigInt(id));
    [floatBelow(west), floatAbove(east), floatBelow(south), floatAbove(north)].forEach((value, axis) => {
      view.setFloat32(at + 8 + 4 * axis, value);
    });
  });
  return data;
}

/** Largest 32-bit float not above the value: a box never shrinks by rounding. */
function floatBelow(value: number): number {
  const rounded = Math.fround(value);
  return rounded <= value ? rounded : neighbourFloat(rounded, -1);
}

function floatAbove(value: number): number {
  const rounded = Math.fround(value);
  return rounded >= value ? rounded : neighbourFloat(rounded, 1);
}

function neighbourFloat(value: number, direction: 1 | -1): number {
  const float = new Float32Array([value]);
  const bits = new Int32Array(float.buffer);
  if (value === 0) return direction * 2 ** -149;
  bits[0] = bits[0]! + (value > 0 === direction > 0 ? 1 : -1);
  return float[0]!;
}
