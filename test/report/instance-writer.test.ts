import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readInstance } from '../../src/input/instance/read-instance.ts';
import { decimalText, instanceJson } from '../../src/report/instance-writer.ts';
import { LOAD_TRAFFIC, type CoveringProblem } from '../../src/solve/problem.ts';
import { arbitraryCapacityProblem } from '../support/arbitrary-capacity.ts';
import { arbitraryProblem } from '../support/arbitrary-problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'mastplan-instance-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file does not hold in what an unlimited site would count. */
function asWritten(problem: CoveringProblem): CoveringProblem {
  const capacity = problem.capacity!;
  const counts = capacity.counts.map((own, site) =>
    capacity.room.some((room) => room[site] !== Infinity) ? own : LOAD_TRAFFIC,
  );
  return { ...problem, capacity: { ...capacity, counts } };
}

describe('instanceJson', () => {
  it('is read back as the same problem, plain and packed', async () => {
    const path = join(folder, 'instance.json');
    const arbitrary = arbitraryProblem({ maxSites: 8, maxDemand: 12, budget: 'sometimes' });
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.boolean(), async (problem, packed) => {
        const text = [...instanceJson(problem)].join('');
        writeFileSync(path, packed ? gzipSync(text) : text);
        expect(await readInstance(path)).toEqual(problem);
      }),
      { numRuns: 300 },
    );
  });

  it('is read back as the same problem with rooms, rates, sites of today and backup', async () => {
    const path = join(folder, 'capacity.json');
    const arbitrary = arbitraryCapacityProblem({ maxSites: 6, maxDemand: 8, backup: true });
    await fc.assert(
      fc.asyncProperty(arbitrary, async (problem) => {
        writeFileSync(path, [...instanceJson(problem)].join(''));
        expect(await readInstance(path)).toEqual(asWritten(problem));
      }),
      { numRuns: 200 },
    );
  });

  it('is JSON with the keys of design section 8 and leaves defaults out', () => {
    const [problem] = fc.sample(arbitraryProblem({ maxSites: 1, maxDemand: 1, budget: 'never' }), {
      numRuns: 1,
      seed: 1,
    });
    const document = JSON.parse([...instanceJson(problem!)].join('')) as Record<string, unknown>;
    expect(document).toMatchObject({ format: 'mastplan-instance', version: 1 });
    expect(Object.keys(document)).not.toContain('conflicts');
    expect(Object.keys(document)).not.toContain('budget');
  });
});

describe('decimalText', () => {
  it.each([
    [12500, 1000, '12.5'],
    [12000, 1000, '12'],
    [1, 1000, '0.001'],
    [7, 1, '7'],
    [0, 1000, '0'],
    // 2^53 - 1 thousandths: a double division would round the last digit away.
    [9007199254740991, 1000, '9007199254740.991'],
  ])('writes %d units at scale %d as %s', (units, scale, text) => {
    expect(decimalText(units, scale)).toBe(text);
  });
});
