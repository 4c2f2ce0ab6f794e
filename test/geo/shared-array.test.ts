import { expect, it } from 'vitest';
import {
  isShared,
  sharedFloat64,
  sharedUint32,
  toSharedFloat64,
  toSharedUint32,
} from '../../src/geo/shared-array.ts';

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

it('gives arrays of a megabyte and more a length that does not change either', () => {
  const large = sharedUint32(2 ** 18 + 1);
  expect(isShared(large)).toBe(true);
  expect([large.length, large.byteLength, large.buffer.byteLength]).toEqual([
    2 ** 18 + 1,
    2 ** 20 + 4,
    2 ** 20 + 4,
  ]);
  large[2 ** 18] = 7;
  expect(new Uint32Array(large.buffer)[2 ** 18]).toBe(7);
  expect(structuredClone(large).buffer.byteLength).toBe(2 ** 20 + 4);
});
