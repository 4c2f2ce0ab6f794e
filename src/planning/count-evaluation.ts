import { EVIDENCE_UNKNOWN, type Baseline } from '../coverage/types.ts';
import type { CoverageMatrix } from '../coverage/matrix.ts';
import { shareFraction } from '../fraction.ts';
import { targetRegions, type RegionMembership } from '../input/read-regions.ts';
import type { Scenario, TargetSpec } from '../input/scenario-schema.ts';
import { targetServices } from '../input/services.ts';
import type { Demand } from '../input/types.ts';
import type { Fraction } from '../solve/problem.ts';
import { usersNeeded } from '../solve/share.ts';
import type { Solution } from '../solve/solution.ts';

/** What is counted: evaluated users, who covers them and what serves them today. */
export interface EvaluatedUsers {
  readonly scenario: Pick<Scenario, 'phases'>;
  readonly demand: Demand;
  readonly membership: RegionMembership;
  /** Sites in building order x rows of `demand`. */
  readonly coverage: CoverageMatrix;
  readonly today: Pick<Baseline, 'served' | 'evidence'>;
  readonly columnOfPeriod: readonly number[];
}

/** Users of one evaluated period, in whole thousandths. */
export interface EvaluatedPeriod {
  /** Index into the evaluated periods. */
  readonly period: number;
  /** Largest share that a target asks for here; null = no target speaks of these users. */
  readonly required: Fraction | null;
  readonly totalMilli: number;
  readonly servedTodayMilli: number;
  readonly servedMilli: number;
  /** Of `servedMilli`, served on no evidence at all: `baseline.unmeasured: served`. */
  readonly servedUnknownMilli: number;
  /** Of all users, those about whom nothing is known when the sites stand. */
  readonly unknownMilli: number;
  /** Null where no target speaks of them. */
  readonly needMilli: number | null;
}

/** Users that targets speak of, in every evaluated period. */
export interface EvaluatedScope {
  /** Null = everywhere. */
  readonly region: string | null;
  /** Null = of every service. */
  readonly service: string | null;
  /** So many sites must cover them; 1 = they must be served. */
  readonly backup: number;
  readonly periods: readonly EvaluatedPeriod[];
}

export interface EvaluatedPhase {
  /** Null with a budget: there the one network is the finished plan. */
  readonly name: string | null;
  /** All users first, then whomever the targets up to this phase speak of. */
  readonly scopes: readonly EvaluatedScope[];
}

/** Flags of a row: what the sites of a phase and today's network are to it. */
const SERVED = 1;
const UNKNOWN = 2;
const TODAY = 4;
const FLAGS = 8;

/** The network of every phase on the evaluated periods. All sums are whole thousandths of users, exact. */
export function countEvaluation(
  users: EvaluatedUsers,
  { phases, sites }: Pick<Solution, 'phases' | 'sites'>,
): EvaluatedPhase[] {
  const specs = users.scenario.phases?.list ?? [];
  if (phases.length === 0) return [countPhase(users, null, sites.length, [])];
  return phases.map(({ name, sites: standing }, index) => {
    const asked = specs.slice(0, index + 1).flatMap(({ targets }) => targets);
    return countPhase(users, name, standing.length, asked);
  });
}

function countPhase(
  users: EvaluatedUsers,
  name: string | null,
  standing: number,
  specs: readonly TargetSpec[],
): EvaluatedPhase {
  const times = timesCovered(users, standing);
  const groups = groupsOf(users);
  const sumsOfBackup = new Map<number, Float64Array[]>();
  const sumsFor = (backup: number): Float64Array[] => {
    const known = sumsOfBackup.get(backup) ?? sumsByPeriod(users, times, groups, backup);
    sumsOfBackup.set(backup, known);
    return known;
  };
  const scopes = scopesOf(users, specs).map(({ region, service, backup, shares }): EvaluatedScope => {
    const own = groups.within(region, service);
    const sums = sumsFor(backup);
    return {
      region,
      service,
      backup,
      periods: sums.map((all, period) => periodOf(period, all, own, shares(period), backup)),
    };
  });
  return { name, scopes };
}

/** [rows] by how many of the first `standing` sites each is covered. */
function timesCovered({ coverage, demand }: EvaluatedUsers, standing: number): Uint16Array {
  const times = new Uint16Array(demand.count);
  const { siteStart, demandOfSite } = coverage;
  const end = siteStart[standing] ?? 0;
  for (let k = 0; k < end; k++) times[demandOfSite[k]!]!++;
  return times;
}

/** Rows of one region and service are added up once, whatever scopes they belong to. */
interface Groups {
  readonly ofRow: Uint32Array;
  readonly count: number;
  /** The groups a scope is made of. */
  within(region: string | null, service: string | null): number[];
}

