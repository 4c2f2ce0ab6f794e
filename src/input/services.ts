import { shareFraction } from '../fraction.ts';
import { sharedFloat32, sharedFloat64 } from '../geo/shared-array.ts';
import type { RegionMembership } from './read-regions.ts';
import type { ServiceSpec } from './scenario-schema.ts';
import type { Demand, PerPeriod } from './types.ts';

/** Shares of services have at most six decimals: then thousandths of users x share stay exact in 53 bits. */
export const WHOLE_SHARE = 1_000_000;

/** A share as whole millionths, read from its decimal text; null when it has more than six decimals. */
export function shareMillionths(share: number): number | null {
  if (share === 0) return 0;
  const fraction = shareFraction(share);
  if (fraction === null || WHOLE_SHARE % fraction.denominator !== 0) return null;
  return fraction.numerator * (WHOLE_SHARE / fraction.denominator);
}

/** The value of a period, of one number for all or one each. */
function valueOf(value: PerPeriod, period: string): number {
  return typeof value === 'number' ? value : value[period]!;
}

/**
 * Splits a whole number by parts that sum to WHOLE_SHARE: floors, and what is left goes to the largest remainders, of
 * equals to the first. `out` sums to `total`, exactly.
 */
export function splitWhole(total: number, parts: readonly number[], out: Float64Array): void {
  const quotient = Math.floor(total / WHOLE_SHARE);
  const rest = total - quotient * WHOLE_SHARE;
  // Products stay below 10^12: whole and exact.
  const remainders = parts.map((part) => (rest * part) % WHOLE_SHARE);
  let left = total;
  parts.forEach((part, k) => {
    out[k] = quotient * part + Math.floor((rest * part) / WHOLE_SHARE);
    left -= out[k]!;
  });
  for (; left > 0; left--) {
    const largest = remainders.reduce((best, own, k) => (own > remainders[best]! ? k : best), 0);
    out[largest]!++;
    remainders[largest] = -1;
  }
}

/** Users and regions with a row for each point and service. */
export interface ServiceSplit {
  readonly demand: Demand;
  readonly membership: RegionMembership;
}

/**
 * A demand row for each point and service that has users in some period, in the order of points and services. What comes
 * after sees ordinary rows; `Demand.services` tells which row wants what. Every service may find at a point the whole
 * thousandths of users that its share gives (largest remainder), so all sums stay as they were.
 */
export function splitByService(
  demand: Demand,
  membership: RegionMembership,
  services: readonly ServiceSpec[],
): ServiceSplit {
  const kept = rowsWithUsers(demand, services);
  const count = kept.place.length;
  const lon = sharedFloat64(count);
  const lat = sharedFloat64(count);
  const cellM = sharedFloat32(count);
  const regionOfDemand = new Int32Array(count);
  kept.place.forEach((place, row) => {
    lon[row] = demand.lon[place]!;
    lat[row] = demand.lat[place]!;
    cellM[row] = demand.cellM[place]!;
    regionOfDemand[row] = membership.regionOfDemand[place]!;
  });
  const { regionNames } = demand;
  return {
    demand: {
      count,
      ids: Array.from(
        kept.place,
        (place, row) => `${demand.ids[place]!}/${services[kept.service[row]!]!.name}`,
      ),
      lon,
      lat,
      cellM,
      periods: demand.periods,
      usersMilli: kept.usersMilli,
      regionNames: regionNames === null ? null : Array.from(kept.place, (place) => regionNames[place]!),
      services: { names: services.map(({ name }) => name), ofRow: kept.service, placeOfRow: kept.place },
    },
    membership: { ...membership, regionOfDemand },
  };
}

interface Rows {
  readonly place: Uint32Array;
  readonly service: Uint8Array;
  /** Per period [rows] */
  readonly usersMilli: readonly Float64Array[];
}

function rowsWithUsers({ count, periods, usersMilli }: Demand, services: readonly ServiceSpec[]): Rows {
  const parts = periods.map((period) =>
    services.map(({ name, share }) => {
      const part = shareMillionths(valueOf(share, period));
      if (part === null) throw new RangeError(`share of ${name} passed the scenario's checks`);
      return part;
    }),
  );
  const size = services.length;
  const all = periods.map(() => new Float64Array(size));
  const place = new Uint32Array(count * size);
  const service = new Uint8Array(count * size);
  const users = periods.map(() => new Float64Array(count * size));
  let row = 0;
  for (let i = 0; i < count; i++) {
    for (let period = 0; period < periods.length; period++)
      splitWhole(usersMilli[period]![i]!, parts[period]!, all[period]!);
    for (let k = 0; k < size; k++) {
      if (all.every((split) => split[k] === 0)) continue;
      place[row] = i;
      service[row] = k;
      for (let period = 0; period < periods.length; period++) users[period]![row] = all[period]![k]!;
      row++;
    }
  }
  return {
    place: place.slice(0, row),
    service: service.slice(0, row),
    usersMilli: users.map((values) => {
      const own = sharedFloat64(row);
      own.set(values.subarray(0, row));
      return own;
    }),
  };
}

/** Which services a target asks for, each by itself; [null] = all users together. */
export function targetServices(
  service: string | readonly string[] | undefined,
  names: readonly string[],
): readonly (string | null)[] {
  if (service === undefined) return [null];
  if (service === 'each') return names;
  return typeof service === 'string' ? [service] : service;
}
