import type { LinearModel, MipSolver } from '../mip.ts';

/** What one tile answered to prices: an upper estimate of its value at all other prices (concave). */
interface Cut {
  readonly tile: number;
  readonly round: number;
  readonly perUser: Float64Array;
  readonly value: number;
  readonly served: Float64Array;
}

/** Rounds whose answers are kept: older ones were given under other cost shares and worse class prices. */
const ROUNDS_KEPT = 12;
const ITERATIONS = 100_000;

/**
 * The coordinator's memory: every tile's answers as cuts (Kelley 1960, one set per tile), and the master problem over
 * them within a box around the best prices: next prices from its point, and from its multipliers how the needs are best
 * divided among tiles (Dantzig & Wolfe 1960). Whatever it proposes, the bound is judged by the tiles.
 */
export class TargetPrices {
  readonly #need: Float64Array;
  readonly #reachable: readonly Float64Array[];
  readonly #mip: MipSolver;
  #cuts: Cut[] = [];

  /** @param reachable per tile [targets] users any site reaches there. */
  constructor(need: Float64Array, reachable: readonly Float64Array[], mip: MipSolver) {
    this.#need = need;
    this.#reachable = reachable;
    this.#mip = mip;
  }

  learn(
    round: number,
    perUser: Float64Array,
    answers: readonly { value: number; served: Float64Array }[],
  ): void {
    this.#cuts = this.#cuts.filter((cut) => cut.round > round - ROUNDS_KEPT);
    answers.forEach(({ value, served }, tile) => this.#cuts.push({ tile, round, perUser, value, served }));
  }

  /** Prices that the cuts think best within a factor of `radius` of `centre`. */
  async propose(centre: Float64Array, radius: number): Promise<Float64Array> {
    const box = boxAround(centre, radius, this.#need);
    const { values, linear } = await this.#master(box);
    const first = linear.columnCount - centre.length;
    return centre.map((_, target) => box.low[target]! + box.span[target]! * clamp01(values[first + target]!));
  }

  /**
   * Whole users every tile is to serve of every target: the mix of its answers that the master finds best, moved to
   * meet the needs exactly. Where all tiles together reach the need, so do the parts.
   */
  async divide(centre: Float64Array, radius: number): Promise<Float64Array[]> {
    const { rowDual } = await this.#master(boxAround(centre, radius, this.#need));
    const mix = this.#reachable.map((reachable) => reachable.map(() => 0));
    const weight = new Float64Array(mix.length);
    this.#cuts.forEach((cut, row) => (weight[cut.tile]! += Math.max(0, rowDual[row]!)));
    this.#cuts.forEach((cut, row) => {
      const total = weight[cut.tile]!;
      // Without a multiplier (nothing to win in the tile) the last answer stands.
      const share = total > 0 ? Math.max(0, rowDual[row]!) / total : cut.round === this.#lastRound() ? 1 : 0;
      cut.served.forEach((users, target) => (mix[cut.tile]![target]! += share * users));
    });
    return divideNeeds(this.#need, mix, this.#reachable);
  }

  #lastRound(): number {
    return this.#cuts.at(-1)?.round ?? 0;
  }

  async #master(box: Box): Promise<{ values: Float64Array; rowDual: Float64Array; linear: LinearModel }> {
    const linear = writeMaster(this.#cuts, this.#need, this.#reachable, box);
    const answer = await this.#mip.solveLp(linear, { method: 'simplex', iterations: ITERATIONS });
    return { values: answer.values, rowDual: answer.rowDual, linear };
  }
}

interface Box {
  readonly low: Float64Array;
  readonly span: Float64Array;
}

function boxAround(centre: Float64Array, radius: number, need: Float64Array): Box {
  // A price of 0 could never rise again: the box is never smaller than a part of the mean price per need.
  const mean =
    centre.reduce((sum, price, target) => sum + price * need[target]!, 0) / Math.max(1, centre.length);
  const low = centre.map((price, target) => {
    const lowest = price / radius;
    return lowest * need[target]! < 0.01 * mean ? 0 : lowest;
  });
  const span = centre.map((price, target) => {
    const highest = Math.max(price * radius, ((radius - 1) * 0.05 * mean) / need[target]!);
    return highest - low[target]!;
  });
  return { low, span };
}

/**
 * Columns: per tile x (value = -largest x, so 0 <= x <= 1), then per target its place in the box. Rows: the cuts,
 * divided by the tile's largest value.
 */
