import { inProcessExecutor } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { sharedUint32 } from '../geo/shared-array.ts';
import { matrixInputs, siteRanges, type BuiltMatrix, type MatrixRequest } from './build-matrix.ts';
import { joinLinkCounts, linkCounts } from './link-counts.ts';
import { matrixSpansKernel, type MatrixInputs, type SiteRange, type SpanRows } from './matrix-kernel.ts';
import { terrainInputs, terrainTasks } from './terrain-matrix.ts';
import { terrainSpansKernel } from './terrain-spans.ts';
import { TiledCoverage, type TileSpans } from './tiled-coverage.ts';

export interface TiledRequest extends MatrixRequest {
  /** Null: over flat ground. */
  readonly terrain: TerrainLayer | null;
  /** Demand points per tile; default {@link ITEMS_PER_TILE}. */
  readonly itemsPerTile?: number | undefined;
  /** Told how many spans are known so far; may refuse more by throwing. */
  readonly onSpans?: ((spans: number) => void) | undefined;
}

export interface BuiltTiles extends BuiltMatrix {
  readonly matrix: TiledCoverage;
}

/** About a tenth of a second of work in a pass of the relaxation, 2 MB of prices on the way to a thread and back. */
const ITEMS_PER_TILE = 50_000;
/** Tasks whose spans come back before more are asked for. */
const TASKS_AT_ONCE = 64;

/** Spans of rows, and the site of each row. */
interface FoundRows {
  readonly siteOfRow: ArrayLike<number>;
  readonly chunks: readonly SpanRows[];
}

/**
 * The coverage matrix of `buildMatrix` or, over terrain, of `terrainMatrix`, in tiles: who covers whom is the same, to the last
 * pair. Memory: 8 bytes a span, 16 while they are cut into tiles.
 */
export async function buildTiled(request: TiledRequest): Promise<BuiltTiles> {
  const { rules, ruleOfSite, itemsPerTile = ITEMS_PER_TILE } = request;
  const inputs = matrixInputs(request);
  const demandOfItem = inputs.grid.pointOrder;
  const found =
    request.terrain === null
      ? await findFlat(request, inputs)
      : await findOverTerrain(request, request.terrain, demandOfItem);
  const ofRule = rules.map(() => ({ links: 0, outsideDistance: 0, held: 0 }));
  forEachRow(found, (site, chunk, row) => {
    const sums = ofRule[ruleOfSite[site]!]!;
    sums.links += chunk.counts[row]!;
    sums.outsideDistance += chunk.outsideDistance[row]!;
    sums.held += chunk.held[row]!;
  });
  const siteCount = request.sites.lon.length;
  const itemStart = tileStarts(demandOfItem.length, itemsPerTile);
  const tiles = cutRows(found, siteCount, itemStart);
  return {
    matrix: new TiledCoverage(siteCount, { itemStart, tiles, demandOfItem }),
    ...linkCounts(rules, ofRule),
  };
}

/** Tiles of some demand rows each, all rows together once. */
export function joinTiled(
  parts: readonly { readonly rows: Uint32Array; readonly built: BuiltTiles }[],
  demandCount: number,
): BuiltTiles {
  const demandOfItem = sharedUint32(demandCount);
  const tiles: TileSpans[] = [];
  const starts = [0];
  let first = 0;
  for (const { rows, built } of parts) {
    const { matrix } = built;
    matrix.demandOfItem.forEach((row, item) => (demandOfItem[first + item] = rows[row]!));
    tiles.push(...matrix.tiles);
    for (const start of matrix.itemStart.subarray(1)) starts.push(first + start);
    first += rows.length;
  }
  const itemStart = sharedUint32(starts.length);
  itemStart.set(starts);
  return {
    matrix: new TiledCoverage(parts[0]!.built.matrix.siteCount, { itemStart, tiles, demandOfItem }),
    ...joinLinkCounts(parts.map(({ built }) => built)),
  };
}

/** Users are numbered in the order of the grid: what is near each other stands together, so a site covers runs of them. */
async function findFlat(request: TiledRequest, inputs: MatrixInputs): Promise<FoundRows> {
  const { executor = inProcessExecutor, signal } = request;
  const { grid } = inputs;
  const inOrder = sharedUint32(grid.count);
  for (let item = 0; item < grid.count; item++) inOrder[item] = item;
  const numbered = { ...inputs, grid: { ...grid, pointOrder: inOrder } };
  const run = (tasks: SiteRange[]): Promise<SpanRows[]> =>
    executor.map(matrixSpansKernel, numbered, tasks, { signal });
  return {
    siteOfRow: inputs.siteOrder,
    chunks: await inBatches(request, siteRanges(request.sites.lon.length), run),
  };
}

