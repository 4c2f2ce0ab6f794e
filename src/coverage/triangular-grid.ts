import { InputError } from '../errors.ts';
import { distanceM } from '../geo/ellipsoid.ts';
import { buildGridIndex } from '../geo/grid-index.ts';
import type { UtmZone } from '../geo/utm.ts';

/** Nodes of the grid; `id` names zone, spacing and grid indices, so it is the same in every run and scenario. */
export interface GridNode {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
}

const ROW_HEIGHT = Math.sqrt(3) / 2;
/** Twice the sites of a large country: more are a slip of the pen. */
const MOST_NODES = 2_000_000;

/**
 * The triangular grid of a spacing, anchored at the origin of a UTM zone (every second row shifted by half): the nodes
 * that have a user within reach. Looks only around occupied places, so a stray user far away costs nothing.
 * @throws InputError for more nodes than anybody plans with
 */
export function triangularGrid(
  users: { readonly lon: ArrayLike<number>; readonly lat: ArrayLike<number> },
  zone: UtmZone,
  spacingM: number,
  reachM: number,
): GridNode[] {
  // Around one user alone stand as many as fit into its circle.
  if ((Math.PI * reachM ** 2) / (spacingM ** 2 * ROW_HEIGHT) > MOST_NODES) throw tooMany(spacingM);
  const cellM = Math.max(spacingM, reachM) / 4;
  const index = buildGridIndex(users.lon, users.lat, cellM);
  const found = new Map<string, GridNode>();
  for (let cell = 0; cell < index.cellColumn.length; cell++) {
    const members = index.pointOrder.subarray(index.cellStart[cell]!, index.cellStart[cell + 1]!);
    visitNodesNear(users, members, zone, spacingM, reachM, found);
    if (found.size > MOST_NODES) throw tooMany(spacingM);
  }
  return [...found.values()];
}

function tooMany(spacingM: number): InputError {
  return new InputError(
    `a spacing of ${spacingM} m gives more than ${MOST_NODES.toLocaleString('en')} candidates.`,
    {
      code: 'too-many-candidates',
      hint: 'Raise candidates.generate.spacingM (--spacing), or name candidates in a file.',
    },
  );
}

function visitNodesNear(
  users: { readonly lon: ArrayLike<number>; readonly lat: ArrayLike<number> },
  members: Uint32Array,
  zone: UtmZone,
  spacingM: number,
  reachM: number,
  found: Map<string, GridNode>,
): void {
  const places = Array.from(members, (i) => zone.toMetres(users.lon[i]!, users.lat[i]!));
  // Metres of the zone are up to 1 % off true ones at the edge of a scenario: look a little farther than reach.
  const marginM = 1.02 * reachM + 1;
  const least = (axis: 0 | 1): number => places.reduce((low, place) => Math.min(low, place[axis]), Infinity);
  const most = (axis: 0 | 1): number =>
    places.reduce((high, place) => Math.max(high, place[axis]), -Infinity);
  const [west, east] = [least(0) - marginM, most(0) + marginM];
  const [south, north] = [least(1) - marginM, most(1) + marginM];
  const rowM = spacingM * ROW_HEIGHT;
  for (let row = Math.ceil(south / rowM); row * rowM <= north; row++) {
    const shiftM = row % 2 === 0 ? 0 : spacingM / 2;
    for (let column = Math.ceil((west - shiftM) / spacingM); column * spacingM + shiftM <= east; column++) {
      const id = `grid-${zone.name}-${spacingM}-${column}-${row}`;
      if (found.has(id)) continue;
      const [lon, lat] = zone.toDegrees(column * spacingM + shiftM, row * rowM);
      if (members.some((i) => distanceM(lon, lat, users.lon[i]!, users.lat[i]!) <= reachM)) {
        found.set(id, { id, lon, lat });
      }
    }
  }
}
