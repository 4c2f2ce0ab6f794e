import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inProcessExecutor } from '../../src/executor.ts';
import { readInstance, type InstanceOptions } from '../../src/input/instance/read-instance.ts';
import { brokenRules, recountTargets } from '../../src/solve/recount.ts';
import type { Solution } from '../../src/solve/solution.ts';
import { solve } from '../../src/solve/solve.ts';
import { describeShared, sharedPath } from '../support/shared.ts';

const bundled = fileURLToPath(new URL('../../data/instances/', import.meta.url));

/** By effort, so the same on every machine; the plan is recounted from the problem as it was read. */
async function solved(file: string, reading: InstanceOptions): Promise<Solution> {
  const problem = await readInstance(file, reading);
  const solution = await solve(problem, {
    seed: 1,
    effort: 'quick',
    timeLimitS: null,
    gapGoal: 0,
    executor: inProcessExecutor,
  });
  expect(brokenRules(problem, solution.sites)).toEqual([]);
  const targets = problem.phases.flatMap((phase) => phase.targets);
  expect(recountTargets(problem, targets, solution.sites).every((target) => target.met)).toBe(true);
  return solution;
}

describe('instances with a known optimum or bound', () => {
  it('planar A: 253, optimal (two MIP solvers agree, README of the instances)', async () => {
    const share = { numerator: 19, denominator: 20 };
    const { cost, status } = await solved(`${bundled}A-uniform-100x10k.txt.gz`, { share, of: 'total' });
    expect({ cost, status }).toEqual({ cost: 253, status: 'optimal' });
  });

  it('Helsinki H1: every plan needs 77 sites at least (relaxation 76.385), 79 are enough', async () => {
    const { cost, lowerBound } = await solved(`${bundled}H1-unit-1500m.json.gz`, {});
    expect(lowerBound).toBe(77);
    expect(cost).toBeGreaterThanOrEqual(77);
    expect(cost).toBeLessThanOrEqual(81);
  }, 300_000);
});

describeShared('OR-Library, best known values of their README', () => {
  it.each([
    ['scp41', 429],
    ['scp51', 253],
    ['scp62', 146],
    ['scpa3', 232],
    ['scpe1', 5],
  ])('%s: %i is found and proved', async (name, best) => {
    const { cost, status } = await solved(sharedPath(`instances/orlib/${name}.txt`) ?? '', {});
    expect({ cost, status }).toEqual({ cost: best, status: 'optimal' });
  });
});
