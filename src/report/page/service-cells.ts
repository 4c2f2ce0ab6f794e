import type { PageGap } from '../page-data-types.ts';
import type { Cells } from './model.ts';
import type { State } from './state.ts';

/** Records of several services at one point, drawn as one. */
export interface CellParts {
  readonly all: Cells;
  /** [points + 1] records of each point in `all`. */
  readonly start: Uint32Array;
}

/** Which service each record wants, and the number of its point. */
export interface RecordServices {
  readonly ofRecord: Float64Array;
  readonly pointOfRecord: Float64Array;
}

/** Users of the service looked at, or of all, who are left in a gap; thousandths. */
export function usersLeft({ usersMilli, serviceMilli }: PageGap, { period, service }: State): number {
  const left = service === null ? usersMilli : serviceMilli![service]!;
  return left[period]!;
}

/** The records of one service. */
export function cellsOfService(cells: Cells, { ofRecord }: RecordServices, service: number): Cells {
  const kept = Uint32Array.from(ofRecord.keys()).filter((i) => ofRecord[i] === service);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (i) => values[i]!);
  return pickCells(cells, kept.length, pick);
}

/** One record a point with the users of all services; its state is that of most of them (`cellState`). */
export function cellsByPoint(cells: Cells, { pointOfRecord }: RecordServices): Cells {
  const starts: number[] = [];
  pointOfRecord.forEach((point, i) => {
    if (i === 0 || point !== pointOfRecord[i - 1]) starts.push(i);
  });
  const start = Uint32Array.from([...starts, cells.count]);
  const reduce = (values: Float64Array, join: (a: number, b: number) => number): Float64Array =>
    Float64Array.from(starts, (from, point) => values.subarray(from, start[point + 1]).reduce(join));
  const sum = (values: Float64Array): Float64Array => reduce(values, (a, b) => a + b);
  const first = (values: Float64Array): Float64Array => Float64Array.from(starts, (from) => values[from]!);
  return {
    ...pickCells(cells, starts.length, first),
    usersMilli: cells.usersMilli.map(sum),
    noRoomMilli: cells.noRoomMilli?.map(sum) ?? null,
    // Services at a point hear the same; a stricter one may not be covered there, which is step 0.
    sinr: cells.sinr?.map((steps) => reduce(steps, Math.max)) ?? null,
    parts: { all: cells, start },
  };
}

function pickCells(cells: Cells, count: number, pick: (values: Float64Array) => Float64Array): Cells {
  return {
    ...cells,
    count,
    x: pick(cells.x),
    y: pick(cells.y),
    lon: pick(cells.lon),
    lat: pick(cells.lat),
    side: pick(cells.side),
    sideM: pick(cells.sideM),
    members: cells.members === null ? null : pick(cells.members),
    rank: pick(cells.rank),
    region: pick(cells.region),
    usersMilli: cells.usersMilli.map(pick),
    noRoomMilli: cells.noRoomMilli?.map(pick) ?? null,
    state: cells.state.map(pick),
    sinr: cells.sinr?.map(pick) ?? null,
  };
}
