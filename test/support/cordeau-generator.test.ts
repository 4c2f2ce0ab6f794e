import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cordeauInstance, glibcRandom } from './cordeau-generator.ts';
import { describeShared, sharedPath } from './shared.ts';

describe('glibcRandom', () => {
  it('gives what srand(1); rand() gives in C (GNU libc 2.36)', () => {
    const random = glibcRandom(1);
    expect(Array.from({ length: 5 }, random)).toEqual([
      1804289383, 846930886, 1681692777, 1714636915, 1957747793,
    ]);
  });
});

describeShared('cordeauInstance', () => {
  it('writes the published sample file byte by byte', () => {
    const published = readFileSync(
      sharedPath('instances/bds/GRID_INST_n100_m1000_d1_100_f10_100_s1.dat')!,
      'utf8',
    );
    const shape = { facilities: 100, customers: 1000, leastCost: 10, largestCost: 100, seed: 1 };
    expect(cordeauInstance(shape)).toBe(published);
  });
});
