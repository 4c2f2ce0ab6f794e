import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drainBits } from '../../src/coverage/bit-set.ts';

it('drainBits gives every member once, ascending, and leaves the set empty', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(10_000)), fc.nat(20), (members, at) => {
      const words = new Uint32Array(313);
      for (const member of members) words[member >>> 5]! |= 1 << (member & 31);
      const out = new Uint32Array(at + members.length);
      const end = drainBits(words, 0, 312, out, at);
      expect([...out.subarray(at, end)]).toEqual([...new Set(members)].sort((a, b) => a - b));
      expect(words.every((word) => word === 0)).toBe(true);
    }),
  );
});
