import type { Kernel } from '../executor.ts';
import type { SiteRange, SpanRows } from './matrix-kernel.ts';
import {
  HELD,
  isServed,
  linksOfSites,
  OUTSIDE_DISTANCE,
  type TerrainMatrixInputs,
} from './terrain-matrix.ts';

/** Links over terrain that serve with the signal better by some dB, as runs of users who are numbered by place. */
export const terrainSpansKernel: Kernel<
  TerrainMatrixInputs & { readonly offsetDb: number },
  SiteRange,
  SpanRows
> = {
  name: 'coverage/terrain-spans',
  run(inputs, range, context) {
    const { counts: links, demandOfLink, marginDb, flags } = linksOfSites(inputs, range, context);
    const sites = links.length;
    const counts = new Uint32Array(sites);
    const spanCounts = new Uint32Array(sites);
    const outsideDistance = new Uint32Array(sites);
    const held = new Uint32Array(sites);
    const edges = new Uint32Array(2 * demandOfLink.length);
    let used = 0;
    let link = 0;
    for (let site = 0; site < sites; site++) {
      const before = used;
      for (const end = link + links[site]!; link < end; link++) {
        if (!isServed(marginDb[link]!, inputs.offsetDb)) continue;
        const demand = demandOfLink[link]!;
        counts[site]!++;
        if ((flags[link]! & OUTSIDE_DISTANCE) !== 0) outsideDistance[site]!++;
        if ((flags[link]! & HELD) !== 0) held[site]!++;
        if (used > before && edges[used - 1] === demand) edges[used - 1] = demand + 1;
        else {
          edges[used++] = demand;
          edges[used++] = demand + 1;
        }
      }
      spanCounts[site] = (used - before) / 2;
    }
    return { counts, spanCounts, edges: edges.slice(0, used), outsideDistance, held };
  },
};
