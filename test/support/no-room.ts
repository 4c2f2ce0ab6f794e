import { MemoryAccount } from '../../src/memory/memory-account.ts';
import type { MemoryNeed } from '../../src/memory/memory-need.ts';

/** Grants everything but a list of all covered pairs of a plan, which then keeps them in tiles. */
export function noRoomForPairs(): MemoryAccount {
  return new PairlessAccount({ bytes: 2 ** 40, heapBytes: 2 ** 40, source: 'a test' });
}

class PairlessAccount extends MemoryAccount {
  override fits(part: string, need: MemoryNeed): boolean {
    return part !== 'coverage' && super.fits(part, need);
  }
}
