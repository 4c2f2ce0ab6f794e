import { sharedUint32 } from '../geo/shared-array.ts';

export interface Conflicts {
  readonly conflictStart: Uint32Array;
  readonly conflictSite: Uint32Array;
}

/**
 * Who may not stand with whom among the kept sites, both ways, ascending and without repeats: the given pairs and
 * the sites of one location.
 *
 * @param pairs [2 x pairs] original site indices.
 * @param siteOf [kept] original index of every kept site, ascending.
 * @param group [kept] location group.
 */
export function buildConflicts(
  pairs: Uint32Array,
  siteOf: Uint32Array,
  group: Uint32Array,
  originalCount: number,
): Conflicts {
  const keptOf = new Int32Array(originalCount).fill(-1);
  siteOf.forEach((site, index) => (keptOf[site] = index));
  const neighbours: Set<number>[] = Array.from(siteOf, () => new Set<number>());
  for (let pair = 0; pair < pairs.length; pair += 2) {
    const a = keptOf[pairs[pair]!]!;
    const b = keptOf[pairs[pair + 1]!]!;
    if (a === -1 || b === -1) continue;
    neighbours[a]!.add(b);
    neighbours[b]!.add(a);
  }
  const members = new Map<number, number[]>();
  group.forEach((own, site) => {
    const mates = members.get(own);
    if (mates === undefined) {
      members.set(own, [site]);
      return;
    }
    for (const mate of mates) {
      neighbours[mate]!.add(site);
      neighbours[site]!.add(mate);
    }
    mates.push(site);
  });
  return packConflicts(neighbours);
}

function packConflicts(neighbours: readonly Set<number>[]): Conflicts {
  const conflictStart = sharedUint32(neighbours.length + 1);
  neighbours.forEach((set, site) => (conflictStart[site + 1] = conflictStart[site]! + set.size));
  const conflictSite = sharedUint32(conflictStart[neighbours.length]!);
  neighbours.forEach((set, site) => {
    conflictSite.set(
      [...set].sort((a, b) => a - b),
      conflictStart[site],
    );
  });
  return { conflictStart, conflictSite };
}

/** The same conflicts among a subset of sites. @param keptOf [sites] new index, -1 = dropped. */
export function restrictConflicts(conflicts: Conflicts, keptOf: Int32Array, keptCount: number): Conflicts {
  const { conflictStart, conflictSite } = conflicts;
  const start = sharedUint32(keptCount + 1);
  if (conflictSite.length === 0) return { conflictStart: start, conflictSite: sharedUint32(0) };
  const entries: number[] = [];
  for (let site = 0; site < keptOf.length; site++) {
    const kept = keptOf[site]!;
    if (kept === -1) continue;
    for (let index = conflictStart[site]!; index < conflictStart[site + 1]!; index++) {
      const other = keptOf[conflictSite[index]!]!;
      if (other !== -1) entries.push(other);
    }
    start[kept + 1] = entries.length;
  }
  const packed = sharedUint32(entries.length);
  packed.set(entries);
  return { conflictStart: start, conflictSite: packed };
}
