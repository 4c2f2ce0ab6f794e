import { FIRST_CLEAR_STEP } from '../sinr-steps.ts';
import type { Cells } from './model.ts';
import type { Palette } from './palette.ts';
import type { CellParts } from './service-cells.ts';

/** Plane to screen: px = x * scale + left. */
export interface View {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface CellLayers {
  readonly today: boolean;
  readonly added: boolean;
  readonly open: boolean;
  /** SINR in place of service, where it is known. */
  readonly sinr: boolean;
}

/** What the colours stand for: the kind of each cell, -1 = not drawn, and whether a stroke marks it as not served. */
interface Look {
  readonly colors: readonly string[];
  kindOf(i: number): number;
  isStruck(i: number): boolean;
}

const OPACITIES = [0.4, 0.6, 0.8, 1] as const;
/** Below this many pixels a side, many cells are drawn as blocks of screen pixels instead. */
const MIN_CELL_PX = 2;
const MANY_CELLS = 20_000;
const BLOCK_PX = 3;

/**
 * 0 served today, 1 newly served, 2 not served (as where most users find no room), with the first `built` sites. Where users of
 * several services stand, the state of most of them; of equals the worse.
 */
export function cellState(cells: Cells, period: number, built: number, i: number): number {
  if (cells.parts !== null) return stateOfMost(cells.parts, period, built, i);
  const noRoom = cells.noRoomMilli?.[period]![i] ?? 0;
  if (noRoom > 0 && 2 * noRoom >= cells.usersMilli[period]![i]!) return 2;
  if (cells.state[period]![i]! >= 4) return 0;
  const rank = cells.rank[i]!;
  return rank > 0 && rank <= built ? 1 : 2;
}

function stateOfMost({ all, start }: CellParts, period: number, built: number, point: number): number {
  let today = 0;
  let added = 0;
  let open = 0;
  for (let k = start[point]!; k < start[point + 1]!; k++) {
    const users = all.usersMilli[period]![k]!;
    const state = cellState(all, period, built, k);
    if (state === 0) today += users;
    else if (state === 1) added += users;
    else open += users;
  }
  if (open >= today && open >= added) return 2;
  return added >= today ? 1 : 0;
}

function serviceLook(
  cells: Cells,
  palette: Palette,
  layers: CellLayers,
  period: number,
  built: number,
): Look {
  const shown = [layers.today, layers.added, layers.open];
  return {
    colors: [palette.today, palette.added, palette.open],
    kindOf: (i) => {
      const state = cellState(cells, period, built, i);
      return shown[state] === true ? state : -1;
    },
    isStruck: (i) => layers.open && cellState(cells, period, built, i) === 2,
  };
}

/** Users whom no cell covers are not drawn: SINR says nothing of them. */
function sinrLook(steps: Float64Array, palette: Palette): Look {
  return {
    colors: palette.signal,
    kindOf: (i) => steps[i]! - 1,
    isStruck: (i) => steps[i]! > 0 && steps[i]! < FIRST_CLEAR_STEP,
  };
}

/** Draws demand: colour says the state, opacity (squares) or area (bare points) the users. */
export function createCellPainter(cells: Cells): {
  paint(
    context: CanvasRenderingContext2D,
    view: View,
    palette: Palette,
    layers: CellLayers,
    period: number,
    built: number,
  ): void;
} {
  const levels = cells.usersMilli.map((users) => opacityLevels(users));
  const typical = cells.usersMilli.map((users) => Math.max(1, quantile(users, 0.6)));
  const medianSide = quantile(cells.side, 0.5);
  return {
    paint(context, view, palette, layers, period, built) {
      const steps = layers.sinr ? cells.sinr?.[period] : undefined;
      const look =
        steps === undefined ? serviceLook(cells, palette, layers, period, built) : sinrLook(steps, palette);
      const { colors } = look;
      const sidePx = medianSide * view.scale;
      if (sidePx < MIN_CELL_PX && cells.count > MANY_CELLS) {
        paintBlocks(context, view, cells, look, period);
        return;
      }
      const growth = Math.max(1, sidePx / 3) ** 0.5;
      for (let kind = 0; kind < colors.length; kind++) {
        context.fillStyle = colors[kind]!;
        for (let level = 0; level < OPACITIES.length; level++) {
          context.globalAlpha = cells.points ? 0.85 : OPACITIES[level]!;
          if (cells.points && level > 0) break;
          for (let i = 0; i < cells.count; i++) {
            const users = cells.usersMilli[period]![i]!;
            if (users === 0 || look.kindOf(i) !== kind) continue;
            if (!cells.points && levels[period]![i] !== level) continue;
            const side = cells.points
              ? Math.min(60, Math.max(1.6, 3 * growth * Math.sqrt(users / typical[period]!)))
              : Math.max(1.6, cells.side[i]! * view.scale);
            const x = cells.x[i]! * view.scale + view.left;
            const y = cells.y[i]! * view.scale + view.top;
            if (x < -side || y < -side || x > view.width + side || y > view.height + side) continue;
            const size = side > 6 && !cells.points ? side - 1 : side;
            context.fillRect(x - size / 2, y - size / 2, size, size);
          }
        }
      }
      context.globalAlpha = 1;
      if (sidePx > 7 && !cells.points) markStruck(context, view, cells, palette, period, look);
    },
  };
}

/** A stroke across every unserved square: the state stays readable without colour. */
function markStruck(
  context: CanvasRenderingContext2D,
  view: View,
  cells: Cells,
  palette: Palette,
  period: number,
  look: Look,
): void {
  context.strokeStyle = palette.openMark;
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 0; i < cells.count; i++) {
    if (cells.usersMilli[period]![i] === 0 || !look.isStruck(i)) continue;
    const half = (cells.side[i]! * view.scale) / 2 - 1.5;
    const x = cells.x[i]! * view.scale + view.left;
    const y = cells.y[i]! * view.scale + view.top;
    if (x < -half || y < -half || x > view.width + half || y > view.height + half) continue;
    context.moveTo(x - half, y + half);
    context.lineTo(x + half, y - half);
  }
  context.stroke();
}

