import { simplify } from '@turf/turf';
import { partOfLine } from '../input/line-table.ts';
import type { LineService } from '../planning/serve-lines.ts';
import { packIntegers } from './packed-integers.ts';
import type { PageLines } from './page-lines-types.ts';

/** Above so many positions lines are drawn simplified (about 20 m), or where that does not help not at all. */
const MAX_POSITIONS = 60_000;
const SIMPLIFY_DEGREES = 2e-4;
const DEGREE_SCALE = 1e5;

export function pageLines(lines: LineService): PageLines {
  return {
    pieceM: lines.pieceM,
    rows: lines.rows.map(
      ({ group, region, totalMm, servedTodayMm, servedMm, servedUnknownMm, unknownMm }) => ({
        ...{ group, region, totalMm, servedMm },
        todayMm: servedTodayMm,
        highMm: servedMm - servedUnknownMm + unknownMm,
      }),
    ),
    drawn: drawnLines(lines),
  };
}

function drawnLines({ table, runs }: LineService): PageLines['drawn'] {
  if (runs.length > MAX_POSITIONS / 2) return null;
  const exact = runs.map(({ line, fromM, toM }) => partOfLine(table, line, fromM, toM));
  const parts = countPositions(exact) > MAX_POSITIONS ? exact.map(simplified) : exact;
  if (countPositions(parts) > MAX_POSITIONS) return null;
  const all = parts.flat();
  const degrees = (axis: 0 | 1): string =>
    packIntegers(
      all.map((position) => Math.round(position[axis] * DEGREE_SCALE)),
      true,
    );
  return {
    sizes: packIntegers(parts.map((part) => part.length)),
    lon: degrees(0),
    lat: degrees(1),
    rank: packIntegers(runs.map(({ rank }) => rank)),
    today: packIntegers(runs.map(({ servedToday }) => Number(servedToday))),
  };
}

function countPositions(parts: readonly (readonly unknown[])[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function simplified(coordinates: [number, number][]): [number, number][] {
  if (coordinates.length < 3) return coordinates;
  const line = { type: 'LineString' as const, coordinates };
  return simplify(line, { tolerance: SIMPLIFY_DEGREES }).coordinates as [number, number][];
}
