import { assembleProblem } from './planning/assemble-problem.ts';
import { noCheckpoint, type Checkpoint } from './checkpoint/checkpoint.ts';
import { costsOf } from './planning/candidate-costs.ts';
import { chooseModel, type ChosenModel } from './planning/choose-model.ts';
import { coverageRaster, type CoverageRasterOptions } from './prediction/coverage-raster.ts';
import { buildCandidates } from './coverage/candidates.ts';
import { pairsOf } from './coverage/span-coverage.ts';
import type { LinkCounts } from './coverage/link-counts.ts';
import { TiledCoverage } from './coverage/tiled-coverage.ts';
import { evaluatePlan } from './planning/evaluate-plan.ts';
import { matchEarlierPlan, readEarlierPlan } from './planning/earlier-plan.ts';
import { inProcessExecutor, type Executor } from './executor.ts';
import { checkOnGround, groundOfScenario } from './planning/ground.ts';
import { readInputs, type ScenarioInputs } from './input/read-inputs.ts';
import type { LoadedScenario } from './input/read-scenario.ts';
import type { LoadedTerrain } from './input/terrain/load-layers.ts';
import { serviceCoverage } from './planning/service-coverage.ts';
import { splitDemand } from './planning/split-demand.ts';
import { holdCandidates, holdRaster } from './planning/hold-parts.ts';
import { needsListedPairs } from './planning/needs-listed-pairs.ts';
import { planBySignalAlone } from './planning/signal-alone.ts';
import { roomsFromSinr, roomShortfall, roomsInPlan } from './planning/sinr-rooms.ts';
import { serveLines } from './planning/serve-lines.ts';
import { standingCoverage } from './planning/standing-coverage.ts';
import { UNEXPLAINED_IN_TILES } from './planning/tiled-source.ts';
import { networkToday, type Today } from './planning/today.ts';
import { weighByFeedback, type WeighedDemand } from './planning/weigh-by-feedback.ts';
import type { InputFileSummary } from './input/types.ts';
import { holdSolver, openAccount, type MemoryAccount } from './memory/memory-account.ts';
import { askedInterference, sinrShortfalls } from './planning/plan-interference.ts';
import { repairForSinr } from './planning/repair-sinr.ts';
import type { PlanResult } from './planning/plan-result.ts';
import type { ProgressListener } from './progress.ts';
import { leftOutCases, planSensitivity } from './planning/sensitivity.ts';
import { explainPlan, explanationHolds } from './solve/explain.ts';
import {
  recountChanges,
  solveProblem,
  type InstanceAnswer,
  type SolveInstanceOptions,
} from './solve-instance.ts';

export interface PlanOptions {
  /** Default: everything in this thread. */
  readonly executor?: Executor | undefined;
  /** Aborted: the search ends soon and the best plan so far comes back, marked interrupted. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** Findings listed before reading stops; default 20. */
  readonly maxErrors?: number | undefined;
  /** Stop after as many solver rounds as a time-limited run recorded: the same plan comes out. */
  readonly replayRounds?: number | undefined;
  /** Of the last of them only these tasks count; absent = all. */
  readonly replayTasks?: readonly number[] | undefined;
  /** Work out the coverage raster (coverage.tif) with these wishes; absent = none. */
  readonly raster?: CoverageRasterOptions | undefined;
  /**
   * Called once every input is valid, before the work starts: the moment to take an output folder and, to go on from
   * an interrupted run, to return its checkpoint.
   */
  readonly onInputsValid?:
    ((inputs: readonly InputFileSummary[]) => Promise<Checkpoint | undefined>) | undefined;
  /** What else works on listed pairs of site and user (`--write-mps`): they are then never kept in tiles. */
  readonly needsPairs?: string | undefined;
  /** What the run holds in memory, against a budget; default: opened for `solver.memory` of the scenario. */
  readonly memory?: MemoryAccount | undefined;
  /** Wall seconds of each stage, for `run.json`. */
  readonly onStageDone?: ((stage: string, seconds: number) => void) | undefined;
}

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

