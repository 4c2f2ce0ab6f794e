import { s } from './dom.ts';

/** A linear scale of a chart axis. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Pixels. */
  readonly start: number;
  readonly end: number;
}

export function position({ from, to, start, end }: Axis, value: number): number {
  return start + ((value - from) / (to - from || 1)) * (end - start);
}

/** Four to seven round tick values. */
export function ticks({ from, to }: Axis): number[] {
  const span = to - from || 1;
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 6.5) ?? 10 * power;
  const values = [];
  for (let k = Math.ceil(from / step - 1e-9); k * step <= to + 1e-9 * span; k++)
    values.push(Number((k * step).toPrecision(12)));
  return values;
}

export function axisLines(
  x: Axis,
  y: Axis,
  format: { readonly x: (value: number) => string; readonly y: (value: number) => string },
): SVGElement {
  return s(
    'g',
    { class: 'axes' },
    ...ticks(y).flatMap((value) => [
      s('line', { class: 'grid', x1: x.start, x2: x.end, y1: position(y, value), y2: position(y, value) }),
      s(
        'text',
        { class: 'tick', x: x.start - 6, y: position(y, value) + 4, 'text-anchor': 'end' },
        format.y(value),
      ),
    ]),
    ...ticks(x).map((value) =>
      s(
        'text',
        { class: 'tick', x: position(x, value), y: y.start + 16, 'text-anchor': 'middle' },
        format.x(value),
      ),
    ),
    s('line', { class: 'axis', x1: x.start, x2: x.end, y1: y.start, y2: y.start }),
  );
}

/** A path through points; with `steps`, levels hold until the next point. */
export function linePath(points: readonly (readonly [number, number])[], steps = false): string {
  return points
    .map(([x, y], k) => {
      const at = `${x.toFixed(1)} ${y.toFixed(1)}`;
      if (k === 0) return `M${at}`;
      return steps ? `H${x.toFixed(1)}V${y.toFixed(1)}` : `L${at}`;
    })
    .join('');
}
