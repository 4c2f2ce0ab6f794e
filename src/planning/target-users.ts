import { targetRegions, type RegionMembership } from '../input/read-regions.ts';
import type { TargetSpec } from '../input/scenario-schema.ts';
import { targetServices } from '../input/services.ts';
import type { Demand } from '../input/types.ts';

/** Users a target speaks of: those of a region who want a service. */
export interface TargetUsers {
  /** Null = everywhere. */
  readonly region: string | null;
  /** Null = whatever they want. */
  readonly service: string | null;
  /** [demand] 1 = counts; null = every row does. */
  readonly isMember: Uint8Array | null;
}

/** One set of users for each region and service that the specification names. */
export function targetUsers(
  { regions, service: services }: Pick<TargetSpec, 'regions' | 'service'>,
  demand: Demand,
  { names, regionOfDemand }: RegionMembership,
): TargetUsers[] {
  const rows = demand.services;
  return targetRegions(regions, names).flatMap((region) =>
    targetServices(services, rows?.names ?? []).map((service): TargetUsers => {
      if (region === null && service === null) return { region, service, isMember: null };
      const place = region === null ? null : names.indexOf(region);
      const wanted = service === null ? null : (rows?.names.indexOf(service) ?? -1);
      const isMember = Uint8Array.from(regionOfDemand, (own, i) =>
        (place === null || own === place) && (wanted === null || rows?.ofRow[i] === wanted) ? 1 : 0,
      );
      return { region, service, isMember };
    }),
  );
}
