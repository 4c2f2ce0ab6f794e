import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBitSet, drainBitSet } from '../../src/coverage/bit-set.ts';

it('drainBitSet gives every member once, ascending, and leaves the set empty', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000)), fc.nat(20), (members, at) => {
      const set = createBitSet(100_001);
      for (const member of members) {
        set.words[member >>> 5]! |= 1 << (member & 31);
        set.summary[member >>> 10]! |= 1 << ((member >>> 5) & 31);
      }
      const out = new Uint32Array(at + members.length);
      const end = drainBitSet(set, out, at);
      expect([...out.subarray(at, end)]).toEqual([...new Set(members)].sort((a, b) => a - b));
      expect(drainBitSet(set, out, 0)).toBe(0);
    }),
  );
});
