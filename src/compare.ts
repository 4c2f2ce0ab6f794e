/** What a comparison reads of a finished run: `report.json`, `sites.geojson` and `demand.geojson`. */
export interface ComparedRun {
  /** As shown, usually the folder's name. */
  readonly name: string;
  readonly status: string;
  readonly cost: number;
  readonly lowerBound: number;
  readonly gap: number;
  readonly periods: readonly RunScope[];
  /** Served area: the whole first, then each region; empty where the run drew no raster. */
  readonly areas: readonly RunArea[];
  /** Of the last phase. */
  readonly targets: readonly RunTarget[];
  /** In building order. */
  readonly sites: readonly RunSite[];
  readonly demand: readonly RunCell[];
}

export interface RunScope {
  readonly period: string;
  readonly users: number;
  readonly usersServed: number;
  readonly reached: number;
}

export interface RunArea {
  /** Null = the whole. */
  readonly region: string | null;
  readonly km2: number;
  readonly servedKm2: number;
}

export interface RunTarget extends RunScope {
  readonly region: string | null;
  readonly required: number;
  /** Absent: served by one site. */
  readonly backup?: number | undefined;
  readonly service?: string | undefined;
  readonly met: boolean;
}

export interface RunSite {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  readonly cost: number;
  readonly configuration: string;
}

export interface RunCell {
  readonly id: string;
  readonly usersMilli: Readonly<Record<string, number>>;
  readonly served: Readonly<Record<string, boolean>>;
}

/** A site of one run that stands a little off in the other. */
export interface MovedSite {
  readonly from: string;
  readonly to: string;
  readonly distanceM: number;
}

/** Users of one period whose service differs; only cells that both runs have. */
export interface UsersMoved {
  readonly period: string;
  readonly won: number;
  readonly lost: number;
}

/** One run against the first. */
export interface Difference {
  readonly name: string;
  readonly sitesInCommon: readonly string[];
  readonly sitesMoved: readonly MovedSite[];
  readonly sitesOnlyHere: readonly string[];
  readonly sitesOnlyInFirst: readonly string[];
  readonly users: readonly UsersMoved[];
  /** Served area of this run less that of the first, the whole first, then each region both have, km2. */
  readonly areas: readonly { readonly region: string | null; readonly servedKm2: number }[];
  /** Demand cells that only one of the two has: their users are in neither sum. */
  readonly cellsUnmatched: number;
}

/** One row of the target table: null where a run has no such target. */
export interface ComparedTarget {
  readonly region: string | null;
  readonly period: string;
  /** The users are to be covered by this many sites; absent: to be served. */
  readonly backup?: number;
  /** Absent: users of every service. */
  readonly service?: string;
  readonly shares: readonly ({
    readonly required: number;
    readonly reached: number;
    readonly met: boolean;
  } | null)[];
}

export interface Comparison {
  readonly format: 'mastplan-comparison';
  readonly version: 1;
  readonly runs: readonly {
    readonly name: string;
    readonly status: string;
    readonly sites: number;
    readonly cost: number;
    readonly lowerBound: number;
    readonly gap: number;
    readonly periods: readonly RunScope[];
    readonly areas: readonly RunArea[];
  }[];
  readonly targets: readonly ComparedTarget[];
  /** Each run but the first, against the first. */
  readonly differences: readonly Difference[];
}

export interface CompareOptions {
  /** A site without its equal counts as moved when the nearest one left stands within this distance, metres. */
  readonly movedWithinM: number;
}

/** Two sites closer than this are one place: files round to a centimetre. */
const SAME_PLACE_M = 0.5;
const METRES_PER_DEGREE = 111_195;

/** Scenarios side by side. Pure: it reads no files. At least two runs. */
export function compareRuns(runs: readonly ComparedRun[], options: CompareOptions): Comparison {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0)
    throw new RangeError('a comparison needs at least two runs');
  return {
    format: 'mastplan-comparison',
    version: 1,
    runs: runs.map(({ name, status, sites, cost, lowerBound, gap, periods, areas }) => ({
      name,
      status,
      sites: sites.length,
      cost,
      lowerBound,
      gap,
      periods: periods.map(({ period, users, usersServed, reached }) => ({
        period,
        users,
        usersServed,
        reached,
      })),
      areas,
    })),
    targets: compareTargets(runs),
    differences: others.map((run) => differenceOf(first, run, options)),
  };
}

