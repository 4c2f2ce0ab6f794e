import { rankActions } from './assess/actions.ts';
import { assessTargets, coverageFigures } from './assess/assess-targets.ts';
import { likelyCauses } from './assess/causes.ts';
import type { ComparisonState, SitePromise } from './assess/comparison.ts';
import { compareWithPrevious, promisesOf } from './assess/comparison.ts';
import type { QuarterSamples } from './assess/day-bins.ts';
import { joinFeedback } from './assess/feedback.ts';
import { latestQuarter, samplesByDrive, samplesOfQuarter } from './assess/quarter-samples.ts';
import { localClock, parseQuarter } from './assess/quarter.ts';
import { readAssessmentInputs } from './assess/read-assessment.ts';
import type { AssessmentResult, WeakArea } from './assess/result.ts';
import { evaluateScorecard } from './assess/scorecard/evaluate.ts';
import { findWeakAreas, weakSquareM } from './assess/weak-areas.ts';
import { chooseModel } from './choose-model.ts';
import { buildBaseline } from './coverage/baseline.ts';
import { effectiveSamples, zoneOf } from './coverage/effective-samples.ts';
import { existingNetwork } from './coverage/existing-network.ts';
import { boresightReachM, defaultConfiguration, linkRule } from './coverage/link-rule.ts';
import { EVIDENCE_UNKNOWN } from './coverage/types.ts';
import { sampleLossDb } from './coverage/user-loss.ts';
import type { Executor } from './executor.ts';
import type { LoadedScenario } from './input/read-scenario.ts';
import { plan } from './plan.ts';
import type { PlanResult } from './plan-result.ts';
import type { ProgressListener } from './progress.ts';

export interface AssessOptions {
  /** Folder of the assessment of an earlier quarter. */
  readonly previousDir?: string | undefined;
  /** Wins over `assess.scorecard`; relative to the current folder. */
  readonly scorecardFile?: string | undefined;
  /** Wins over `feedback.file`; relative to the current folder. */
  readonly feedbackFile?: string | undefined;
  /** Also plans the sites that meet the targets. */
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
  const { inputs, feedback, scorecard, tables, previous } = read;
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
  const chosen = chooseModel(scenario, existing, inputs.measurements, inputs.model);
  const network =
    chosen.summary.calibrated && existing !== null
      ? existingNetwork(existing, scenario, chosen.choice)
      : null;
  const { baseline, bins } = buildBaseline({ demand, measurements, network, scenario });
  const zone = zoneOf(demand.lon, demand.lat);

  options.onProgress?.({ stage: 'simulate' });
  const samples = measurements === null ? null : effectiveSamples(measurements, zone);
  const assessed = assessTargets({ scenario, demand, membership, baseline, network, samples, zone });

  options.onProgress?.({ stage: 'weak areas' });
  const found = findWeakAreas({
    demand,
    baseline,
    membership,
    zone,
    thresholdDbm: scenario.service.rsrpDbm,
  });
  const joined =
    feedback === null
      ? null
      : joinFeedback({
          feedback,
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
    coverage: coverageFigures(assessed.targets, scenario.baseline.unmeasured, hasData),
    quarter: quarter ?? 0,
    earlier: new Map((previous?.scorecard ?? []).map(({ id, series }) => [id, series])),
  });
  const planned = options.withPlan === true ? await planOn(loaded, options) : null;
  const promises = promisesOf(planned);
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
      promises,
      costs: planned?.solution.sites.map((site) => planned.problem.siteCost[site]!) ?? [],
      weakAreas,
      measureNext: assessed.measureNext,
      feedback: joined?.findings ?? null,
      scorecard: results,
      siteCost: scenario.cost.site,
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
      promises: openPromises(promises, previous),
      scorecard: results.map(({ indicator, series }) => ({ id: indicator.id, series })),
    },
    met: hasData && assessed.targets.every((target) => target.met),
    hasData,
  };
}

async function planOn(loaded: LoadedScenario, options: AssessOptions): Promise<PlanResult> {
  const { executor, signal, onProgress } = options;
  return plan(loaded, { executor, signal, onProgress });
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

/** A plan's promises stay open until a newer plan replaces them. */
function openPromises(
  promises: readonly SitePromise[],
  previous: ComparisonState | null,
): readonly SitePromise[] {
  return promises.length > 0 ? promises : (previous?.promises ?? []);
}
