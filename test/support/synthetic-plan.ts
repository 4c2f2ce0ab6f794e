import type { Baseline, MeasurementBins } from '../../src/coverage/types.ts';
import { EVIDENCE_INTERPOLATED, EVIDENCE_MEASURED, EVIDENCE_UNKNOWN } from '../../src/coverage/types.ts';
import { scenarioSchema } from '../../src/input/scenario-schema.ts';
import type { Scenario } from '../../src/input/scenario-schema.ts';
import type { SiteTable } from '../../src/input/types.ts';
import type { PlanInterference } from '../../src/planning/plan-interference.ts';
import type { PlanResult } from '../../src/planning/plan-result.ts';
import { createRandom } from '../../src/random.ts';
import type { AbsenceReason } from '../../src/solve/explain.ts';
import type { CoveringProblem, Target } from '../../src/solve/problem.ts';
import type { PhaseOutcome, Solution, TargetOutcome } from '../../src/solve/solution.ts';

export interface SyntheticOptions {
  readonly seed?: number;
  /** Cells along a side of the square town. */
  readonly side?: number;
  readonly cellM?: number;
  readonly periods?: readonly string[];
  readonly reachM?: number;
  /** Share of cells about which nothing is known. */
  readonly unknownShare?: number;
  /** Shares of the two phases: all users; then both halves of the town. */
  readonly shares?: readonly [number, number];
  /** Put in front of every name and id: hostile text for escaping tests. */
  readonly namePrefix?: string;
  /** SINR of the plan: a slope from west to east, made up. */
  readonly withSinr?: boolean;
}

const ORIGIN_LON = 24.8;
const ORIGIN_LAT = 60.1;
const METRES_PER_LAT = 111_195;
const METRES_PER_LON = METRES_PER_LAT * Math.cos((ORIGIN_LAT * Math.PI) / 180);

/**
 * A made-up town with a plan chosen greedily here: a `PlanResult` of the real shape for tests of the reports, which
 * therefore need neither radio nor solver. Distances are on this file's own plane.
 */
