import { rankActions } from './assess/actions.ts';
import { assessTargets, coverageFigures } from './assess/assess-targets.ts';
import type { Comparison } from './assess/comparison.ts';
import { compareWithPrevious } from './assess/comparison.ts';
import { judgeAreas } from './assess/judged-areas.ts';
import type { ChangeOptions } from './assess/level-change.ts';
import { nextState } from './assess/next-state.ts';
import { planOfWeakAreas, plannedSites } from './assess/plan-weak-areas.ts';
import { promisesOf } from './assess/plan-promises.ts';
import { latestQuarter, samplesByDrive, samplesOfQuarter, samplesUpTo } from './assess/quarter-samples.ts';
import { localClock, parseQuarter, quarterOfLocal } from './assess/quarter.ts';
import { readAssessmentInputs, type ReadAssessmentOptions } from './assess/read-assessment.ts';
import type { AssessmentResult } from './assess/result.ts';
import { evaluateScorecard } from './assess/scorecard/evaluate.ts';
import type { CoverageChange } from './assess/scorecard/measures.ts';
import { chooseModel } from './planning/choose-model.ts';
import { effectiveSamples, zoneOf } from './coverage/effective-samples.ts';
import { rowThresholds, serviceThresholds } from './coverage/thresholds.ts';
import { EVIDENCE_UNKNOWN } from './coverage/types.ts';
import { sampleLossDb } from './coverage/user-loss.ts';
import type { Executor } from './executor.ts';
import type { LoadedScenario } from './input/read-scenario.ts';
import type { Scenario } from './input/scenario-schema.ts';
import type { MeasurementTable } from './input/types.ts';
import { assessmentNeed } from './memory/estimates.ts';
import { openAccount } from './memory/memory-account.ts';
import type { PlanOptions } from './planning/plan-run.ts';
import { refuseTargets } from './assess/refuse-targets.ts';
import { splitDemand } from './planning/split-demand.ts';
import { networkToday } from './planning/today.ts';

export interface AssessOptions extends ReadAssessmentOptions {
  /** Also plans the sites that bring the users in weak areas to the targets. */
  readonly withPlan?: boolean | undefined;
  readonly executor?: Executor | undefined;
  /** Called once every input is valid, before the work starts. */
  readonly onInputsValid?: (() => Promise<void>) | undefined;
}

/**
 * The quarterly assessment: read → baseline → simulate → weak areas → compare → scorecard → actions. Returns data; it
 * never writes, prints or exits.
 * @throws InputError with every finding when an input is not usable, EnvironmentError when they would not fit into memory.
 */
export async function assess(loaded: LoadedScenario, options: AssessOptions = {}): Promise<AssessmentResult> {
  const { scenario } = loaded;
  refuseTargets(scenario);
  options.onProgress?.({ stage: 'read' });
  const memory = options.memory ?? openAccount(scenario.solver.memory, options.executor?.threads ?? 1);
  const read = await readAssessmentInputs(loaded, { ...options, memory });
  await options.onInputsValid?.();
  const { scorecard, tables, previous, ground } = read;
  const inputs = {
    ...read.inputs,
    ...splitDemand(scenario, read.inputs.demand, read.inputs.membership, memory),
  };
  const { executor, signal } = options;
  const { demand, existing, membership } = inputs;
  memory.hold(
    `assessment: ${demand.count.toLocaleString('en')} cells`,
    assessmentNeed(demand.count),
    'Use larger cells of users (demand.cellM) or a smaller area, or grant more with --memory.',
  );
  const clock = localClock(scenario.timeZone);
  const { quarter, wanted, known, measurements, timeless } = quarterMeasurements(
    scenario,
    inputs.measurements,
    clock,
  );

  options.onProgress?.({ stage: 'baseline' });
  const chosen = chooseModel(scenario, existing, known, inputs.model, inputs.antenna);
  const today = await networkToday({
    scenario,
    demand,
    measurements,
    existing,
    chosen,
    terrain: ground?.layer ?? null,
    executor,
    signal,
  });
  const { baseline, bins, network, servers } = today;
  const zone = zoneOf(demand.lon, demand.lat);

  options.onProgress?.({ stage: 'simulate' });
  const samples = measurements === null ? null : effectiveSamples(measurements, zone);
  const assessed = assessTargets({
    scenario,
    demand,
    membership,
    baseline,
    network,
    servers,
    samples,
    zone,
  });

  options.onProgress?.({ stage: 'weak areas' });
  const { weakAreas, reports, feedback } = judgeAreas({
    scenario,
    read: { ...read, inputs },
    baseline,
    servers,
    chosen,
    samples,
    cellNames: measurements?.cellNames ?? [],
    zone,
    isOfQuarter: (timeS) => wanted === null || isOfQuarter(clock(timeS), wanted),
  });

  const byDrive =
    measurements === null ? null : samplesByDrive(measurements, zone, clock, sampleLossDb(scenario));
  const comparison =
    previous === null
      ? null
      : compareWithPrevious({
          previous,
          samples: byDrive,
          zone,
          demand,
          baseline,
          existing,
          targets: assessed.targets,
          weakAreas,
          change: changeOptions(scenario),
        });
  const hasData = baseline.evidence.some((evidence) => evidence.some((code) => code !== EVIDENCE_UNKNOWN));
  const results = evaluateScorecard({
    indicators: scorecard.indicators,
    tables,
    coverage: coverageFigures(assessed, scenario.baseline.unmeasured),
    change: coverageChange(comparison, quarter, rowThresholds(scenario, demand), demand.usersMilli),
    quarter: quarter ?? 0,
    earlier: new Map((previous?.scorecard ?? []).map(({ id, series }) => [id, series])),
  });

  const plan =
    options.withPlan === true && hasData
      ? await planOfWeakAreas(
          loaded,
          { inputs, chosen, feedback: reports, ground, today },
          planOptions({ ...options, memory }),
        )
      : null;
  const planned = plan && promisesOf(plan, demand);
  const met = hasData && assessed.targets.every((target) => target.met);
  return {
    scenario,
    quarter,
    inputs: read.summaries,
    warnings: [
      ...inputs.warnings,
      ...read.warnings,
      ...(timeless === 0 ? [] : [`${timeless} readings have no time: they belong to no quarter.`]),
      ...(chosen.warning === null ? [] : [chosen.warning]),
    ],
    demand,
    regions: inputs.regions,
    baseline,
    confidence: scenario.assess.confidence,
    samples: samples?.count ?? 0,
    bins: bins?.count ?? 0,
    ...assessed,
    weakAreas,
    feedback,
    scorecard: results,
    scorecardNote: scorecard.note,
    comparison,
    actions: rankActions({
      planned: plan && plannedSites(plan, planned ?? [], demand, weakAreas),
      weakAreas,
      measureNext: assessed.measureNext,
      feedback,
      scorecard: results,
      siteCost: scenario.cost.site,
      totalUsersMilli: demand.usersMilli.map((users) => users.reduce((sum, value) => sum + value, 0)),
      sitesKnown: existing !== null,
    }),
    plan,
    state: nextState({
      quarter,
      zone: zone.name,
      binM: scenario.service.binM,
      samples: byDrive,
      demand,
      targets: assessed.targets,
      weakAreas,
      existing,
      planned,
      comparison,
      scorecard: results,
    }),
    met,
    computedMet: met && !results.some(({ computed, status }) => computed && status === 'missed'),
    hasData,
  };
}