async function findOverTerrain(
  request: TiledRequest,
  terrain: TerrainLayer,
  demandOfItem: Uint32Array,
): Promise<FoundRows> {
  const { demand, sites, executor = inProcessExecutor, signal, offsetDb = 0 } = request;
  const inOrder = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(demandOfItem, (point) => values[point]!);
  const placed = { lon: inOrder(demand.lon), lat: inOrder(demand.lat) };
  const inputs = { ...terrainInputs({ ...request, demand: placed, terrain }), offsetDb };
  const run = (tasks: SiteRange[]): Promise<SpanRows[]> =>
    executor.map(terrainSpansKernel, inputs, tasks, { signal });
  return {
    siteOfRow: Array.from({ length: sites.lon.length }, (_, site) => site),
    chunks: await inBatches(request, terrainTasks(sites.lon.length), run),
  };
}

async function inBatches(
  { onSpans, onProgress }: TiledRequest,
  tasks: readonly SiteRange[],
  run: (tasks: SiteRange[]) => Promise<SpanRows[]>,
): Promise<SpanRows[]> {
  const chunks: SpanRows[] = [];
  let spans = 0;
  for (let task = 0; task < tasks.length; task += TASKS_AT_ONCE) {
    for (const chunk of await run(tasks.slice(task, task + TASKS_AT_ONCE))) {
      spans += chunk.edges.length / 2;
      chunks.push(chunk);
    }
    onSpans?.(spans);
    onProgress?.(Math.min(1, (task + TASKS_AT_ONCE) / tasks.length));
  }
  return chunks;
}

function tileStarts(items: number, itemsPerTile: number): Uint32Array {
  const tiles = Math.max(1, Math.ceil(items / itemsPerTile));
  const itemStart = sharedUint32(tiles + 1);
  for (let tile = 1; tile <= tiles; tile++) itemStart[tile] = Math.floor((items * tile) / tiles);
  return itemStart;
}

/** Tiles of rows cut at their borders: sizes first, then what goes in, sites in ascending order. */
function cutRows(found: FoundRows, siteCount: number, itemStart: Uint32Array): TileSpans[] {
  const tileCount = itemStart.length - 1;
  const sitesOfTile = new Uint32Array(tileCount);
  const spansOfTile = new Uint32Array(tileCount);
  const pieces = piecesOf(found, siteCount, itemStart);
  pieces((_site, tile, _from, _to, isFirst) => {
    if (isFirst) sitesOfTile[tile]!++;
    spansOfTile[tile]!++;
  });
  const tiles = Array.from({ length: tileCount }, (_, tile) => ({
    siteOf: sharedUint32(sitesOfTile[tile]!),
    spanStart: sharedUint32(sitesOfTile[tile]! + 1),
    from: sharedUint32(spansOfTile[tile]!),
    to: sharedUint32(spansOfTile[tile]!),
  }));
  const sites = new Uint32Array(tileCount);
  const spans = new Uint32Array(tileCount);
  pieces((site, tile, from, to, isFirst) => {
    const own = tiles[tile]!;
    if (isFirst) own.siteOf[sites[tile]!++] = site;
    own.from[spans[tile]!] = from;
    own.to[spans[tile]!] = to;
    own.spanStart[sites[tile]!] = ++spans[tile]!;
  });
  return tiles;
}

/** @param isFirst the site's first piece in this tile */
type TakePiece = (site: number, tile: number, from: number, to: number, isFirst: boolean) => void;

function piecesOf(found: FoundRows, siteCount: number, itemStart: Uint32Array): (take: TakePiece) => void {
  const chunkOf: SpanRows[] = [];
  const first = new Uint32Array(siteCount);
  const end = new Uint32Array(siteCount);
  let chunkNow: SpanRows | null = null;
  let edge = 0;
  forEachRow(found, (site, chunk, row) => {
    if (chunk !== chunkNow) edge = 0;
    chunkNow = chunk;
    chunkOf[site] = chunk;
    first[site] = edge;
    edge += 2 * chunk.spanCounts[row]!;
    end[site] = edge;
  });
  return (take) => {
    for (let site = 0; site < siteCount; site++) {
      const { edges } = chunkOf[site]!;
      let tile = 0;
      let taken = -1;
      for (let at = first[site]!; at < end[site]!; at += 2) {
        const to = edges[at + 1]!;
        for (let from = edges[at]!; from < to; from = Math.min(to, itemStart[tile + 1]!)) {
          while (itemStart[tile + 1]! <= from) tile++;
          const start = itemStart[tile]!;
          take(site, tile, from - start, Math.min(to, itemStart[tile + 1]!) - start, taken !== tile);
          taken = tile;
        }
      }
    }
  };
}

function forEachRow(
  { siteOfRow, chunks }: FoundRows,
  visit: (site: number, chunk: SpanRows, row: number) => void,
): void {
  let at = 0;
  for (const chunk of chunks)
    for (let row = 0; row < chunk.counts.length; row++) visit(siteOfRow[at++]!, chunk, row);
}