/** Zoomed far out: users of each state per block of pixels; the block takes the state of most users. */
function paintBlocks(
  context: CanvasRenderingContext2D,
  view: View,
  cells: Cells,
  { colors, kindOf }: Look,
  period: number,
): void {
  const columns = Math.ceil(view.width / BLOCK_PX);
  const rows = Math.ceil(view.height / BLOCK_PX);
  const sums = colors.map(() => new Float64Array(columns * rows));
  for (let i = 0; i < cells.count; i++) {
    const column = Math.floor((cells.x[i]! * view.scale + view.left) / BLOCK_PX);
    const row = Math.floor((cells.y[i]! * view.scale + view.top) / BLOCK_PX);
    if (column < 0 || row < 0 || column >= columns || row >= rows) continue;
    const kind = kindOf(i);
    if (kind >= 0) sums[kind]![row * columns + column]! += cells.usersMilli[period]![i]!;
  }
  const totals = new Float64Array(columns * rows);
  for (const kind of sums) kind.forEach((users, block) => (totals[block]! += users));
  const levels = opacityLevels(totals);
  for (let kind = 0; kind < colors.length; kind++) {
    context.fillStyle = colors[kind]!;
    for (let level = 0; level < OPACITIES.length; level++) {
      context.globalAlpha = OPACITIES[level]!;
      for (let block = 0; block < totals.length; block++) {
        if (totals[block] === 0 || levels[block] !== level) continue;
        const users = sums[kind]![block]!;
        if (users === 0 || sums.some((other) => other[block]! > users)) continue;
        context.fillRect(
          (block % columns) * BLOCK_PX,
          Math.floor(block / columns) * BLOCK_PX,
          BLOCK_PX,
          BLOCK_PX,
        );
      }
    }
  }
  context.globalAlpha = 1;
}

/** Level 0..3 by quartile of the users present: as many faint as strong squares, whatever the city. */
function opacityLevels(users: Float64Array): Uint8Array {
  const present = users.filter((value) => value > 0).sort();
  const at = (share: number): number => present[Math.floor(share * (present.length - 1))] ?? 0;
  const limits = [at(0.3), at(0.6), at(0.85)];
  return Uint8Array.from(users, (value) => limits.filter((limit) => value > limit).length);
}

function quantile(values: Float64Array, share: number): number {
  const present = values.filter((value) => value > 0).sort();
  return present[Math.floor(share * (present.length - 1))] ?? 1;
}
