// Questions, on the Cork drive test (../shared, tests only):
// 1. Does the comparison of quarters stay silent where nothing changed (random halves of the dates), and does it find a
//    drop of 6 dB in the square kilometre with most bins?   npx tsx benchmarks/assess-cork.ts change [splits]
// 2. Does the measurement plan beat random placement?       npx tsx benchmarks/assess-cork.ts plan [starts]
import { quarterChange, SQUARE_M } from '../src/assess/level-change.ts';
import { createRandom } from '../src/random.ts';
import { corkPlanTrial, corkShare } from '../test/assess/cork-plan.ts';
import { onDays, readCork, splitDays } from '../test/assess/cork.ts';
import { sharedPath } from '../test/support/shared.ts';

const path = sharedPath('data/cork-5g-lte-drive/measurements.csv');
if (path === null) throw new Error('../shared/data/cork-5g-lte-drive is not beside the clone');
const cork = readCork(path);
const [question, count] = process.argv.slice(2);

if (question === 'change') {
  const splits = Number(count ?? 200);
  const options = {
    binM: 50,
    minSamples: 5,
    thresholdsDbm: [-105],
    locationProbability: 0.95,
    significance: 0.05,
    seed: 1,
  };
  const tally = { silent: 0, found: 0, bins: 0 };
  for (let seed = 1; seed <= splits; seed++) {
    const [first, second] = splitDays(cork, createRandom(seed, 7));
    const before = onDays(cork, first);
    const after = onDays(cork, second);
    const change = quarterChange(before, after, options);
    if (!change.comparable) throw new Error(`split ${seed} is not comparable`);
    tally.bins += change.commonBins;
    if (!change.anySignificant) tally.silent += 1;
    const { column, row } = [...change.squares].sort((a, b) => b.bins - a.bins)[0]!;
    const isIn = (k: number): boolean =>
      Math.floor(after.x[k]! / SQUARE_M) === column && Math.floor(after.y[k]! / SQUARE_M) === row;
    const levelDbm = after.levelDbm.map((level, k) => (isIn(k) ? level - 6 : level));
    const dropped = quarterChange(before, { ...after, levelDbm }, options);
    const found =
      dropped.comparable &&
      dropped.squares.some(
        (square) =>
          square.column === column && square.row === row && square.significant && square.changeDb < 0,
      );
    if (found) tally.found += 1;
  }
  const percent = (value: number): string => `${((100 * value) / splits).toFixed(1)} %`;
  console.log(`${splits} splits by date, ${(tally.bins / splits).toFixed(0)} common bins on average`);
  console.log(`no significant change claimed: ${percent(tally.silent)}`);
  console.log(`6 dB drop in the square kilometre with most bins found: ${percent(tally.found)}`);
} else {
  const starts = Number(count ?? 40);
  const { truth, bins } = corkShare(cork);
  console.log(
    `${bins} bins with 5 effective samples, ${(100 * truth).toFixed(1)} % served; 30 % known at the start`,
  );
  const trials = Array.from({ length: starts }, (_, k) => corkPlanTrial(cork, k + 1));
  const fallOf = trials.map(({ start, planned }) => start - planned);
  const fallRandom = trials.map(({ start, random }) => start - random);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const error = (values: readonly number[]): number => {
    const middle = mean(values);
    return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) / (values.length - 1));
  };
  const points = (values: readonly number[]): string =>
    `${(100 * mean(values)).toFixed(2)} ± ${(100 * error(values)).toFixed(2)} points`;
  console.log(`error of the share at the start: ${points(trials.map(({ start }) => start))}`);
  console.log(`it falls with the plan by ${points(fallOf)}, with random squares by ${points(fallRandom)}`);
  const extra = fallOf.map((fall, k) => fall - fallRandom[k]!);
  console.log(`difference, paired: ${points(extra)}; ratio ${(mean(fallOf) / mean(fallRandom)).toFixed(2)}`);
}
