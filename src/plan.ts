import { buildCandidates } from './coverage/candidates.ts';
import type { LinkCounts } from './coverage/link-counts.ts';
import { readInputs } from './input/read-inputs.ts';
import type { LoadedScenario } from './input/read-scenario.ts';
import { openAccount } from './memory/memory-account.ts';
import { chooseModel } from './planning/choose-model.ts';
import { matchEarlierPlan, readEarlierPlan } from './planning/earlier-plan.ts';
import { checkOnGround, groundOfScenario } from './planning/ground.ts';
import { holdCandidates, holdRaster } from './planning/hold-parts.ts';
import { lookAtPlan } from './planning/look-at-plan.ts';
import { sinrShortfalls } from './planning/plan-interference.ts';
import type { PlanResult } from './planning/plan-result.ts';
import { openRun, stagesOf, startWork, type PlanOptions, type PlanStart } from './planning/plan-run.ts';
import { poseProblem } from './planning/pose-problem.ts';
import { leftOutCases } from './planning/sensitivity.ts';
import { roomShortfall } from './planning/sinr-rooms.ts';
import { solvePosed } from './planning/solve-posed.ts';
import { splitDemand } from './planning/split-demand.ts';
import { UNEXPLAINED_IN_TILES } from './planning/tiled-source.ts';
import { networkToday } from './planning/today.ts';
import { weighByFeedback } from './planning/weigh-by-feedback.ts';
import type { ProgressListener } from './progress.ts';

/**
 * The main job: read → model → baseline → candidates → coverage → solve. Returns data; it never writes, prints or
 * exits. An infeasible plan is a result.
 * @throws InputError with every finding when the inputs are not valid, EnvironmentError when they would not fit into memory.
 */
export async function plan(loaded: LoadedScenario, options: PlanOptions = {}): Promise<PlanResult> {
  const { scenario } = loaded;
  const stage = stagesOf(options);
  const memory = options.memory ?? openAccount(scenario.solver.memory, options.executor?.threads ?? 1);
  const read = await stage('read', () => readInputs(loaded, { ...definedOnly({ ...options }), memory }));
  const { measurements, existing } = read;
  const byPoint = await weighByFeedback(loaded, read.demand, options.maxErrors);
  const { demand, membership } = splitDemand(scenario, byPoint.demand, read.membership, memory);
  const inputs = { ...read, demand, membership };
  const weighed = { ...byPoint, demand };
  const chosen = chooseModel(scenario, existing, measurements, inputs.model, inputs.antenna);
  if (scenario.terrain !== undefined) options.onProgress?.({ stage: 'terrain' });
  const ground = await groundOfScenario(loaded, inputs, chosen.choice, { ...options, memory });
  const { executor, signal } = options;
  const terrain = ground?.layer ?? null;
  const today = await stage('baseline', () =>
    networkToday({ scenario, demand, measurements, existing, chosen, terrain, executor, signal }),
  );
  return planFrom(loaded, { inputs, weighed, chosen, ground, ...today }, { ...options, memory });
}

/** The part of `plan` after the baseline: candidates → coverage → solve. An assessment starts here. */
export async function planFrom(
  loaded: LoadedScenario,
  start: PlanStart,
  options: PlanOptions = {},
): Promise<PlanResult> {
  const run = openRun(loaded, start, options);
  const { scenario, demand, existing, model, memory, signal } = run.onAir;
  const { inputs, weighed, chosen, ground, baseline, bins, existingLinks } = start;
  const places = buildCandidates({
    scenario,
    demand,
    fromFile: inputs.candidates,
    existing,
    keepOut: inputs.keepOut,
    bins,
    model,
  });
  const groundWarnings =
    ground === null
      ? []
      : checkOnGround(places.candidates, scenario.candidates.file, ground, options.maxErrors);
  holdCandidates(memory, places);
  holdRaster(memory, demand, options.raster?.cellM);
  const earlierFile = await readEarlierPlan(loaded);
  const summaries = [
    ...inputs.summaries,
    ...weighed.summaries,
    ...(ground?.summaries ?? []),
    ...(earlierFile === null ? [] : [earlierFile.summary]),
  ];
  const checkpoint = await startWork(options, summaries);
  const posed = await poseProblem(run, places, checkpoint);
  const { set, built, costs, problem } = posed;
  const earlier = matchEarlierPlan(earlierFile, scenario.start?.changeCost ?? 0, problem);
  const solved = await solvePosed(run, posed, earlier.startPlan, checkpoint);
  const view = await lookAtPlan(run, set, solved.solution);
  const warnings = [
    ...inputs.warnings,
    ...weighed.warnings,
    ...(chosen.warning === null ? [] : [chosen.warning]),
    ...(ground?.warnings ?? []),
    ...groundWarnings,
    ...set.warnings,
    ...earlier.warnings,
    ...sinrShortfalls(solved.interference),
    ...roomShortfall(view.roomInPlan, problem, solved.solution),
    ...leftOutCases(solved.sensitivity, signal),
    ...(posed.inTiles ? [UNEXPLAINED_IN_TILES] : []),
  ];
  return {
    scenario,
    inputs: summaries,
    warnings,
    demand,
    regions: inputs.regions,
    regionOfDemand: inputs.membership.regionOfDemand,
    regionNames: inputs.membership.names,
    existing,
    candidates: set.candidates,
    configurations: set.configurations,
    configurationOfCandidate: set.configurationOfCandidate,
    model: { ...chosen.summary, ...countsOf(built), existing: existingLinks },
    baseline,
    bins,
    problem,
    ...solved,
    ...view,
    costs,
    isUpgrade: set.options?.isUpgrade ?? null,
  };
}

/** What a report says of the covered links. */
function countsOf(built: LinkCounts): LinkCounts {
  const { links, linksOutsideValidity, linksHeldAtFreeSpace, linkWarnings } = built;
  return { links, linksOutsideValidity, linksHeldAtFreeSpace, linkWarnings };
}

/** Options of the readers without the keys that were not given. */
function definedOnly({ maxErrors, onProgress, signal }: PlanOptions): {
  maxErrors?: number;
  onProgress?: ProgressListener;
  signal?: AbortSignal;
} {
  return {
    ...(maxErrors !== undefined && { maxErrors }),
    ...(onProgress !== undefined && { onProgress }),
    ...(signal !== undefined && { signal }),
  };
}
