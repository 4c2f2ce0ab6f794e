const BUCKETS = 65_536;

/**
 * Indices 0..lon.length-1 sorted by longitude, then latitude, then `compareRest`: the order everything is kept in,
 * so that the order of features in a file means nothing. Longitudes are scaled to 32 bits (which keeps their order)
 * and sorted by two counting passes; runs of equal keys are then sorted by comparison.
 */
export function canonicalOrder(
  lon: Float64Array,
  lat: Float64Array,
  compareRest: (a: number, b: number) => number,
): Uint32Array {
  const keys = scaledKeys(lon);
  const order = countingPass(
    keys,
    16,
    countingPass(
      keys,
      0,
      Uint32Array.from(lon, (_, index) => index),
    ),
  );
  const compare = (a: number, b: number): number =>
    lon[a]! - lon[b]! || lat[a]! - lat[b]! || compareRest(a, b);
  for (let from = 0; from < order.length;) {
    const key = keys[order[from]!]!;
    let to = from + 1;
    while (to < order.length && keys[order[to]!]! === key) to++;
    if (to - from > 1) order.subarray(from, to).sort(compare);
    from = to;
  }
  return order;
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

/** One stable pass of a radix sort over 16 bits of the keys. */
function countingPass(keys: Uint32Array, shift: 0 | 16, order: Uint32Array): Uint32Array {
  const next = new Uint32Array(BUCKETS + 1);
  for (let index = 0; index < keys.length; index++) next[((keys[index]! >>> shift) & 0xffff) + 1]!++;
  for (let bucket = 0; bucket < BUCKETS; bucket++) next[bucket + 1]! += next[bucket]!;
  const sorted = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) {
    const index = order[place]!;
    sorted[next[(keys[index]! >>> shift) & 0xffff]!++] = index;
  }
  return sorted;
}

/** By UTF-16 code units: the same everywhere, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
