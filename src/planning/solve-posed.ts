import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { explainPlan, explanationHolds } from '../solve/explain.ts';
import {
  recountChanges,
  solveProblem,
  type InstanceAnswer,
  type SolveInstanceOptions,
  type StartPlan,
} from '../solve-instance.ts';
import { askedInterference } from './plan-interference.ts';
import type { PlanResult } from './plan-result.ts';
import type { PlanRun } from './plan-run.ts';
import type { PosedProblem } from './pose-problem.ts';
import { repairForSinr } from './repair-sinr.ts';
import { planSensitivity } from './sensitivity.ts';
import { planBySignalAlone } from './signal-alone.ts';

/** The plan and what the solver says about it. */
export type SolvedPlan = Pick<
  PlanResult,
  'solution' | 'changes' | 'interference' | 'explanation' | 'sensitivity' | 'signalAlone'
>;

/** Solves → changes sites for SINR → explains → asks what another signal, or signal alone, would need. */
export async function solvePosed(
  run: PlanRun,
  posed: PosedProblem,
  startPlan: StartPlan | undefined,
  checkpoint: Checkpoint,
): Promise<SolvedPlan> {
  const { start, options, onAir, stage } = run;
  const { scenario, executor, signal } = onAir;
  const { problem, set, inTiles } = posed;
  // Another budget of memory may list pairs: what one way computed is not the other's.
  const way = inTiles ? ' in tiles' : '';
  const solving: SolveInstanceOptions = {
    seed: scenario.solver.seed,
    effort: scenario.solver.effort,
    timeLimitS: scenario.solver.timeLimitS ?? null,
    tiles: scenario.solver.tiles,
    gapGoal: 0,
    executor: checkpoint.executor(`solve${way}`, executor),
    signal,
    onProgress: options.onProgress,
    nowS: () => checkpoint.nowS(),
    replayRounds: options.replayRounds,
    replayTasks: options.replayTasks,
  };
  const solved = async (): Promise<Pick<InstanceAnswer, 'solution' | 'changes'>> => {
    const { solution, changes } = await solveProblem(problem, { ...solving, startPlan });
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
            ...onAir,
            interference: spec,
            membership: start.inputs.membership,
            baseline: start.baseline,
            problem,
            solution: bySignal,
            candidates: set.candidates,
          }),
        );
  // Where sites were added or left out for SINR, coverage alone explains nothing.
  const isBySignal = solution === bySignal && explanationHolds(problem, solution) && !inTiles;
  const explanation =
    !isBySignal || signal?.aborted === true
      ? null
      : await stage('explain', () => explainPlan(problem, solution.sites));
  const asking = { ...solving, executor: checkpoint.executor(`what if${way}`, executor) };
  const sensitivity = await stage('what if', () =>
    checkpoint.result(`what if${way}`, () => planSensitivity(problem, posed.matrixAt, asking), signal),
  );
  const isAssigned = solution.phases.some(({ assignment }) => assignment !== undefined);
  const signalAlone =
    isAssigned && signal?.aborted !== true
      ? await stage('by signal alone', () =>
          checkpoint.result('by signal alone', () => planBySignalAlone(problem, asking), signal),
        )
      : null;
  return {
    solution,
    // What the search made of the earlier plan; sites may have come and gone for SINR since.
    changes: changes && solution !== bySignal ? recountChanges(problem, changes, solution) : changes,
    interference,
    explanation,
    sensitivity,
    signalAlone,
  };
}
