import type { LinearModel, MipSolver } from '../../src/solve/mip.ts';

/**
 * A MIP solver for tests that shares nothing with HiGHS: every 0/1 assignment of the integer columns, the continuous
 * ones as small as the rows allow (in the models of src/solve they only ever help by being large). Fast for a dozen
 * sites, exact up to rounding.
 */
export const bruteMip: MipSolver = {
  solveMip(model) {
    let best: Float64Array | null = null;
    let bound = Infinity;
    for (let subset = 0; subset < 2 ** model.integerCount; subset++) {
      const point = completed(model, subset);
      if (point === null) continue;
      let value = model.offset;
      point.forEach((own, column) => (value += own * model.cost[column]!));
      if (value < bound) {
        bound = value;
        best = point;
      }
    }
    const status = best === null ? 'infeasible' : 'optimal';
    return Promise.resolve({ status, bound, values: best, iterations: 1 });
  },
  solveLp(model) {
    return Promise.resolve({
      status: 'limit',
      objective: -Infinity,
      rowDual: new Float64Array(model.rowCount),
      values: new Float64Array(model.columnCount),
      iterations: 1,
    });
  },
};

function completed(model: LinearModel, subset: number): Float64Array | null {
  const point = new Float64Array(model.columnCount);
  const row = new Float64Array(model.rowCount);
  const put = (column: number, value: number): void => {
    point[column] = value;
    for (let entry = model.columnStart[column]!; entry < model.columnStart[column + 1]!; entry++) {
      row[model.rowOfEntry[entry]!]! += value * model.valueOfEntry[entry]!;
    }
  };
  for (let column = 0; column < model.integerCount; column++) if ((subset >> column) & 1) put(column, 1);
  for (let column = model.integerCount; column < model.columnCount; column++) {
    let least = 0;
    for (let entry = model.columnStart[column]!; entry < model.columnStart[column + 1]!; entry++) {
      const at = model.rowOfEntry[entry]!;
      const value = model.valueOfEntry[entry]!;
      if (value > 0) least = Math.max(least, (model.rowLower[at]! - row[at]!) / value);
      else least = Math.max(least, (row[at]! - model.rowUpper[at]!) / -value);
    }
    put(column, Math.min(1, least));
  }
  const within = row.every(
    (value, at) => value >= model.rowLower[at]! - 1e-9 && value <= model.rowUpper[at]! + 1e-9,
  );
  return within ? point : null;
}
