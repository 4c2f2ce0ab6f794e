import { firstAtLeast } from '../geo/first-at-least.ts';

/**
 * Points in strips of equal height, from left to right within a strip: what a disc covers of a strip is one run of points
 * but for a few near its border, so a disc is a short list of spans however many points it holds.
 */
export interface PointStrips {
  readonly minX: number;
  readonly maxX: number;
  readonly minY: number;
  readonly height: number;
  /** [strips + 1] first point of each strip. */
  readonly stripStart: Uint32Array;
  /** [points] strip by strip, x ascending within each. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Strips per point at most: a height that suits no point of the set costs no more memory than the points. */
const MAX_STRIPS_PER_POINT = 1;
/** Borders are drawn in and out by this share of the strip's height, so that their rounding never decides. */
const SLACK = 1e-7;

interface StripFrame {
  readonly minY: number;
  readonly height: number;
  readonly count: number;
}

function frameOf(y: Float64Array, wantedHeight: number): StripFrame {
  let minY = Infinity;
  let maxY = -Infinity;
  for (const own of y) {
    if (own < minY) minY = own;
    if (own > maxY) maxY = own;
  }
  if (y.length === 0) return { minY: 0, height: 1, count: 0 };
  const least = (maxY - minY) / (MAX_STRIPS_PER_POINT * y.length);
  const height = Math.max(wantedHeight, least, 1e-9 * Math.abs(maxY), 1e-300);
  return { minY, height, count: Math.floor((maxY - minY) / height) + 1 };
}

/** The order of points that {@link openStrips} asks for: by strip, then x, then the caller's order. */
export function orderInStrips(x: Float64Array, y: Float64Array, wantedHeight: number): Uint32Array {
  const { minY, height } = frameOf(y, wantedHeight);
  const strip = Uint32Array.from(y, (own) => Math.floor((own - minY) / height));
  return Uint32Array.from(x, (_, point) => point).sort(
    (a, b) => strip[a]! - strip[b]! || x[a]! - x[b]! || a - b,
  );
}

/** The strips of points that are in their order already; the same height as for {@link orderInStrips}. */
export function openStrips(x: Float64Array, y: Float64Array, wantedHeight: number): PointStrips {
  const { minY, height, count } = frameOf(y, wantedHeight);
  const stripStart = new Uint32Array(count + 1);
  for (const own of y) stripStart[Math.floor((own - minY) / height) + 1]!++;
  for (let strip = 0; strip < count; strip++) stripStart[strip + 1]! += stripStart[strip]!;
  let minX = Infinity;
  let maxX = -Infinity;
  for (const own of x) {
    if (own < minX) minX = own;
    if (own > maxX) maxX = own;
  }
  return { minX, maxX, minY, height, stripStart, x, y };
}

/** Spans `[from, to)` of points, one after the other: ascending, not touching within a strip. */
export interface Spans {
  from: Uint32Array;
  to: Uint32Array;
  count: number;
}

export function emptySpans(capacity: number): Spans {
  return { from: new Uint32Array(capacity), to: new Uint32Array(capacity), count: 0 };
}

function push(spans: Spans, from: number, to: number): void {
  if (spans.count === spans.from.length) {
    const capacity = Math.max(64, 2 * spans.count);
    const larger = emptySpans(capacity);
    larger.from.set(spans.from);
    larger.to.set(spans.to);
    spans.from = larger.from;
    spans.to = larger.to;
  }
  spans.from[spans.count] = from;
  spans.to[spans.count++] = to;
}

/** Adds the points within `radius` of (px, py), border included, to `spans`. */
export function coverSpans(strips: PointStrips, px: number, py: number, radius: number, spans: Spans): void {
  const { minX, maxX, minY, height, stripStart, x, y } = strips;
  const last = stripStart.length - 2;
  const slack = SLACK * height;
  if (px + radius + slack < minX || px - radius - slack > maxX) return;
  const squared = radius * radius;
  const firstStrip = Math.max(0, Math.floor((py - radius - minY) / height - SLACK));
  const lastStrip = Math.min(last, Math.floor((py + radius - minY) / height + SLACK));
  for (let strip = firstStrip; strip <= lastStrip; strip++) {
    const start = stripStart[strip]!;
    const end = stripStart[strip + 1]!;
    if (start === end) continue;
    const low = minY + strip * height - py - slack;
    const high = low + height + 2 * slack;
    const nearest = low > 0 ? low : high < 0 ? high : 0;
    const farthest = -low > high ? -low : high;
    const outer = Math.sqrt(Math.max(0, squared - nearest * nearest)) + slack;
    const inner = squared > farthest * farthest ? Math.sqrt(squared - farthest * farthest) - slack : -1;
    let point = firstAtLeast(x, start, end, px - outer);
    let from = -1;
    // Left border, then what lies inside for certain, then the right border.
    for (; point < end && x[point]! <= px + outer; point++) {
      const dx = x[point]! - px;
      if (inner > 0 && dx > -inner && dx < inner) {
        if (from === -1) from = point;
        // At least this one: `px + inner` may round to the point itself.
        point = firstAtLeast(x, point + 1, end, px + inner) - 1;
        continue;
      }
      const dy = y[point]! - py;
      if (dx * dx + dy * dy <= squared) {
        if (from === -1) from = point;
      } else if (from !== -1) {
        push(spans, from, point);
        from = -1;
      }
    }
    if (from !== -1) push(spans, from, point);
  }
}
