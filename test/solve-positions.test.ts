import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcessExecutor, type Executor } from '../src/executor.ts';
import { readInstance, readPairsOrPoints, type ReadInstance } from '../src/input/instance/read-instance.ts';
import { createPool } from '../src/parallel/pool.ts';
import { answerJson } from '../src/report/instance-answer.ts';
import { solveProblem, type InstanceAnswer, type SolveInstanceOptions } from '../src/solve-instance.ts';
import { solvePositions } from '../src/solve-positions.ts';
import { brokenRules } from '../src/solve/recount.ts';
import { cordeauInstance } from './support/cordeau-generator.ts';
import { runCli } from './support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'mastplan-positions-'));
afterAll(() => rmSync(folder, { recursive: true }));

function writePoints(name: string, facilities: number, customers: number): string {
  const path = join(folder, name);
  writeFileSync(path, cordeauInstance({ facilities, customers, leastCost: 10, largestCost: 100, seed: 7 }));
  return path;
}

/** 40 sites, 400 points: small enough for `solve` to prove its plan in moments. */
const small = writePoints('small.txt', 40, 400);
const RADIUS = 6;
const SHARE = { numerator: 19, denominator: 20 };
const options: SolveInstanceOptions = {
  ...{ seed: 1, effort: 'normal', timeLimitS: null, gapGoal: 0, executor: inProcessExecutor },
  nowS: () => 0,
};

async function solveSmall(executor: Executor = inProcessExecutor): Promise<InstanceAnswer> {
  const read = await readUnlisted(small, RADIUS);
  return solvePositions(
    { problem: read.problem, points: read.points!, share: SHARE, shareOf: 'total' },
    { ...options, executor },
  );
}

function readUnlisted(file: string, radius: number): Promise<ReadInstance> {
  return readPairsOrPoints(file, { radius, share: SHARE }, () => true);
}

describe('positions solved without listing pairs', () => {
  it('give a plan and a bound on either side of the optimum that listed pairs prove', async () => {
    const problem = await readInstance(small, { radius: RADIUS, share: SHARE });
    const proved = await solveProblem(problem, options);
    expect(proved.solution.status).toBe('optimal');
    const answer = await solveSmall();
    expect(answer.problem.coverage.demandOfSite).toHaveLength(0);
    expect(answer.pairs).toBe(problem.coverage.demandOfSite.length);
    expect(answer.solution.lowerBound).toBeLessThanOrEqual(proved.solution.cost);
    expect(answer.solution.cost).toBeGreaterThanOrEqual(proved.solution.cost);
    expect(answer.solution.feasible).toBe(true);
    expect(brokenRules(problem, answer.solution.sites)).toEqual([]);
    const [target] = answer.solution.phases[0]!.targets;
    const [listed] = proved.solution.phases[0]!.targets;
    expect(target).toMatchObject({ needUsers: listed!.needUsers, totalUsers: listed!.totalUsers });
    expect(target!.unreachableUsers).toBe(listed!.unreachableUsers);
  });

  it('answer alike with one thread and with two', async () => {
    const alone = answerJson(await solveSmall());
    const pool = await createPool({ threads: 2 });
    try {
      expect(answerJson(await solveSmall(pool))).toEqual(alone);
    } finally {
      await pool.close();
    }
  });

  it('say so where all sites together reach fewer users than the share needs', async () => {
    const read = await readUnlisted(small, 0.5);
    const { solution } = await solvePositions(
      { problem: read.problem, points: read.points!, share: SHARE, shareOf: 'total' },
      options,
    );
    expect(solution).toMatchObject({ status: 'infeasible', feasible: false, sites: [] });
    expect(solution.notes.join(' ')).toContain('reach fewer users');
  });
});

describe('mastplan solve on positions whose pairs do not fit into memory', () => {
  // 19,130,790 pairs: 211 MB of what merging leaves of them and 116 MB of solver beside the 160 MB of the program; positions take 88 MB.
  const large = writePoints('large.txt', 1000, 40_000);
  const args = ['solve', large, '--radius', '15', '--share', '0.95', '--threads', '1', '--no-progress'];
  const tight = [...args, '--memory', '400M', '--effort', 'quick', '--gap', '0.9', '--json'];

  it('solves them from positions as the library does', async () => {
    const { exitCode, stdout } = await runCli(tight);
    expect(exitCode).toBe(0);
    const read = await readUnlisted(large, 15);
    const library = await solvePositions(
      { problem: read.problem, points: read.points!, share: SHARE, shareOf: 'total' },
      { ...options, effort: 'quick', gapGoal: 0.9, tiles: 'auto' },
    );
    const timeless = (answer: object): object => ({ ...answer, seconds: 0 });
    expect(timeless(JSON.parse(stdout) as object)).toEqual(timeless(answerJson(library)));
    expect(library.pairs).toBe(19_130_790);
  });

  it('refuses where the pairs are needed', async () => {
    for (const flags of [
      ['--tiles', 'off'],
      ['--trace', join(folder, 'trace.json')],
    ]) {
      const { exitCode, stderr } = await runCli([...tight, ...flags]);
      expect(exitCode).toBe(4);
      expect(stderr).toContain('Not enough memory');
    }
  });
});
