import highsModule from 'highs';
import type { LinearModel, LpAnswer, LpLimits, MipAnswer, MipLimits, MipSolver } from './mip.ts';

// The declarations describe a CommonJS module; the file that `import` resolves to exports the loader itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;

type Highs = Awaited<ReturnType<typeof loadHighs>>;
type HighsModel = ReturnType<Highs['createModel']>;

/** Runs after which the WebAssembly instance is given back: its memory grows and never shrinks. */
const RUNS_PER_INSTANCE = 40;
/** Models of more entries than this get an instance of their own, for the same reason. */
const LARGE_ENTRIES = 150_000;

let held: { readonly highs: Highs; runs: number } | null = null;

async function instance(model: LinearModel): Promise<Highs> {
  const large = model.rowOfEntry.length > LARGE_ENTRIES;
  if (large || held === null || held.runs >= RUNS_PER_INSTANCE) held = { highs: await loadHighs(), runs: 0 };
  const { highs } = held;
  held.runs++;
  if (large) held = null;
  return highs;
}

/**
 * HiGHS compiled to WebAssembly (npm `highs`), in this thread; loads in Node and in browsers alike. Gap tolerances
 * are zero, limits are counted in nodes and simplex iterations, never in time; the seed is fixed.
 */
export const highsSolver: MipSolver = { solveMip, solveLp };

async function solveMip(
  linear: LinearModel,
  limits: MipLimits,
  start: Float64Array | null,
): Promise<MipAnswer> {
  const highs = await instance(linear);
  const model = createModel(highs, linear, true);
  try {
    model.options.set({
      mip_rel_gap: 0,
      mip_abs_gap: 0,
      mip_max_nodes: limits.nodes,
      random_seed: limits.seed,
      mip_min_logging_interval: 1e9,
    });
    if (start !== null) model.setSolution({ colValue: start });
    let iterations = 0;
    const { callbackType, modelStatus } = highs.constants;
    model.run({
      [callbackType.mipInterrupt](event) {
        iterations = Number(event.data.mip_total_lp_iterations ?? 0);
        if (iterations >= limits.iterations || limits.shouldStop?.() === true) event.interrupt();
        return undefined;
      },
    });
    const status = model.getModelStatus();
    const found = model.info.get('primal_solution_status') === highs.constants.solutionStatus.feasible;
    const optimal = status === modelStatus.optimal;
    return {
      status: optimal ? 'optimal' : status === modelStatus.infeasible ? 'infeasible' : 'limit',
      bound: Number(model.info.get('mip_dual_bound')),
      values: found ? Float64Array.from(model.getSolution().colValue) : null,
      iterations: Math.max(iterations, Number(model.info.get('simplex_iteration_count'))),
    };
  } finally {
    model.dispose();
  }
}

/** Interior iterations; 30 to 60 were needed on the instances of ../shared. */
const INTERIOR_ITERATIONS = 200;

async function solveLp(linear: LinearModel, limits: LpLimits): Promise<LpAnswer> {
  const highs = await instance(linear);
  const model = createModel(highs, linear, false);
  try {
    model.options.set(
      limits.method === 'simplex'
        ? { solver: 'simplex', simplex_iteration_limit: limits.iterations }
        : {
            solver: 'ipm',
            run_crossover: 'off',
            ipm_optimality_tolerance: 1e-6,
            ipm_iteration_limit: INTERIOR_ITERATIONS,
          },
    );
    const stopWhenAsked = (event: { interrupt(): void }): undefined => {
      if (limits.shouldStop?.() === true) event.interrupt();
      return undefined;
    };
    const { callbackType } = highs.constants;
    model.run({
      [callbackType.simplexInterrupt]: stopWhenAsked,
      [callbackType.ipmInterrupt]: stopWhenAsked,
    });
    const solution = model.getSolution();
    return {
      status: model.getModelStatus() === highs.constants.modelStatus.optimal ? 'optimal' : 'limit',
      objective: model.getObjectiveValue(),
      rowDual: Float64Array.from(solution.rowDual),
      values: Float64Array.from(solution.colValue),
      iterations: Number(model.info.get('simplex_iteration_count')),
    };
  } finally {
    model.dispose();
  }
}

function createModel(highs: Highs, linear: LinearModel, integer: boolean): HighsModel {
  const { columnCount, integerCount } = linear;
  const { variableType } = highs.constants;
  const colUpper = new Float64Array(columnCount).fill(1);
  const integrality = new Int32Array(columnCount).fill(variableType.continuous);
  if (integer) integrality.fill(variableType.integer, 0, integerCount);
  const model = highs.createModel();
  model.options.set({ output_flag: false });
  model.passModel({
    numCols: columnCount,
    numRows: linear.rowCount,
    offset: linear.offset,
    colCost: linear.cost,
    colLower: new Float64Array(columnCount),
    colUpper,
    rowLower: linear.rowLower,
    rowUpper: linear.rowUpper,
    matrix: {
      format: 'csc',
      numRows: linear.rowCount,
      numCols: columnCount,
      starts: linear.columnStart,
      indices: linear.rowOfEntry,
      values: linear.valueOfEntry,
    },
    ...(integer ? { integrality } : {}),
  });
  return model;
}
