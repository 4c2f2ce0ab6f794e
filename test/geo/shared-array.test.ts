import { expect, it } from 'vitest';
import { isShared, sharedFloat64, toSharedFloat64, toSharedUint32 } from '../../src/geo/shared-array.ts';

it('copies only what is not shared yet', () => {
  const shared = sharedFloat64(3);
  expect(isShared(shared)).toBe(true);
  expect(toSharedFloat64(shared)).toBe(shared);
  const plain = Float64Array.of(1, 2.5, -3);
  expect(toSharedFloat64(plain)).not.toBe(plain);
  expect([...toSharedFloat64(plain)]).toEqual([1, 2.5, -3]);
  expect(isShared(plain)).toBe(false);
  expect([...toSharedUint32([7, 8])]).toEqual([7, 8]);
});
