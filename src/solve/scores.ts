import type { CoveringModel } from './covering-model.ts';
import type { Prices } from './lagrangian.ts';

/** Scores of classes: between what their users are worth and what the multipliers pay for covering them. */
export function mixScores(
  { model, prices }: { readonly model: CoveringModel; readonly prices: Prices },
  shareOfPrice: number,
): Float64Array {
  const scores = new Float64Array(model.classCount);
  let total = 0;
  for (let own = 0; own < model.classCount; own++) {
    let worth = 0;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      worth += prices.perUser[model.weightTarget[w]!]! * model.weightUsers[w]!;
    }
    scores[own] = shareOfPrice * prices.perClass[own]! + (1 - shareOfPrice) * worth;
    total += scores[own]!;
  }
  const floor = (0.02 * total) / Math.max(1, model.classCount);
  return scores.map((score, own) => score + (model.mandatory[own] === 1 ? floor : 0.01 * floor));
}
