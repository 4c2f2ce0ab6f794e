// Question: does the 90 % interval of a share contain the truth as often as it says? 500 simulated towns of 2 km x 2 km
// (Gaussian level, exponential correlation of 150 m, sigma 7 dB, drawn exactly), each measured along six streets.
// Run: npx tsx benchmarks/assess-interval.ts [runs] [side in bins] [range in m] [streets]
import { simulateLevels } from '../src/assess/share-draws.ts';
import { binomialInterval, centralInterval } from '../src/assess/share-interval.ts';
import { createCity, driveTest } from '../test/assess/simulated-city.ts';

const [runs = 500, side = 40, rangeM = 150, streets = 6] = process.argv.slice(2).map(Number);
const thresholdDbm = -105;
const draws = 400;
const city = createCity(side, rangeM, 7, -96);
const tally = { inside: 0, tooHigh: 0, tooLow: 0, naive: 0, width: 0, naiveWidth: 0 };
for (let run = 1; run <= runs; run++) {
  const { truthDbm, bins } = driveTest(city, run, streets);
  const truth = truthDbm.filter((level) => level >= thresholdDbm).length / truthDbm.length;
  const simulation = simulateLevels(city.places, bins, { seed: run, draws });
  if (simulation === null) throw new Error('a drive of six streets gives a variogram');
  const shares = new Float64Array(draws);
  simulation.forEachDraw((level, draw) => {
    shares[draw] = level.filter((value) => value >= thresholdDbm).length / level.length;
  });
  const interval = centralInterval(shares, 0.9);
  if (truth < interval.low) tally.tooHigh += 1;
  else if (truth > interval.high) tally.tooLow += 1;
  else tally.inside += 1;
  const naive = binomialInterval(bins.residualDb.filter((v) => v >= thresholdDbm).length, bins.count, 0.9);
  if (truth >= naive.low && truth <= naive.high) tally.naive += 1;
  tally.width += interval.high - interval.low;
  tally.naiveWidth += naive.high - naive.low;
}
const percent = (value: number): string => `${((100 * value) / runs).toFixed(1)} %`;
console.log(`${runs} towns of ${side} x ${side} bins, range ${rangeM} m, ${streets} streets driven`);
console.log(
  `90 % interval holds the truth in ${percent(tally.inside)} (too high ${percent(tally.tooHigh)}, too low ${percent(tally.tooLow)})`,
);
console.log(`naive binomial interval: ${percent(tally.naive)}`);
console.log(`mean width: ${(tally.width / runs).toFixed(3)} against ${(tally.naiveWidth / runs).toFixed(3)}`);
