import type { EffectiveSamples } from './effective-samples.ts';
import type { MeasurementBins } from './types.ts';

/** Effective samples by square bin of the UTM zone. Bins are sorted by column, then row. */
export interface SampleBins {
  readonly binM: number;
  readonly count: number;
  /** [count] column and row of the bin: floor(east / binM), floor(north / binM). */
  readonly column: Float64Array;
  readonly row: Float64Array;
  /** [count + 1] the samples of bin `b` are `sampleOrder[start[b] .. start[b + 1])`. */
  readonly start: Uint32Array;
  readonly sampleOrder: Uint32Array;
  /** Index of the bin of a column and row, or undefined. */
  find(column: number, row: number): number | undefined;
}

/** Puts samples into bins; `only` picks some of them (default all). */
export function binSamples(
  samples: EffectiveSamples,
  binM: number,
  only: (sample: number) => boolean = () => true,
): SampleBins {
  const columnOf = samples.eastM.map((east) => Math.floor(east / binM));
  const rowOf = samples.northM.map((north) => Math.floor(north / binM));
  const sampleOrder = Uint32Array.from(columnOf, (_, i) => i)
    .filter(only)
    .sort((a, b) => columnOf[a]! - columnOf[b]! || rowOf[a]! - rowOf[b]! || a - b);
  const starts: number[] = [];
  sampleOrder.forEach((sample, at) => {
    const before = sampleOrder[at - 1];
    const same =
      before !== undefined && columnOf[sample] === columnOf[before] && rowOf[sample] === rowOf[before];
    if (!same) starts.push(at);
  });
  const column = Float64Array.from(starts, (at) => columnOf[sampleOrder[at]!]!);
  const row = Float64Array.from(starts, (at) => rowOf[sampleOrder[at]!]!);
  const byColumn = new Map<number, Map<number, number>>();
  column.forEach((value, bin) => {
    const rows = byColumn.get(value) ?? new Map<number, number>();
    byColumn.set(value, rows.set(row[bin]!, bin));
  });
  return {
    binM,
    count: starts.length,
    column,
    row,
    start: Uint32Array.from([...starts, sampleOrder.length]),
    sampleOrder,
    find: (atColumn, atRow) => byColumn.get(atColumn)?.get(atRow),
  };
}

/** Mean and standard deviation (n - 1; 0 for one sample) of the levels of some samples. */
export function levelStatistics(
  levelDbm: ArrayLike<number>,
  chosen: ArrayLike<number>,
): { readonly mean: number; readonly sd: number } {
  let sum = 0;
  for (let k = 0; k < chosen.length; k++) sum += levelDbm[chosen[k]!]!;
  const mean = sum / chosen.length;
  let squares = 0;
  for (let k = 0; k < chosen.length; k++) squares += (levelDbm[chosen[k]!]! - mean) ** 2;
  return { mean, sd: chosen.length < 2 ? 0 : Math.sqrt(squares / (chosen.length - 1)) };
}

/** The samples of a bin, as indices. */
export function samplesOfBin(bins: SampleBins, bin: number): Uint32Array {
  return bins.sampleOrder.subarray(bins.start[bin]!, bins.start[bin + 1]!);
}

/** Who stands behind some samples: devices that can be told apart, and samples of which nothing tells whose they are. */
interface Witnesses {
  readonly devices: ReadonlySet<number>;
  readonly others: number;
}

/**
 * The bins as published (design, section 11): those of at least `privacyK` witnesses: effective samples, and of one device
 * only one counts where devices are told. Where a sum over some bins is published too (`groups`: bin indices each, beside
 * the sum over all), hidden bins must not be had by subtraction: in each sum the hidden ones are none, or at least two that
 * together have `privacyK` witnesses; the smallest published ones are withheld until that holds.
 */
export function publishBins(
  samples: EffectiveSamples,
  bins: SampleBins,
  privacyK: number,
  groups: readonly (readonly number[])[] = [],
): MeasurementBins {
  const size = Array.from({ length: bins.count }, (_, bin) => bins.start[bin + 1]! - bins.start[bin]!);
  const witnesses = Array.from({ length: bins.count }, (_, bin) =>
    witnessesOf(samples, samplesOfBin(bins, bin)),
  );
  const hidden = witnesses.map(({ devices, others }) => devices.size + others < privacyK);
  const all = Array.from(size, (_, bin) => bin);
  let changed = true;
  while (changed) {
    changed = false;
    for (const group of [all, ...groups]) {
      changed = withholdMore(group, { size, witnesses, hidden }, privacyK) || changed;
    }
  }
  const shown = all.filter((bin) => hidden[bin] === false);
  const statistics = shown.map((bin) => levelStatistics(samples.levelDbm, samplesOfBin(bins, bin)));
  const centre = shown.map((bin) =>
    samples.zone.toDegrees((bins.column[bin]! + 0.5) * bins.binM, (bins.row[bin]! + 0.5) * bins.binM),
  );
  return {
    count: shown.length,
    lon: Float64Array.from(centre, ([lon]) => lon),
    lat: Float64Array.from(centre, ([, lat]) => lat),
    binM: bins.binM,
    samples: Uint32Array.from(shown, (bin) => size[bin]!),
    meanDbm: Float32Array.from(statistics, ({ mean }) => mean),
    sdDb: Float32Array.from(statistics, ({ sd }) => sd),
    withheld: bins.count - shown.length,
  };
}

function witnessesOf({ device }: EffectiveSamples, chosen: Uint32Array): Witnesses {
  if (device === undefined) return { devices: new Set(), others: chosen.length };
  const told = Array.from(chosen, (sample) => device[sample]!).filter((number) => number >= 0);
  return { devices: new Set(told), others: chosen.length - told.length };
}

interface Publication {
  readonly size: readonly number[];
  readonly witnesses: readonly Witnesses[];
  readonly hidden: boolean[];
}

/** Hides the smallest shown bins of a group until what is hidden in it cannot be told; true when it hid any. */
function withholdMore(
  group: readonly number[],
  { size, witnesses, hidden }: Publication,
  k: number,
): boolean {
  const devices = new Set<number>();
  let others = 0;
  let bins = 0;
  const count = (bin: number): void => {
    for (const device of witnesses[bin]!.devices) devices.add(device);
    others += witnesses[bin]!.others;
    bins++;
  };
  for (const bin of group) if (hidden[bin] === true) count(bin);
  if (bins === 0) return false;
  const shown = group.filter((bin) => hidden[bin] === false).sort((a, b) => size[a]! - size[b]! || a - b);
  let changed = false;
  for (const bin of shown) {
    if (bins >= 2 && devices.size + others >= k) break;
    hidden[bin] = true;
    count(bin);
    changed = true;
  }
  return changed;
}
