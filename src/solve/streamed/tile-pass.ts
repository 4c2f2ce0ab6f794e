import type { StreamedTile } from './streamed-tile.ts';

/** How the relaxation is scaled (`scaled-relaxation.ts`): the same for all tiles. */
export interface StreamedScale {
  readonly costScale: number;
  /** [targets] */
  readonly userScale: Float64Array;
  /** [targets] users that may be left out: no plan can leave out an item that carries more. */
  readonly mayLeave: Float64Array;
}

/** Where the first-order method stands in one tile. Never changed in place. */
export interface TileState {
  /** [items] sites that reach the item. */
  readonly coverers: Uint32Array;
  /** [items] price of covering the item, scaled, and the price the stretch set out from. */
  readonly price: Float64Array;
  readonly anchorPrice: Float64Array;
  /** [items] share of the item that is given up, 0..1, and its anchor. */
  readonly givenUp: Float64Array;
  readonly anchorGivenUp: Float64Array;
}

/** What follows a step: a new stretch from where it led, or a share of the way there and of the way back to the anchor. */
export type AfterStep = { readonly restart: true } | { readonly restart: false; readonly share: number };

export interface PassTask {
  readonly state: TileState;
  /** [sites of the tile] 2 x next - present share of the sites. */
  readonly ahead: Float64Array;
  /** [targets] scaled price of a user. */
  readonly perUser: Float64Array;
  /** Weight of the primal side (`primal-dual.ts`). */
  readonly balance: number;
  readonly after: AfterStep;
}

export interface PassResult {
  readonly price: Float64Array;
  readonly givenUp: Float64Array;
  /** [sites of the tile] sum of the prices after the step: what its items are worth to a site. */
  readonly worth: Float64Array;
  /** Scaled value of the items at the prices before the step: - sum of max(0, worth of the users - price). */
  readonly inner: number;
  /** [targets] scaled users given up, taken ahead as sites are. */
  readonly excess: Float64Array;
  /** Squared lengths in the norm of the step sizes: of the step, and (after a restart) of the way from the anchor. */
  readonly primalStep: number;
  readonly dualStep: number;
  readonly primalWay: number;
  readonly dualWay: number;
}

/**
 * Values on a grid fine enough to move none by more than 2^-52 of their sum, and coarse enough that all their partial
 * sums are exact: running sums can then be subtracted from each other.
 */
export function onExactGrid(values: Float64Array): Float64Array {
  let total = 0;
  for (const own of values) total += Math.abs(own);
  if (!(total > 0)) return values;
  const step = 2 ** (Math.ceil(Math.log2(total)) - 51);
  for (let item = 0; item < values.length; item++) values[item] = Math.round(values[item]! / step) * step;
  return values;
}

/**
 * The step of `primal-dual.ts` (Chambolle & Pock 2011, reflected Halpern anchoring) for the items of one tile: the sites
 * have stepped before, over all tiles. Afterwards the prices are summed per site for their next step, so a tile is opened
 * once per pass.
 */
export function passTile(tile: StreamedTile, scale: StreamedScale, task: PassTask): PassResult {
  const { itemCount, weightStart, weightTarget, weightUsers } = tile;
  const { state, perUser, balance, after } = task;
  const { coverers, price, givenUp, anchorPrice, anchorGivenUp } = state;
  const { userScale, mayLeave } = scale;
  const covered = tile.sumPerItem(task.ahead);
  const newPrice = new Float64Array(itemCount);
  const newGivenUp = new Float64Array(itemCount);
  const excess = new Float64Array(perUser.length);
  const keep = after.restart ? 0 : after.share;
  let inner = 0;
  let primalStep = 0;
  let dualStep = 0;
  let primalWay = 0;
  let dualWay = 0;
  for (let item = 0; item < itemCount; item++) {
    const from = weightStart[item]!;
    const end = weightStart[item + 1]!;
    if (coverers[item] === 0 || from === end) continue;
    let worth = 0;
    let column = 1;
    let mandatory = false;
    for (let w = from; w < end; w++) {
      const target = weightTarget[w]!;
      const users = weightUsers[w]! * userScale[target]!;
      worth += users * perUser[target]!;
      column += users;
      if (weightUsers[w]! > mayLeave[target]!) mandatory = true;
    }
    const now = price[item]!;
    const spare = worth - now;
    if (spare > 0 || mandatory) inner -= spare;
    let nextGivenUp = 0;
    let ahead = 0;
    if (!mandatory) {
      const before = givenUp[item]!;
      nextGivenUp = clampToUnit(before - spare / (column * balance));
      const change = nextGivenUp - before;
      primalStep += change * change * column;
      ahead = nextGivenUp + change;
      for (let w = from; w < end && ahead !== 0; w++) {
        const target = weightTarget[w]!;
        excess[target]! += weightUsers[w]! * userScale[target]! * ahead;
      }
    }
    const rows = coverers[item]! + (mandatory ? 0 : 1);
    const nextPrice = Math.max(0, now + (balance / rows) * (1 - ahead - covered[item]!));
    dualStep += (nextPrice - now) ** 2 * rows;
    if (after.restart) {
      primalWay += (nextGivenUp - anchorGivenUp[item]!) ** 2 * column;
      dualWay += (nextPrice - anchorPrice[item]!) ** 2 * rows;
      newPrice[item] = nextPrice;
      newGivenUp[item] = nextGivenUp;
    } else {
      newPrice[item] = keep * (2 * nextPrice - now) + (1 - keep) * anchorPrice[item]!;
      newGivenUp[item] = mandatory
        ? 0
        : keep * (2 * nextGivenUp - givenUp[item]!) + (1 - keep) * anchorGivenUp[item]!;
    }
  }
  const worth = tile.sumPerSite(onExactGrid(newPrice));
  return {
    ...{ price: newPrice, givenUp: newGivenUp, worth, inner, excess },
    ...{ primalStep, dualStep, primalWay, dualWay },
  };
}

function clampToUnit(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
