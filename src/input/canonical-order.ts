/** Bits a pass sorts by: three passes cover a key, and 2,048 targets of writes stay within the caches. */
const PASS_BITS = 11;
const PASSES = 3;
const BUCKETS = 1 << PASS_BITS;
/** Runs of equal keys up to this length are sorted by insertion, which needs no view and no copies. */
const SHORT_RUN = 24;

interface KeyedOrder {
  readonly order: Uint32Array;
  /** The key of each place of `order`. */
  readonly keys: Uint32Array;
}

/**
 * Indices 0..lon.length-1 sorted by longitude, then latitude, then `compareRest`: the order everything is kept in,
 * so that the order of features in a file means nothing. Longitudes are scaled to 32 bits (which keeps their order)
 * and sorted by counting passes; runs of equal keys are then sorted by comparison.
 */
export function canonicalOrder(
  lon: Float64Array,
  lat: Float64Array,
  compareRest: (a: number, b: number) => number,
): Uint32Array {
  let sorted: KeyedOrder = { keys: scaledKeys(lon), order: new Uint32Array(lon.length) };
  let spare: KeyedOrder = { keys: new Uint32Array(lon.length), order: new Uint32Array(lon.length) };
  for (let index = 0; index < lon.length; index++) sorted.order[index] = index;
  for (let pass = 0; pass < PASSES; pass++) {
    countingPass(sorted, spare, pass * PASS_BITS);
    [sorted, spare] = [spare, sorted];
  }
  const { order, keys } = sorted;
  const compare = (a: number, b: number): number =>
    lon[a]! - lon[b]! || lat[a]! - lat[b]! || compareRest(a, b);
  for (let from = 0; from < order.length;) {
    const key = keys[from]!;
    let to = from + 1;
    while (to < order.length && keys[to] === key) to++;
    if (to - from > SHORT_RUN) order.subarray(from, to).sort(compare);
    else if (to - from > 1) sortByInsertion(order, from, to, compare);
    from = to;
  }
  return order;
}

function sortByInsertion(
  order: Uint32Array,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  for (let next = from + 1; next < to; next++) {
    const index = order[next]!;
    let hole = next;
    while (hole > from && compare(order[hole - 1]!, index) > 0) {
      order[hole] = order[hole - 1]!;
      hole--;
    }
    order[hole] = index;
  }
}

function scaledKeys(values: Float64Array): Uint32Array {
  let least = Infinity;
  let most = -Infinity;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const scale = most > least ? 0xffff_ffff / (most - least) : 0;
  const keys = new Uint32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    keys[index] = Math.min(0xffff_ffff, Math.floor((values[index]! - least) * scale));
  }
  return keys;
}

/** One stable pass of a radix sort; keys travel with their indices, so that every read is in sequence. */
function countingPass(from: KeyedOrder, to: KeyedOrder, shift: number): void {
  const { keys, order } = from;
  const next = new Uint32Array(BUCKETS + 1);
  for (let place = 0; place < keys.length; place++) next[((keys[place]! >>> shift) & (BUCKETS - 1)) + 1]!++;
  for (let bucket = 0; bucket < BUCKETS; bucket++) next[bucket + 1]! += next[bucket]!;
  for (let place = 0; place < keys.length; place++) {
    const key = keys[place]!;
    const target = next[(key >>> shift) & (BUCKETS - 1)]!++;
    to.keys[target] = key;
    to.order[target] = order[place]!;
  }
}

/** By UTF-16 code units: the same everywhere, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
