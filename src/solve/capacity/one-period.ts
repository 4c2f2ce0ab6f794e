import type { CapacityModel } from './capacity-model.ts';
import {
  allocateDual,
  evaluateCapacityDual,
  type CapacityDual,
  type CapacityPrices,
} from './capacity-prices.ts';
import { findCapacityPrices, type CapacityPriceSearch } from './find-capacity-prices.ts';
import { startCapacityPrices } from './start-prices.ts';

/** Passes spent on every period, to see which one asks for most: after 38 the wrong one still led in Helsinki. */
const RANKING_PASSES = 75;
/** A period alone takes its share of the time of all together, so more passes are spent on the one that asks for most. */
const CLOSER_PASSES = 4;

/**
 * Prices that value users of one period alone, the one whose own bound is highest: where room decides, the busiest period
 * mostly asks for everything that the others need as well, and prices shared out among all periods rise slowly.
 * Helsinki, 8 periods: 218.6 after 4 CPU s (relaxation of all 8: at least 219.51), together 192.5 after 14.
 *
 * @returns null where there is one period.
 */
export function pricesOfBusiestPeriod(
  model: CapacityModel,
  upperBound: number,
  passes: number,
): CapacityPriceSearch | null {
  if (model.periodCount < 2) return null;
  let work = 0;
  let best: { period: number; search: CapacityPriceSearch } | null = null;
  for (let period = 0; period < model.periodCount; period++) {
    const alone = onlyPeriod(model, period);
    if (alone.targets.length === 0) continue;
    const search = findCapacityPrices(
      alone,
      startCapacityPrices(alone, upperBound),
      upperBound,
      RANKING_PASSES,
    );
    work += search.work;
    if (best === null || search.dual.bound > best.search.dual.bound) best = { period, search };
  }
  if (best === null) return null;
  const { period, search } = best;
  const alone = onlyPeriod(model, period);
  const closer = findCapacityPrices(alone, search.prices, upperBound, CLOSER_PASSES * passes, 'near');
  const prices = withOtherPeriods(model, period, closer.prices);
  return { prices, dual: dualOf(model, prices), work: work + closer.work };
}

/** The model as if there were one period alone: a relaxation. Lists are shared. */
function onlyPeriod(model: CapacityModel, period: number): CapacityModel {
  return {
    ...model,
    periodCount: 1,
    users: [model.users[period]!],
    rate: [model.rate[period]!],
    room: [model.room[period]!],
    targets: model.targets.flatMap((target) => (target.period === period ? [{ ...target, period: 0 }] : [])),
  };
}

/** Nobody of another period is worth anything. */
function withOtherPeriods(model: CapacityModel, period: number, alone: CapacityPrices): CapacityPrices {
  const own = [...model.targets.keys()].filter((k) => model.targets[k]!.period === period);
  return {
    perTarget: Float64Array.from(model.targets, (_, k) =>
      own.includes(k) ? alone.perTarget[own.indexOf(k)]! : 0,
    ),
    perUser: model.users.map((users, other) =>
      other === period ? alone.perUser[0]! : new Float64Array(users.length),
    ),
    perCover: model.targets.map(({ backup }, k) =>
      own.includes(k) ? alone.perCover[own.indexOf(k)]! : new Float64Array(backup > 1 ? model.classCount : 0),
    ),
    perRoom: model.room.map((room, other) =>
      other === period ? alone.perRoom[0]! : new Float64Array(room.length),
    ),
  };
}

function dualOf(model: CapacityModel, prices: CapacityPrices): CapacityDual {
  const dual = allocateDual(model);
  evaluateCapacityDual(model, prices, dual);
  return dual;
}
