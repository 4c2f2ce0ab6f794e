import type { SolveContext } from '../context.ts';
import {
  FEWEST_PASSES_TO_CONVERGE,
  LONGEST_STRETCH,
  NECESSARY_DECREASE,
  NEGLIGIBLE_RISE,
  SHORTEST_STRETCH,
  SUFFICIENT_DECREASE,
} from '../primal-dual.ts';
import { boundOfWhole, guessCost } from './streamed-bound.ts';
import type { BeginResult } from './streamed-kernel.ts';
import { mapStreamed, type StreamedWhole, type SurveyedWhole } from './streamed-whole.ts';
import type { AfterStep, PassResult, StreamedScale, TileState } from './tile-pass.ts';

/** The relaxation as far as it was solved: a bound that holds and the multipliers that prove it. Unscaled. */
export interface StreamedRelaxation {
  /** Grid units, less what rounding may have added; 0 when nothing was proved. */
  readonly bound: number;
  readonly perUser: Float64Array;
  /** Per tile [items] prices of the same bound. */
  readonly price: readonly Float64Array[];
  /** [siteCount] cost less what a site's items are worth, at these prices. */
  readonly reducedCost: Float64Array;
  readonly passes: number;
  /** Where the method stands: from here it goes on. */
  readonly end: RelaxedPoint;
}

/** A point of the method, unscaled. */
export interface RelaxedPoint {
  /** [siteCount] shares of sites, 0..1. */
  readonly build: Float64Array;
  readonly perUser: Float64Array;
  /** Per tile [items] */
  readonly price: readonly Float64Array[];
  readonly balance: number;
}

export interface RelaxSettings {
  readonly mostPasses: number;
  /** Absent: from nothing. */
  readonly start?: RelaxedPoint | undefined;
}

/**
 * Prices of the relaxation are longer than the even ones it starts from: few items carry them. On the levelled country
 * (100 k points) the balance ends at 0.004, 4 times what even prices say; from 0.06, 0.01 and 0.001 its bound is 945, 971 and
 * 957 after 200 passes.
 */
const PEAKEDNESS = 4;

/**
 * The linear relaxation of a problem in tiles by the first-order method of `primal-dual.ts`: sites and targets step here,
 * items where their tile is opened. The bound is the Lagrangian at the prices between two stretches, every site judged by
 * what it is worth over all tiles; it holds whatever the prices.
 *
 * @param onBound told of every better bound; true ends the method.
 */
export async function relaxStreamed(
  context: SolveContext,
  whole: StreamedWhole,
  surveyed: SurveyedWhole,
  settings: RelaxSettings,
  onBound: (bound: number) => boolean,
): Promise<StreamedRelaxation> {
  return new StreamedAscent(context, whole, surveyed, settings, onBound).run();
}

class StreamedAscent {
  readonly #context: SolveContext;
  readonly #whole: StreamedWhole;
  readonly #surveyed: SurveyedWhole;
  readonly #settings: RelaxSettings;
  readonly #onBound: (bound: number) => boolean;
  readonly #scale: StreamedScale;
  /** [siteCount] scaled. */
  readonly #cost: Float64Array;
  readonly #stepSite: Float64Array;
  readonly #mayGiveUp: Float64Array;
  readonly #stepPerUser: Float64Array;
  #site: Float64Array;
  #anchorSite: Float64Array;
  #perUser: Float64Array;
  #anchorPerUser: Float64Array;
  #worth: Float64Array;
  #states: TileState[] = [];
  /** Stretches in a row that all but left the bound where it was. */
  #stale = 0;
  #balance: number;
  #best: Omit<StreamedRelaxation, 'end' | 'passes'>;

