import type { PageGap } from '../page-data-types.ts';
import { formatUsers } from '../numbers.ts';
import type { View } from './cell-painter.ts';
import { createCellPainter } from './cell-painter.ts';
import { createLinePainter } from './line-painter.ts';
import type { Cells, Model, Points } from './model.ts';
import { metresToPlane, toPlane } from './model.ts';
import type { Palette } from './palette.ts';
import { usersLeft } from './service-cells.ts';
import type { State } from './state.ts';
import type { TileBackground } from './tile-background.ts';

/** Paths are kept near zero and in millionths of the plane: canvas holds 32-bit floats. */
const PATH_SCALE = 1e6;
/** Discs at least this large carry their number; with less room they are plain dots. */
const NUMBERED_RADIUS = 8;
const FULL_TURN = 2 * Math.PI;

type Polygons = readonly (readonly (readonly (readonly number[])[])[])[];

/** Everything on the canvas; sizes are CSS pixels. */
export function createMapPainter(
  model: Model,
  tiles: TileBackground | null,
): {
  paint(
    context: CanvasRenderingContext2D,
    view: View,
    palette: Palette,
    state: State,
    hovered: number | null,
  ): void;
  /** Radius of a site's disc in this view. */
  siteRadius(view: View): number;
} {
  const { data } = model;
  const painters = new Map<Cells, ReturnType<typeof createCellPainter>>();
  const painterOf = (cells: Cells): ReturnType<typeof createCellPainter> => {
    const known = painters.get(cells) ?? createCellPainter(cells);
    painters.set(cells, known);
    return known;
  };
  const origin = [model.cells.x[0] ?? 0, model.cells.y[0] ?? 0] as const;
  const regionPaths = data.regions.map((region) => pathOf(region.polygons, origin));
  const paintLines = createLinePainter(data.lines);
  const gapPaths = data.gaps.map((gap) => pathOf(gap.polygons, origin));
  const gapWidths = data.gaps.map(gapWidth);
  const spacing = typicalSpacing(model.sites);
  const siteRadius = (view: View): number => {
    const room = spacing * view.scale * 0.38;
    return room < NUMBERED_RADIUS ? Math.max(3, Math.min(5, room)) : Math.min(11, room);
  };
  return {
    siteRadius,
    paint(context, view, palette, state, hovered) {
      const has = (name: Parameters<State['layers']['has']>[0]): boolean => state.layers.has(name);
      context.fillStyle = palette.ground;
      context.fillRect(0, 0, view.width, view.height);
      tiles?.paint(context, view);
      const regions = has('regions') ? regionPaths.map((path) => onScreen(view, path, origin)) : [];
      context.fillStyle = palette.land;
      if (tiles === null) for (const path of regions) context.fill(path, 'evenodd');
      const layers = { today: has('today'), added: has('new'), open: has('open'), sinr: has('sinr') };
      painterOf(model.cellsOf(state.service)).paint(
        context,
        view,
        palette,
        layers,
        state.period,
        state.built,
      );
      regions.forEach((path, index) => {
        const chosen = data.regions[index]!.name === state.region;
        context.strokeStyle = chosen ? palette.accent : palette.outline;
        context.lineWidth = chosen ? 2.5 : 1;
        context.stroke(path);
      });
      if (has('lines')) paintLines(context, view, palette, state.built);
      if (has('bins') && model.bins !== null) paintBins(context, view, palette, model.bins);
      if (has('gaps') && state.built === data.sites.length) {
        const paths = gapPaths.map((path) => onScreen(view, path, origin));
        paintGaps(context, view, palette, paths, gapWidths, data.gaps, state);
      }
      paintAreas(context, view, palette, model, state, hovered);
      if (has('existing')) paintExisting(context, view, palette, model.existing);
      if (has('sites')) paintSites(context, view, palette, model, state, hovered, siteRadius(view));
    },
  };
}

