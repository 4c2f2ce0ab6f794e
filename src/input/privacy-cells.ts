import { EARTH_RADIUS_M } from '../geo/ellipsoid.ts';
import { canonicalOrder, compareText } from './canonical-order.ts';
import { contentId } from './content-id.ts';
import type { Demand } from './types.ts';

const DEGREE = Math.PI / 180;
const MILLI = 1000;
/** Squares are not cut below this side, metres. */
const SMALLEST_CELL_M = 25;

/** A square of the quadtree with the demand indices in it. */
interface Square {
  readonly x: number;
  readonly y: number;
  readonly sideM: number;
  readonly members: readonly number[];
}

/**
 * Merges demand to squares of at least `k` users in every period in which they have any (design section 11). A
 * quadtree over the whole area: a square is cut into four as long as each part that has users keeps that rule, so
 * cells are as small as it allows and never overlap. A merged cell stands at the middle of its users and takes its
 * region from the member with most users. Where all users together are fewer than `k`, one cell holds them.
 */
export function mergeForPrivacy(demand: Demand, k: number): Demand {
  if (demand.count === 0) return demand;
  const middle = demand.lat.reduce((sum, lat) => sum + lat, 0) / demand.count;
  const metresPerLon = EARTH_RADIUS_M * DEGREE * Math.cos(middle * DEGREE);
  const metresPerLat = EARTH_RADIUS_M * DEGREE;
  const x = demand.lon.map((lon) => (lon - demand.lon[0]!) * metresPerLon);
  const south = demand.lat.reduce((least, lat) => Math.min(least, lat), Infinity);
  const y = demand.lat.map((lat) => (lat - south) * metresPerLat);
  const extent = Math.max(
    x[demand.count - 1]!,
    y.reduce((most, value) => Math.max(most, value), 0),
  );
  const sideM = SMALLEST_CELL_M * 2 ** Math.ceil(Math.log2(Math.max(1, extent / SMALLEST_CELL_M) + 1e-9));
  const isPrivate = (members: readonly number[]): boolean =>
    demand.usersMilli.every((users) => {
      const total = members.reduce((sum, member) => sum + users[member]!, 0);
      return total === 0 || total >= k * MILLI;
    });
  const leaves: Square[] = [];
  const open: Square[] = [{ x: 0, y: 0, sideM, members: Array.from(x, (_, index) => index) }];
  for (let square = open.pop(); square !== undefined; square = open.pop()) {
    const parts = square.sideM > SMALLEST_CELL_M ? cut(square, x, y) : [];
    if (parts.length > 0 && parts.every(({ members }) => isPrivate(members))) open.push(...parts);
    else leaves.push(square);
  }
  return merge(demand, leaves);
}

function cut({ x: west, y: south, sideM, members }: Square, x: Float64Array, y: Float64Array): Square[] {
  const half = sideM / 2;
  const quarters: number[][] = [[], [], [], []];
  for (const member of members) {
    const east = x[member]! >= west + half ? 1 : 0;
    const north = y[member]! >= south + half ? 2 : 0;
    quarters[east + north]!.push(member);
  }
  return quarters
    .map((inside, quarter) => ({
      x: west + (quarter % 2) * half,
      y: south + Math.floor(quarter / 2) * half,
      sideM: half,
      members: inside,
    }))
    .filter((square) => square.members.length > 0);
}

function merge(demand: Demand, squares: readonly Square[]): Demand {
  const cells = squares.map(({ sideM, members }) => {
    const weights = members.map((member) =>
      demand.usersMilli.reduce((sum, users) => sum + users[member]!, 0),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mean = (values: Float64Array): number =>
      members.reduce((sum, member, index) => sum + (values[member]! * weights[index]!) / total, 0);
    const heaviest = members[weights.indexOf(Math.max(...weights))]!;
    const usersMilli = demand.usersMilli.map((users) =>
      members.reduce((sum, member) => sum + users[member]!, 0),
    );
    const trafficBps = demand.trafficBps?.map((bps) => members.reduce((sum, own) => sum + bps[own]!, 0));
    const lon = mean(demand.lon);
    const lat = mean(demand.lat);
    const region = demand.regionNames?.[heaviest] ?? null;
    return {
      id: contentId('m', [lon, lat, ...usersMilli]),
      lon,
      lat,
      cellM: sideM,
      usersMilli,
      trafficBps,
      region,
    };
  });
  const lon = Float64Array.from(cells, (cell) => cell.lon);
  const lat = Float64Array.from(cells, (cell) => cell.lat);
  const order = canonicalOrder(lon, lat, (a, b) => compareText(cells[a]!.id, cells[b]!.id));
  const sorted = Array.from(order, (index) => cells[index]!);
  return {
    count: sorted.length,
    ids: sorted.map(({ id }) => id),
    lon: lon.map((_, place) => sorted[place]!.lon),
    lat: lat.map((_, place) => sorted[place]!.lat),
    cellM: Float32Array.from(sorted, ({ cellM }) => cellM),
    periods: demand.periods,
    usersMilli: demand.periods.map((_, period) =>
      Float64Array.from(sorted, ({ usersMilli }) => usersMilli[period]!),
    ),
    ...(demand.trafficBps !== undefined && {
      trafficBps: demand.trafficBps.map((_, period) =>
        Float64Array.from(sorted, ({ trafficBps }) => trafficBps?.[period] ?? 0),
      ),
    }),
    regionNames: demand.regionNames === null ? null : sorted.map(({ region }) => region),
  };
}