function writeMaster(
  cuts: readonly Cut[],
  need: Float64Array,
  reachable: readonly Float64Array[],
  { low, span }: Box,
): LinearModel {
  const tiles = reachable.length;
  const targets = need.length;
  const largest = reachable.map((users) =>
    users.reduce((sum, own, target) => sum + own * (low[target]! + span[target]!), 1e-9),
  );
  const scale = 1 / need.reduce((sum, users, target) => sum + users * (low[target]! + span[target]!), 1e-9);
  const cost = new Float64Array(tiles + targets);
  largest.forEach((value, tile) => (cost[tile] = value * scale));
  for (let target = 0; target < targets; target++)
    cost[tiles + target] = -need[target]! * span[target]! * scale;
  const columnStart = new Int32Array(tiles + targets + 1);
  const rowOfEntry = new Int32Array(cuts.length * (targets + 1));
  const valueOfEntry = new Float64Array(rowOfEntry.length);
  let write = 0;
  for (let tile = 0; tile < tiles; tile++) {
    cuts.forEach((cut, row) => {
      if (cut.tile !== tile) return;
      rowOfEntry[write] = row;
      valueOfEntry[write++] = 1;
    });
    columnStart[tile + 1] = write;
  }
  for (let target = 0; target < targets; target++) {
    cuts.forEach((cut, row) => {
      rowOfEntry[write] = row;
      valueOfEntry[write++] = (-cut.served[target]! * span[target]!) / largest[cut.tile]!;
    });
    columnStart[tiles + target + 1] = write;
  }
  const rowLower = Float64Array.from(cuts, (cut) => {
    let value = -cut.value;
    for (let target = 0; target < targets; target++)
      value += cut.served[target]! * (low[target]! - cut.perUser[target]!);
    return value / largest[cut.tile]!;
  });
  return {
    columnCount: tiles + targets,
    rowCount: cuts.length,
    integerCount: 0,
    cost,
    offset: 0,
    rowLower,
    rowUpper: new Float64Array(cuts.length).fill(Infinity),
    columnStart,
    rowOfEntry,
    valueOfEntry,
  };
}

function clamp01(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}

/**
 * Whole numbers near `mix`, within what is reachable, that sum to at least the need of every target; exactly where the
 * mix falls short. Spare room is filled in proportion to it, surplus is left to the tiles.
 */
export function divideNeeds(
  need: Float64Array,
  mix: readonly Float64Array[],
  reachable: readonly Float64Array[],
): Float64Array[] {
  const parts = mix.map((users, tile) =>
    users.map((own, target) => Math.min(reachable[tile]![target]!, Math.max(0, Math.floor(own)))),
  );
  need.forEach((wanted, target) => {
    let sum = 0;
    let room = 0;
    parts.forEach((part, tile) => {
      sum += part[target]!;
      room += reachable[tile]![target]! - part[target]!;
    });
    if (sum > wanted) {
      scaleDown(parts, target, wanted, sum);
      return;
    }
    let missing = wanted - sum;
    const fill = room > 0 ? Math.min(1, missing / room) : 0;
    parts.forEach((part, tile) => {
      const extra = Math.min(missing, Math.ceil(fill * (reachable[tile]![target]! - part[target]!)));
      part[target]! += extra;
      missing -= extra;
    });
  });
  return parts;
}

/** Lowers all parts of a target in proportion, the remainder going to the first tiles. */
function scaleDown(parts: readonly Float64Array[], target: number, wanted: number, sum: number): void {
  let missing = wanted;
  const wholes = parts.map((part) => Math.floor((part[target]! * wanted) / sum));
  for (const whole of wholes) missing -= whole;
  parts.forEach((part, tile) => {
    const extra = Math.min(missing, part[target]! - wholes[tile]!);
    part[target] = wholes[tile]! + extra;
    missing -= extra;
  });
}

/**
 * First prices and first division of the needs from the tiles' greedy sequences: steps of all tiles by price until
 * every target is met; the last price is what a share of the needs is worth.
 */
export function priceBySupply(
  need: Float64Array,
  curves: readonly { readonly price: Float64Array; readonly served: Float64Array }[],
): { readonly perUser: Float64Array; readonly division: Float64Array[] } {
  const targets = need.length;
  const steps = curves.flatMap(({ price }, tile) => Array.from(price, (own, step) => ({ own, tile, step })));
  steps.sort((a, b) => a.own - b.own || a.tile - b.tile || a.step - b.step);
  const division = curves.map(() => new Float64Array(targets));
  const served = new Float64Array(targets);
  let last = 0;
  for (const { own, tile, step } of steps) {
    if (served.every((users, target) => users >= need[target]!)) break;
    for (let target = 0; target < targets; target++) {
      const after = curves[tile]!.served[step * targets + target]!;
      served[target]! += after - division[tile]![target]!;
      division[tile]![target] = after;
    }
    last = own;
  }
  return { perUser: need.map((users) => last / users), division };
}
