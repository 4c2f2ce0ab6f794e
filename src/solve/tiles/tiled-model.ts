import type { SolveContext } from '../context.ts';
import { fromUnits } from '../cost-grid.ts';
import type { CoveringModel } from '../covering-model.ts';
import type { SearchOutcome, SearchSettings } from '../search-outcome.ts';
import { searchModel } from '../search.ts';
import { isStreamed, tileCountFor } from './choose-tiles.ts';
import { searchHeldInTiles } from '../streamed/search-held.ts';
import { searchTiled, type TilingFacts } from './search-tiled.ts';
import { tileEffort } from './tile-effort.ts';
import { wholeOfModel } from './whole.ts';

/**
 * One model searched whole or in tiles, as the options say. After the tiles a search over the whole goes on from their
 * plan, prices and bound: for a few rounds, or for all of them where the tiles' plans could not be joined. Very large models
 * are relaxed tile by tile and planned on a core instead (`streamed/`).
 */
export async function searchByTiles(
  context: SolveContext,
  model: CoveringModel,
  settings: SearchSettings,
): Promise<SearchOutcome> {
  const { tiles: choice = 'off', effort } = context.options;
  if (isStreamed(choice, model.classOfSite.length) && model.targetCount > 0)
    return searchHeldInTiles(context, model, settings);
  const tiles = Math.min(tileCountFor(choice), model.classCount);
  if (tiles <= 1 || model.targetCount === 0 || context.stopReason() !== null)
    return searchModel(context, model, settings);
  const { sites, bound, prices, facts } = await searchTiled(context, wholeOfModel(model), {
    ...settings,
    tiles,
  });
  context.notes.push(tilingNote(settings, facts, sites === null));
  const fewer = sites === null && settings.improvePlan ? Infinity : tileEffort(effort).wholeRounds;
  return searchModel(context, model, {
    ...settings,
    rounds: Math.min(settings.rounds, fewer),
    start: sites ?? settings.start,
    earlier: { prices, bound },
  });
}

function tilingNote(
  { phase, grid, improvePlan }: SearchSettings,
  facts: TilingFacts,
  unjoined: boolean,
): string {
  const joined =
    facts.joinedCost === null
      ? ''
      : `; their plans joined cost ${fromUnits(grid, facts.joinedCost)} before the seams were polished along ` +
        `${facts.polishRounds} other tilings`;
  const whole = improvePlan && unjoined ? ' The plans of the tiles could not be joined.' : '';
  return (
    `Phase "${phase}": cut into ${facts.tiles} tiles of at most ${facts.largestPairs} of ${facts.pairs} covered ` +
    `pairs; ${facts.straddlingSites} of ${facts.sites} sites reach several tiles and had their cost split among them; ` +
    `${facts.priceRounds} rounds of prices on the targets${joined}. The bound of the tiles is the prices times what ` +
    `the targets need plus their own lower bounds.${whole}`
  );
}