export function syntheticPlan(options: SyntheticOptions = {}): PlanResult {
  const { seed = 1, side = 30, cellM = 250, reachM = 900, unknownShare = 0.1, namePrefix = '' } = options;
  const periods = options.periods ?? ['day', 'night'];
  const shares = options.shares ?? [0.8, 0.9];
  const random = createRandom(seed);
  const count = side * side;
  const lon = new Float64Array(count);
  const lat = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    lon[i] = ORIGIN_LON + ((Math.floor(i / side) + 0.5) * cellM) / METRES_PER_LON;
    lat[i] = ORIGIN_LAT + (((i % side) + 0.5) * cellM) / METRES_PER_LAT;
  }
  const usersMilli = periods.map(() => {
    const centre = side * (0.3 + 0.4 * random.next());
    return Float64Array.from({ length: count }, (_, i) => {
      const distance = Math.hypot(Math.floor(i / side) - centre, (i % side) - centre);
      return Math.floor(200_000 * Math.exp(-distance / (side / 4)) * (0.5 + random.next()));
    });
  });
  const evidence = new Uint8Array(count);
  const served = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const draw = random.next();
    evidence[i] =
      draw < unknownShare ? EVIDENCE_UNKNOWN : draw < 0.5 ? EVIDENCE_INTERPOLATED : EVIDENCE_MEASURED;
    served[i] = draw >= unknownShare && Math.floor(i / side) < side / 4 ? 1 : 0;
  }
  const baseline: Baseline = {
    served: periods.map(() => served),
    evidence: periods.map(() => evidence),
    rsrpDbm: periods.map(() =>
      Float32Array.from(evidence, (kind, i) => (kind === EVIDENCE_UNKNOWN ? NaN : -90 - (i % 30))),
    ),
    probability: periods.map(() =>
      Float32Array.from(evidence, (kind) => (kind === EVIDENCE_UNKNOWN ? NaN : 0.9)),
    ),
    samples: periods.map(() => Uint32Array.from(evidence, (kind) => (kind === EVIDENCE_MEASURED ? 7 : 0))),
    samplesUsed: 1234,
    samplesFromAnotherPeriod: 34,
    variogram: { rangeM: 150, sillDb2: 40, nuggetDb2: 8 },
  };
  const regionNames = [`${namePrefix}East`, `${namePrefix}West`];
  const regionOfDemand = Int32Array.from({ length: count }, (_, i) =>
    Math.floor(i / side) < side / 2 ? 1 : 0,
  );
  const candidates = candidateGrid(side, cellM, namePrefix);
  const coverage = coverByRadius(candidates, lon, lat, reachM);
  const targets = makeTargets(usersMilli, regionNames, regionOfDemand, shares);
  const problem: CoveringProblem = {
    coverage,
    siteIds: candidates.ids,
    siteCost: new Float64Array(candidates.count).fill(1),
    siteStatus: new Uint8Array(candidates.count),
    siteLocation: Uint32Array.from({ length: candidates.count }, (_, site) => site),
    conflicts: new Uint32Array(),
    periods,
    users: usersMilli,
    usersScale: 1000,
    servedToday: periods.map(() => served),
    phases: [
      { name: `${namePrefix}first`, targets: targets[0]! },
      { name: `${namePrefix}second`, targets: targets[1]! },
    ],
    phaseOrder: 'nested',
    budget: null,
  };
  return {
    scenario: syntheticScenario(namePrefix, periods),
    inputs: [
      {
        role: 'demand',
        file: `${namePrefix}users.geojson`,
        sha256: '0'.repeat(64),
        dialect: 'geojson',
        featuresRead: count,
        setAside: { 'no users in any period': 3 },
        identifiersDropped: { imei: 2 },
      },
    ],
    warnings: ['No keep-out polygons were given: water was not excluded.'],
    demand: {
      count,
      ids: Array.from({ length: count }, (_, i) => `${namePrefix}cell-${i}`),
      lon,
      lat,
      cellM: new Float32Array(count).fill(cellM),
      periods,
      usersMilli,
      regionNames: null,
    },
    regions: {
      names: regionNames,
      polygons: [box(side / 2, side, side, cellM), box(0, side / 2, side, cellM)],
      areaKm2: [1, 1].map(() => (side * side * cellM * cellM) / 2e6),
    },
    regionOfDemand,
    regionNames,
    existing: { ...candidateGrid(Math.max(3, Math.floor(side / 6)), cellM, `${namePrefix}x`) },
    candidates,
    configurations: [
      {
        id: `${namePrefix}default`,
        name: null,
        bandwidthMhz: 20,
        subcarrierKhz: 15,
        technology: 'lte',
        frequencyMhz: 800,
        eirpDbm: 62,
        heightM: 30,
        azimuthsDeg: [],
        tiltDeg: 0,
        mechanicalTiltDeg: 0,
        reachM,
        linkBudget: {
          downlinkMaxLossDb: 136.2,
          uplinkMaxLossDb: null,
          weaker: null,
          uplinkDecides: false,
          shadowMarginDb: 9.87,
        },
      },
    ],
    configurationOfCandidate: new Uint16Array(candidates.count),
    model: {
      name: 'uma',
      calibrated: false,
      parameters: { environment: 'medium-city' },
      sigmaDb: 6,
      errors: null,
      warnings: [],
      linksOutsideValidity: 12,
      linksHeldAtFreeSpace: 3,
      linkWarnings: [{ model: 'uma', parameter: 'distanceM', value: null, min: 10, max: 5000, links: 12 }],
      links: coverage.demandOfSite.length,
      existing: null,
    },
    baseline,
    bins: syntheticBins(lon, lat, evidence),
    problem,
    changes: null,
    ...withReasons(problem, greedySolution(problem)),
    sensitivity: [
      { offsetDb: -3, sites: 20, cost: 20 },
      { offsetDb: 3, sites: null, cost: null },
    ],
    signalAlone: null,
    raster: null,
    interference:
      options.withSinr === true
        ? syntheticInterference(lon, usersMilli, periods, `${namePrefix}site <1>`)
        : null,
    roomInPlan: null,
    evaluation: null,
    lines: null,
    areas: null,
    costs: {
      cost: new Float64Array(candidates.count).fill(1),
      partsCents: null,
      backhaul: candidates.ids.map(() => null),
    },
    isUpgrade: null,
  };
}

function syntheticInterference(
  lon: Float64Array,
  usersMilli: readonly Float64Array[],
  periods: readonly string[],
  site: string,
): PlanInterference {
  const order = Float64Array.from(lon).sort();
  const placesDb = Float32Array.from(lon, (value) => -10 + (25 * order.indexOf(value)) / lon.length);
  const scopes = periods.map((period, p) => {
    const sum = (counts: (db: number) => boolean): number =>
      usersMilli[p]!.reduce((total, users, i) => total + (counts(placesDb[i]!) ? users : 0), 0);
    return {
      region: null,
      period,
      usersMilli: sum(() => true),
      signalMilli: sum((db) => db >= -8),
      sinrMilli: sum((db) => db >= 0),
      pollutedMilli: sum((db) => db < -5),
      sinrDb: { p10: -6.25, p50: 2.5, p90: 12 },
    };
  });
  const cell = { site, sector: 1, azimuthDeg: null, tiltDeg: 0, powerChangeDb: 0, load: null };
  const cells = [{ ...cell, usersMilli: 5_000_000, overshootMilli: 1_234_000, overshoots: true }];
  const facts = { scopes, traffic: null, cells, placesDb: periods.map(() => placesDb) };
  return { asBuilt: facts, tuned: null, targets: [], repair: null };
}