/** A path about the origin of the plane, in millionths. */
function pathOf(polygons: Polygons, [originX, originY]: readonly [number, number]): Path2D {
  const path = new Path2D();
  for (const ring of polygons.flat()) {
    ring.forEach(([lon, lat], corner) => {
      const [x, y] = toPlane(lon!, lat!);
      if (corner === 0) path.moveTo((x - originX) * PATH_SCALE, (y - originY) * PATH_SCALE);
      else path.lineTo((x - originX) * PATH_SCALE, (y - originY) * PATH_SCALE);
    });
    path.closePath();
  }
  return path;
}

/** The path in screen pixels, so that line widths and patterns are pixels too. */
function onScreen(view: View, path: Path2D, [originX, originY]: readonly [number, number]): Path2D {
  const scale = view.scale / PATH_SCALE;
  const screen = new Path2D();
  const left = originX * view.scale + view.left;
  const top = originY * view.scale + view.top;
  screen.addPath(path, new DOMMatrix([scale, 0, 0, scale, left, top]));
  return screen;
}

/** Published bins: colour and size by mean level. */
function paintBins(
  context: CanvasRenderingContext2D,
  view: View,
  palette: Palette,
  bins: NonNullable<Model['bins']>,
): void {
  for (let bin = 0; bin < bins.x.length; bin++) {
    const [x, y] = place(bins, bin, view);
    if (x < -5 || y < -5 || x > view.width + 5 || y > view.height + 5) continue;
    const step = signalStep(bins.meanDbm[bin]!);
    context.fillStyle = palette.signal[step]!;
    context.beginPath();
    context.arc(x, y, 1.6 + 0.4 * step, 0, FULL_TURN);
    context.fill();
  }
}

/** Limits of the five colours of measured signal, dBm. */
export const SIGNAL_LIMITS_DBM = [-115, -105, -95, -85] as const;

function signalStep(dbm: number): number {
  return SIGNAL_LIMITS_DBM.filter((limit) => dbm >= limit).length;
}

