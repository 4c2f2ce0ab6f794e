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

/**
 * The triangular grid of a spacing, anchored at the origin of a UTM zone (every second row shifted by half): the nodes
 * that have a user within reach. Looks only around occupied places, so a stray user far away costs nothing.
 */
export function triangularGrid(
  users: { readonly lon: ArrayLike<number>; readonly lat: ArrayLike<number> },
  zone: UtmZone,
  spacingM: number,
  reachM: number,
): GridNode[] {
  const cellM = Math.max(spacingM, reachM) / 4;
  const index = buildGridIndex(users.lon, users.lat, cellM);
  const found = new Map<string, GridNode>();
  for (let cell = 0; cell < index.cellColumn.length; cell++) {
    const members = index.pointOrder.subarray(index.cellStart[cell]!, index.cellStart[cell + 1]!);
    visitNodesNear(users, members, zone, spacingM, reachM, found);
  }
  return [...found.values()];
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
  const west = Math.min(...places.map(([east]) => east)) - marginM;
  const east = Math.max(...places.map(([east]) => east)) + marginM;
  const south = Math.min(...places.map(([, north]) => north)) - marginM;
  const north = Math.max(...places.map(([, north]) => north)) + marginM;
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