function compareTargets(runs: readonly ComparedRun[]): ComparedTarget[] {
  const rows = new Map<string, ComparedTarget>();
  for (const { targets } of runs) {
    for (const { region, service, period, backup } of targets) {
      const key = JSON.stringify([region, period, backup, service]);
      if (rows.has(key)) continue;
      const shares = runs.map((run) => {
        const same = run.targets.filter(
          (target) =>
            target.region === region &&
            target.period === period &&
            target.backup === backup &&
            target.service === service,
        );
        // Of several shares asked of the same users the highest decides.
        const strictest = same.sort((a, b) => b.required - a.required)[0];
        return strictest === undefined
          ? null
          : { required: strictest.required, reached: strictest.reached, met: strictest.met };
      });
      rows.set(key, {
        region,
        ...(service !== undefined && { service }),
        period,
        ...(backup !== undefined && { backup }),
        shares,
      });
    }
  }
  return [...rows.values()];
}

function differenceOf(first: ComparedRun, run: ComparedRun, options: CompareOptions): Difference {
  const leftHere = new Set(run.sites);
  const leftInFirst = new Set(first.sites);
  const pair = (withinM: number): [RunSite, RunSite, number][] => {
    const pairs = [...leftInFirst].flatMap((a) =>
      [...leftHere].map((b): [RunSite, RunSite, number] => [a, b, distanceM(a, b)]),
    );
    const taken = pairs
      .filter(([, , distance]) => distance <= withinM)
      .sort((a, b) => a[2] - b[2] || (a[0].id < b[0].id ? -1 : 1))
      .filter(([a, b]) => leftInFirst.delete(a) && (leftHere.delete(b) || (leftInFirst.add(a), false)));
    return taken;
  };
  const same = pair(SAME_PLACE_M);
  const moved = pair(options.movedWithinM);
  return {
    name: run.name,
    sitesInCommon: same.map(([, b]) => b.id).sort(),
    sitesMoved: moved.map(([a, b, distance]) => ({ from: a.id, to: b.id, distanceM: Math.round(distance) })),
    sitesOnlyHere: [...leftHere].map(({ id }) => id),
    sitesOnlyInFirst: [...leftInFirst].map(({ id }) => id),
    ...usersMoved(first, run),
    areas: areaChanges(first, run),
  };
}

/** Users served by one run and not by the other, over the cells both know. */
function usersMoved(first: ComparedRun, run: ComparedRun): Pick<Difference, 'users' | 'cellsUnmatched'> {
  const cells = new Map(first.demand.map((cell) => [cell.id, cell]));
  const periods = run.periods
    .map(({ period }) => period)
    .filter((period) => first.periods.some((other) => other.period === period));
  const sums = periods.map(() => ({ won: 0, lost: 0 }));
  let matched = 0;
  for (const cell of run.demand) {
    const before = cells.get(cell.id);
    if (before === undefined) continue;
    matched++;
    periods.forEach((period, k) => {
      const users = cell.usersMilli[period] ?? 0;
      if (cell.served[period] === true && before.served[period] !== true) sums[k]!.won += users;
      if (cell.served[period] !== true && before.served[period] === true) sums[k]!.lost += users;
    });
  }
  return {
    users: periods.map((period, k) => ({ period, won: sums[k]!.won / 1000, lost: sums[k]!.lost / 1000 })),
    cellsUnmatched: first.demand.length + run.demand.length - 2 * matched,
  };
}

function areaChanges(first: ComparedRun, run: ComparedRun): Difference['areas'] {
  return run.areas.flatMap(({ region, servedKm2 }) => {
    const before = first.areas.find((area) => area.region === region);
    if (before === undefined) return [];
    return [{ region, servedKm2: Math.round((servedKm2 - before.servedKm2) * 100) / 100 }];
  });
}

/** Equirectangular: right to a metre between neighbouring sites. */
function distanceM(a: RunSite, b: RunSite): number {
  const cosine = Math.cos((((a.lat + b.lat) / 2) * Math.PI) / 180);
  return METRES_PER_DEGREE * Math.hypot(a.lat - b.lat, (a.lon - b.lon) * cosine);
}
