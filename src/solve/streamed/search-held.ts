import type { SolveContext } from '../context.ts';
import type { CoveringModel } from '../covering-model.ts';
import { openWhole } from '../open-model.ts';
import { searchModel } from '../search.ts';
import type { SearchOutcome, SearchSettings } from '../search-outcome.ts';
import { streamedTileCount } from '../tiles/choose-tiles.ts';
import { cutModelInRanges } from './model-source.ts';
import { searchStreamed } from './search-streamed.ts';
import { wholeOfHeldModel } from './streamed-whole.ts';

/**
 * A model too large for the first-order method in one thread: relaxed tile by tile, planned on its core. Where no plan was
 * found there (sites that exclude each other) the whole is searched from its prices and bound.
 */
export async function searchHeldInTiles(
  context: SolveContext,
  model: CoveringModel,
  settings: SearchSettings,
): Promise<SearchOutcome> {
  const source = cutModelInRanges(model, streamedTileCount(model.classOfSite.length));
  const found = await searchStreamed(context, wholeOfHeldModel(model, source), settings);
  if (found.note !== '') context.notes.push(found.note);
  const { prices, bound } = found;
  if (found.sites === null && settings.improvePlan)
    return searchModel(context, model, { ...settings, earlier: { prices, bound } });
  const open = openWhole(model, prices, found.sites ?? []);
  return {
    status: found.status,
    stoppedBy: found.stoppedBy,
    sites: found.sites,
    cost: found.cost,
    bound,
    open,
  };
}
