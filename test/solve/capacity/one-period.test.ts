import { describe, expect, it } from 'vitest';
import { findCostGrid } from '../../../src/solve/cost-grid.ts';
import { buildCapacityModel } from '../../../src/solve/capacity/build-capacity-model.ts';
import { pricesOfBusiestPeriod } from '../../../src/solve/capacity/one-period.ts';
import { LOAD_TRAFFIC, type CoveringProblem } from '../../../src/solve/problem.ts';
import { usersNeeded } from '../../../src/solve/share.ts';

const PLACES = 4;
const USERS = 10;

/** Four sites of cost 1, each covers everybody and carries 10; all 40 users are asked for in every period. */
function everybodyNear(rates: readonly number[]): CoveringProblem {
  const share = { numerator: 1, denominator: 1 };
  const total = PLACES * USERS;
  return {
    coverage: {
      siteCount: PLACES,
      demandCount: PLACES,
      siteStart: Uint32Array.from({ length: PLACES + 1 }, (_, site) => PLACES * site),
      demandOfSite: Uint32Array.from({ length: PLACES * PLACES }, (_, pair) => pair % PLACES),
    },
    siteIds: Array.from({ length: PLACES }, (_, site) => `s${site}`),
    siteCost: new Float64Array(PLACES).fill(1),
    siteStatus: new Uint8Array(PLACES),
    siteLocation: Uint32Array.from({ length: PLACES }, (_, site) => site),
    conflicts: new Uint32Array(0),
    periods: rates.map((_, period) => `p${period}`),
    users: rates.map(() => new Float64Array(PLACES).fill(USERS)),
    usersScale: 1,
    servedToday: rates.map(() => new Uint8Array(PLACES)),
    phases: [
      {
        name: 'all',
        targets: rates.map((_, period) => ({
          period,
          region: null,
          members: null,
          share,
          totalUsers: total,
          needUsers: usersNeeded(share, total),
        })),
      },
    ],
    phaseOrder: 'nested',
    budget: null,
    capacity: {
      rate: rates.map((rate) => new Float64Array(PLACES).fill(rate)),
      counts: new Uint8Array(PLACES).fill(LOAD_TRAFFIC),
      room: rates.map(() => new Float64Array(PLACES).fill(10)),
      standing: null,
    },
  };
}

function boundOf(rates: readonly number[]): number | null {
  const problem = everybodyNear(rates);
  const { targets } = problem.phases[0]!;
  const grid = findCostGrid(problem.siteCost);
  const model = buildCapacityModel({ problem, targets, grid, everyone: false });
  return pricesOfBusiestPeriod(model, PLACES, 300)?.dual.bound ?? null;
}

describe('prices of the busiest period', () => {
  // By hand: 40 users at rate 1 make a load of 40, four sites of 10; at rate 0.25 one site of 10 is enough.
  it.each([
    { rates: [0.25, 1], bound: 4 },
    { rates: [1, 0.25, 0.25], bound: 4 },
    { rates: [0.25, 0.5], bound: 2 },
  ])('bound the cost by what the period at its highest rate needs: $rates', ({ rates, bound }) => {
    const found = boundOf(rates)!;
    expect(found).toBeLessThanOrEqual(bound + 1e-9);
    expect(found).toBeGreaterThan(0.97 * bound);
  });

  it('are not looked for where there is one period', () => {
    expect(boundOf([1])).toBeNull();
  });
});