  constructor(
    context: SolveContext,
    whole: StreamedWhole,
    surveyed: SurveyedWhole,
    settings: RelaxSettings,
    onBound: (bound: number) => boolean,
  ) {
    this.#context = context;
    this.#whole = whole;
    this.#surveyed = surveyed;
    this.#settings = settings;
    this.#onBound = onBound;
    const { cost, need, siteCount } = whole;
    const { reachable, carriers, degree } = surveyed;
    const costScale = siteCount / cost.reduce((sum, own) => sum + own, 0);
    const userScale = carriers.map((items, target) => (items > 0 ? items / reachable[target]! : 1));
    const mayLeave = need.map((users, target) => reachable[target]! - users);
    this.#scale = { costScale, userScale, mayLeave };
    this.#cost = cost.map((own) => own * costScale);
    this.#stepSite = degree.map((items) => 1 / Math.max(1, items));
    this.#mayGiveUp = mayLeave.map((users, target) => users * userScale[target]!);
    // Scaled users of a target sum to its items.
    this.#stepPerUser = carriers.map((items) => (items > 0 ? 1 / items : 0));
    const { start } = settings;
    this.#balance = start?.balance ?? 0;
    this.#site = start?.build ?? new Float64Array(siteCount);
    this.#anchorSite = this.#site;
    const guess = guessCost(whole, surveyed);
    this.#perUser = need.map((users, target) => {
      const price = start?.perUser[target] ?? (users > 0 ? guess / (users * need.length) : 0);
      return (costScale * price) / userScale[target]!;
    });
    this.#anchorPerUser = this.#perUser;
    this.#worth = new Float64Array(siteCount);
    this.#best = { bound: 0, perUser: need, price: [], reducedCost: cost };
  }

  async run(): Promise<StreamedRelaxation> {
    const { mostPasses } = this.#settings;
    await this.#begin();
    let restarted = true;
    let sinceRestart = 0;
    let firstLength = Infinity;
    let length = Infinity;
    let lastLength = Infinity;
    let pass = 0;
    for (; pass <= mostPasses; pass++) {
      const restarts =
        (sinceRestart > 1 &&
          (length <= SUFFICIENT_DECREASE * firstLength ||
            (length <= NECESSARY_DECREASE * firstLength && length > lastLength) ||
            sinceRestart >= LONGEST_STRETCH * pass + SHORTEST_STRETCH)) ||
        pass === mostPasses - 1;
      const after: AfterStep = restarts
        ? { restart: true }
        : { restart: false, share: (sinceRestart + 1) / (sinceRestart + 2) };
      lastLength = length;
      const before = { perUser: this.#perUser, worth: this.#worth, states: this.#states };
      const step = await this.#pass(after);
      length = step.length;
      if (sinceRestart === 0) firstLength = length;
      sinceRestart = restarts ? 0 : sinceRestart + 1;
      if (restarted && this.#takeBound(before, step.inner, pass)) break;
      restarted = restarts;
    }
    const { costScale, userScale } = this.#scale;
    const unscaled = (price: Float64Array): Float64Array => price.map((own) => own / costScale);
    const end: RelaxedPoint = {
      build: this.#anchorSite,
      perUser: this.#anchorPerUser.map((price, target) => (price * userScale[target]!) / costScale),
      price: this.#states.map(({ anchorPrice }) => unscaled(anchorPrice)),
      balance: this.#balance,
    };
    return { ...this.#best, price: this.#best.price.map(unscaled), end, passes: pass };
  }

  async #begin(): Promise<void> {
    const { shared, tiles } = this.#surveyed;
    const answers = await mapStreamed(this.#context, shared, 'begin', (tile) => ({
      kind: 'begin',
      tile,
      scale: this.#scale,
      coverers: tiles[tile]!.coverers,
      build: Float64Array.from(tiles[tile]!.siteOf, (site) => this.#site[site]!),
      perUser: this.#perUser,
      price: this.#settings.start?.price[tile]?.map((own) => own * this.#scale.costScale) ?? null,
    }));
    this.#states = answers.map(({ price, givenUp }, tile) => ({
      coverers: tiles[tile]!.coverers,
      price,
      givenUp,
      anchorPrice: price,
      anchorGivenUp: givenUp,
    }));
    if (this.#balance === 0) this.#balance = this.#firstBalance(answers);
    this.#sumWorth(answers);
    this.#keep(0, this.#perUser, this.#worth, this.#states);
  }

  /** Length of the first prices over that of a plan, whose sites cover about as many items as there are. */
  #firstBalance(answers: readonly BeginResult[]): number {
    const squared = answers.reduce((sum, answer) => sum + answer.squaredLength, 0);
    const items = this.#surveyed.carriers.reduce((most, own) => Math.max(most, own), 1);
    return squared > 0 ? PEAKEDNESS * Math.sqrt(squared / items) : 1;
  }

  #sumWorth(answers: readonly { readonly worth: Float64Array }[]): void {
    this.#worth = new Float64Array(this.#whole.siteCount);
    answers.forEach(({ worth }, tile) => {
      this.#surveyed.tiles[tile]!.siteOf.forEach((site, index) => (this.#worth[site]! += worth[index]!));
    });
    this.#context.work += this.#surveyed.pairs;
  }

  /** Sites step, then items in their tiles, then targets. */
  async #pass(after: AfterStep): Promise<{ readonly length: number; readonly inner: number }> {
    const { shared, tiles } = this.#surveyed;
    const next = new Float64Array(this.#site.length);
    const ahead = new Float64Array(this.#site.length);
    let primal = 0;
    for (let site = 0; site < next.length; site++) {
      const step = this.#stepSite[site]!;
      const before = this.#site[site]!;
      const moved = before - (step / this.#balance) * (this.#cost[site]! - this.#worth[site]!);
      next[site] = moved < 0 ? 0 : moved > 1 ? 1 : moved;
      const change = next[site]! - before;
      primal += (change * change) / step;
      ahead[site] = next[site]! + change;
    }
    const answers = await mapStreamed(this.#context, shared, 'pass', (tile) => ({
      kind: 'pass',
      tile,
      scale: this.#scale,
      state: this.#states[tile]!,
      ahead: Float64Array.from(tiles[tile]!.siteOf, (site) => ahead[site]!),
      perUser: this.#perUser,
      balance: this.#balance,
      after,
    }));
    const nextPerUser = this.#stepTargets(answers);
    let dual = this.#squaredWay(nextPerUser, this.#perUser, this.#stepPerUser);
    let inner = 0;
    for (const answer of answers) {
      primal += answer.primalStep;
      dual += answer.dualStep;
      inner += answer.inner;
    }
    const length = Math.sqrt(this.#balance * primal + dual / this.#balance);
    this.#sumWorth(answers);
    if (after.restart) this.#restart(next, nextPerUser, answers);
    else this.#advance(next, nextPerUser, answers, after.share);
    return { length, inner };
  }

  #stepTargets(answers: readonly PassResult[]): Float64Array {
    return this.#perUser.map((price, target) => {
      let excess = -this.#mayGiveUp[target]!;
      for (const answer of answers) excess += answer.excess[target]!;
      return Math.max(0, price + this.#balance * this.#stepPerUser[target]! * excess);
    });
  }

  #restart(next: Float64Array, nextPerUser: Float64Array, answers: readonly PassResult[]): void {
    let primal = this.#squaredWay(next, this.#anchorSite, this.#stepSite);
    let dual = this.#squaredWay(nextPerUser, this.#anchorPerUser, this.#stepPerUser);
    for (const answer of answers) {
      primal += answer.primalWay;
      dual += answer.dualWay;
    }
    if (primal > 0 && dual > 0) this.#balance = Math.sqrt(Math.sqrt(dual / primal) * this.#balance);
    this.#site = this.#anchorSite = next;
    this.#perUser = this.#anchorPerUser = nextPerUser;
    this.#states = answers.map(({ price, givenUp }, tile) => ({
      coverers: this.#states[tile]!.coverers,
      price,
      givenUp,
      anchorPrice: price,
      anchorGivenUp: givenUp,
    }));
  }

  #advance(
    next: Float64Array,
    nextPerUser: Float64Array,
    answers: readonly PassResult[],
    share: number,
  ): void {
    const drawn = (to: Float64Array, at: Float64Array, anchor: Float64Array): Float64Array =>
      to.map((own, index) => share * (2 * own - at[index]!) + (1 - share) * anchor[index]!);
    this.#site = drawn(next, this.#site, this.#anchorSite);
    this.#perUser = drawn(nextPerUser, this.#perUser, this.#anchorPerUser);
    this.#states = answers.map(({ price, givenUp }, tile) => ({ ...this.#states[tile]!, price, givenUp }));
  }

  #squaredWay(a: Float64Array, b: Float64Array, step: Float64Array): number {
    let sum = 0;
    for (let index = 0; index < a.length; index++)
      if (step[index]! > 0) sum += (a[index]! - b[index]!) ** 2 / step[index]!;
    return sum;
  }

  #keep(bound: number, perUser: Float64Array, worth: Float64Array, states: readonly TileState[]): void {
    const { costScale, userScale } = this.#scale;
    this.#best = {
      bound,
      perUser: perUser.map((price, target) => (price * userScale[target]!) / costScale),
      price: states.map(({ price }) => price),
      reducedCost: this.#whole.cost.map((own, site) => own - worth[site]! / costScale),
    };
  }

  /** The Lagrangian at the prices before a step, all of them >= 0 between two stretches. @returns true = enough. */
  #takeBound(
    { perUser, worth, states }: { perUser: Float64Array; worth: Float64Array; states: readonly TileState[] },
    inner: number,
    pass: number,
  ): boolean {
    const bound = boundOfWhole(this.#whole, this.#scale, { perUser, worth, inner });
    const isStale = bound - this.#best.bound <= NEGLIGIBLE_RISE * bound;
    this.#stale = isStale ? this.#stale + 1 : 0;
    if (this.#stale > 1 && pass >= FEWEST_PASSES_TO_CONVERGE) return true;
    if (bound <= this.#best.bound) return false;
    this.#keep(bound, perUser, worth, states);
    return this.#onBound(bound);
  }
}
