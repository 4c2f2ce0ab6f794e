import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverSpans, emptySpans, openStrips, orderInStrips } from '../../src/coverage/point-strips.ts';

/** A coarse lattice makes points on the border of a disc and of a strip the rule rather than the exception. */
const coordinate = fc.oneof(
  fc.integer({ min: -8, max: 8 }),
  fc.integer({ min: -80, max: 80 }).map((tenths) => tenths / 10),
  fc.double({ min: -1e4, max: 1e4, noNaN: true }),
);
const point = fc.tuple(coordinate, coordinate);
const radius = fc.oneof(fc.nat(12), fc.double({ min: 0, max: 2e4, noNaN: true }));
const height = fc.oneof(fc.constantFrom(0, 0.1, 1, 5), fc.double({ min: 0, max: 1e5, noNaN: true }));

describe('points in strips', () => {
  it('lists as spans exactly the points at most a radius away', () => {
    fc.assert(
      fc.property(
        fc.array(point, { maxLength: 60 }),
        point,
        radius,
        height,
        (points, [px, py], reach, strip) => {
          const x = Float64Array.from(points, (own) => own[0]);
          const y = Float64Array.from(points, (own) => own[1]);
          const order = orderInStrips(x, y, strip);
          const sortedX = Float64Array.from(order, (place) => x[place]!);
          const sortedY = Float64Array.from(order, (place) => y[place]!);
          const spans = emptySpans(1);
          coverSpans(openStrips(sortedX, sortedY, strip), px, py, reach, spans);
          const found: number[] = [];
          for (let span = 0; span < spans.count; span++) {
            for (let place = spans.from[span]!; place < spans.to[span]!; place++) found.push(order[place]!);
          }
          const within = (own: number): boolean => (x[own]! - px) ** 2 + (y[own]! - py) ** 2 <= reach * reach;
          expect(found.sort((a, b) => a - b)).toEqual(points.map((_, own) => own).filter(within));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps the order of points that are in their order', () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 60 }), height, (points, strip) => {
        const x = Float64Array.from(points, (own) => own[0]);
        const y = Float64Array.from(points, (own) => own[1]);
        const order = orderInStrips(x, y, strip);
        const sorted = (values: Float64Array): Float64Array =>
          Float64Array.from(order, (place) => values[place]!);
        expect(orderInStrips(sorted(x), sorted(y), strip)).toEqual(
          Uint32Array.from(points, (_, place) => place),
        );
      }),
    );
  });
});
