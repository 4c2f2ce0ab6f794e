import { sharedUint32 } from '../geo/shared-array.ts';
import type { BuiltMatrix } from './build-matrix.ts';
import { joinLinkCounts } from './link-counts.ts';

/** Coverage of some demand rows; `built` counts them from 0. */
export interface MatrixPart {
  /** Demand indices, ascending. */
  readonly rows: Uint32Array;
  readonly built: BuiltMatrix;
}

/** One matrix of parts that hold every demand row once. */
export function joinRowMatrices(parts: readonly MatrixPart[], demandCount: number): BuiltMatrix {
  const siteCount = parts[0]!.built.matrix.siteCount;
  const siteStart = sharedUint32(siteCount + 1);
  for (let site = 0; site < siteCount; site++) {
    const own = parts.reduce((sum, { built }) => sum + rowLength(built, site), 0);
    siteStart[site + 1] = siteStart[site]! + own;
  }
  const demandOfSite = sharedUint32(siteStart[siteCount]!);
  for (let site = 0; site < siteCount; site++) {
    let at = siteStart[site]!;
    for (const { rows, built } of parts) {
      const { siteStart: start, demandOfSite: row } = built.matrix;
      for (let k = start[site]!; k < start[site + 1]!; k++) demandOfSite[at++] = rows[row[k]!]!;
    }
    demandOfSite.subarray(siteStart[site], at).sort();
  }
  return {
    matrix: { siteCount, demandCount, siteStart, demandOfSite },
    ...joinLinkCounts(parts.map(({ built }) => built)),
  };
}

function rowLength({ matrix }: BuiltMatrix, site: number): number {
  return matrix.siteStart[site + 1]! - matrix.siteStart[site]!;
}
