import type { CandidateSet } from '../coverage/candidates.ts';
import { coverageRaster } from '../prediction/coverage-raster.ts';
import type { Solution } from '../solve/solution.ts';
import { evaluatePlan } from './evaluate-plan.ts';
import type { PlanResult } from './plan-result.ts';
import type { PlanRun } from './plan-run.ts';
import { serveLines } from './serve-lines.ts';
import { roomsInPlan } from './sinr-rooms.ts';

/** What the finished plan gives beyond the users it was made for. */
export type PlanInView = Pick<PlanResult, 'raster' | 'areas' | 'roomInPlan' | 'evaluation' | 'lines'>;

/** Looks at the finished plan on air: coverage raster, room at its own SINR, other periods, roads and railways. */
export async function lookAtPlan(run: PlanRun, set: CandidateSet, solution: Solution): Promise<PlanInView> {
  const { loaded, start, options, onAir, stage } = run;
  const { inputs, chosen } = start;
  const { scenario, demand, existing, model, terrain, executor, signal } = onAir;
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
        model,
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
  return {
    raster: planned?.raster ?? null,
    areas: planned?.areas ?? null,
    roomInPlan,
    evaluation,
    lines,
  };
}
