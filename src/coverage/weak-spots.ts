import { clustersDbscan, featureCollection, point } from '@turf/turf';
import { distanceM } from '../geo/ellipsoid.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { GridNode } from './triangular-grid.ts';
import type { MeasurementBins } from './types.ts';

/** Bins this near to each other belong together, metres; so many make a cluster (design, section 4). */
const CLUSTER_M = 150;
const CLUSTER_BINS = 3;

/**
 * Where measurements say the signal is weak: the medoid of every cluster (DBSCAN, Ester et al. 1996) of published bins
 * whose mean at the user lies under the threshold. Published bins only: a site must not give a hidden bin away.
 *
 * @param lossDb from the sample to the user: indoor loss and `measurements.lossDb`
 */
export function weakSpots(
  bins: MeasurementBins,
  thresholdDbm: number,
  lossDb: number,
  zone: UtmZone,
): GridNode[] {
  const weak = Array.from({ length: bins.count }, (_, bin) => bin).filter(
    (bin) => bins.meanDbm[bin]! - lossDb < thresholdDbm,
  );
  if (weak.length < CLUSTER_BINS) return [];
  const points = featureCollection(weak.map((bin) => point([bins.lon[bin]!, bins.lat[bin]!])));
  const clustered = clustersDbscan(points, CLUSTER_M, { units: 'meters', minPoints: CLUSTER_BINS });
  const members = new Map<number, number[]>();
  clustered.features.forEach(({ properties }, k) => {
    if (properties.cluster === undefined) return;
    members.set(properties.cluster, [...(members.get(properties.cluster) ?? []), weak[k]!]);
  });
  return [...members.values()].map((cluster) => {
    const bin = medoid(bins, cluster);
    const [east, north] = zone.toMetres(bins.lon[bin]!, bins.lat[bin]!);
    const id = `weak-${zone.name}-${bins.binM}-${Math.floor(east / bins.binM)}-${Math.floor(north / bins.binM)}`;
    return { id, lon: bins.lon[bin]!, lat: bins.lat[bin]! };
  });
}

/** The bin with the least sum of distances to the others; the first of equals. */
function medoid(bins: MeasurementBins, cluster: readonly number[]): number {
  let best = cluster[0]!;
  let least = Infinity;
  for (const a of cluster) {
    let sum = 0;
    for (const b of cluster) sum += distanceM(bins.lon[a]!, bins.lat[a]!, bins.lon[b]!, bins.lat[b]!);
    // A millimetre decides nothing: equal sums stay with the first bin.
    if (sum < least - 1e-3) {
      least = sum;
      best = a;
    }
  }
  return best;
}