function syntheticScenario(namePrefix: string, periods: readonly string[]): Scenario {
  const parsed = scenarioSchema.parse({
    name: `${namePrefix}Synthetic town`,
    demand: {
      file: 'somewhere/users.geojson',
      users: Object.fromEntries(periods.map((period) => [period, `users_${period}`])),
    },
    solver: { threads: 2 },
  });
  return {
    ...parsed,
    services: undefined,
    evaluate: undefined,
    radio: { ...parsed.radio, eirpDbm: 62 },
    phases: null,
  };
}

function candidateGrid(side: number, cellM: number, prefix: string): SiteTable {
  // Every second cell in a small town, about a hundred candidates in a large one.
  const step = side > 100 ? Math.floor(side / 10) : 2;
  const positions: [number, number][] = [];
  for (let column = 0; column < side; column += step) {
    for (let row = 0; row < side; row += step) {
      positions.push([
        ORIGIN_LON + (column * cellM) / METRES_PER_LON,
        ORIGIN_LAT + (row * cellM) / METRES_PER_LAT,
      ]);
    }
  }
  const count = positions.length;
  const none = (): Float64Array => new Float64Array(count).fill(NaN);
  return {
    count,
    ids: positions.map((_, site) => `${prefix}S-${String(site).padStart(4, '0')}`),
    lon: Float64Array.from(positions, ([lon]) => lon),
    lat: Float64Array.from(positions, ([, lat]) => lat),
    status: positions.map(() => 'candidate'),
    cost: none(),
    heightM: none(),
    eirpDbm: none(),
    frequencyMhz: none(),
    tiltDeg: none(),
    technology: positions.map(() => null),
    azimuthsDeg: positions.map(() => []),
    cellIds: positions.map(() => []),
  };
}

function coverByRadius(
  candidates: SiteTable,
  lon: Float64Array,
  lat: Float64Array,
  reachM: number,
): CoveringProblem['coverage'] {
  const siteStart = new Uint32Array(candidates.count + 1);
  const pairs: number[] = [];
  for (let site = 0; site < candidates.count; site++) {
    for (let i = 0; i < lon.length; i++) {
      const dx = (lon[i]! - candidates.lon[site]!) * METRES_PER_LON;
      const dy = (lat[i]! - candidates.lat[site]!) * METRES_PER_LAT;
      if (Math.hypot(dx, dy) <= reachM) pairs.push(i);
    }
    siteStart[site + 1] = pairs.length;
  }
  return {
    siteCount: candidates.count,
    demandCount: lon.length,
    siteStart,
    demandOfSite: Uint32Array.from(pairs),
  };
}

function makeTargets(
  usersMilli: readonly Float64Array[],
  regionNames: readonly string[],
  regionOfDemand: Int32Array,
  [first, second]: readonly [number, number],
): [Target[], Target[]] {
  const target = (period: number, region: number | null, percent: number): Target => {
    const members =
      region === null
        ? null
        : Uint32Array.from(regionOfDemand.keys()).filter((i) => regionOfDemand[i] === region);
    const users = usersMilli[period]!;
    const total = members === null ? sum(users) : members.reduce((all, i) => all + users[i]!, 0);
    return {
      period,
      region: region === null ? null : regionNames[region]!,
      members,
      share: { numerator: percent, denominator: 100 },
      needUsers: Math.ceil((percent * total) / 100),
      totalUsers: total,
    };
  };
  return [
    usersMilli.map((_, period) => target(period, null, Math.round(first * 100))),
    usersMilli.flatMap((_, period) =>
      [0, 1].map((region) => target(period, region, Math.round(second * 100))),
    ),
  ];
}

/** Adds the site that gains most users of targets still short, phase by phase. Good enough to look at. */
/** Reasons of every kind, made up as the plan is. */
function withReasons(
  problem: CoveringProblem,
  solution: Solution,
): Pick<PlanResult, 'solution' | 'explanation'> {
  const chosen = solution.sites.map((site) => ({ site, servedAlone: [], costWithout: solution.cost + 1 }));
  const absent: AbsenceReason[] = [];
  for (let site = 0; site < problem.coverage.siteCount; site++) {
    if (solution.sites.includes(site)) continue;
    absent.push(
      site % 2 === 0
        ? { site, kind: 'dominated', by: solution.sites[0]! }
        : { site, kind: 'reduced-cost', reducedCost: 0.25 },
    );
  }
  return { solution, explanation: { chosen, absent, bound: solution.lowerBound } };
}

