import type { Baseline } from '../coverage/types.ts';
import type { EffectiveSamples } from '../coverage/effective-samples.ts';
import type { DemandServers } from '../coverage/demand-servers.ts';
import type { ExistingNetwork } from '../coverage/existing-network.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand } from '../input/types.ts';
import { drawServed } from './demand-levels.ts';
import { addMeasureDraw, openMeasureTable, rankMeasureAreas } from './measure-areas.ts';
import { hasEvidence, type TargetAssessment } from './target-assessment.ts';
import type { MeasureArea } from './areas.ts';
import type { CoverageFigure, CoverageFigures } from './scorecard/measures.ts';
import type { OpenTarget } from './targets.ts';
import { addDraw, closeTarget, openTargets } from './targets.ts';

/** More demand points than this are simulated less often, to keep an assessment under a minute. */
const MANY_POINTS = 40_000;
const DRAWS = 400;
const FEW_DRAWS = 100;

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

/** Targets with their intervals, and where to measure next; one simulation per set of samples. */
export function assessTargets(inputs: TargetInputs): {
  targets: TargetAssessment[];
  measureNext: MeasureArea[];
  measurePeriod: number;
} {
  const { scenario, demand, membership, baseline, network, servers, samples, zone } = inputs;
  const open = openTargets(scenario.phases?.list ?? null, demand, membership);
  const draws = demand.count > MANY_POINTS ? FEW_DRAWS : DRAWS;
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
    const mine = open.filter((target) => periods.includes(target.period));
    for (const target of mine) target.drawn = new Float64Array(draws);
    const measuring = periods.includes(measurePeriod);
    if (measuring) rangeM = simulated.variogram.rangeM;
    simulated.forEachDraw((served, draw) => {
      for (const target of mine) addDraw(target, demand, baseline.evidence[target.period]!, served, draw);
      if (measuring) addMeasureDraw(table, demand, served, draw);
    });
  }
  return {
    targets: open.map((target) =>
      closeTarget(target, demand, baseline, scenario.baseline.unmeasured, confidence),
    ),
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

/** Percent, of all users and of the regions with targets of their own, in the worst period. */
export function coverageFigures(
  targets: readonly TargetAssessment[],
  unmeasured: 'served' | 'unserved',
): CoverageFigures {
  return {
    worstPeriod: leastOf(
      targets.filter(({ region }) => region === null),
      unmeasured,
    ),
    worstRegion: leastOf(
      targets.filter(({ region }) => region !== null),
      unmeasured,
    ),
  };
}

function leastOf(
  targets: readonly TargetAssessment[],
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
