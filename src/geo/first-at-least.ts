/** First place in `values[from .. to)`, ascending, that holds at least `least`; `to` when none does. */
export function firstAtLeast(
  values: Float64Array | Uint32Array,
  from: number,
  to: number,
  least: number,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
