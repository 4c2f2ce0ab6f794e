import { noCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { inProcessExecutor, type Executor } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { ScenarioInputs } from '../input/read-inputs.ts';
import type { LoadedScenario } from '../input/read-scenario.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { LoadedTerrain } from '../input/terrain/load-layers.ts';
import type { Demand, InputFileSummary, SiteTable } from '../input/types.ts';
import type { ModelChoice } from '../coverage/link-rule.ts';
import { openAccount, type MemoryAccount } from '../memory/memory-account.ts';
import type { CoverageRasterOptions } from '../prediction/coverage-raster.ts';
import type { ProgressListener } from '../progress.ts';
import type { ChosenModel } from './choose-model.ts';
import type { Today } from './today.ts';
import type { WeighedDemand } from './weigh-by-feedback.ts';

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

/** What is known of today before anything is planned. */
export interface PlanStart extends Omit<Today, 'network' | 'servers'> {
  readonly inputs: ScenarioInputs;
  /** The users that are planned for. */
  readonly weighed: WeighedDemand;
  readonly chosen: ChosenModel;
  /** Terrain and clutter around users and sites; null where none is given. */
  readonly ground: LoadedTerrain | null;
}

/** What every question of signal is asked with. */
export interface OnAir {
  readonly scenario: Scenario;
  readonly demand: Demand;
  readonly existing: SiteTable | null;
  readonly model: ModelChoice;
  readonly terrain: TerrainLayer | null;
  readonly executor: Executor;
  readonly signal: AbortSignal | undefined;
  readonly memory: MemoryAccount;
}

/** A run of `plan` from the baseline on, as its parts see it. */
export interface PlanRun {
  readonly loaded: LoadedScenario;
  readonly start: PlanStart;
  readonly options: PlanOptions;
  readonly onAir: OnAir;
  readonly stage: Stage;
}

export function openRun(loaded: LoadedScenario, start: PlanStart, options: PlanOptions): PlanRun {
  const { scenario } = loaded;
  const { executor = inProcessExecutor, signal } = options;
  return {
    loaded,
    start,
    options,
    onAir: {
      scenario,
      demand: start.weighed.demand,
      existing: start.inputs.existing,
      model: start.chosen.choice,
      terrain: start.ground?.layer ?? null,
      executor,
      signal,
      memory: options.memory ?? openAccount(scenario.solver.memory, executor.threads),
    },
    stage: stagesOf(options),
  };
}

/** The inputs are valid and the work begins: whoever asked takes an output folder and may return a checkpoint. */
export async function startWork(
  { onInputsValid }: PlanOptions,
  summaries: readonly InputFileSummary[],
): Promise<Checkpoint> {
  return (await onInputsValid?.(summaries)) ?? noCheckpoint;
}

/** Does the work of a stage. */
export type Stage = <Result>(name: string, work: () => Result | Promise<Result>) => Promise<Result>;

/** Announces each stage as it begins and tells its wall seconds when it is done. */
export function stagesOf({ onProgress, onStageDone }: PlanOptions): Stage {
  return async (name, work) => {
    onProgress?.({ stage: name });
    const startedMs = performance.now();
    const result = await work();
    onStageDone?.(name, (performance.now() - startedMs) / 1000);
    return result;
  };
}
