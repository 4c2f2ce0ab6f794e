import type { Axis } from './chart.ts';
import { axisLines, position } from './chart.ts';
import { s } from './dom.ts';

const SIZE = 320;

/** Measured (x) against predicted (y) level with the line of equality. */
export function createScatter(points: readonly (readonly [number, number])[], label: string): SVGElement {
  const values = points.flat();
  const from = Math.floor(Math.min(...values) / 10) * 10;
  const to = Math.ceil(Math.max(...values) / 10) * 10;
  const x: Axis = { from, to, start: 46, end: SIZE - 10 };
  const y: Axis = { from, to, start: SIZE - 28, end: 10 };
  return s(
    'svg',
    { viewBox: `0 0 ${SIZE} ${SIZE}`, width: SIZE, height: SIZE, role: 'img', 'aria-label': label },
    axisLines(x, y, { x: String, y: String }),
    s('line', { class: 'rule', x1: x.start, y1: y.start, x2: x.end, y2: y.end }),
    ...points.map(([measured, predicted]) =>
      s('circle', { class: 'scatter', cx: position(x, measured), cy: position(y, predicted), r: 1.5 }),
    ),
  );
}