function greedySolution(problem: CoveringProblem): Solution {
  const { siteStart, demandOfSite, siteCount, demandCount } = problem.coverage;
  const covered = new Uint8Array(demandCount);
  const sites: number[] = [];
  const phaseOfSite: number[] = [];
  const memberOf = new Map<Target, Uint8Array>();
  for (const target of problem.phases.flatMap((phase) => phase.targets)) {
    const flags = new Uint8Array(demandCount).fill(target.members === null ? 1 : 0);
    for (const i of target.members ?? []) flags[i] = 1;
    memberOf.set(target, flags);
  }
  const outcome = (target: Target): TargetOutcome => {
    const users = problem.users[target.period]!;
    const today = problem.servedToday[target.period]!;
    const members = target.members ?? Uint32Array.from({ length: demandCount }, (_, i) => i);
    const servedUsers = members.reduce(
      (all, i) => (covered[i] === 1 || today[i] === 1 ? all + users[i]! : all),
      0,
    );
    return {
      period: target.period,
      region: target.region,
      needUsers: target.needUsers,
      totalUsers: target.totalUsers,
      servedUsers,
      met: servedUsers >= target.needUsers,
      unreachableUsers: 0,
    };
  };
  const phases: PhaseOutcome[] = problem.phases.map((phase, phaseIndex) => {
    const targets = problem.phases.slice(0, phaseIndex + 1).flatMap((earlier) => earlier.targets);
    for (let open = true; open;) {
      const short = targets.filter((target) => !outcome(target).met);
      let best = -1;
      let bestGain = 0;
      for (let site = 0; site < siteCount && short.length > 0; site++) {
        let gain = 0;
        for (let k = siteStart[site]!; k < siteStart[site + 1]!; k++) {
          const i = demandOfSite[k]!;
          if (covered[i] === 1) continue;
          for (const target of short) {
            if (problem.servedToday[target.period]![i] === 1) continue;
            if (memberOf.get(target)![i] === 1) gain += problem.users[target.period]![i]!;
          }
        }
        if (gain > bestGain) [best, bestGain] = [site, gain];
      }
      open = best >= 0;
      if (!open) break;
      for (let k = siteStart[best]!; k < siteStart[best + 1]!; k++) covered[demandOfSite[k]!] = 1;
      sites.push(best);
      phaseOfSite.push(phaseIndex);
    }
    const lowerBound = Math.max(0, sites.length - 2);
    const gap = sites.length === 0 ? 0 : (sites.length - lowerBound) / sites.length;
    return {
      name: phase.name,
      status: 'feasible',
      sites: [...sites],
      cost: sites.length,
      lowerBound,
      gap,
      nestedLowerBound: lowerBound,
      nestedGap: gap,
      targets: targets.map(outcome),
    };
  });
  const last = phases.at(-1)!;
  const feasible = last.targets.every((target) => target.met);
  return {
    status: feasible ? 'feasible' : 'infeasible',
    stoppedBy: feasible ? 'work' : 'infeasible',
    feasible,
    sites,
    phaseOfSite,
    cost: last.cost,
    lowerBound: last.lowerBound,
    gap: last.gap,
    phases,
    budget: null,
    rounds: 5,
    trace: [
      {
        phase: last.name,
        round: 1,
        work: 10_000,
        incumbent: last.cost + 3,
        lowerBound: last.lowerBound - 4,
        gap: 0.3,
        foundBy: 'greedy',
      },
      {
        phase: last.name,
        round: 5,
        work: 90_000,
        incumbent: last.cost,
        lowerBound: last.lowerBound,
        gap: last.gap,
        foundBy: 'annealing, task 3',
      },
    ],
    notes: ['120 demand points with equal cover sets were merged.'],
  };
}

function syntheticBins(lon: Float64Array, lat: Float64Array, evidence: Uint8Array): MeasurementBins {
  const measured = Array.from(evidence.keys()).filter((i) => evidence[i] === EVIDENCE_MEASURED);
  return {
    count: measured.length,
    lon: Float64Array.from(measured, (i) => lon[i]!),
    lat: Float64Array.from(measured, (i) => lat[i]!),
    binM: 50,
    samples: new Uint32Array(measured.length).fill(7),
    meanDbm: Float32Array.from(measured, (i) => -85 - (i % 40)),
    sdDb: new Float32Array(measured.length).fill(4),
    withheld: 5,
  };
}

function box(fromColumn: number, toColumn: number, rows: number, cellM: number): [number, number][][][] {
  const west = ORIGIN_LON + (fromColumn * cellM) / METRES_PER_LON;
  const east = ORIGIN_LON + (toColumn * cellM) / METRES_PER_LON;
  const north = ORIGIN_LAT + (rows * cellM) / METRES_PER_LAT;
  return [
    [
      [
        [west, ORIGIN_LAT],
        [east, ORIGIN_LAT],
        [east, north],
        [west, north],
        [west, ORIGIN_LAT],
      ],
    ],
  ];
}

function sum(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0);
}
