import type { CoveringModel } from '../covering-model.ts';
import { startPrices } from '../prices.ts';
import { ascendPrimalDual, FIRST_BALANCE } from '../primal-dual.ts';
import type { CapacityModel } from './capacity-model.ts';
import type { CapacityPrices } from './capacity-prices.ts';

/** Passes on the covering relaxation per pass with room: one takes a tenth of the time. */
const COVERING_PASSES = 4;

/**
 * Prices to start from: those of the covering relaxation (no room, users of a class valued together over the periods), shared
 * out among the periods by what the users are worth there. With room for all the bound is that of the relaxation.
 */
export function startFromCovering(
  model: CapacityModel,
  upperBound: number,
  passes: number,
): { readonly prices: CapacityPrices; readonly work: number } {
  const start = startCapacityPrices(model, upperBound);
  if (model.targets.some(({ backup }) => backup > 1)) return { prices: start, work: 0 };
  const covering = coveringRelaxation(model);
  const first = startPrices(covering, upperBound);
  const build = new Float64Array(model.siteCount);
  const task = { prices: first, build, balance: FIRST_BALANCE, passes: COVERING_PASSES * passes, upperBound };
  const { prices, work } = ascendPrimalDual(covering, task);
  start.perTarget.set(prices.perUser);
  const worth = model.users.map(() => new Float64Array(model.classCount));
  model.targets.forEach(({ member, period }, k) => {
    const sum = worth[period]!;
    member.forEach((flag, own) => flag === 1 && (sum[own]! += prices.perUser[k]!));
  });
  for (let own = 0; own < model.classCount; own++) {
    const whole = worth.reduce((sum, values, period) => sum + values[own]! * model.users[period]![own]!, 0);
    const part = whole === 0 ? 0 : Math.min(1, prices.perClass[own]! / whole);
    worth.forEach((values, period) => (start.perUser[period]![own] = part * values[own]!));
  }
  return { prices: start, work };
}

/** The model without room: a site serves everybody it covers. */
function coveringRelaxation(model: CapacityModel): CoveringModel {
  const weightStart = new Uint32Array(model.classCount + 1);
  const weightTarget: number[] = [];
  const weightUsers: number[] = [];
  const reachable = new Float64Array(model.targets.length);
  for (let own = 0; own < model.classCount; own++) {
    model.targets.forEach(({ member, period }, k) => {
      const users = model.users[period]![own]!;
      if (member[own] === 0 || users === 0) return;
      weightTarget.push(k);
      weightUsers.push(users);
      reachable[k]! += users;
    });
    weightStart[own + 1] = weightTarget.length;
  }
  return {
    ...model,
    targetCount: model.targets.length,
    weightStart,
    weightTarget: Uint32Array.from(weightTarget),
    weightUsers: Float64Array.from(weightUsers),
    need: Float64Array.from(model.targets, ({ need }) => need),
    reachable,
    mandatory: new Uint8Array(model.classCount),
    fixedSites: new Uint32Array(0),
    hasGroups: true,
  };
}

/** Prices to start from: the cost spread evenly over the targets, half of a user's worth paid to who serves them. */
export function startCapacityPrices(model: CapacityModel, upperBound: number): CapacityPrices {
  const perTarget = Float64Array.from(
    model.targets,
    ({ need }) => (upperBound - model.fixedCost) / (need * model.targets.length),
  );
  const perUser = model.users.map(() => new Float64Array(model.classCount));
  model.targets.forEach(({ member, period, backup }, k) => {
    if (backup > 1) return;
    member.forEach((flag, own) => flag === 1 && (perUser[period]![own]! += 0.5 * perTarget[k]!));
  });
  return {
    perTarget,
    perUser,
    perCover: model.targets.map(({ backup, weight }, k) =>
      backup > 1 ? weight.map((users) => (0.5 * perTarget[k]! * users) / backup) : new Float64Array(0),
    ),
    perRoom: model.users.map(() => new Float64Array(model.siteCount)),
  };
}
