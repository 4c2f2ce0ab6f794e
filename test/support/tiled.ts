import type { CoverageMatrix } from '../../src/coverage/matrix.ts';
import { TiledCoverage, type TileSpans } from '../../src/coverage/tiled-coverage.ts';
import { createRandom } from '../../src/random.ts';

/** A held matrix in tiles, its demand in an order shuffled from the seed: spans are short, sites straddle seams. */
export function tiledFrom(matrix: CoverageMatrix, itemsPerTile: number, seed = 1): TiledCoverage {
  const { siteCount, demandCount, siteStart, demandOfSite } = matrix;
  const random = createRandom(seed);
  const keys = Float64Array.from({ length: demandCount }, () => random.next());
  const demandOfItem = Uint32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!);
  const itemOf = new Uint32Array(demandCount);
  demandOfItem.forEach((demand, item) => (itemOf[demand] = item));
  const starts: number[] = [];
  for (let first = 0; first < demandCount; first += itemsPerTile) starts.push(first);
  const itemStart = Uint32Array.from([...starts, demandCount]);
  const tiles = starts.map((first, tile): TileSpans => {
    const siteOf: number[] = [];
    const spanStart = [0];
    const spans: [number, number][] = [];
    for (let site = 0; site < siteCount; site++) {
      const before = spans.length;
      const items = [...demandOfSite.subarray(siteStart[site], siteStart[site + 1])]
        .map((demand) => itemOf[demand]! - first)
        .filter((item) => item >= 0 && item < itemStart[tile + 1]! - first)
        .sort((a, b) => a - b);
      for (const item of items) {
        const last = spans.at(-1);
        if (spans.length > before && last![1] === item) last![1]++;
        else spans.push([item, item + 1]);
      }
      if (spans.length === before) continue;
      siteOf.push(site);
      spanStart.push(spans.length);
    }
    return {
      siteOf: Uint32Array.from(siteOf),
      spanStart: Uint32Array.from(spanStart),
      from: Uint32Array.from(spans, ([from]) => from),
      to: Uint32Array.from(spans, ([, to]) => to),
    };
  });
  return new TiledCoverage(siteCount, { itemStart, tiles, demandOfItem });
}
