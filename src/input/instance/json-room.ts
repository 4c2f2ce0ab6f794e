import { toSharedFloat64 } from '../../geo/shared-array.ts';
import { LOAD_TRAFFIC, LOAD_USERS } from '../../solve/problem.ts';
import { numberShape } from './json-shapes.ts';
import { JsonShapeError, type JsonVisitor } from './json-visitor.ts';
import { decimalsOf } from './point-file.ts';

/** Room of one site as a document states it: one number for every period, or one by period; null = no limit. */
export interface StatedRoom {
  readonly counts: typeof LOAD_TRAFFIC | typeof LOAD_USERS;
  readonly every: number | null;
  readonly byPeriod: ReadonlyMap<string, number | null>;
}

/** Rooms of a list of sites, in Mbit/s or users, with the periods in the order of the demand. */
export interface DraftRooms {
  readonly counts: Uint8Array;
  /** Per period [sites]; Infinity = no limit. */
  readonly room: readonly Float64Array[];
}

/**
 * A site's `capacityMbps` or `capacityUsers`: a number, or numbers (null = no limit) by period.
 *
 * @param onDecimals told of the decimals a number of users is written with
 */
export function roomShape(
  counts: StatedRoom['counts'],
  take: (room: StatedRoom) => void,
  onDecimals: (decimals: number) => void,
): JsonVisitor {
  const byPeriod = new Map<string, number | null>();
  const checked = (value: number, text: () => string): number => {
    if (value < 0) throw new JsonShapeError('negative-room', `room must be 0 or more, got ${value}.`);
    if (counts === LOAD_USERS && !Number.isInteger(value)) onDecimals(decimalsOf(text()));
    return value;
  };
  return {
    expects: 'a number, or one per period',
    number: (value, text) => take({ counts, every: checked(value, text), byPeriod }),
    key: (period) => ({
      ...numberShape('a number or null', (value, text) => byPeriod.set(period, checked(value, text))),
      literal: (value) => {
        if (value !== null) throw new JsonShapeError('wrong-kind', 'expected a number or null.');
        byPeriod.set(period, null);
      },
    }),
    close: () => take({ counts, every: null, byPeriod }),
  };
}

/** @throws RangeError that names a period without demand */
export function layOutRooms(stated: readonly (StatedRoom | null)[], periods: readonly string[]): DraftRooms {
  for (const room of stated) {
    for (const period of room?.byPeriod.keys() ?? []) {
      if (!periods.includes(period)) throw new RangeError(period);
    }
  }
  return {
    counts: Uint8Array.from(stated, (room) => room?.counts ?? LOAD_TRAFFIC),
    room: periods.map((period) =>
      Float64Array.from(stated, (room) => room?.byPeriod.get(period) ?? room?.every ?? Infinity),
    ),
  };
}

/** Rooms in the whole units of a problem. */
export function roomUnits({ counts, room }: DraftRooms, usersScale: number): DraftRooms {
  const bpsPerMbps = 1e6;
  const units = (value: number, site: number): number =>
    value === Infinity
      ? Infinity
      : Math.round(value * usersScale * (counts[site] === LOAD_USERS ? 1 : bpsPerMbps));
  return { counts, room: room.map((values) => toSharedFloat64(values.map(units))) };
}
