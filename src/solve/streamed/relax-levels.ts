import type { SolveContext } from '../context.ts';
import type { Effort } from '../solution.ts';
import { relaxStreamed, type RelaxedPoint, type StreamedRelaxation } from './relax-streamed.ts';
import { sampleSource } from './tile-source.ts';
import { surveyTiles, type StreamedWhole, type SurveyedWhole } from './streamed-whole.ts';

/** Passes of the relaxation: over all items, and over each sample. */
const PASSES: Readonly<Record<Effort, { readonly whole: number; readonly sample: number }>> = {
  quick: { whole: 100, sample: 200 },
  normal: { whole: 1500, sample: 300 },
  thorough: { whole: 2000, sample: 600 },
};
/** A sample holds one item of so many. */
const SAMPLING = 8;
/** Items that are worth a sample. */
const SAMPLED_ITEMS = 200_000;

/**
 * The relaxation of the whole from that of a sample of its points, that one from a sample again: prices of sites and
 * targets hardly differ, and a pass over the sample costs an eighth. Bounds come from the whole alone.
 */
export async function relaxFromSamples(
  context: SolveContext,
  whole: StreamedWhole,
  surveyed: SurveyedWhole,
  onBound: (bound: number) => boolean,
  sampledItems = SAMPLED_ITEMS,
): Promise<StreamedRelaxation> {
  const passes = PASSES[context.options.effort];
  const start = await relaxSample(context, whole, surveyed, passes.sample, sampledItems);
  return relaxStreamed(context, whole, surveyed, { mostPasses: passes.whole, start }, onBound);
}

async function relaxSample(
  context: SolveContext,
  whole: StreamedWhole,
  surveyed: SurveyedWhole,
  mostPasses: number,
  sampledItems: number,
): Promise<RelaxedPoint | undefined> {
  const { source } = whole;
  const items = source.itemStart.at(-1) ?? 0;
  if (items < sampledItems || context.stopReason() !== null) return undefined;
  const sample = sampleSource(source, SAMPLING);
  if (sample === null) return undefined;
  // Tiles of a few points do not shrink.
  if (2 * sample.itemStart.at(-1)! > items) return undefined;
  const sampled = await surveyTiles(context, { ...whole, source: sample });
  const need = whole.need.map((users, target) => {
    const reached = surveyed.reachable[target]!;
    return reached > 0 ? (users * sampled.reachable[target]!) / reached : 0;
  });
  const smaller = { ...whole, source: sample, need };
  const start = await relaxSample(context, smaller, sampled, mostPasses, sampledItems);
  const { end } = await relaxStreamed(context, smaller, sampled, { mostPasses, start }, () => false);
  return {
    ...end,
    balance: end.balance / SAMPLING,
    price: end.price.map((own, tile) => {
      const length = source.itemStart[tile + 1]! - source.itemStart[tile]!;
      return Float64Array.from({ length }, (_, item) => own[Math.floor(item / SAMPLING)]! / SAMPLING);
    }),
  };
}
