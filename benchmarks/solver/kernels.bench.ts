/**
 * TypeScript kernels, the query in WebAssembly, against the same loops in C++ (-O3 -march=native), on the same points in
 * the same run, one thread each. Both must find the same pairs, classes, transpose and greedy plan.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBytes } from '../../src/input/instance/bytes.ts';
import { readFacilityCustomerFile } from '../../src/input/instance/point-file.ts';
import { buildPointGrid, type PointGrid } from '../../src/coverage/point-grid.ts';
import { coverWithinRadius } from '../../src/coverage/radius-coverage.ts';
import { readInstance } from '../../src/input/instance/read-instance.ts';
import { buildModel } from '../../src/solve/build-model.ts';
import { findCostGrid } from '../../src/solve/cost-grid.ts';
import { CoverState } from '../../src/solve/cover-state.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { addGreedily } from '../../src/solve/greedy.ts';
import { sharedUint32, type Allocate } from '../../src/geo/shared-array.ts';
import { mergeEqualCoverSets, rowsOf, transpose } from '../../src/solve/merge.ts';
import type { Row, RunOptions } from '../benchmark.ts';
import { fastest } from '../support/timing.ts';

export const name = 'solver kernels';
export const question =
  'How much longer than C++ -O3 do our kernels take (query <= 1.3, merge, transpose, lazy greedy <= 2)?';

/** So many runs of each kernel that the engine has compiled it; the least counts, in C++ as here. */
const REPETITIONS = { 'B-uniform-200x100k': 300, 'D-uniform-5000x200k': 80, 'F-clustered-5000x200k': 12 };
const planar = fileURLToPath(new URL('../../../shared/instances/planar/', import.meta.url));
const source = fileURLToPath(new URL('../native/kernels.cpp', import.meta.url));

interface Measured {
  readonly pairs: number;
  readonly classes: number;
  readonly transposed: number;
  readonly greedyCost: number;
  readonly greedySites: number;
  readonly queryS: number;
  readonly mergeS: number;
  readonly transposeS: number;
  readonly greedyS: number;
}

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  if (!existsSync(planar) || spawnSync('g++', ['--version']).status !== 0) {
    log('left out: needs ../shared/instances and g++');
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'mastplan-kernels-'));
  try {
    const program = join(folder, 'kernels');
    execFileSync('g++', ['-O3', '-march=native', '-std=c++17', '-o', program, source]);
    const rows: Row[] = [];
    for (const [file, repetitions] of Object.entries(REPETITIONS)) {
      if (!file.includes(only)) continue;
      log(file);
      rows.push(await compare(file, repetitions, program, join(folder, 'input.bin')));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(label: string, repetitions: number, program: string, input: string): Promise<Row> {
  const path = `${planar}${label}.txt.gz`;
  const { chunks } = await openBytes(path);
  const points = await readFacilityCustomerFile(path, chunks, true);
  const { siteX, siteY, siteRadius } = points;
  const meanRadius = siteRadius.reduce((sum, radius) => sum + radius, 0) / siteRadius.length;
  const grid = buildPointGrid(points.demandX, points.demandY, meanRadius);
  const share = { numerator: 19, denominator: 20 };
  const problem = await readInstance(path, { share, of: 'reachable' });
  const targets = problem.phases.flatMap((phase) => phase.targets);
  const { model } = buildModel(problem, targets, problem.siteCost, findCostGrid(problem.siteCost));

  let coverage = coverWithinRadius(grid, siteX, siteY, siteRadius);
  const edges = reused();
  const queryS = fastest(
    repetitions,
    () => (coverage = coverWithinRadius(grid, siteX, siteY, siteRadius, edges)),
  );
  const { demandCount, siteStart, demandOfSite } = coverage;
  const covers = rowsOf(coverage);
  let classes = 0;
  const mergeS = fastest(repetitions, () => (classes = mergeEqualCoverSets(covers, null, null).classCount));
  let turned: Uint32Array = new Uint32Array(0);
  const again = reused();
  const transposeS = fastest(
    repetitions,
    () => (turned = transpose(siteStart, demandOfSite, demandCount, again).rows),
  );
  let state = new CoverState(model);
  const greedyS = fastest(repetitions, () => addGreedily((state = new CoverState(model))));
  let transposed = 0;
  for (let pair = 0; pair < turned.length; pair += 97) transposed += turned[pair]!;
  const here: Measured = {
    pairs: demandOfSite.length,
    classes,
    transposed,
    greedyCost: state.cost,
    greedySites: state.sites().length,
    queryS,
    mergeS,
    transposeS,
    greedyS,
  };
  writeFileSync(input, nativeInput(grid, siteX, siteY, siteRadius, model));
  const native = JSON.parse(execFileSync(program, [input, String(repetitions)]).toString()) as Measured;
  for (const figure of ['pairs', 'classes', 'transposed', 'greedyCost', 'greedySites'] as const) {
    if (here[figure] !== native[figure]) {
      throw new Error(`${label}: ${figure} is ${here[figure]} here and ${native[figure]} in C++`);
    }
  }
  return { label, metrics: kernels.flatMap((kernel) => kernelMetrics(kernel, here, native)) };
}

/** The same memory every time: the C++ program keeps its own, and pages touched for the first time cost more than the loops. */
function reused(): Allocate {
  const kept = new Map<number, Uint32Array>();
  return (length) => {
    const own = kept.get(length) ?? sharedUint32(length);
    kept.set(length, own);
    return own;
  };
}

const kernels = ['query', 'merge', 'transpose', 'greedy'] as const;

function kernelMetrics(kernel: (typeof kernels)[number], here: Measured, native: Measured): Row['metrics'] {
  const [ours, theirs] = [here[`${kernel}S`], native[`${kernel}S`]];
  return [
    { name: kernel, unit: 'ms', value: ours * 1000, better: 'info' },
    { name: `${kernel} C++`, unit: 'ms', value: theirs * 1000, better: 'info' },
    { name: `${kernel} ratio`, unit: '', value: ours / theirs, better: 'smaller', noise: 0.4 },
  ];
}

/** The arrays that the C++ program reads, one after the other; see its main. */
function nativeInput(
  grid: PointGrid,
  siteX: Float64Array,
  siteY: Float64Array,
  siteRadius: Float64Array,
  model: CoveringModel,
): Uint8Array {
  if (model.targetCount !== 1 || model.siteCount !== siteX.length) {
    throw new Error('the native greedy takes one target and all sites');
  }
  const users = new Float64Array(model.classCount);
  for (let own = 0; own < model.classCount; own++) {
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++)
      users[own]! += model.weightUsers[w]!;
  }
  const { columns, rows, minX, minY, cell, x, y, cellStart } = grid;
  const counts = Uint32Array.of(
    x.length,
    siteX.length,
    columns,
    rows,
    model.classCount,
    model.classOfSite.length,
  );
  const frame = Float64Array.of(minX, minY, cell, model.need[0] ?? 0);
  const parts = [
    ...[counts, frame, x, y, siteX, siteY, siteRadius, model.cost, users, cellStart],
    ...[model.siteStart, model.classOfSite],
  ];
  return Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)));
}
