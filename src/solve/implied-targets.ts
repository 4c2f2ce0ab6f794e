import type { Target } from './problem.ts';

/** A target with the users it still needs. */
export interface NeededTarget {
  readonly target: Target;
  readonly need: number;
}

/**
 * Which targets hold whenever others do: the users of some other targets of the same period are among its own, no user is
 * in two of them, and together they need at least as much. 99 % in every city often implies 95 % of all users.
 *
 * @returns [targets] true = implied, may be left out. Targets of exactly the same users are the caller's business.
 */
export function findImpliedTargets(targets: readonly NeededTarget[], demandCount: number): boolean[] {
  return targets.map((whole, index) => {
    const inWhole = membership(whole.target, demandCount);
    const parts = targets
      .filter((part, other) => other !== index && part.target.period === whole.target.period)
      .filter(
        ({ target }) =>
          target.members !== null && sizeOf(target, demandCount) < sizeOf(whole.target, demandCount),
      )
      .sort((a, b) => b.need - a.need);
    const free = inWhole;
    let need = whole.need;
    for (const part of parts) {
      const members = part.target.members!;
      if (!members.every((demand) => free[demand] === 1)) continue;
      for (const demand of members) free[demand] = 0;
      need -= part.need;
    }
    return need <= 0;
  });
}

/** [demandCount] 1 where the target speaks of the demand point. */
function membership({ members }: Target, demandCount: number): Uint8Array {
  const inside = new Uint8Array(demandCount);
  if (members === null) return inside.fill(1);
  for (const demand of members) inside[demand] = 1;
  return inside;
}

function sizeOf({ members }: Target, demandCount: number): number {
  return members === null ? demandCount : members.length;
}
