import { demandOf } from '../coverage/span-coverage.ts';
import { EVIDENCE_MEASURED, type Baseline } from '../coverage/types.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import type { PlanResult } from '../planning/plan-result.ts';

/** A proposed site and what it was to bring. */
export interface SitePromise {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  /** Per period, users in thousandths. */
  readonly usersMilli: readonly number[];
  readonly demandIds: readonly string[];
  /** Id of the site that was built for it; null = not built yet. */
  readonly builtAs: string | null;
}

/** A site that has been built since a plan of an earlier assessment, or without one. */
export interface BuiltSite {
  readonly id: string;
  /** Null: no plan of an earlier assessment proposed it. */
  readonly plannedId: string | null;
  /** Users the plan promised in the period of its largest gain, those of them served now, and those measured now. */
  readonly promisedMilli: number;
  readonly servedMilli: number;
  readonly measuredMilli: number;
  /** Of the measured ones, those that are served. */
  readonly measuredServedMilli: number;
}

/** A new site this near to a planned one is the planned one, metres. */
const SAME_SITE_M = 150;

export interface BuiltRequest {
  readonly previous: { readonly siteIds: readonly string[]; readonly promises: readonly SitePromise[] };
  readonly existing: SiteTable | null;
  readonly demand: Demand;
  readonly baseline: Baseline;
  readonly zone: UtmZone;
}

/**
 * Promises with the sites that stand for them now: by the same id, or by a new site within 150 m. A site answers for
 * one promise; once built it is held against its promise in every later quarter, for measurements come after it.
 */
export function keptPromises({ previous, existing, zone }: BuiltRequest): SitePromise[] {
  if (existing === null) return [...previous.promises];
  const standing = new Set(existing.ids);
  const known = new Set(previous.siteIds);
  const taken = new Set(previous.promises.flatMap(({ builtAs }) => builtAs ?? []));
  return previous.promises.map((promise) => {
    if (promise.builtAs !== null) {
      return standing.has(promise.builtAs) ? promise : { ...promise, builtAs: null };
    }
    const [x, y] = zone.toMetres(promise.lon, promise.lat);
    const built = existing.ids.find((id, site) => {
      if (known.has(id) || taken.has(id)) return false;
      const [east, north] = zone.toMetres(existing.lon[site]!, existing.lat[site]!);
      return id === promise.id || Math.hypot(east - x, north - y) <= SAME_SITE_M;
    });
    if (built === undefined) return promise;
    taken.add(built);
    return { ...promise, builtAs: built };
  });
}

/** Sites built for a promise and what became of its users, then new sites that no plan had proposed. */
export function builtSites(request: BuiltRequest, promises: readonly SitePromise[]): BuiltSite[] {
  const { previous, existing, demand, baseline } = request;
  const indexOf = new Map(demand.ids.map((id, i) => [id, i]));
  const answered = promises.flatMap((promise): BuiltSite[] => {
    if (promise.builtAs === null) return [];
    const period = promise.usersMilli.indexOf(Math.max(...promise.usersMilli));
    const users = demand.usersMilli[period];
    let [servedMilli, measuredMilli, measuredServedMilli] = [0, 0, 0];
    for (const id of promise.demandIds) {
      const i = indexOf.get(id);
      const own = i === undefined ? 0 : (users?.[i] ?? 0);
      if (i === undefined || own === 0) continue;
      const served = baseline.served[period]![i] === 1;
      const measured = baseline.evidence[period]![i] === EVIDENCE_MEASURED;
      if (served) servedMilli += own;
      if (measured) measuredMilli += own;
      if (served && measured) measuredServedMilli += own;
    }
    return [
      {
        id: promise.builtAs,
        plannedId: promise.id,
        promisedMilli: promise.usersMilli[period] ?? 0,
        servedMilli,
        measuredMilli,
        measuredServedMilli,
      },
    ];
  });
  const known = new Set([...previous.siteIds, ...answered.map(({ id }) => id)]);
  const unplanned = (existing?.ids ?? [])
    .filter((id) => !known.has(id))
    .map((id) => ({
      id,
      plannedId: null,
      promisedMilli: 0,
      servedMilli: 0,
      measuredMilli: 0,
      measuredServedMilli: 0,
    }));
  return [...answered, ...unplanned];
}

/**
 * What each site of a plan is to bring: the users of `demand` it is the first to serve, in building order. The plan may
 * have weighted its users or left some out; the promise speaks of the users as they are.
 */
export function promisesOf(plan: PlanResult | null, demand: Demand): SitePromise[] {
  if (plan === null) return [];
  const { candidates, problem, solution } = plan;
  const taken = new Uint8Array(demand.count);
  return solution.sites.map((site) => {
    const usersMilli = demand.periods.map(() => 0);
    const demandIds: string[] = [];
    for (const i of demandOf(problem.coverage, site)) {
      if (taken[i] === 1) continue;
      taken[i] = 1;
      let gained = false;
      plan.demand.usersMilli.forEach((users, period) => {
        if (problem.servedToday[period]![i] === 1 || users[i] === 0) return;
        usersMilli[period]! += demand.usersMilli[period]![i]!;
        gained = true;
      });
      if (gained) demandIds.push(demand.ids[i]!);
    }
    return {
      id: candidates.ids[site]!,
      lon: candidates.lon[site]!,
      lat: candidates.lat[site]!,
      usersMilli,
      demandIds,
      builtAs: null,
    };
  });
}

/** Over all sites built for a promise: users promised, those measured since, and those of them that are served. */
export function planAccuracy(
  built: readonly BuiltSite[],
): Pick<BuiltSite, 'promisedMilli' | 'measuredMilli' | 'measuredServedMilli'> {
  const sum = (figure: 'promisedMilli' | 'measuredMilli' | 'measuredServedMilli'): number =>
    built.reduce((total, site) => total + site[figure], 0);
  return {
    promisedMilli: sum('promisedMilli'),
    measuredMilli: sum('measuredMilli'),
    measuredServedMilli: sum('measuredServedMilli'),
  };
}
