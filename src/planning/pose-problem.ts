import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { CandidateSet } from '../coverage/candidates.ts';
import type { SiteCosts } from '../coverage/site-cost.ts';
import { pairsOf } from '../coverage/span-coverage.ts';
import { TiledCoverage } from '../coverage/tiled-coverage.ts';
import { holdSolver } from '../memory/memory-account.ts';
import type { CoveringProblem } from '../solve/problem.ts';
import { assembleProblem } from './assemble-problem.ts';
import { costsOf } from './candidate-costs.ts';
import type { MatrixAt } from './coverage-source.ts';
import { needsListedPairs } from './needs-listed-pairs.ts';
import type { PlanRun } from './plan-run.ts';
import { serviceCoverage } from './service-coverage.ts';
import { roomsFromSinr } from './sinr-rooms.ts';
import { standingCoverage } from './standing-coverage.ts';

/** What is to be solved, and what it was made from. */
export interface PosedProblem {
  /** Candidates with their rooms. */
  readonly set: CandidateSet;
  /** Coverage with a signal that is so much better. */
  readonly matrixAt: MatrixAt;
  /** With the signal as it is. */
  readonly built: Awaited<ReturnType<MatrixAt>>;
  readonly costs: SiteCosts;
  readonly problem: CoveringProblem;
  /** Pairs are kept as spans in tiles. */
  readonly inTiles: boolean;
}

/** From places where sites may be built to a covering problem: rooms → coverage → costs → targets. */
export async function poseProblem(
  run: PlanRun,
  places: CandidateSet,
  checkpoint: Checkpoint,
): Promise<PosedProblem> {
  const { start, options, onAir, stage } = run;
  const { scenario, demand, existing, model, terrain, executor, signal, memory } = onAir;
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
    model,
    terrain,
    executor: checkpoint.executor('standing', executor),
    signal,
  });
  const costs = costsOf(scenario, set, start.inputs.fibre);
  holdSolver(memory, pairsOf(built.matrix), executor.threads);
  const { membership } = start.inputs;
  const problem = assembleProblem({
    ...{ scenario, demand, membership, baseline: start.baseline },
    ...{ set, standing, costs, matrix: built.matrix },
  });
  return { set, matrixAt, built, costs, problem, inTiles: built.matrix instanceof TiledCoverage };
}
