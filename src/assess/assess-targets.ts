import type { Baseline } from '../coverage/types.ts';
import type { EffectiveSamples } from '../coverage/effective-samples.ts';
import type { DemandServers } from '../coverage/demand-servers.ts';
import type { ExistingNetwork } from '../coverage/existing-network.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { drawServed } from './demand-levels.ts';
import { demandPlaces } from './demand-places.ts';
import { addMeasureDraw, openMeasureTable, rankMeasureAreas } from './measure-areas.ts';
import { hasEvidence, type ShareAssessment, type TargetAssessment } from './target-assessment.ts';
import type { MeasureArea } from './areas.ts';
import type { CoverageFigure, CoverageFigures } from './scorecard/measures.ts';
import type { OpenTarget } from './targets.ts';
import { addDraw, closeShare, closeTarget, openServiceShares, openTargets } from './targets.ts';

/** More places than this are simulated less often, to keep an assessment under a minute. */
const MANY_POINTS = 40_000;
const DRAWS = 400;
const FEW_DRAWS = 100;

export interface AssessedTargets {
  readonly targets: readonly TargetAssessment[];
  /** Of all services together and of each by itself, everywhere and in regions of targets; empty where there is one. */
  readonly serviceShares: readonly ShareAssessment[];
  readonly measureNext: readonly MeasureArea[];
  /** Period the measurement plan looks at: the one with the least share. */
  readonly measurePeriod: number;
}

export interface TargetInputs {
  readonly scenario: Scenario;
  readonly demand: Demand;
  readonly membership: RegionMembership;
  readonly baseline: Baseline;
  readonly network: ExistingNetwork | null;
  readonly servers: DemandServers | null;
  readonly samples: EffectiveSamples | null;
  readonly zone: UtmZone;
}

/** Targets and shares of services with their intervals, and where to measure next; one simulation per set of samples. */
export function assessTargets(inputs: TargetInputs): AssessedTargets {
  const { scenario, demand, membership, baseline, network, servers, samples, zone } = inputs;
  const open = openTargets(scenario.phases?.list ?? null, demand, membership);
  const shares = openServiceShares(open, demand, membership);
  const draws = demandPlaces(demand).count > MANY_POINTS ? FEW_DRAWS : DRAWS;
  const measurePeriod = worstPeriod(open, baseline, demand.usersMilli);
  const { areaM, measureAreas, confidence } = scenario.assess;
  const table = openMeasureTable(demand, baseline, zone, measurePeriod, areaM, draws);
  let rangeM: number | null = null;
  const own = scenario.measurements?.applyTo === 'own' && samples !== null;
  const groups = own
    ? demand.periods.map((_, period) => [period])
    : [demand.periods.map((_, period) => period)];
  for (const periods of groups) {
    const first = periods[0] ?? 0;
    const simulated = drawServed({
      demand,
      samples,
      network,
      servers,
      baseline,
      scenario,
      zone,
      period: first,
      speaks: (sample) => !own || samples.period[sample] === first,
      seed: scenario.solver.seed,
      draws,
    });
    if (simulated === null) continue;
    const mine = [...open, ...shares].filter(({ period }) => periods.includes(period));
    for (const target of mine) target.drawn = new Float64Array(draws);
    const measuring = periods.includes(measurePeriod);
    if (measuring) rangeM = simulated.variogram.rangeM;
    simulated.forEachDraw((served, draw) => {
      for (const target of mine) addDraw(target, demand, baseline.evidence[target.period]!, served, draw);
      if (measuring) addMeasureDraw(table, demand, served, draw);
    });
  }
  const rule = { demand, baseline, unmeasured: scenario.baseline.unmeasured, confidence };
  return {
    targets: open.map((target) => closeTarget(target, rule)),
    serviceShares: shares.map((share) => closeShare(share, rule)),
    measureNext: rangeM === null ? [] : rankMeasureAreas(table, demand, baseline, measureAreas, rangeM),
    measurePeriod,
  };
}

/** The period with the least share of all users served; the first of equals. */
function worstPeriod(
  open: readonly OpenTarget[],
  baseline: Baseline,
  users: readonly Float64Array[],
): number {
  let worst = open[0]?.period ?? 0;
  let least = Infinity;
  for (const [period, values] of users.entries()) {
    let served = 0;
    let all = 0;
    values.forEach((value, i) => {
      all += value;
      if (baseline.served[period]![i] === 1) served += value;
    });
    if (all > 0 && served / all < least) [worst, least] = [period, served / all];
  }
  return worst;
}

/**
 * Percent, of all users and of the regions with targets of their own, in the worst period; of all services together where
 * there are several.
 */
export function coverageFigures(
  { targets, serviceShares }: Pick<AssessedTargets, 'targets' | 'serviceShares'>,
  unmeasured: 'served' | 'unserved',
): CoverageFigures {
  const shares =
    serviceShares.length === 0 ? targets : serviceShares.filter(({ service }) => service === null);
  return {
    worstPeriod: leastOf(
      shares.filter(({ region }) => region === null),
      unmeasured,
    ),
    worstRegion: leastOf(
      shares.filter(({ region }) => region !== null),
      unmeasured,
    ),
  };
}

function leastOf(
  targets: readonly ShareAssessment[],
  unmeasured: 'served' | 'unserved',
): CoverageFigure | null {
  const asked = targets.filter(({ totalUsers }) => totalUsers > 0);
  const known = asked.filter(hasEvidence);
  if (known.length === 0) return null;
  const percents = known.map(
    (target) => (100 * (unmeasured === 'served' ? target.servedHigh : target.servedLow)) / target.totalUsers,
  );
  return { percent: Math.min(...percents), complete: known.length === asked.length };
}
