import { booleanPointInPolygon, kinks } from '@turf/turf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outlineRings, polygonsOfRings, touchingGroups } from '../../src/report/cell-outline.ts';
import { findGaps } from '../../src/report/gaps.ts';
import { ringArea } from '../../src/report/geojson-text.ts';
import { countPlan } from '../../src/report/plan-facts.ts';
import { syntheticPlan } from '../support/synthetic-plan.ts';

const squaresOf = (cells: readonly (readonly [number, number])[]) => ({
  columns: Int32Array.from(cells, ([column]) => column),
  rows: Int32Array.from(cells, ([, row]) => row),
});

describe('outlines of grid squares', () => {
  it('draw a block of two as one rectangle and a ring of eight with its hole', () => {
    const pair = squaresOf([
      [0, 0],
      [1, 0],
    ]);
    const [rectangle] = outlineRings(pair, [0, 1]);
    expect(new Set(rectangle!.map(String))).toEqual(new Set(['0,0', '2,0', '2,1', '0,1']));
    const around = [0, 1, 2]
      .flatMap((x) => [0, 1, 2].map((y) => [x, y] as const))
      .filter(([x, y]) => x !== 1 || y !== 1);
    const polygons = polygonsOfRings(outlineRings(squaresOf(around), [...around.keys()]));
    expect(polygons.map((rings) => rings.length)).toEqual([2]);
  });

  it('have the area of the squares, valid rings, exteriors counter-clockwise and holes inside', () => {
    const cell = fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }));
    fc.assert(
      fc.property(fc.uniqueArray(cell, { minLength: 1, maxLength: 50, selector: String }), (cells) => {
        const squares = squaresOf(cells);
        const groups = touchingGroups(squares);
        expect(groups.flat().sort((a, b) => a - b)).toEqual([...cells.keys()]);
        for (const group of groups) {
          const polygons = polygonsOfRings(outlineRings(squares, group));
          const area = polygons.flat().reduce((sum, ring) => sum + ringArea(ring) / 2, 0);
          expect(area).toBe(group.length);
          for (const rings of polygons) {
            expect(ringArea(rings[0]!)).toBeGreaterThan(0);
            for (const hole of rings.slice(1)) expect(ringArea(hole)).toBeLessThan(0);
            for (const ring of rings) {
              expect(ring[0]).toEqual(ring.at(-1));
              const corners = ring.slice(1).map(String);
              expect(new Set(corners).size).toBe(corners.length);
            }
          }
          for (const k of group) {
            const centre = [cells[k]![0] + 0.5, cells[k]![1] + 0.5];
            expect(booleanPointInPolygon(centre, { type: 'MultiPolygon', coordinates: polygons })).toBe(true);
          }
        }
      }),
    );
  });
});

describe('gaps', () => {
  it('hold every unserved user exactly once, largest first, in polygons that do not cross themselves', () => {
    const plan = syntheticPlan();
    const facts = countPlan(plan);
    const gaps = findGaps(plan, facts);
    plan.demand.periods.forEach((_, period) => {
      const left = gaps.reduce((sum, gap) => sum + gap.usersMilli[period]!, 0);
      const scope = facts.periods[period]!;
      expect(left).toBe(scope.totalMilli - scope.servedMilli);
    });
    const largest = gaps.map((gap) => Math.max(...gap.usersMilli));
    expect(largest).toEqual([...largest].sort((a, b) => b - a));
    for (const gap of gaps) {
      for (const coordinates of gap.coordinates)
        expect(kinks({ type: 'Polygon', coordinates }).features).toEqual([]);
    }
  });
});
