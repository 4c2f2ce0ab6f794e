import { InputError } from '../../errors.ts';
import { sharedUint32, sharedUint8, toSharedFloat64 } from '../../geo/shared-array.ts';
import { pairsNeed } from '../../memory/estimates.ts';
import type { MemoryAccount } from '../../memory/memory-account.ts';
import { sumOf, type MemoryNeed } from '../../memory/memory-need.ts';
import type { CoveringProblem } from '../../solve/problem.ts';
import { openBytes } from './bytes.ts';
import {
  completeDraft,
  nobodyServed,
  ownLocations,
  type InstanceDraft,
  type TargetOptions,
} from './draft.ts';
import { coverWithinGreatCircle } from './great-circle-coverage.ts';
import { readJsonInstance } from './json-instance.ts';
import { parseOrLibrary, readNumbers, type OrLibraryLayout } from './or-library.ts';
import { readFacilityCustomerFile, readNodeFile, type PointInstance } from './point-file.ts';
import { buildPointGrid, type PointGrid } from '../../coverage/point-grid.ts';
import { countWithinRadius, coverWithinRadius } from '../../coverage/radius-coverage.ts';
import { pairsOf, type SpanCoverage } from '../../coverage/span-coverage.ts';
import { pointNeed, pointSize, type PointSize } from './point-size.ts';
import { tellFormat, type InstanceFormat } from './tell-format.ts';

export interface InstanceOptions extends TargetOptions {
  /** Told by content when not given. */
  readonly format?: InstanceFormat | undefined;
  /** Reach of every site where the file has none: in its unit, metres for `mclp-lonlat`. */
  readonly radius?: number | undefined;
  /** Told of the pairs before they are allocated; absent = nothing is checked. */
  readonly memory?: MemoryAccount | undefined;
  /** What will be held beside so many pairs; absent = nothing. */
  readonly beside?: ((pairs: number) => MemoryNeed) | undefined;
}

/**
 * Reads a covering instance, plain or gzip, as a stream. Demand of point files is numbered by grid cell, so that what
 * a site covers is nearly contiguous; site ids are the file's own (1-based columns or nodes where it has none).
 *
 * @throws InputError with file and line (or JSON path) when the file is broken, the format cannot be told, a radius
 * is missing, or neither the file nor the options say what to reach.
 */
export async function readInstance(file: string, options: InstanceOptions = {}): Promise<CoveringProblem> {
  return (await readPairsOrPoints(file, options, () => false)).problem;
}

/** An instance as it was read: with its pairs, or as positions from which they follow. */
export interface ReadInstance {
  /** Without pairs where `points` is given. */
  readonly problem: CoveringProblem;
  /** Positions in the plane whose pairs were counted, not listed, demand in the order of `problem`; else null. */
  readonly points: PointInstance | null;
  readonly pairs: number;
}

/**
 * `readInstance`, but pairs that follow from positions in the plane need not be listed.
 *
 * @param leavesPoints asked with their size: true = do not list pairs.
 */
export async function readPairsOrPoints(
  file: string,
  options: InstanceOptions,
  leavesPoints: (size: PointSize) => boolean,
): Promise<ReadInstance> {
  const source = await openBytes(file);
  const onPairs = pairsTo(options.memory);
  const format = options.format ?? tellFormat(file, source.head);
  if (format === 'json') {
    refuseRadius(file, options);
    return listed(completeDraft(await readJsonInstance(file, source.chunks, onPairs), options));
  }
  if (format === 'scp' || format === 'rail' || format === 'scp-or-rail') {
    const layouts: OrLibraryLayout[] = format === 'scp-or-rail' ? ['scp', 'rail'] : [format];
    refuseRadius(file, options);
    return listed(completeDraft(await readOrLibrary(file, source.chunks, layouts, onPairs), options));
  }
  const isFacilityFile = format === 'planar' || format === 'bds';
  const points = withRadius(
    file,
    isFacilityFile
      ? await readFacilityCustomerFile(file, source.chunks, format === 'planar')
      : await readNodeFile(file, source.chunks, format === 'mclp-lonlat'),
    options,
  );
  if (format === 'mclp-lonlat')
    return listed(completeDraft(greatCircleDraft(file, points, onPairs), options));
  const grid = pointGrid(points);
  const { siteX, siteY, siteRadius } = points;
  const counted = countWithinRadius(grid, siteX, siteY, siteRadius);
  let found: SpanCoverage | null = null;
  const cover = (): SpanCoverage => (found ??= coverWithinRadius(grid, siteX, siteY, siteRadius));
  const size = pointSize(counted, grid.x.length, cover);
  if (!leavesPoints(size)) {
    holdPoints(options, size);
    return listed(completeDraft(pointDraft(file, points, cover(), grid.original), options));
  }
  const { original } = grid;
  // Copies: the grid's own may lie in the memory of its kernel.
  const [demandX, demandY] = [grid.x.slice(), grid.y.slice()];
  const draft = pointDraft(file, points, withoutPairs(siteX.length, demandX.length), original);
  const { pairs } = counted;
  return { problem: completeDraft(draft, options), points: { ...points, demandX, demandY }, pairs };
}

function listed(problem: CoveringProblem): ReadInstance {
  return { problem, points: null, pairs: pairsOf(problem.coverage) };
}

