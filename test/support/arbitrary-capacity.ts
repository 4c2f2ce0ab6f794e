import fc from 'fast-check';
import { LOAD_TRAFFIC, LOAD_USERS, type Capacity, type CoveringProblem } from '../../src/solve/problem.ts';
import { usersNeeded } from '../../src/solve/share.ts';
import { arbitraryProblem, type ProblemShape } from './arbitrary-problem.ts';

/**
 * Small random problems (see `arbitraryProblem`) with room: rates equal or by demand point, rooms from none to more than
 * enough, in traffic or users, per period; sites of today with a stated room; some targets on backup.
 */
export function arbitraryCapacityProblem(
  shape: Omit<ProblemShape, 'budget'> & { readonly backup?: boolean },
): fc.Arbitrary<CoveringProblem> {
  return arbitraryProblem({ ...shape, budget: 'never' }).chain((problem) => {
    const { siteCount, demandCount } = problem.coverage;
    const periods = problem.periods.length;
    const list = <T>(item: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> =>
      fc.array(item, { minLength: length, maxLength: length });
    const rate = fc.oneof(
      fc.integer({ min: 1, max: 9 }).map((value) => Array<number>(demandCount).fill(value)),
      list(fc.integer({ min: 0, max: 9 }), demandCount),
    );
    const room = fc.oneof(
      fc.constant(Infinity),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 900 }),
    );
    return fc
      .record({
        rate: list(rate, periods),
        room: list(list(room, siteCount), periods),
        counts: fc.oneof(
          fc.constant(Array<number>(siteCount).fill(LOAD_TRAFFIC)),
          list(fc.constantFrom(LOAD_TRAFFIC, LOAD_USERS), siteCount),
        ),
        standing: fc.option(
          fc.record({
            covers: fc.array(fc.uniqueArray(fc.nat(demandCount - 1)), { minLength: 1, maxLength: 2 }),
            room: fc.integer({ min: 0, max: 400 }),
          }),
          { freq: 3 },
        ),
        backups: list(fc.constantFrom(1, 1, 1, 2), 8),
      })
      .map((raw) => withCapacity(problem, raw, shape.backup === true));
  });
}

interface RawCapacity {
  readonly rate: number[][];
  readonly room: number[][];
  readonly counts: number[];
  readonly standing: { readonly covers: number[][]; readonly room: number } | null;
  readonly backups: number[];
}

/** Users in thousandths, as a reader makes them where there are capacities. */
const SCALE = 1000;

function withCapacity(problem: CoveringProblem, raw: RawCapacity, backup: boolean): CoveringProblem {
  const users = problem.users.map((values) => values.map((value) => (value * SCALE) / problem.usersScale));
  let at = 0;
  const phases = problem.phases.map((phase) => ({
    ...phase,
    targets: phase.targets.map((target) => {
      const times = backup ? raw.backups[at++ % raw.backups.length]! : 1;
      const totalUsers = (target.totalUsers * SCALE) / problem.usersScale;
      return {
        ...target,
        totalUsers,
        needUsers: usersNeeded(target.share, totalUsers),
        ...(times > 1 && { backup: times }),
      };
    }),
  }));
  const periods = problem.periods.length;
  const capacity: Capacity = {
    rate: raw.rate.map((values) => Float64Array.from(values)),
    counts: Uint8Array.from(raw.counts),
    room: raw.room.map((values) => Float64Array.from(values, (value) => value * SCALE)),
    standing:
      raw.standing === null
        ? null
        : {
            ids: raw.standing.covers.map((_, k) => `t${k}`),
            coverage: matrix(raw.standing.covers, problem.coverage.demandCount),
            counts: new Uint8Array(raw.standing.covers.length),
            room: Array.from({ length: periods }, () =>
              new Float64Array(raw.standing!.covers.length).fill(raw.standing!.room * SCALE),
            ),
          },
  };
  return { ...problem, users, usersScale: SCALE, phases, capacity };
}

function matrix(covers: readonly number[][], demandCount: number): CoveringProblem['coverage'] {
  const siteStart = Uint32Array.from([0, ...covers.map((list) => list.length)]);
  for (let site = 0; site < covers.length; site++) siteStart[site + 1]! += siteStart[site]!;
  const demandOfSite = Uint32Array.from(covers.flatMap((list) => list.toSorted((a, b) => a - b)));
  return { siteCount: covers.length, demandCount, siteStart, demandOfSite };
}
