import highsModule from 'highs';
import type { LinearModel, LpAnswer, LpLimits, MipAnswer, MipLimits, MipSolver } from './mip.ts';

// The declarations describe a CommonJS module; the file that `import` resolves to exports the loader itself.
const loadHighs = highsModule as unknown as typeof highsModule.default;

type Highs = Awaited<ReturnType<typeof loadHighs>>;
type HighsModel = ReturnType<Highs['createModel']>;

/**
 * An instance whose memory has grown beyond this is given back after its run: it never shrinks (106 MB after a model of 33,000
 * entries; 20 at first).
 */
const KEPT_BYTES = 32 * 2 ** 20;

/** To collect takes 10 ms: next to nothing beside the run of a model of so many entries. */
const LARGE_ENTRIES = 20_000;

let held: Highs | null = null;

/** A compiled WebAssembly.Module. */
export type WasmModule = object;

let compile: (() => Promise<WasmModule>) | null = null;
let compiled: WasmModule | null = null;

/**
 * Says how this thread comes by the compiled HiGHS. Its module is then kept for all instances: otherwise the package compiles anew for
 * each one, and what had been optimised goes with the last instance (five times on planar F, a seventh of its processor time).
 */
export function compileHighsBy(how: () => Promise<WasmModule>): void {
  compile = how;
}

/** The hook of Emscripten's loader in which an instance is made; the package's own option for a module does nothing (1.15.3). */
interface InstanceHook {
  instantiateWasm(imports: object, receive: (instance: object) => void): void;
}

/** What is needed here of WebAssembly: the language library declares it for pages only. */
interface WebAssemblyEngine {
  readonly Instance: new (module: WasmModule, imports: object) => object;
}

async function openHighs(): Promise<Highs> {
  if (compile === null) return loadHighs();
  const module = (compiled ??= await compile());
  const { Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyEngine }).WebAssembly;
  const hook: InstanceHook = {
    instantiateWasm: (imports, receive) => receive(new Instance(module, imports)),
  };
  return loadHighs(hook as unknown as Parameters<typeof loadHighs>[0]);
}

async function withModel<Answer>(
  linear: LinearModel,
  integer: boolean,
  run: (highs: Highs, model: HighsModel) => Answer,
): Promise<Answer> {
  // Before the memory of a large model is added: building it has left 20 MB and more of heap.
  if (linear.rowOfEntry.length >= LARGE_ENTRIES) globalThis.gc?.();
  const highs = (held ??= await openHighs());
  try {
    return runModel(highs, createModel(highs, linear, integer), run);
  } finally {
    if (highs.memoryBytes > KEPT_BYTES) held = null;
  }
}

function runModel<Answer>(
  highs: Highs,
  model: HighsModel,
  run: (highs: Highs, model: HighsModel) => Answer,
): Answer {
  try {
    return run(highs, model);
  } finally {
    model.dispose();
  }
}

/** Turns of the event loop that collect what was given back: in the one in which a run ends, something still points to its instance. */
const COLLECTING_TURNS = 2;

/** What was given back would stay until the engine collects by itself, which a long search in arrays may never cause. */
async function collected<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const value = await answer;
  if (globalThis.gc === undefined) return value;
  for (let turn = 0; turn < COLLECTING_TURNS && held === null; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
    globalThis.gc();
  }
  return value;
}

/**
 * HiGHS compiled to WebAssembly (npm `highs`), in this thread; loads in Node and in browsers alike. Gap tolerances
 * are zero, limits are counted in nodes and simplex iterations, never in time; the seed is fixed.
 */
export const highsSolver: MipSolver = {
  solveMip: (linear, limits, start) =>
    collected(withModel(linear, true, (highs, model) => runMip(highs, model, limits, start))),
  solveLp: (linear, limits) =>
    collected(withModel(linear, false, (highs, model) => runLp(highs, model, limits))),
};

function runMip(highs: Highs, model: HighsModel, limits: MipLimits, start: Float64Array | null): MipAnswer {
  model.options.set({
    mip_rel_gap: 0,
    mip_abs_gap: 0,
    mip_max_nodes: limits.nodes,
    random_seed: limits.seed,
    mip_allow_restart: limits.restarts !== false,
    mip_min_logging_interval: 1e9,
    ...(limits.cutoff !== undefined && { objective_bound: limits.cutoff }),
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
}

/** Interior iterations; 30 to 60 were needed on the instances of ../shared. */
const INTERIOR_ITERATIONS = 200;

function runLp(highs: Highs, model: HighsModel, limits: LpLimits): LpAnswer {
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
