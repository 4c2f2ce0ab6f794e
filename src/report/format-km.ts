import { groupThousands } from './numbers.ts';

const MM_PER_100_M = 100_000;

/** Kilometres with one decimal, rounded down like every share. */
export function formatKm(millimetres: number): string {
  const tenths = Math.floor(millimetres / MM_PER_100_M);
  return `${groupThousands(String(Math.floor(tenths / 10)))}.${tenths % 10}`;
}
