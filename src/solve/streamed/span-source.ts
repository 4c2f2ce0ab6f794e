import type { TileSpans } from '../../coverage/tiled-coverage.ts';
import { sharedFloat64, sharedUint32, sharedUint8 } from '../../geo/shared-array.ts';
import { weightsOf, type TargetUsers } from './radius-source.ts';
import { SpanTile } from './span-tile.ts';
import type { StreamedTile } from './streamed-tile.ts';

/** Tiles of a coverage matrix that is kept as spans (`coverage/tiled-coverage.ts`): they are opened as they are. */
export interface SpanSource {
  readonly kind: 'spans';
  /** [tiles + 1] items of tile `t` are `itemStart[t] .. itemStart[t + 1]`. */
  readonly itemStart: Uint32Array;
  readonly tiles: readonly TileSpans[];
  readonly targets: readonly TargetUsers[];
}

export function openSpans({ itemStart, tiles, targets }: SpanSource, tile: number): StreamedTile {
  const first = itemStart[tile]!;
  const end = itemStart[tile + 1]!;
  return new SpanTile(tiles[tile]!, end - first, weightsOf(targets, first, end));
}

/** See `sampleSource`: spans shrink with the items. */
export function sampleSpans({ itemStart, tiles, targets }: SpanSource, nth: number): SpanSource {
  const start = sharedUint32(itemStart.length);
  for (let tile = 0; tile < tiles.length; tile++)
    start[tile + 1] = start[tile]! + Math.ceil((itemStart[tile + 1]! - itemStart[tile]!) / nth);
  const place = new Uint32Array(start[tiles.length]!);
  for (let tile = 0; tile < tiles.length; tile++) {
    for (let index = start[tile]!; index < start[tile + 1]!; index++)
      place[index] = itemStart[tile]! + nth * (index - start[tile]!);
  }
  return {
    kind: 'spans',
    itemStart: start,
    tiles: tiles.map((own) => sampleTile(own, nth)),
    targets: targets.map(({ users, counts }) => {
      const sampled = sharedFloat64(place.length);
      place.forEach((item, index) => (sampled[index] = nth * users[item]!));
      return { users: sampled, counts: counts === null ? null : pick(counts, place) };
    }),
  };
}

function pick(flags: Uint8Array, place: Uint32Array): Uint8Array {
  const picked = sharedUint8(place.length);
  place.forEach((item, index) => (picked[index] = flags[item]!));
  return picked;
}

/** Of the items `nth` x k those of a span are the k from `from / nth` to `to / nth`, rounded up. */
function sampleTile(tile: TileSpans, nth: number): TileSpans {
  return filterSpans(
    tile,
    () => true,
    (item) => Math.ceil(item / nth),
  );
}

/** Spans of some of the sites, with their ends moved; what is empty then is left out. */
export function filterSpans(
  { siteOf, spanStart, from, to }: TileSpans,
  isKept: (site: number) => boolean,
  moved: (item: number) => number = (item) => item,
): TileSpans {
  const visit = (take: (site: number, from: number, to: number, isFirst: boolean) => void): void => {
    siteOf.forEach((site, row) => {
      if (!isKept(site)) return;
      let isFirst = true;
      for (let span = spanStart[row]!; span < spanStart[row + 1]!; span++) {
        const start = moved(from[span]!);
        const end = moved(to[span]!);
        if (start === end) continue;
        take(site, start, end, isFirst);
        isFirst = false;
      }
    });
  };
  let sites = 0;
  let spans = 0;
  visit((_site, _from, _to, isFirst) => {
    if (isFirst) sites++;
    spans++;
  });
  const kept = {
    siteOf: sharedUint32(sites),
    spanStart: sharedUint32(sites + 1),
    from: sharedUint32(spans),
    to: sharedUint32(spans),
  };
  sites = 0;
  spans = 0;
  visit((site, start, end, isFirst) => {
    if (isFirst) kept.siteOf[sites++] = site;
    kept.from[spans] = start;
    kept.to[spans] = end;
    kept.spanStart[sites] = ++spans;
  });
  return kept;
}
