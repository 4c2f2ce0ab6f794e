import type { Kernel } from '../../executor.ts';
import { coreRows, type CoreRows } from './core-rows.ts';
import type { StreamedTile } from './streamed-tile.ts';
import { openStreamedTile, type TileSource } from './tile-source.ts';
import { onExactGrid, passTile, type PassResult, type PassTask, type StreamedScale } from './tile-pass.ts';

export interface StreamedShared {
  readonly source: TileSource;
  readonly targetCount: number;
}

/** What a tile holds. */
export interface StreamedSurvey {
  /** Sites that reach the tile, ascending: every other task numbers sites in this order. */
  readonly siteOf: Uint32Array;
  /** [sites] items with something to win that the site covers here. */
  readonly degree: Uint32Array;
  readonly coverers: Uint32Array;
  /** [targets] users that any site reaches, and items that carry them. */
  readonly reachable: Float64Array;
  readonly carriers: Float64Array;
  readonly pairs: number;
}

/** A first point of the method: prices, and what shares of sites leave over. */
export interface BeginTask {
  readonly coverers: Uint32Array;
  readonly build: Float64Array;
  readonly perUser: Float64Array;
  /** [items] scaled prices; null = half of what the users of an item are worth. */
  readonly price: Float64Array | null;
}

export interface BeginResult {
  /** Of the prices, in the norm of the step sizes. */
  readonly squaredLength: number;
  readonly price: Float64Array;
  readonly givenUp: Float64Array;
  readonly worth: Float64Array;
}

export type StreamedTask =
  | { readonly kind: 'survey'; readonly tile: number }
  | ({ readonly kind: 'begin'; readonly tile: number; readonly scale: StreamedScale } & BeginTask)
  | ({ readonly kind: 'pass'; readonly tile: number; readonly scale: StreamedScale } & PassTask)
  | {
      readonly kind: 'rows';
      readonly tile: number;
      /** [sites of the tile] 1 = in the core. */
      readonly kept: Uint8Array;
      readonly price: Float64Array;
    };

export type StreamedResult =
  | { readonly kind: 'survey'; readonly result: StreamedSurvey }
  | { readonly kind: 'begin'; readonly result: BeginResult }
  | { readonly kind: 'pass'; readonly result: PassResult }
  | { readonly kind: 'rows'; readonly result: CoreRows };

/** Opens a tile, does what the task says, and lets the tile go. */
export const streamedKernel: Kernel<StreamedShared, StreamedTask, StreamedResult> = {
  name: 'solve-streamed',
  cheap: true,
  run(shared, task): StreamedResult {
    const { targetCount } = shared;
    const tile = openStreamedTile(shared.source, task.tile);
    switch (task.kind) {
      case 'survey':
        return { kind: 'survey', result: survey(tile, targetCount) };
      case 'begin':
        return { kind: 'begin', result: begin(tile, task.scale, task) };
      case 'pass':
        return { kind: 'pass', result: passTile(tile, task.scale, task) };
      case 'rows':
        return { kind: 'rows', result: coreRows(tile, task.kept, task.price, targetCount) };
    }
  },
};

function survey(tile: StreamedTile, targetCount: number): StreamedSurvey {
  const { siteOf, itemCount, weightStart, weightTarget, weightUsers } = tile;
  const ones = new Float64Array(siteOf.length).fill(1);
  const coverers = Uint32Array.from(tile.sumPerItem(ones).subarray(0, itemCount));
  const items = new Float64Array(itemCount);
  let pairs = 0;
  for (let item = 0; item < itemCount; item++) {
    pairs += coverers[item]!;
    if (weightStart[item + 1]! > weightStart[item]!) items[item] = 1;
  }
  const degree = Uint32Array.from(tile.sumPerSite(items));
  const reachable = new Float64Array(targetCount);
  const carriers = new Float64Array(targetCount);
  for (let item = 0; item < itemCount; item++) {
    if (coverers[item] === 0) continue;
    for (let w = weightStart[item]!; w < weightStart[item + 1]!; w++) {
      reachable[weightTarget[w]!]! += weightUsers[w]!;
      carriers[weightTarget[w]!]!++;
    }
  }
  return { siteOf: siteOf.slice(), degree, coverers, reachable, carriers, pairs };
}

function begin(tile: StreamedTile, scale: StreamedScale, task: BeginTask): BeginResult {
  const { itemCount, weightStart, weightTarget, weightUsers } = tile;
  const covered = tile.sumPerItem(task.build);
  const price = task.price?.slice() ?? new Float64Array(itemCount);
  const givenUp = new Float64Array(itemCount);
  for (let item = 0; item < itemCount; item++) {
    if (task.coverers[item] === 0) continue;
    let mandatory = false;
    for (let w = weightStart[item]!; w < weightStart[item + 1]!; w++) {
      const target = weightTarget[w]!;
      if (weightUsers[w]! > scale.mayLeave[target]!) mandatory = true;
      if (task.price === null)
        price[item]! += 0.5 * weightUsers[w]! * scale.userScale[target]! * task.perUser[target]!;
    }
    if (!mandatory) givenUp[item] = Math.max(0, 1 - covered[item]!);
  }
  onExactGrid(price);
  let squaredLength = 0;
  price.forEach((own, item) => (squaredLength += own * own * (task.coverers[item]! + 1)));
  return { price, givenUp, squaredLength, worth: tile.sumPerSite(price) };
}
