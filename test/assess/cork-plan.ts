import { pairBins } from '../../src/assess/day-bins.ts';
import { requiredMeanDbm } from '../../src/assess/level-change.ts';
import { planMeasurements } from '../../src/assess/measure-plan.ts';
import { simulateLevels } from '../../src/assess/share-draws.ts';
import { createRandom } from '../../src/random.ts';
import type { CorkSamples } from './cork.ts';
import { shuffled } from './cork.ts';

const THRESHOLD_DBM = -105;
const OPTIONS = { binM: 50, minSamples: 5, locationProbability: 0.95 };
/** Squares that are driven as a whole, metres: those known at the start, and those the plan chooses among. */
const START_SQUARE_M = 500;
const PLAN_SQUARE_M = 250;
const KNOWN_AT_START = 0.3;
const NEW_PART = 0.2;
const RANDOM_TRIES = 5;

interface Bins {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly meanDbm: Float64Array;
  readonly errorDb2: Float64Array;
  readonly served: Uint8Array;
  readonly requiredDbm: number;
}

/** All bins of Cork with five effective samples; served = mean at or above what the usual spread asks for. */
function corkBins(cork: CorkSamples): Bins {
  const pairs = pairBins(cork, cork, OPTIONS.binM, OPTIONS.minSamples);
  const spreads = [...pairs.spreadDb[0]].sort((a, b) => a - b);
  const requiredDbm = requiredMeanDbm(spreads[spreads.length >> 1]!, THRESHOLD_DBM, OPTIONS);
  return {
    count: pairs.count,
    x: Float64Array.from(pairs.column, (column) => (column + 0.5) * OPTIONS.binM),
    y: Float64Array.from(pairs.row, (row) => (row + 0.5) * OPTIONS.binM),
    meanDbm: pairs.meanDbm[0],
    errorDb2: Float64Array.from(
      pairs.samples[0],
      (samples, k) => Math.max(4, pairs.spreadDb[0][k]! ** 2) / samples,
    ),
    served: Uint8Array.from(pairs.meanDbm[0], (mean) => (mean >= requiredDbm ? 1 : 0)),
    requiredDbm,
  };
}

export function corkShare(cork: CorkSamples): { truth: number; bins: number } {
  const { served, count } = corkBins(cork);
  return { truth: served.reduce((sum, one) => sum + one, 0) / count, bins: count };
}

/** Simulated served bins among those not known, by square; the estimated share over all bins. */
function estimate(bins: Bins, known: Uint8Array, seed: number, draws: number) {
  const all = [...known.keys()];
  const measured = all.filter((k) => known[k] === 1);
  const held = all.filter((k) => known[k] === 0);
  const pick = (values: Float64Array, at: readonly number[]): Float64Array =>
    Float64Array.from(at, (k) => values[k]!);
  const mean = measured.reduce((sum, k) => sum + bins.meanDbm[k]!, 0) / measured.length;
  const simulation = simulateLevels(
    { count: held.length, x: pick(bins.x, held), y: pick(bins.y, held) },
    {
      count: measured.length,
      x: pick(bins.x, measured),
      y: pick(bins.y, measured),
      residualDb: Float64Array.from(measured, (k) => bins.meanDbm[k]! - mean),
      errorDb2: pick(bins.errorDb2, measured),
    },
    { seed, draws },
  );
  if (simulation === null) throw new Error('a third of Cork gives a variogram');
  const squares = new Map<string, number[]>();
  for (const [place, k] of held.entries()) {
    const key = squareOf(bins, k, PLAN_SQUARE_M);
    squares.set(key, [...(squares.get(key) ?? []), place]);
  }
  const lists = [...squares.values()];
  const served = new Float64Array(lists.length * draws);
  let total = 0;
  simulation.forEachDraw((level, draw) => {
    lists.forEach((places, square) => {
      const count = places.filter((place) => level[place]! + mean >= bins.requiredDbm).length;
      served[square * draws + draw] = count;
      total += count;
    });
  });
  const knownServed = measured.reduce((sum, k) => sum + bins.served[k]!, 0);
  return {
    share: (knownServed + total / draws) / bins.count,
    squares: lists.map((places) => places.map((place) => held[place]!)),
    served,
    rangeM: simulation.variogram.rangeM,
  };
}

function squareOf(bins: Bins, k: number, sideM: number): string {
  return `${Math.floor(bins.x[k]! / sideM)},${Math.floor(bins.y[k]! / sideM)}`;
}

/** Error of the share at the start, after the planned squares, and after as many bins in random squares. */
export function corkPlanTrial(
  cork: CorkSamples,
  seed: number,
): { start: number; planned: number; random: number } {
  const bins = corkBins(cork);
  const truth = bins.served.reduce((sum, one) => sum + one, 0) / bins.count;
  const random = createRandom(seed, 11);
  const start = new Uint8Array(bins.count);
  const all = [...start.keys()];
  const groups = new Map<string, number[]>();
  for (const k of all) {
    const key = squareOf(bins, k, START_SQUARE_M);
    groups.set(key, [...(groups.get(key) ?? []), k]);
  }
  let known = 0;
  for (const group of shuffled([...groups.values()], random)) {
    if (known >= KNOWN_AT_START * bins.count) break;
    for (const k of group) start[k] = 1;
    known += group.length;
  }
  const budget = Math.round(NEW_PART * (bins.count - known));
  const first = estimate(bins, start, seed, 300);
  const centre = (values: Float64Array): Float64Array =>
    Float64Array.from(first.squares, (list) => list.reduce((sum, k) => sum + values[k]!, 0) / list.length);
  const order = planMeasurements(
    {
      areas: first.squares.length,
      draws: 300,
      served: first.served,
      x: centre(bins.x),
      y: centre(bins.y),
      cost: Float64Array.from(first.squares, (list) => list.length),
    },
    first.squares.length,
    PLAN_SQUARE_M + 3 * first.rangeM,
  ).map(({ area }) => area);
  // Squares whose outcome is certain are worth nothing and come last, in their own order.
  const rest = first.squares.map((_, square) => square).filter((square) => !order.includes(square));
  const errorAfter = (squares: readonly number[]): number => {
    const after = start.slice();
    const chosen = squares.flatMap((square) => first.squares[square]!).slice(0, budget);
    for (const k of chosen) after[k] = 1;
    return Math.abs(estimate(bins, after, seed, 150).share - truth);
  };
  const tries = Array.from({ length: RANDOM_TRIES }, () =>
    errorAfter(
      shuffled(
        first.squares.map((_, square) => square),
        random,
      ),
    ),
  );
  return {
    start: Math.abs(first.share - truth),
    planned: errorAfter([...order, ...rest]),
    random: tries.reduce((sum, error) => sum + error, 0) / RANDOM_TRIES,
  };
}
