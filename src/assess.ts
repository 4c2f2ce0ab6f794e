import { rankActions } from './assess/actions.ts';
import { assessTargets, coverageFigures } from './assess/assess-targets.ts';
import { likelyCauses } from './assess/causes.ts';
import type { Comparison, ComparisonState } from './assess/comparison.ts';
import { compareWithPrevious } from './assess/comparison.ts';
import type { QuarterSamples } from './assess/day-bins.ts';
import { filterReports, joinFeedback } from './assess/feedback.ts';
import { planOfWeakAreas, plannedSites } from './assess/plan-weak-areas.ts';
import { promisesOf, type SitePromise } from './assess/plan-promises.ts';
import { latestQuarter, samplesByDrive, samplesOfQuarter, samplesUpTo } from './assess/quarter-samples.ts';
import { localClock, parseQuarter, quarterOfLocal } from './assess/quarter.ts';
import { readAssessmentInputs } from './assess/read-assessment.ts';
import type { AssessmentResult, WeakArea } from './assess/result.ts';
import { evaluateScorecard } from './assess/scorecard/evaluate.ts';
import type { CoverageChange } from './assess/scorecard/measures.ts';
import { findWeakAreas, weakSquareM } from './assess/weak-areas.ts';
import { chooseModel } from './choose-model.ts';
import { effectiveSamples, zoneOf } from './coverage/effective-samples.ts';
import { boresightReachM, defaultConfiguration, linkRule } from './coverage/link-rule.ts';
import { EVIDENCE_UNKNOWN } from './coverage/types.ts';
import { sampleLossDb } from './coverage/user-loss.ts';
import type { Executor } from './executor.ts';
import type { LoadedScenario } from './input/read-scenario.ts';
import type { PlanOptions } from './plan.ts';
import type { ProgressListener } from './progress.ts';
import { networkToday } from './today.ts';

export interface AssessOptions {
  /** Folder of the assessment of an earlier quarter. */
  readonly previousDir?: string | undefined;
  /** Wins over `assess.scorecard`; relative to the current folder. */
  readonly scorecardFile?: string | undefined;
  /** Wins over `feedback.file`; relative to the current folder. */
  readonly feedbackFile?: string | undefined;
  /** Also plans the sites that bring the users in weak areas to the targets. */
  readonly withPlan?: boolean | undefined;
  readonly executor?: Executor | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  readonly maxErrors?: number | undefined;
  /** Called once every input is valid, before the work starts. */
  readonly onInputsValid?: (() => Promise<void>) | undefined;
}

/**
 * The quarterly assessment: read → baseline → simulate → weak areas → compare → scorecard → actions. Returns data; it
 * never writes, prints or exits.
 * @throws InputError with every finding when an input is not usable.
 */
