import { sharedUint32 } from '../geo/shared-array.ts';
import type { CoverageMatrix } from './matrix.ts';
import { TiledCoverage } from './tiled-coverage.ts';

/**
 * A coverage matrix in which what a site covers is kept as spans of consecutive demand: where demand is numbered by place,
 * a few bytes a hundred pairs instead of four a pair. The pairs are listed only while somebody holds the list.
 */
export class SpanCoverage implements CoverageMatrix {
  readonly demandCount: number;
  /** [siteCount + 1] pairs of the sites before. */
  readonly siteStart: Uint32Array;
  /** [siteCount + 1] site `s` has the spans `spanStart[s] .. spanStart[s + 1]`. */
  readonly spanStart: Uint32Array;
  /** [2 x spans] span `k` is the demand `[edges[2 k], edges[2 k + 1])`; ascending within a site. */
  readonly edges: Uint32Array;
  #listed: WeakRef<Uint32Array> | null = null;
  #ofOneSite = new Uint32Array(0);

  constructor(demandCount: number, siteStart: Uint32Array, spanStart: Uint32Array, edges: Uint32Array) {
    this.demandCount = demandCount;
    this.siteStart = siteStart;
    this.spanStart = spanStart;
    this.edges = edges;
  }

  get siteCount(): number {
    return this.siteStart.length - 1;
  }

  get demandOfSite(): Uint32Array {
    const known = this.#listed?.deref();
    if (known !== undefined) return known;
    const list = sharedUint32(this.siteStart[this.siteCount]!);
    this.#list(0, this.siteCount, list);
    this.#listed = new WeakRef(list);
    return list;
  }

  /** What one site covers, ascending; the next call overwrites it. */
  demandOf(site: number): Uint32Array {
    const count = this.siteStart[site + 1]! - this.siteStart[site]!;
    if (this.#ofOneSite.length < count) this.#ofOneSite = new Uint32Array(2 * count);
    this.#list(site, site + 1, this.#ofOneSite);
    return this.#ofOneSite.subarray(0, count);
  }

  /** Sets `flags` to 1 for the demand that a site covers. */
  mark(site: number, flags: Uint8Array): void {
    for (let span = this.spanStart[site]!; span < this.spanStart[site + 1]!; span++)
      flags.fill(1, this.edges[2 * span], this.edges[2 * span + 1]);
  }

  #list(fromSite: number, toSite: number, list: Uint32Array): void {
    const { edges } = this;
    const end = 2 * this.spanStart[toSite]!;
    let write = 0;
    for (let edge = 2 * this.spanStart[fromSite]!; edge < end; edge += 2) {
      const to = edges[edge + 1]!;
      for (let demand = edges[edge]!; demand < to; demand++) list[write++] = demand;
    }
  }
}

/** What a site covers, ascending; of a matrix in spans the next call overwrites it. */
export function demandOf(coverage: CoverageMatrix, site: number): Uint32Array {
  if (coverage instanceof SpanCoverage || coverage instanceof TiledCoverage) return coverage.demandOf(site);
  return coverage.demandOfSite.subarray(coverage.siteStart[site], coverage.siteStart[site + 1]);
}

/** Sets `flags` to 1 for the demand that a site covers. */
export function markCovered(coverage: CoverageMatrix, site: number, flags: Uint8Array): void {
  if (coverage instanceof SpanCoverage || coverage instanceof TiledCoverage) coverage.mark(site, flags);
  else for (const demand of demandOf(coverage, site)) flags[demand] = 1;
}

/** Pairs of site and demand. */
export function pairsOf(coverage: CoverageMatrix): number {
  return coverage.siteStart[coverage.siteCount]!;
}
