import type { BoundModel } from '../radio/model.ts';

/** Distances of the table grow by this factor; straight lines in between stay within 0.001 dB of smooth models. */
const KNOT_FACTOR = 1.002;

/** Median loss by distance, read off a table: a logarithm and two reads, whatever the model costs. */
export interface LossTable {
  /** Median loss at a ground distance up to the table's end, dB; 1 m stands for everything nearer. */
  lossDb(distanceM: number): number;
}

/** Tabulates a model's median from 1 m up to `maxReachM`. */
export function createLossTable(bound: BoundModel, maxReachM: number): LossTable {
  return tabulateLoss((distanceM) => bound.medianLossDb(distanceM), maxReachM);
}

/** Tabulates a loss by distance from 1 m up to `maxReachM`. */
export function tabulateLoss(lossAt: (distanceM: number) => number, maxReachM: number): LossTable {
  const perKnot = 1 / Math.log(KNOT_FACTOR);
  const knots = Math.ceil(Math.log(Math.max(1, maxReachM)) * perKnot) + 2;
  const lossDb = Float64Array.from({ length: knots }, (_, k) => lossAt(KNOT_FACTOR ** k));
  return {
    lossDb: (distanceM) => {
      if (distanceM <= 1) return lossDb[0]!;
      const at = Math.min(Math.log(distanceM) * perKnot, knots - 1.000001);
      const knot = Math.floor(at);
      const lower = lossDb[knot]!;
      return lower + (at - knot) * (lossDb[knot + 1]! - lower);
    },
  };
}
