import type { TiledCoverage } from '../../coverage/tiled-coverage.ts';
import { ValueHeap } from '../value-heap.ts';
import type { SpanSource } from './span-source.ts';
import type { StreamedWhole } from './streamed-whole.ts';

type GreedyWhole = Pick<StreamedWhole, 'siteCount' | 'cost' | 'need' | 'conflictStart' | 'conflictSite'> & {
  readonly source: SpanSource;
};

/**
 * A first plan without a list of pairs: always the site that wins most users / need per cost, over the targets not met yet. What a
 * site wins is a difference of running sums for each of its spans. Values only shrink, so sites are looked at lazily (Minoux
 * 1978). The sums are as near as floating point makes them: it is where a search begins, and says nothing on its own.
 *
 * @param open [siteCount] 1 = may be built
 * @returns ascending; where sites exclude each other they may miss a target
 */
export function planBySpans(coverage: TiledCoverage, whole: GreedyWhole, open: Uint8Array): number[] {
  return new SpanGreedy(coverage, whole).run(open);
}

class SpanGreedy {
  readonly #coverage: TiledCoverage;
  readonly #whole: GreedyWhole;
  readonly #residual: Float64Array;
  readonly #covered: Uint8Array;
  /** Per tile [items + 1] sum of what the items before are worth. */
  readonly #running: readonly Float64Array[];

  constructor(coverage: TiledCoverage, whole: GreedyWhole) {
    const { itemStart } = coverage;
    this.#coverage = coverage;
    this.#whole = whole;
    this.#residual = whole.need.slice();
    this.#covered = new Uint8Array(coverage.demandCount);
    this.#running = coverage.tiles.map(
      (_, tile) => new Float64Array(itemStart[tile + 1]! - itemStart[tile]! + 1),
    );
    this.#running.forEach((_, tile) => this.#sum(tile));
  }

  run(open: Uint8Array): number[] {
    const { siteCount, conflictStart, conflictSite } = this.#whole;
    const blocked = new Uint8Array(siteCount);
    const heap = new ValueHeap(siteCount);
    for (let site = 0; site < siteCount; site++) {
      const value = open[site] === 1 ? this.#valuePerCost(site) : 0;
      if (value > 0) heap.push(site, value);
    }
    const chosen: number[] = [];
    const valueOf = (site: number): number => (blocked[site] === 1 ? 0 : this.#valuePerCost(site));
    while (this.#residual.some((users) => users > 0)) {
      const site = heap.takeBest(valueOf);
      if (site === -1) break;
      chosen.push(site);
      for (let k = conflictStart[site]!; k < conflictStart[site + 1]!; k++) blocked[conflictSite[k]!] = 1;
      this.#build(site);
    }
    return chosen.sort((a, b) => a - b);
  }

  #valuePerCost(site: number): number {
    const running = this.#running;
    let value = 0;
    this.#coverage.forEachSpan(site, (tile, from, to) => {
      value += running[tile]![to]! - running[tile]![from]!;
    });
    return value / this.#whole.cost[site]!;
  }

  #build(site: number): void {
    const { targets } = this.#whole.source;
    const { itemStart } = this.#coverage;
    const residual = this.#residual;
    const wasMet = residual.map((users) => Number(users <= 0));
    const touched = new Set<number>();
    this.#coverage.forEachSpan(site, (tile, from, to) => {
      touched.add(tile);
      const first = itemStart[tile]!;
      for (let item = first + from; item < first + to; item++) {
        if (this.#covered[item] === 1) continue;
        this.#covered[item] = 1;
        targets.forEach(({ users, counts }, target) => {
          if (counts === null || counts[item] === 1) residual[target]! -= users[item]!;
        });
      }
    });
    const isNewlyMet = residual.some((users, target) => users <= 0 && wasMet[target] === 0);
    if (isNewlyMet) this.#running.forEach((_, tile) => this.#sum(tile));
    else for (const tile of touched) this.#sum(tile);
  }

  /** Running sums over one tile: users of targets that are not met, of items that nobody covers yet. */
  #sum(tile: number): void {
    const { source, need } = this.#whole;
    const first = this.#coverage.itemStart[tile]!;
    const running = this.#running[tile]!;
    running.fill(0);
    source.targets.forEach(({ users, counts }, target) => {
      if (this.#residual[target]! <= 0) return;
      const each = 1 / need[target]!;
      for (let item = 1; item < running.length; item++)
        if (counts === null || counts[first + item - 1] === 1)
          running[item]! += each * users[first + item - 1]!;
    });
    for (let item = 1; item < running.length; item++)
      running[item] = running[item - 1]! + (this.#covered[first + item - 1] === 1 ? 0 : running[item]!);
  }
}
