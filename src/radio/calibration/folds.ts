import type { Random } from '../../random.ts';
import type { CalibrationSamples } from './samples.ts';

/** A way to split samples: which are tested together, and which of the others may train. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** Order in which `count` things are dealt out, shuffled (Fisher and Yates). */
function shuffled(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
  return order;
}

function dealt(groupOf: Int32Array, groups: number, folds: number, random: Random): Int32Array {
  const order = shuffled(groups, random);
  const foldOfGroup = new Int32Array(groups);
  order.forEach((group, place) => {
    foldOfGroup[group] = place % folds;
  });
  return groupOf.map((group) => foldOfGroup[group]!);
}

/** Spatial blocks of one grid over all sectors, dealt to folds at random: a place never trains for itself. */
export function blockedSplits(
  samples: CalibrationSamples,
  options: { readonly blockM: number; readonly folds: number; readonly bufferM: number },
  random: Random,
): Split[] {
  const blocks = new Map<string, number>();
  const blockOf = Int32Array.from({ length: samples.count }, (_, i) => {
    const key = `${Math.floor(samples.eastM[i]! / options.blockM)}:${Math.floor(samples.northM[i]! / options.blockM)}`;
    const known = blocks.get(key) ?? blocks.size;
    blocks.set(key, known);
    return known;
  });
  const foldOf = dealt(blockOf, blocks.size, options.folds, random);
  return splitsOf(foldOf, options.folds).map((split) => withBuffer(samples, split, options.bufferM));
}

/** Every sample alone: neighbours of a test sample train. Optimistic; shown only as a warning. */
export function randomSplits(samples: CalibrationSamples, folds: number, random: Random): Split[] {
  const each = Int32Array.from({ length: samples.count }, (_, i) => i);
  return splitsOf(dealt(each, samples.count, folds, random), folds);
}

/** One split per site: its samples are tested by a model that never saw it. */
export function leaveOneSiteOut(
  samples: CalibrationSamples,
): { readonly siteId: string; readonly split: Split }[] {
  const siteOf = (i: number): string => samples.sectors[samples.sector[i]!]!.siteId;
  const sites = [...new Set(Array.from({ length: samples.count }, (_, i) => siteOf(i)))].sort();
  const foldOf = Int32Array.from({ length: samples.count }, (_, i) => sites.indexOf(siteOf(i)));
  return splitsOf(foldOf, sites.length).map((split, k) => ({ siteId: sites[k]!, split }));
}

function splitsOf(foldOf: Int32Array, folds: number): Split[] {
  const all = Int32Array.from(foldOf, (_, i) => i);
  return Array.from({ length: folds }, (_, fold) => ({
    train: all.filter((i) => foldOf[i] !== fold),
    test: all.filter((i) => foldOf[i] === fold),
  })).filter(({ test }) => test.length > 0);
}

/** Leaves training samples out that stand within the buffer of any test sample. */
function withBuffer(samples: CalibrationSamples, split: Split, bufferM: number): Split {
  if (bufferM <= 0) return split;
  const { eastM, northM } = samples;
  const cellOf = (east: number, north: number): string =>
    `${Math.floor(east / bufferM)}:${Math.floor(north / bufferM)}`;
  const cells = new Map<string, number[]>();
  for (const i of split.test) {
    const cell = cellOf(eastM[i]!, northM[i]!);
    const list = cells.get(cell) ?? [];
    cells.set(cell, list);
    list.push(i);
  }
  const isNear = (i: number): boolean => {
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        const near = cells.get(cellOf(eastM[i]! + dx * bufferM, northM[i]! + dy * bufferM)) ?? [];
        if (near.some((j) => Math.hypot(eastM[i]! - eastM[j]!, northM[i]! - northM[j]!) <= bufferM))
          return true;
      }
    }
    return false;
  };
  return { train: split.train.filter((i) => !isNear(i)), test: split.test };
}