function withoutPairs(siteCount: number, demandCount: number): InstanceDraft['coverage'] {
  return { siteCount, demandCount, siteStart: sharedUint32(siteCount + 1), demandOfSite: sharedUint32(0) };
}

async function readOrLibrary(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  layouts: readonly OrLibraryLayout[],
  onPairs: PairsListener,
): Promise<InstanceDraft> {
  // Nearly all numbers of these files are pairs.
  const numbers = await readNumbers(file, chunks, onPairs);
  const parsed = layouts.map((layout) => ({ layout, result: parseOrLibrary(file, numbers, layout) }));
  const fitting = parsed.flatMap(({ result }) => ('message' in result ? [] : [result]));
  const [draft, other] = fitting;
  if (draft !== undefined && other !== undefined) throw ambiguous(file, 'scp and rail');
  if (draft !== undefined) return draft;
  const misfits = parsed.flatMap(({ layout, result }) =>
    'message' in result ? [{ layout, ...result }] : [],
  );
  // The layout that got furthest before it failed is the likelier one.
  const best = misfits.reduce((a, b) => (b.line > a.line ? b : a));
  throw new InputError(`read as ${best.layout}: ${best.message}`, {
    code: 'or-library-layout',
    file,
    feature: `line ${best.line}`,
    hint: layouts.length > 1 ? 'It fits neither scp nor rail.' : undefined,
  });
}

function ambiguous(file: string, formats: string): InputError {
  return new InputError(`the file fits ${formats}.`, {
    code: 'format-ambiguous',
    file,
    hint: 'Say which with --format.',
  });
}

function refuseRadius(file: string, options: InstanceOptions): void {
  if (options.radius === undefined) return;
  throw new InputError('this instance lists what each site covers; a radius has no meaning here.', {
    code: 'radius-not-used',
    file,
  });
}

/** The points with the radius asked for, where the file has none of its own. */
function withRadius(file: string, points: PointInstance, options: InstanceOptions): PointInstance {
  const own = points.siteRadius.every((radius) => !Number.isNaN(radius));
  if (own && options.radius === undefined) return points;
  if (own) {
    throw new InputError('every site of this file has a radius of its own; --radius has no place here.', {
      code: 'radius-not-used',
      file,
    });
  }
  const { radius } = options;
  if (radius === undefined) {
    throw new InputError('the sites of this file have no radius.', {
      code: 'radius-missing',
      file,
      hint: 'Give it with --radius R, in the unit of the coordinates (metres for latitude and longitude).',
    });
  }
  return { ...points, siteRadius: new Float64Array(points.siteIds.length).fill(radius) };
}

type PairsListener = (pairs: number) => void;

const PAIRS_HINT =
  'Solve a smaller instance, or grant more with --memory; positions in the plane solved for a --share with --tiles auto need no list of pairs.';

function pairsTo(memory: MemoryAccount | undefined): PairsListener {
  return (pairs) =>
    memory?.hold(
      `coverage: ${pairs.toLocaleString('en')} pairs of site and demand`,
      pairsNeed(pairs),
      PAIRS_HINT,
    );
}

function holdPoints({ memory, beside }: InstanceOptions, size: PointSize): void {
  if (memory === undefined) return;
  const part = `coverage: ${size.pairs.toLocaleString('en')} pairs of site and demand`;
  const other = beside?.(size.pairs) ?? { arrays: 0, heap: 0 };
  const need = pointNeed(size, (most) => memory.fits(part, sumOf(most, other)));
  memory.hold(part, need, PAIRS_HINT);
}

function pointGrid({ siteRadius, demandX, demandY }: PointInstance): PointGrid {
  let radiusSum = 0;
  for (const radius of siteRadius) radiusSum += radius;
  return buildPointGrid(demandX, demandY, radiusSum / siteRadius.length);
}

function greatCircleDraft(file: string, points: PointInstance, onPairs: PairsListener): InstanceDraft {
  const { demandX: lat, demandY: lon } = points;
  const order = Uint32Array.from(lat.keys()).sort((a, b) => lat[a]! - lat[b]! || lon[a]! - lon[b]! || a - b);
  const sorted = (values: Float64Array): Float64Array => Float64Array.from(order, (point) => values[point]!);
  const coverage = coverWithinGreatCircle(
    sorted(lat),
    sorted(lon),
    points.siteX,
    points.siteY,
    points.siteRadius,
    onPairs,
  );
  return pointDraft(file, points, coverage, order);
}

function pointDraft(
  file: string,
  points: PointInstance,
  coverage: InstanceDraft['coverage'],
  original: Uint32Array,
): InstanceDraft {
  const siteCount = points.siteIds.length;
  return {
    file,
    coverage,
    siteIds: points.siteIds,
    siteCost: toSharedFloat64(points.siteCost),
    siteStatus: sharedUint8(siteCount),
    siteLocation: ownLocations(siteCount),
    conflicts: sharedUint32(0),
    periods: ['all'],
    users: [Float64Array.from(original, (point) => points.users[point]!)],
    usersDecimals: points.usersDecimals,
    servedToday: nobodyServed(1, original.length),
    phases: [],
    budget: null,
    phaseOrder: 'nested',
  };
}
