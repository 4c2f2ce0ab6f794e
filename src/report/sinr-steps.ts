/** Limits of the five colours of SINR around the least one of the scenario, dB: the second limit is that one. */
export function sinrLimitsDb(leastDb: number): readonly number[] {
  return [leastDb - 5, leastDb, leastDb + 5, leastDb + 10];
}

/** 0 = not covered, 1 (worst) to 5 by those limits; from 3 on users are served by SINR. */
export function sinrStep(sinrDb: number, leastDb: number): number {
  if (Number.isNaN(sinrDb)) return 0;
  return 1 + sinrLimitsDb(leastDb).filter((limit) => sinrDb >= limit).length;
}

/** Steps below this are under the least SINR. */
export const FIRST_CLEAR_STEP = 3;
