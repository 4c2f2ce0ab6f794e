import type { View } from './cell-painter.ts';
import type { Cells, Model, Points } from './model.ts';
import { toDegrees } from './model.ts';
import type { State } from './state.ts';

/** What stands in the layers under a point; indices into the layers, null = nothing. */
export interface Hits {
  readonly lon: number;
  readonly lat: number;
  readonly site: number | null;
  readonly existing: number | null;
  readonly bin: number | null;
  /** Index into the cells of `service`. */
  readonly cell: number | null;
  readonly service: number | null;
  readonly gap: number | null;
  readonly region: string | null;
}

export function findHits(
  model: Model,
  view: View,
  state: State,
  px: number,
  py: number,
  siteRadius: number,
): Hits {
  const x = (px - view.left) / view.scale;
  const y = (py - view.top) / view.scale;
  const [lon, lat] = toDegrees(x, y);
  const near = (points: Points, pixels: number): number | null => nearest(points, x, y, pixels / view.scale);
  const { data } = model;
  const gapsShown = state.layers.has('gaps') && state.built === data.sites.length;
  const gap = gapsShown ? data.gaps.findIndex(({ polygons }) => isInside(lon, lat, polygons)) : -1;
  return {
    lon,
    lat,
    site: state.layers.has('sites') ? near(model.sites, siteRadius + 4) : null,
    existing: state.layers.has('existing') ? near(model.existing, 8) : null,
    bin: state.layers.has('bins') && model.bins !== null ? near(model.bins, 6) : null,
    cell: cellAt(model.cellsOf(state.service), x, y, 3 / view.scale, state.period),
    service: state.service,
    gap: gap < 0 ? null : gap,
    region: data.regions.find(({ polygons }) => isInside(lon, lat, polygons))?.name ?? null,
  };
}

function nearest({ x, y }: Points, atX: number, atY: number, within: number): number | null {
  let best: number | null = null;
  let bestDistance = within;
  for (let k = 0; k < x.length; k++) {
    const distance = Math.hypot(x[k]! - atX, y[k]! - atY);
    if (distance <= bestDistance) [best, bestDistance] = [k, distance];
  }
  return best;
}

/** The cell whose square holds the point, the nearest centre first; `slack` helps with squares of a pixel. */
function cellAt(cells: Cells, x: number, y: number, slack: number, period: number): number | null {
  let best: number | null = null;
  let bestDistance = Infinity;
  for (let i = 0; i < cells.count; i++) {
    const dx = Math.abs(cells.x[i]! - x);
    const dy = Math.abs(cells.y[i]! - y);
    const half = Math.max(slack, cells.side[i]! / 2);
    if (dx > half || dy > half || cells.usersMilli[period]![i] === 0) continue;
    if (dx + dy < bestDistance) [best, bestDistance] = [i, dx + dy];
  }
  return best;
}

type Polygons = readonly (readonly (readonly (readonly number[])[])[])[];

function isInside(lon: number, lat: number, polygons: Polygons): boolean {
  let inside = false;
  for (const ring of polygons.flat()) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const [ax, ay] = ring[k]! as [number, number];
      const [bx, by] = ring[k + 1]! as [number, number];
      if (ay > lat !== by > lat && lon < ax + ((lat - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
  }
  return inside;
}
