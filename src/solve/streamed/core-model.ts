import type { SolveContext } from '../context.ts';
import { restrictConflicts } from '../conflicts.ts';
import { findDominated } from '../dominate.ts';
import type { CoveringModel } from '../covering-model.ts';
import { findMandatory } from '../mandatory.ts';
import { numberGroups } from '../build-model.ts';
import { carryPrices } from '../core.ts';
import type { Prices } from '../lagrangian.ts';
import { transpose } from '../merge.ts';
import { KEEP, restrictModel } from '../restrict.ts';
import type { CoreRows } from './core-rows.ts';
import { mapStreamed, type StreamedWhole, type SurveyedWhole } from './streamed-whole.ts';
import type { StreamedRelaxation } from './relax-streamed.ts';

/** Some of the sites with all they cover: small enough to be held and searched whole. */
export interface StreamedCore {
  readonly model: CoveringModel;
  /** [model.siteCount] index in the whole. */
  readonly siteOf: Uint32Array;
  readonly prices: Prices;
}

/**
 * The covering problem over some of the sites, with what they cover gathered from the tiles: items that these sites do not
 * tell apart merge, within their tile and then over all of them. Its plans are plans of the whole, its bounds are not.
 *
 * @param inCore [siteCount] 1 = keep.
 */
export async function gatherCore(
  context: SolveContext,
  whole: StreamedWhole,
  { shared, tiles, pairs }: SurveyedWhole,
  { perUser, price }: Pick<StreamedRelaxation, 'perUser' | 'price'>,
  inCore: Uint8Array,
): Promise<StreamedCore> {
  const parts = await mapStreamed(context, shared, 'rows', (tile) => ({
    kind: 'rows',
    tile,
    kept: Uint8Array.from(tiles[tile]!.siteOf, (site) => inCore[site]!),
    price: price[tile]!,
  }));
  context.work += pairs;
  const siteOf = Uint32Array.from(inCore.keys()).filter((site) => inCore[site] === 1);
  const gathered = joinParts(
    whole,
    parts,
    tiles.map((tile) => tile.siteOf.filter((site) => inCore[site] === 1)),
    siteOf,
  );
  const { dominatedBy } = findDominated(gathered.model);
  const kept = restrictModel(
    gathered.model,
    Uint8Array.from(dominatedBy, (by) => (by === -1 ? KEEP : 0)),
  );
  return {
    model: kept.model,
    siteOf: kept.parentSite.map((site) => siteOf[site]!),
    prices: {
      perUser: Float64Array.from(kept.parentTarget, (target) => perUser[target]!),
      perClass: carryPrices(gathered.perClass, kept),
    },
  };
}

/** The classes of all tiles side by side. */
function joinParts(
  whole: StreamedWhole,
  parts: readonly CoreRows[],
  sitesOfPart: readonly Uint32Array[],
  siteOf: Uint32Array,
): { readonly model: CoveringModel; readonly perClass: Float64Array } {
  const { siteCount, targetCount, need, fixedCost } = whole;
  const place = new Int32Array(siteCount).fill(-1);
  siteOf.forEach((site, index) => (place[site] = index));
  const siteStart = new Uint32Array(siteOf.length + 1);
  parts.forEach((part, tile) => {
    sitesOfPart[tile]!.forEach((site, row) => {
      siteStart[place[site]! + 1]! += part.siteStart[row + 1]! - part.siteStart[row]!;
    });
  });
  for (let site = 0; site < siteOf.length; site++) siteStart[site + 1]! += siteStart[site]!;
  const classOfSite = new Uint32Array(siteStart[siteOf.length]!);
  const next = siteStart.slice(0, siteOf.length);
  let firstClass = 0;
  parts.forEach((part, tile) => {
    sitesOfPart[tile]!.forEach((site, row) => {
      for (let pair = part.siteStart[row]!; pair < part.siteStart[row + 1]!; pair++)
        classOfSite[next[place[site]!]!++] = firstClass + part.classOfSite[pair]!;
    });
    firstClass += part.price.length;
  });
  const weights = joinWeights(parts, firstClass, targetCount);
  const columns = transpose(siteStart, classOfSite, firstClass);
  const perClass = new Float64Array(firstClass);
  let write = 0;
  for (const part of parts) {
    perClass.set(part.price, write);
    write += part.price.length;
  }
  const model: CoveringModel = {
    ...{ siteCount: siteOf.length, classCount: firstClass, targetCount, siteStart, classOfSite },
    ...{ classStart: columns.start, siteOfClass: columns.rows, ...weights, need, fixedCost },
    mandatory: findMandatory({ ...weights, need, classCount: firstClass }),
    cost: Float64Array.from(siteOf, (site) => whole.cost[site]!),
    fixedSites: new Uint32Array(0),
    ...restrictConflicts(whole, place, siteOf.length),
    ...numberGroups(siteOf, whole.group),
    siteOf,
  };
  return { model, perClass };
}

type Weights = Pick<CoveringModel, 'weightStart' | 'weightTarget' | 'weightUsers' | 'reachable'>;

function joinWeights(parts: readonly CoreRows[], classCount: number, targetCount: number): Weights {
  const weightStart = new Uint32Array(classCount + 1);
  const count = parts.reduce((sum, part) => sum + part.weightUsers.length, 0);
  const weightTarget = new Uint32Array(count);
  const weightUsers = new Float64Array(count);
  const reachable = new Float64Array(targetCount);
  let own = 0;
  let write = 0;
  for (const part of parts) {
    weightTarget.set(part.weightTarget, write);
    weightUsers.set(part.weightUsers, write);
    for (let row = 0; row < part.price.length; row++) weightStart[++own] = write + part.weightStart[row + 1]!;
    write += part.weightUsers.length;
  }
  weightUsers.forEach((users, w) => (reachable[weightTarget[w]!]! += users));
  return { weightStart, weightTarget, weightUsers, reachable };
}
