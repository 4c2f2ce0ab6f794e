import type { PlanResult } from '../planning/plan-result.ts';
import { demandSideM } from './demand-grid.ts';
import { localMetres, meanOf } from './local-metres.ts';
import { packIntegers } from './packed-integers.ts';
import type { PageCells } from './page-data-types.ts';
import type { PlanFacts } from './plan-facts.ts';
import { sinrSteps } from './sinr-place.ts';

/** More records than this are merged on a grid: the page stays small and draws in one frame. */
const MAX_RECORDS = 60_000;
/** Side drawn for demand given as bare points, metres. */
const POINT_SIDE_M = 100;
const FIRST_GRID_M = 50;
const DEGREE_SCALE = 1e5;

/** Per period [demand] step of SINR. */
type Steps = readonly Uint8Array[] | null;

interface Group {
  readonly first: number;
  /** Grid square; absent where a group is one row. */
  readonly square?: string;
  readonly members: number[];
}

/** Demand for the page: one record a cell, or merged records on the finest grid that keeps the page small. */
export function pageCells(result: PlanResult, facts: PlanFacts): PageCells {
  const { demand } = result;
  const sinr = sinrSteps(result);
  if (demand.count <= MAX_RECORDS) {
    return encode(
      result,
      facts,
      sinr,
      Array.from({ length: demand.count }, (_, i) => ({ first: i, members: [i] })),
      null,
    );
  }
  for (let sideM = FIRST_GRID_M; ; sideM *= 2) {
    const groups = groupCells(result, facts, sinr, sideM);
    if (groups.length <= MAX_RECORDS || sideM > 1e6) return encode(result, facts, sinr, groups, sideM);
  }
}

/** Cells of one grid square with equal first server, region, service today, evidence and SINR, in order of the first; of one service, groups of one square together, where there are several. */
function groupCells(result: PlanResult, facts: PlanFacts, sinr: Steps, sideM: number): Group[] {
  const { demand, regionOfDemand } = result;
  const plane = localMetres(meanOf(demand.lat));
  const groups = new Map<string, Group>();
  for (let i = 0; i < demand.count; i++) {
    const column = Math.floor(plane.x(demand.lon[i]!) / sideM);
    const row = Math.floor(plane.y(demand.lat[i]!) / sideM);
    const states = demand.periods.map((_, period) => stateOf(result, period, i)).join('');
    const square = `${column},${row}`;
    const service = demand.services?.ofRow[i] ?? '';
    const name = `${square},${service},${facts.rankOfDemand[i]!},${regionOfDemand[i]!},${states}${stepsAt(sinr, i)}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { first: i, square, members: [i] });
    else group.members.push(i);
  }
  if (demand.services === undefined) return [...groups.values()];
  const bySquare = new Map<string, Group[]>();
  for (const group of groups.values()) {
    const same = bySquare.get(group.square!);
    if (same === undefined) bySquare.set(group.square!, [group]);
    else same.push(group);
  }
  return [...bySquare.values()].flat();
}

function stepsAt(sinr: Steps, i: number): string {
  return sinr === null ? '' : `,${sinr.map((steps) => steps[i]!).join('')}`;
}

function stateOf(result: PlanResult, period: number, i: number): number {
  return 4 * result.problem.servedToday[period]![i]! + result.baseline.evidence[period]![i]!;
}

function encode(
  result: PlanResult,
  facts: PlanFacts,
  sinr: Steps,
  groups: readonly Group[],
  gridM: number | null,
): PageCells {
  const { demand } = result;
  const services = demand.services ?? null;
  const column = (value: (group: Group) => number, differences = false): string =>
    packIntegers(Float64Array.from(groups, value), differences);
  const centre = (values: Float64Array) => (group: Group) =>
    Math.round((DEGREE_SCALE * group.members.reduce((sum, i) => sum + values[i]!, 0)) / group.members.length);
  const typicalM = demandSideM(demand);
  const sides = Float64Array.from(groups, (group) =>
    Math.round(demand.cellM[group.first]! || (typicalM ?? POINT_SIDE_M)),
  );
  const oneSide = sides.every((side) => side === sides[0]);
  return {
    count: groups.length,
    merged: gridM !== null,
    points: gridM === null && typicalM === null,
    lon: column(centre(demand.lon), true),
    lat: column(centre(demand.lat), true),
    sideM: gridM ?? (oneSide ? (sides[0] ?? POINT_SIDE_M) : packIntegers(sides)),
    cells: gridM === null ? null : column((group) => group.members.length),
    rank: column((group) => facts.rankOfDemand[group.first]!),
    region: column((group) => result.regionOfDemand[group.first]! + 1),
    usersMilli: demand.usersMilli.map((users) =>
      column((group) => group.members.reduce((sum, i) => sum + users[i]!, 0)),
    ),
    state: demand.periods.map((_, period) => column((group) => stateOf(result, period, group.first))),
    noRoomMilli:
      facts.loads?.noRoomMilli.map((users) =>
        column((group) => group.members.reduce((sum, i) => sum + users[i]!, 0)),
      ) ?? null,
    sinr: sinr?.map((steps) => column((group) => steps[group.first]!)) ?? null,
    services: services && {
      ofRecord: column((group) => services.ofRow[group.first]!),
      pointOfRecord: packIntegers(pointsOf(groups, services.placeOfRow), true),
    },
  };
}

/** [groups] number of the point or square each stands at. */
function pointsOf(groups: readonly Group[], placeOfRow: Uint32Array): Float64Array {
  let point = -1;
  let last: string | number | null = null;
  return Float64Array.from(groups, ({ first, square }) => {
    const own = square ?? placeOfRow[first]!;
    if (own !== last) point++;
    last = own;
    return point;
  });
}