function paintGaps(
  context: CanvasRenderingContext2D,
  view: View,
  palette: Palette,
  paths: readonly Path2D[],
  widths: readonly number[],
  gaps: readonly PageGap[],
  state: State,
): void {
  const hatch = hatchPattern(context, palette.open) ?? palette.open;
  context.font = `600 11px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  gaps.forEach((gap, index) => {
    const users = usersLeft(gap, state);
    if (users === 0) return;
    context.globalAlpha = 0.55;
    context.fillStyle = hatch;
    context.fill(paths[index]!, 'evenodd');
    context.globalAlpha = 1;
    context.strokeStyle = palette.open;
    context.lineWidth = 1.25;
    context.setLineDash([4, 2]);
    context.stroke(paths[index]!);
    context.setLineDash([]);
    if (widths[index]! * view.scale < 34) return;
    const [x, y] = toPlane(gap.lon, gap.lat);
    label(context, formatUsers(users), x * view.scale + view.left, y * view.scale + view.top, palette);
  });
}

/** Width of a gap on the plane: its number is shown where it fits. */
function gapWidth(gap: PageGap): number {
  const xs = gap.polygons.flatMap((rings) => rings[0]!.map(([lon, lat]) => toPlane(lon!, lat!)[0]));
  return Math.max(...xs) - Math.min(...xs);
}

function label(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  palette: Palette,
): void {
  context.lineWidth = 3;
  context.strokeStyle = palette.ground;
  context.strokeText(text, x, y);
  context.fillStyle = palette.ink;
  context.fillText(text, x, y);
}

function hatchPattern(context: CanvasRenderingContext2D, color: string): CanvasPattern | null {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const pen = tile.getContext('2d');
  if (pen === null) return null;
  pen.strokeStyle = color;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat');
}

/** Service areas: of all built sites when the layer is on, else of the site under the pointer or selected. */
function paintAreas(
  context: CanvasRenderingContext2D,
  view: View,
  palette: Palette,
  model: Model,
  state: State,
  hovered: number | null,
): void {
  const { sites, configurations } = model.data;
  sites.forEach((site, rank) => {
    const strong = rank === hovered || rank === state.site;
    if (!strong && !(state.layers.has('areas') && rank < state.built)) return;
    const configuration = configurations[site.configuration]!;
    const radius = configuration.reachM * metresToPlane(site.lat) * view.scale;
    const [x, y] = place(model.sites, rank, view);
    context.beginPath();
    context.arc(x, y, radius, 0, FULL_TURN);
    if (strong) {
      context.globalAlpha = 0.12;
      context.fillStyle = palette.accent;
      context.fill();
    }
    context.globalAlpha = strong ? 1 : 0.45;
    context.strokeStyle = palette.accent;
    context.lineWidth = strong ? 1.75 : 1;
    context.stroke();
    for (const azimuth of configuration.azimuthsDeg) {
      const angle = ((azimuth - 90) * Math.PI) / 180;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
      context.stroke();
    }
    context.globalAlpha = 1;
  });
}

function paintExisting(
  context: CanvasRenderingContext2D,
  view: View,
  palette: Palette,
  existing: Points,
): void {
  const size = existing.x.length > 1500 ? 3 : 5;
  context.fillStyle = palette.existing;
  context.strokeStyle = palette.ground;
  context.lineWidth = 1;
  for (let k = 0; k < existing.x.length; k++) {
    const [x, y] = place(existing, k, view);
    if (x < -9 || y < -9 || x > view.width + 9 || y > view.height + 9) continue;
    context.beginPath();
    context.moveTo(x, y - size);
    context.lineTo(x + size, y + 0.8 * size);
    context.lineTo(x - size, y + 0.8 * size);
    context.closePath();
    context.fill();
    context.stroke();
  }
}

/** Numbered discs in building order: filled up to the slider, hollow after it. */
function paintSites(
  context: CanvasRenderingContext2D,
  view: View,
  palette: Palette,
  model: Model,
  state: State,
  hovered: number | null,
  radius: number,
): void {
  const order = model.data.sites.map((_, rank) => rank).reverse();
  for (const last of [state.site, hovered]) if (last !== null) order.push(last);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const rank of order) {
    const strong = rank === hovered || rank === state.site;
    const [x, y] = place(model.sites, rank, view);
    const size = strong ? Math.max(11, radius + 2) : radius;
    if (x < -size || y < -size || x > view.width + size || y > view.height + size) continue;
    const isBuilt = rank < state.built;
    context.beginPath();
    context.arc(x, y, size, 0, FULL_TURN);
    context.fillStyle = isBuilt ? palette.accent : palette.ground;
    context.fill();
    context.lineWidth = strong ? 2.5 : isBuilt ? 1 : 1.5;
    context.strokeStyle = strong ? palette.ink : isBuilt ? palette.ground : palette.accent;
    context.stroke();
    if (size < NUMBERED_RADIUS) continue;
    const text = String(rank + 1);
    context.font = `600 ${text.length > 2 ? 9 : 11}px ${palette.font}`;
    context.fillStyle = isBuilt ? palette.onAccent : palette.accent;
    context.fillText(text, x, y + 0.5);
  }
}

function place(points: Points, k: number, view: View): [number, number] {
  return [points.x[k]! * view.scale + view.left, points.y[k]! * view.scale + view.top];
}

/** Median distance to the nearest other site, plane units; decides how large discs may be. */
function typicalSpacing({ x, y }: Points): number {
  const nearest = Array.from(x, (_, a) => {
    let best = Infinity;
    for (let b = 0; b < x.length; b++) {
      if (b !== a) best = Math.min(best, Math.hypot(x[a]! - x[b]!, y[a]! - y[b]!));
    }
    return best;
  }).sort((a, b) => a - b);
  return nearest[nearest.length >> 1] ?? Infinity;
}