type Clock = (timeS: number) => number;

/** The quarter looked at, what was measured in it, and what was known by its end. */
function quarterMeasurements(
  { assess }: Scenario,
  all: MeasurementTable | null,
  clock: Clock,
): {
  readonly quarter: number | null;
  /** As the scenario names it; null = all measurements are looked at. */
  readonly wanted: number | null;
  readonly known: MeasurementTable | null;
  readonly measurements: MeasurementTable | null;
  /** Readings without a time that a named quarter leaves out. */
  readonly timeless: number;
} {
  const wanted = assess.quarter === undefined ? null : parseQuarter(assess.quarter);
  if (all === null) return { quarter: wanted, wanted, known: null, measurements: null, timeless: 0 };
  if (wanted === null) {
    const measurements = all.count === 0 ? null : all;
    return { quarter: latestQuarter(all, clock), wanted, known: all, measurements, timeless: 0 };
  }
  const own = samplesOfQuarter(all, wanted, clock);
  // What was measured after the quarter had no part in what was known then.
  const known = samplesUpTo(all, wanted, clock);
  const timeless = all.timeS.filter(Number.isNaN).length;
  return { quarter: wanted, wanted, known, measurements: own.count === 0 ? null : own, timeless };
}

function changeOptions({ service, services, assess, solver }: Scenario): ChangeOptions {
  return {
    binM: service.binM,
    minSamples: assess.changeSamples ?? service.minSamples,
    thresholdsDbm: serviceThresholds({ service, services }),
    locationProbability: service.locationProbability,
    significance: assess.significance,
    seed: solver.seed,
  };
}

function planOptions({ executor, signal, onProgress, maxErrors, memory }: AssessOptions): PlanOptions {
  return { executor, signal, onProgress, maxErrors, memory };
}

/** Reports without a time may be of any quarter. */
function isOfQuarter(localS: number, quarter: number): boolean {
  return Number.isNaN(localS) || quarterOfLocal(localS) === quarter;
}

/**
 * What the common bins say of the share of served bins; a change within the noise is none. Of several thresholds each counts
 * as much as it has users.
 */
function coverageChange(
  comparison: Comparison | null,
  quarter: number | null,
  thresholdOfRow: Float64Array,
  usersMilli: readonly Float64Array[],
): CoverageChange | null {
  const change = comparison?.change;
  if (change?.comparable !== true) return null;
  const quarters = Math.max(1, (quarter ?? 0) - (comparison?.previousQuarter ?? 0));
  const weightOf = (thresholdDbm: number): number =>
    usersMilli.reduce(
      (sum, users) =>
        users.reduce((own, value, row) => own + (thresholdOfRow[row] === thresholdDbm ? value : 0), sum),
      0,
    );
  const weights = change.shares.map(({ thresholdDbm }) => weightOf(thresholdDbm));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const points = change.shares.map(({ before, after, significant }, k) =>
    significant ? 100 * (after - before) * (weights[k]! / all) : 0,
  );
  return { pointsPerQuarter: points.reduce((sum, own) => sum + own, 0) / quarters };
}