function groupsOf({ demand, membership }: EvaluatedUsers): Groups {
  const services = demand.services?.names ?? [null];
  const regions = [null, ...membership.names];
  const ofRow = Uint32Array.from(
    membership.regionOfDemand,
    (region, row) => (region + 1) * services.length + (demand.services?.ofRow[row] ?? 0),
  );
  const all = Array.from({ length: regions.length * services.length }, (_, group) => group);
  return {
    ofRow,
    count: all.length,
    within: (region, service) =>
      all.filter((group) => {
        const isThere = region === null || regions[Math.floor(group / services.length)] === region;
        return isThere && (service === null || services[group % services.length] === service);
      }),
  };
}

/** Per evaluated period [groups x FLAGS] users by what serves them. */
function sumsByPeriod(
  { demand, today, columnOfPeriod }: EvaluatedUsers,
  times: Uint16Array,
  { ofRow, count }: Groups,
  backup: number,
): Float64Array[] {
  const places = today.served.map((served, column) => {
    const evidence = today.evidence[column]!;
    return ofRow.map((group, row) => {
      const built = times[row]!;
      const now = served[row]!;
      const isUnknown = evidence[row] === EVIDENCE_UNKNOWN && built === backup - 1;
      const flags =
        (built + now >= backup ? SERVED : 0) | (isUnknown ? UNKNOWN : 0) | (now === 1 ? TODAY : 0);
      return group * FLAGS + flags;
    });
  });
  return demand.usersMilli.map((milli, period) => {
    const place = places[columnOfPeriod[period]!]!;
    const sums = new Float64Array(count * FLAGS);
    for (let row = 0; row < milli.length; row++) sums[place[row]!]! += milli[row]!;
    return sums;
  });
}

function periodOf(
  period: number,
  sums: Float64Array,
  groups: readonly number[],
  required: Fraction | null,
  backup: number,
): EvaluatedPeriod {
  const having = (wanted: number): number => {
    let total = 0;
    for (const group of groups) {
      for (let flags = 0; flags < FLAGS; flags++) {
        if ((flags & wanted) === wanted) total += sums[group * FLAGS + flags]!;
      }
    }
    return total;
  };
  const totalMilli = having(0);
  return {
    period,
    required,
    totalMilli,
    // Today's network counts as one site: alone it is no backup.
    servedTodayMilli: backup === 1 ? having(TODAY) : 0,
    servedMilli: having(SERVED),
    servedUnknownMilli: having(SERVED | UNKNOWN),
    unknownMilli: having(UNKNOWN),
    needMilli: required === null ? null : usersNeeded(required, totalMilli),
  };
}

interface ScopeSpec {
  readonly region: string | null;
  readonly service: string | null;
  readonly backup: number;
  /** The share required in an evaluated period. */
  readonly shares: (period: number) => Fraction | null;
}

/** All users, and whomever the targets name: each once, with the largest share asked for. */
function scopesOf({ demand, membership }: EvaluatedUsers, specs: readonly TargetSpec[]): ScopeSpec[] {
  const everyone = { region: null, service: null, backup: 1 };
  const asked = specs.flatMap((spec) =>
    targetRegions(spec.regions, membership.names).flatMap((region) =>
      targetServices(spec.service, demand.services?.names ?? []).map((service) => ({
        ...{ region, service, backup: spec.backup ?? 1 },
        period: spec.period ?? null,
        share: shareFraction(spec.share)!,
      })),
    ),
  );
  const distinct = new Map<string, Omit<ScopeSpec, 'shares'>>();
  for (const { region, service, backup } of [everyone, ...asked]) {
    const key = JSON.stringify([region, service, backup]);
    if (!distinct.has(key)) distinct.set(key, { region, service, backup });
  }
  return [...distinct.values()].map((scope) => ({
    ...scope,
    shares: (period) =>
      asked
        .filter(
          (own) =>
            own.region === scope.region &&
            own.service === scope.service &&
            own.backup === scope.backup &&
            (own.period === null || own.period === demand.periods[period]),
        )
        .reduce<Fraction | null>((most, { share }) => larger(most, share), null),
  }));
}

function larger(a: Fraction | null, b: Fraction): Fraction {
  if (a === null) return b;
  return a.numerator * b.denominator >= b.numerator * a.denominator ? a : b;
}

/** An evaluated period of some users, and by how much it is above what is required, as a share; the share itself where nothing is. */
export interface WorstPeriod {
  readonly scope: EvaluatedScope;
  readonly row: EvaluatedPeriod;
}

/** Every period of every scope, those nearest to (or farthest below) what is required first; those without a target last. */
export function worstFirst({ scopes }: EvaluatedPhase): WorstPeriod[] {
  const margin = ({ row }: WorstPeriod): number => {
    const share = row.totalMilli === 0 ? 1 : row.servedMilli / row.totalMilli;
    return row.required === null ? share : share - row.required.numerator / row.required.denominator;
  };
  return scopes
    .flatMap((scope) => scope.periods.map((row): WorstPeriod => ({ scope, row })))
    .sort(
      (a, b) => Number(a.row.required === null) - Number(b.row.required === null) || margin(a) - margin(b),
    );
}

/** Null where no target speaks of these users. */
export function isMet({ needMilli, servedMilli }: EvaluatedPeriod): boolean | null {
  return needMilli === null ? null : servedMilli >= needMilli;
}