export async function assess(loaded: LoadedScenario, options: AssessOptions = {}): Promise<AssessmentResult> {
  const { scenario } = loaded;
  options.onProgress?.({ stage: 'read' });
  const read = await readAssessmentInputs(loaded, options);
  await options.onInputsValid?.();
  const { inputs, scorecard, tables, previous, ground } = read;
  const terrain = ground?.layer ?? null;
  const { executor, signal } = options;
  const { demand, existing, membership } = inputs;
  const clock = localClock(scenario.timeZone);
  const wanted = scenario.assess.quarter === undefined ? null : parseQuarter(scenario.assess.quarter);
  const quarter = wanted ?? (inputs.measurements === null ? null : latestQuarter(inputs.measurements, clock));
  const inQuarter =
    inputs.measurements === null || wanted === null
      ? inputs.measurements
      : samplesOfQuarter(inputs.measurements, wanted, clock);
  const measurements = inQuarter === null || inQuarter.count === 0 ? null : inQuarter;

  options.onProgress?.({ stage: 'baseline' });
  // What was measured after the quarter had no part in what was known then.
  const known =
    inputs.measurements === null || wanted === null
      ? inputs.measurements
      : samplesUpTo(inputs.measurements, wanted, clock);
  const chosen = chooseModel(scenario, existing, known, inputs.model, inputs.antenna);
  const today = await networkToday({
    scenario,
    demand,
    measurements,
    existing,
    chosen,
    terrain,
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
  const found = findWeakAreas({
    demand,
    baseline,
    membership,
    zone,
    thresholdDbm: scenario.service.rsrpDbm,
    privacyK: scenario.measurements?.privacyK ?? 1,
  });
  const feedback =
    read.feedback === null || wanted === null
      ? read.feedback
      : filterReports(read.feedback, (k) => isOfQuarter(clock(read.feedback!.timeS[k]!), wanted));
  const joined =
    feedback === null
      ? null
      : joinFeedback({
          feedback,
          otherQuarters: read.feedback!.count - feedback.count,
          areas: found,
          demand,
          baseline,
          zone,
          sideM: weakSquareM(demand),
          weight: scenario.feedback?.weight ?? 0,
        });
  const causeInputs = {
    demand,
    samples,
    cellNames: measurements?.cellNames ?? [],
    existing,
    terrain: existing === null ? null : terrain,
    scenario,
    reachM: boresightReachM(linkRule(defaultConfiguration(scenario.radio), scenario, chosen.choice)),
  };
  const weakAreas: WeakArea[] = found.map((area, k) => ({
    ...area,
    causes: likelyCauses(area, causeInputs),
    reports: joined?.reports[k] ?? 0,
  }));

  const lossDb = sampleLossDb(scenario);
  const byDrive = measurements === null ? null : samplesByDrive(measurements, zone, clock, lossDb);
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
          change: {
            binM: scenario.service.binM,
            minSamples: scenario.assess.changeSamples ?? scenario.service.minSamples,
            thresholdDbm: scenario.service.rsrpDbm,
            locationProbability: scenario.service.locationProbability,
            significance: scenario.assess.significance,
            seed: scenario.solver.seed,
          },
        });

  const hasData = baseline.evidence.some((evidence) => evidence.some((code) => code !== EVIDENCE_UNKNOWN));
  const results = evaluateScorecard({
    indicators: scorecard.indicators,
    tables,
    coverage: coverageFigures(assessed.targets, scenario.baseline.unmeasured),
    change: coverageChange(comparison, quarter),
    quarter: quarter ?? 0,
    earlier: new Map((previous?.scorecard ?? []).map(({ id, series }) => [id, series])),
  });
  const planned =
    options.withPlan === true && hasData
      ? await planOfWeakAreas(loaded, { inputs, chosen, feedback, ground, today }, planOptions(options))
      : null;
  const promises = promisesOf(planned, demand);
  const met = hasData && assessed.targets.every((target) => target.met);
  return {
    scenario,
    quarter,
    inputs: read.summaries,
    warnings: [...inputs.warnings, ...read.warnings, ...(chosen.warning === null ? [] : [chosen.warning])],
    demand,
    regions: inputs.regions,
    baseline,
    confidence: scenario.assess.confidence,
    samples: samples?.count ?? 0,
    bins: bins?.count ?? 0,
    ...assessed,
    weakAreas,
    feedback: joined?.findings ?? null,
    scorecard: results,
    scorecardNote: scorecard.note,
    comparison,
    actions: rankActions({
      planned: planned && plannedSites(planned, promises, demand, weakAreas),
      weakAreas,
      measureNext: assessed.measureNext,
      feedback: joined?.findings ?? null,
      scorecard: results,
      siteCost: scenario.cost.site,
      totalUsersMilli: demand.usersMilli.map((users) => users.reduce((sum, value) => sum + value, 0)),
      sitesKnown: existing !== null,
    }),
    plan: planned,
    state: {
      quarter,
      zone: zone.name,
      samples: stateSamples(byDrive, scenario.service.binM),
      targets: assessed.targets.map(({ period, region, totalUsers, servedLow }) => ({
        period: demand.periods[period]!,
        region,
        totalUsers,
        servedLow,
      })),
      weakAreas: weakAreas.map(({ id, period, usersMilli, sideM, columns, rows }) => ({
        id,
        period: demand.periods[period]!,
        usersMilli,
        sideM,
        columns,
        rows,
      })),
      siteIds: existing?.ids ?? [],
      promises: promisesToKeep(planned === null ? null : promises, comparison),
      scorecard: results.map(({ indicator, series }) => ({ id: indicator.id, series })),
    },
    met,
    computedMet: met && !results.some(({ computed, status }) => computed && status === 'missed'),
    hasData,
  };
}

function planOptions({ executor, signal, onProgress, maxErrors }: AssessOptions): PlanOptions {
  return { executor, signal, onProgress, maxErrors };
}

/** Reports without a time may be of any quarter. */
function isOfQuarter(localS: number, quarter: number): boolean {
  return Number.isNaN(localS) || quarterOfLocal(localS) === quarter;
}

/** What the common bins say of the share of served bins; a change within the noise is none. */
function coverageChange(comparison: Comparison | null, quarter: number | null): CoverageChange | null {
  const change = comparison?.change;
  if (change?.comparable !== true) return null;
  const quarters = Math.max(1, (quarter ?? 0) - (comparison?.previousQuarter ?? 0));
  const points = 100 * (change.shareAfter - change.shareBefore);
  return { pointsPerQuarter: change.shareSignificant ? points / quarters : 0 };
}

/** Bin centres instead of places: all that a comparison needs. */
function stateSamples(samples: QuarterSamples | null, binM: number): ComparisonState['samples'] {
  const centre = (value: number): number => (Math.floor(value / binM) + 0.5) * binM;
  return {
    x: Array.from(samples?.x ?? [], centre),
    y: Array.from(samples?.y ?? [], centre),
    levelDbm: Array.from(samples?.levelDbm ?? [], (level) => Math.round(level * 100) / 100),
    drive: Array.from(samples?.drive ?? []),
  };
}

/** A plan's promises stay open until a newer plan replaces them; those that were built are held against it for good. */
function promisesToKeep(
  planned: readonly SitePromise[] | null,
  comparison: Comparison | null,
): readonly SitePromise[] {
  const earlier = comparison?.promises ?? [];
  return planned === null ? earlier : [...earlier.filter(({ builtAs }) => builtAs !== null), ...planned];
}
