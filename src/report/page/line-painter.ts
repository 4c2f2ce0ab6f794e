import { unpackIntegers } from '../packed-integers.ts';
import type { PageLines } from '../page-lines-types.ts';
import type { View } from './cell-painter.ts';
import { toPlane } from './model.ts';
import type { Palette } from './palette.ts';

const DEGREE_SCALE = 1e5;
const WIDTH_PX = 2.5;
/** Ground on both sides, so that a line is seen on cells of its own colour. */
const HALO_PX = 1.5;
const DASH_PX = [5, 4];

/** Lines in the colours of users: served today, newly served with so many sites, not served (dashed). */
export function createLinePainter(
  lines: PageLines | null,
): (context: CanvasRenderingContext2D, view: View, palette: Palette, built: number) => void {
  const drawn = lines?.drawn ?? null;
  if (drawn === null) return () => undefined;
  const sizes = unpackIntegers(drawn.sizes);
  const rank = unpackIntegers(drawn.rank);
  const today = unpackIntegers(drawn.today);
  const lon = unpackIntegers(drawn.lon, true);
  const lat = unpackIntegers(drawn.lat, true);
  const x = new Float64Array(lon.length);
  const y = new Float64Array(lon.length);
  for (let k = 0; k < lon.length; k++) {
    [x[k], y[k]] = toPlane(lon[k]! / DEGREE_SCALE, lat[k]! / DEGREE_SCALE);
  }
  const stateOf = (run: number, built: number): 'today' | 'added' | 'open' => {
    if (today[run] === 1) return 'today';
    return rank[run]! > 0 && rank[run]! <= built ? 'added' : 'open';
  };
  return (context, view, palette, built) => {
    const paths = { today: new Path2D(), added: new Path2D(), open: new Path2D() };
    let at = 0;
    sizes.forEach((size, run) => {
      const path = paths[stateOf(run, built)];
      for (let k = at; k < at + size; k++) {
        const px = x[k]! * view.scale + view.left;
        const py = y[k]! * view.scale + view.top;
        if (k === at) path.moveTo(px, py);
        else path.lineTo(px, py);
      }
      at += size;
    });
    context.lineJoin = 'round';
    for (const name of ['open', 'today', 'added'] as const) {
      context.strokeStyle = palette.ground;
      context.lineWidth = WIDTH_PX + 2 * HALO_PX;
      context.stroke(paths[name]);
      context.strokeStyle = palette[name];
      context.lineWidth = WIDTH_PX;
      context.setLineDash(name === 'open' ? DASH_PX : []);
      context.stroke(paths[name]);
      context.setLineDash([]);
    }
  };
}
