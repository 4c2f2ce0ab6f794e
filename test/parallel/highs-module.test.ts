import { afterEach, describe, expect, it } from 'vitest';
import { shareHighsModule } from '../../src/parallel/highs-module.ts';
import { createRandom } from '../../src/random.ts';
import { highsSolver } from '../../src/solve/highs.ts';
import type { LinearModel } from '../../src/solve/mip.ts';

interface Engine {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object, imports: object) => object;
}

const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
const original = { compile: engine.compile, Instance: engine.Instance };

/** A covering relaxation so large that HiGHS' memory grows beyond what an instance is kept with (32 MB). */
function largeModel(): LinearModel {
  const [columnCount, rowCount, entriesPerColumn] = [4_000, 4_000, 30];
  const random = createRandom(1);
  const rowOfEntry = new Int32Array(columnCount * entriesPerColumn);
  for (let column = 0; column < columnCount; column++) {
    const rows = new Set([column]);
    while (rows.size < entriesPerColumn) rows.add(random.below(rowCount));
    rowOfEntry.set(
      [...rows].sort((a, b) => a - b),
      column * entriesPerColumn,
    );
  }
  return {
    ...{ columnCount, rowCount, integerCount: 0, offset: 0, rowOfEntry },
    cost: Float64Array.from({ length: columnCount }, () => 1 + random.next()),
    rowLower: new Float64Array(rowCount).fill(1),
    rowUpper: new Float64Array(rowCount).fill(Infinity),
    columnStart: Int32Array.from({ length: columnCount + 1 }, (_, column) => column * entriesPerColumn),
    valueOfEntry: new Float64Array(rowOfEntry.length).fill(1),
  };
}

afterEach(() => {
  Object.assign(engine, original);
});

describe('the compiled HiGHS of a thread', () => {
  it('is compiled once, also where an instance that has grown was given back and another is made', async () => {
    const modules: object[] = [];
    let instances = 0;
    engine.compile = async (bytes) => {
      const module = await original.compile(bytes);
      modules.push(module);
      return module;
    };
    engine.Instance = class extends original.Instance {
      constructor(module: object, imports: object) {
        super(module, imports);
        // The loader makes little modules of its own for functions that are called back.
        if (modules.includes(module)) instances++;
      }
    };
    shareHighsModule();
    const model = largeModel();
    const limits = { method: 'simplex', iterations: 20 } as const;
    const first = await highsSolver.solveLp(model, limits);
    const second = await highsSolver.solveLp(model, limits);
    expect(second).toEqual(first);
    expect([modules.length, instances]).toEqual([1, 2]);
  });
});