/** What is known of today before anything is planned. */
export interface PlanStart extends Omit<Today, 'network' | 'servers'> {
  readonly inputs: ScenarioInputs;
  /** The users that are planned for. */
  readonly weighed: WeighedDemand;
  readonly chosen: ChosenModel;
  /** Terrain and clutter around users and sites; null where none is given. */
  readonly ground: LoadedTerrain | null;
}

/** The part of `plan` after the baseline: candidates → coverage → solve. An assessment starts here. */
export async function planFrom(
  loaded: LoadedScenario,
  { inputs, weighed, chosen, ground, baseline, bins, existingLinks }: PlanStart,
  options: PlanOptions = {},
): Promise<PlanResult> {
  const { executor = inProcessExecutor, signal, onProgress } = options;
  const { scenario } = loaded;
  const memory = options.memory ?? openAccount(scenario.solver.memory, executor.threads);
  const stage = stagesOf(options);
  const { demand } = weighed;
  const { existing, membership } = inputs;
  const places = buildCandidates({
    scenario,
    demand,
    fromFile: inputs.candidates,
    existing,
    keepOut: inputs.keepOut,
    bins,
    model: chosen.choice,
  });
  const terrain = ground?.layer ?? null;
  const onAir = { scenario, demand, existing, model: chosen.choice, terrain, executor, signal, memory };
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
  const checkpoint = (await options.onInputsValid?.(summaries)) ?? noCheckpoint;
  const set =
    scenario.capacity?.fromSinr === undefined
      ? places
      : await stage('room', async () => ({
          ...places,
          candidates: await roomsFromSinr({ ...onAir, set: places }),
        }));
  const { matrixAt, built } = await stage('coverage', async () => {
    const recorded = checkpoint.executor('coverage', executor);
    const { candidates: sites, configurationOfCandidate: ruleOfSite, configurations } = set;
    const source = await serviceCoverage({
      ...onAir,
      sites,
      ruleOfSite,
      configurations,
      executor: recorded,
      listing: {
        tiles: scenario.solver.tiles,
        needsPairs: needsListedPairs(scenario, existing, set.candidates) ?? options.needsPairs ?? null,
      },
    });
    return { matrixAt: source, built: await source(0) };
  });
  const standing = await standingCoverage({
    scenario,
    demand,
    existing,
    model: chosen.choice,
    terrain,
    executor: checkpoint.executor('standing', executor),
    signal,
  });
  const costs = costsOf(scenario, set, inputs.fibre);
  holdSolver(memory, pairsOf(built.matrix), executor.threads);
  // Another budget of memory may list them: what one way computed is not the other's.
  const way = built.matrix instanceof TiledCoverage ? ' in tiles' : '';
  const parts = { scenario, demand, membership, baseline, set, standing, costs };
  const problem = assembleProblem({ ...parts, matrix: built.matrix });
  const solving: SolveInstanceOptions = {
    seed: scenario.solver.seed,
    effort: scenario.solver.effort,
    timeLimitS: scenario.solver.timeLimitS ?? null,
    tiles: scenario.solver.tiles,
    gapGoal: 0,
    executor: checkpoint.executor(`solve${way}`, executor),
    signal,
    onProgress,
    nowS: () => checkpoint.nowS(),
    replayRounds: options.replayRounds,
    replayTasks: options.replayTasks,
  };
  const earlier = matchEarlierPlan(earlierFile, scenario.start?.changeCost ?? 0, problem);
  const solved = async (): Promise<Pick<InstanceAnswer, 'solution' | 'changes'>> => {
    const { solution, changes } = await solveProblem(problem, { ...solving, startPlan: earlier.startPlan });
    return { solution, changes };
  };
  const { solution: bySignal, changes } = await stage('solve', () =>
    checkpoint.result(`solve${way}`, solved, signal),
  );
  const spec = signal?.aborted === true ? null : askedInterference(scenario);
  const { solution, interference } =
    spec === null
      ? { solution: bySignal, interference: null }
      : await stage('interference', () =>
          repairForSinr({
            ...{ ...onAir, interference: spec, membership, baseline, problem, solution: bySignal },
            candidates: set.candidates,
          }),
        );
  // Where sites were added or left out for SINR, coverage alone explains nothing.
  const isBySignal = solution === bySignal && explanationHolds(problem, solution) && way === '';
  const explanation =
    !isBySignal || signal?.aborted === true
      ? null
      : await stage('explain', () => explainPlan(problem, solution.sites));
  const asking = { ...solving, executor: checkpoint.executor(`what if${way}`, executor) };
  const sensitivity = await stage('what if', () =>
    checkpoint.result(`what if${way}`, () => planSensitivity(problem, matrixAt, asking), signal),
  );
  const isAssigned = solution.phases.some(({ assignment }) => assignment !== undefined);
  const signalAlone =
    isAssigned && signal?.aborted !== true
      ? await stage('by signal alone', () =>
          checkpoint.result('by signal alone', () => planBySignalAlone(problem, asking), signal),
        )
      : null;
  const asked = signal?.aborted === true ? undefined : options.raster;
  const planned =
    asked &&
    (await stage('raster', () =>
      coverageRaster({
        scenario,
        demand,
        regions: inputs.regions,
        existing,
        set,
        chosen: solution.sites,
        model: chosen.choice,
        terrain,
        executor,
        signal,
        options: asked,
      }),
    ));
  const roomInPlan =
    signal?.aborted === true ? null : await roomsInPlan({ ...onAir, candidates: set.candidates, solution });
  const evaluating = { ...onAir, ...inputs, ...set, loaded, chosen, solution, maxErrors: options.maxErrors };
  const evaluation =
    inputs.evaluated === null
      ? null
      : await stage('evaluate', () => evaluatePlan({ ...evaluating, plannedPeriods: demand.periods }));
  const lines =
    inputs.lines === null
      ? null
      : await stage('lines', () => serveLines({ ...evaluating, lines: inputs.lines }));
  const warnings = [
    ...inputs.warnings,
    ...weighed.warnings,
    ...(chosen.warning === null ? [] : [chosen.warning]),
    ...(ground?.warnings ?? []),
    ...groundWarnings,
    ...set.warnings,
    ...earlier.warnings,
    ...sinrShortfalls(interference),
    ...roomShortfall(roomInPlan, problem, solution),
    ...leftOutCases(sensitivity, signal),
    ...(way === '' ? [] : [UNEXPLAINED_IN_TILES]),
  ];
  return {
    scenario,
    inputs: summaries,
    warnings,
    demand,
    regions: inputs.regions,
    regionOfDemand: membership.regionOfDemand,
    regionNames: membership.names,
    existing,
    candidates: set.candidates,
    configurations: set.configurations,
    configurationOfCandidate: set.configurationOfCandidate,
    model: { ...chosen.summary, ...countsOf(built), existing: existingLinks },
    baseline,
    bins,
    problem,
    solution,
    // What the search made of the earlier plan; sites may have come and gone for SINR since.
    changes: changes && solution !== bySignal ? recountChanges(problem, changes, solution) : changes,
    explanation,
    sensitivity,
    signalAlone,
    raster: planned?.raster ?? null,
    areas: planned?.areas ?? null,
    interference,
    roomInPlan,
    evaluation,
    lines,
    costs,
    isUpgrade: set.options?.isUpgrade ?? null,
  };
}

/** Announces each stage as it begins and tells its wall seconds when it is done. */
function stagesOf({ onProgress, onStageDone }: PlanOptions) {
  return async <Result>(name: string, work: () => Result | Promise<Result>): Promise<Result> => {
    onProgress?.({ stage: name });
    const startedMs = performance.now();
    const result = await work();
    onStageDone?.(name, (performance.now() - startedMs) / 1000);
    return result;
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
