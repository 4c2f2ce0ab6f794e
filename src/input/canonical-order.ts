/**
 * Indices 0..lon.length-1 sorted by longitude, then latitude, then `compareRest`: the order everything is kept in,
 * so that the order of features in a file means nothing.
 */
export function canonicalOrder(
  lon: Float64Array,
  lat: Float64Array,
  compareRest: (a: number, b: number) => number,
): Uint32Array {
  const order = Uint32Array.from(lon, (_, index) => index);
  return order.sort((a, b) => lon[a]! - lon[b]! || lat[a]! - lat[b]! || compareRest(a, b));
}

/** By UTF-16 code units: the same everywhere, unlike localeCompare. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
