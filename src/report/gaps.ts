import type { Position } from 'geojson';
import type { PlanResult } from '../planning/plan-result.ts';
import { outlineRings, polygonsOfRings, touchingGroups } from './cell-outline.ts';
import { demandSideM } from './demand-grid.ts';
import { roundDegrees } from './geojson-text.ts';
import { localMetres, meanOf } from './local-metres.ts';
import type { PlanFacts } from './plan-facts.ts';

/** A cluster of users left unserved. */
export interface Gap {
  /** 1-based, most users first. */
  readonly rank: number;
  /** MultiPolygon coordinates (RFC 7946 winding): the grid squares the users stand in, outlined. */
  readonly coordinates: Position[][][];
  /** Users per period not served by the finished plan, thousandths. */
  readonly usersMilli: readonly number[];
  /** Of these, users who are covered and have no room; null where nobody had to be assigned. */
  readonly noRoomMilli: readonly number[] | null;
  /** By service and period; null where there is one service. */
  readonly serviceMilli: readonly (readonly number[])[] | null;
  readonly cells: number;
  /** Region of most of its users; null without regions. */
  readonly region: string | null;
  /** Where most of the users stand: the cell with most of them. */
  readonly lon: number;
  readonly lat: number;
}

/** Grid side of gap outlines: twice the typical demand cell, within what reads well on a city map. */
const MIN_SQUARE_M = 250;
const MAX_SQUARE_M = 2000;

/**
 * Users left unserved in any period, gathered on a grid and joined where squares touch. Every unserved user is in
 * exactly one gap: per period, the sums over gaps are all users less those served.
 */
export function findGaps(result: PlanResult, facts: PlanFacts): Gap[] {
  const { demand } = result;
  const unserved: number[] = [];
  for (let i = 0; i < demand.count; i++) if (isLeftOut(result, facts, i)) unserved.push(i);
  if (unserved.length === 0) return [];
  const plane = localMetres(meanOf(demand.lat));
  const sideM = squareSideM(result);
  const columnOf = (i: number): number => Math.floor(plane.x(demand.lon[i]!) / sideM);
  const rowOf = (i: number): number => Math.floor(plane.y(demand.lat[i]!) / sideM);
  const inSquare = new Map<string, number[]>();
  for (const i of unserved) {
    const name = `${columnOf(i)},${rowOf(i)}`;
    const list = inSquare.get(name);
    if (list === undefined) inSquare.set(name, [i]);
    else list.push(i);
  }
  const members = [...inSquare.values()];
  const squares = {
    columns: Int32Array.from(members, (list) => columnOf(list[0]!)),
    rows: Int32Array.from(members, (list) => rowOf(list[0]!)),
  };
  const toDegrees = ([column, row]: readonly [number, number]): Position => [
    roundDegrees(plane.lon(column * sideM)),
    roundDegrees(plane.lat(row * sideM)),
  ];
  return touchingGroups(squares)
    .map((group) => {
      const polygons = polygonsOfRings(outlineRings(squares, group));
      const cells = group.flatMap((k) => members[k]!);
      return {
        ...countGap(result, facts, cells),
        coordinates: polygons.map((rings) => rings.map((ring) => ring.map(toDegrees))),
      };
    })
    .sort((a, b) => Math.max(...b.usersMilli) - Math.max(...a.usersMilli) || a.lon - b.lon || a.lat - b.lat)
    .map((gap, order) => ({ ...gap, rank: order + 1 }));
}

function isLeftOut(result: PlanResult, facts: PlanFacts, i: number): boolean {
  if (facts.loads !== null) {
    const { carriedMilli } = facts.loads;
    return result.demand.usersMilli.some((users, period) => users[i]! > carriedMilli[period]![i]!);
  }
  if (facts.rankOfDemand[i]! > 0) return false;
  return result.demand.usersMilli.some(
    (users, period) => users[i]! > 0 && result.problem.servedToday[period]![i] === 0,
  );
}

function countGap(
  result: PlanResult,
  { loads }: PlanFacts,
  cells: readonly number[],
): Omit<Gap, 'rank' | 'coordinates'> {
  const { demand, problem } = result;
  const usersMilli = demand.periods.map(() => 0);
  const noRoomMilli = loads === null ? null : demand.periods.map(() => 0);
  const { services } = demand;
  const serviceMilli = services?.names.map(() => demand.periods.map(() => 0)) ?? null;
  const regionUsers = new Map<number, number>();
  let largest = cells[0]!;
  let most = -1;
  for (const i of cells) {
    let here = 0;
    demand.usersMilli.forEach((users, period) => {
      if (loads === null && problem.servedToday[period]![i] === 1) return;
      const left = users[i]! - (loads?.carriedMilli[period]![i] ?? 0);
      usersMilli[period]! += left;
      if (serviceMilli !== null) serviceMilli[services!.ofRow[i]!]![period]! += left;
      if (noRoomMilli !== null) noRoomMilli[period]! += loads!.noRoomMilli[period]![i]!;
      here += left;
    });
    const region = result.regionOfDemand[i]!;
    regionUsers.set(region, (regionUsers.get(region) ?? 0) + here);
    if (here > most) [largest, most] = [i, here];
  }
  const [region] = [...regionUsers].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]!;
  return {
    usersMilli,
    noRoomMilli,
    serviceMilli,
    cells: services === undefined ? cells.length : new Set(cells.map((i) => services.placeOfRow[i]!)).size,
    region: result.regionNames[region] ?? null,
    lon: demand.lon[largest]!,
    lat: demand.lat[largest]!,
  };
}

function squareSideM(result: PlanResult): number {
  return Math.min(MAX_SQUARE_M, Math.max(MIN_SQUARE_M, 2 * (demandSideM(result.demand) ?? 0)));
}
