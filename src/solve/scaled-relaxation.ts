import type { CoveringModel } from './covering-model.ts';

/**
 * The linear relaxation with mean cost 1 and mean users of a class 1 per target, and the step sizes of a first-order
 * method: 1 / sum of the entries of a row or column (Pock & Chambolle 2011, alpha = 1).
 */
export interface ScaledRelaxation {
  readonly costScale: number;
  /** [targetCount] */
  readonly userScale: Float64Array;
  readonly cost: Float64Array;
  /** [weights] users x scale of their target. */
  readonly users: Float64Array;
  /** [targetCount] scaled users that may be given up. */
  readonly mayGiveUp: Float64Array;
  readonly stepSite: Float64Array;
  readonly stepGivenUp: Float64Array;
  readonly stepPerClass: Float64Array;
  /** [targetCount] 0 = every class of the target is mandatory. */
  readonly stepPerUser: Float64Array;
}

export function scaleRelaxation(model: CoveringModel): ScaledRelaxation {
  const { siteCount, classCount, targetCount, siteStart, classStart, weightStart, weightTarget } = model;
  const costScale = siteCount / model.cost.reduce((sum, cost) => sum + cost, 0);
  const classes = new Uint32Array(targetCount);
  for (const target of weightTarget) classes[target]!++;
  const userScale = Float64Array.from(classes, (count, target) => count / model.reachable[target]!);
  const users = model.weightUsers.map((own, w) => own * userScale[weightTarget[w]!]!);
  const stepGivenUp = new Float64Array(classCount);
  const stepPerClass = new Float64Array(classCount);
  const optional = new Float64Array(targetCount);
  for (let own = 0; own < classCount; own++) {
    const coverers = classStart[own + 1]! - classStart[own]!;
    const isMandatory = model.mandatory[own] === 1;
    stepPerClass[own] = 1 / (coverers + (isMandatory ? 0 : 1));
    if (isMandatory) continue;
    let column = 1;
    for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++) {
      column += users[w]!;
      optional[weightTarget[w]!]! += users[w]!;
    }
    stepGivenUp[own] = 1 / column;
  }
  return {
    costScale,
    userScale,
    cost: model.cost.map((cost) => cost * costScale),
    users,
    mayGiveUp: model.need.map((need, target) => (model.reachable[target]! - need) * userScale[target]!),
    stepSite: Float64Array.from(
      { length: siteCount },
      (_, site) => 1 / Math.max(1, siteStart[site + 1]! - siteStart[site]!),
    ),
    stepGivenUp,
    stepPerClass,
    stepPerUser: optional.map((sum) => (sum > 0 ? 1 / sum : 0)),
  };
}
