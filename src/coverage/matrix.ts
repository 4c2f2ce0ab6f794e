/**
 * Who can hear whom: candidate sites x demand in compressed sparse rows. On SharedArrayBuffers, so workers read
 * without a copy and never write.
 */
export interface CoverageMatrix {
  readonly siteCount: number;
  readonly demandCount: number;
  /** [siteCount + 1] site `s` covers `demandOfSite[siteStart[s] .. siteStart[s + 1])`. */
  readonly siteStart: Uint32Array;
  /** [coveredPairs] demand indices, ascending within a site. A matrix kept in spans lists them when asked: let go of it soon. */
  readonly demandOfSite: Uint32Array;
}
