import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import Flatbush from 'flatbush';
import { InputError } from '../../../errors.ts';
import { openAttributes, smallText } from './dbf.ts';
import type { BinaryRecord, BinarySource } from './record.ts';
import { unreadableKind, wrongCrs } from './record.ts';

/** Shape types of the ESRI Shapefile Technical Description (July 1998), without and with Z or M. */
const POINT = 1;
const POLYLINE = 3;
const POLYGON = 5;
const MULTIPOINT = 8;
const HEADER_BYTES = 100;

/**
 * The features of an ESRI shapefile with the attributes of the .dbf beside it (dBASE III) and the coordinate system
 * of its .prj. Records are read one by one; only x and y are kept.
 */
export async function* readShapefile({ path, file }: BinarySource): AsyncGenerator<BinaryRecord> {
  await checkProjection(path, file);
  const table = sibling(path, 'dbf');
  if (table === null) {
    throw new InputError('has no .dbf beside it.', {
      code: 'shapefile-dbf',
      file,
      hint: 'Keep .shp, .dbf and .prj together.',
    });
  }
  const attributes = await openAttributes(table, sibling(path, 'cpg'), file);
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const header = Buffer.alloc(8);
    let at = HEADER_BYTES;
    for (let index = 0; at + 8 <= size; index++) {
      await handle.read(header, 0, 8, at);
      const length = 2 * header.readInt32BE(4);
      if (length < 4 || at + 8 + length > size) {
        throw new InputError(`is cut off in record ${index}.`, { code: 'file-truncated', file });
      }
      const content = Buffer.allocUnsafe(length);
      await handle.read(content, 0, length, at + 8);
      yield { type: 'Feature', geometry: geometryOf(content), properties: attributes(index) };
      at += 8 + length;
    }
  } catch (error) {
    throw unreadableKind(file, 'shapefile', error);
  } finally {
    await handle.close();
  }
}

function sibling(path: string, extension: string): string | null {
  const stem = path.replace(/\.[^.]*$/, '');
  return [extension, extension.toUpperCase()].map((name) => `${stem}.${name}`).find(existsSync) ?? null;
}

async function checkProjection(path: string, file: string): Promise<void> {
  const projection = sibling(path, 'prj');
  if (projection === null) return;
  const text = await smallText(projection, file);
  if (/^\s*PROJC/i.test(text)) throw wrongCrs(file, /"([^"]*)"/.exec(text)?.[1] ?? 'of its .prj');
}

function geometryOf(content: Buffer): unknown {
  const type = content.readInt32LE(0) % 10;
  switch (type) {
    case POINT:
      return { type: 'Point', coordinates: positionAt(content, 4) };
    case MULTIPOINT:
      return { type: 'MultiPoint', coordinates: positions(content, 40, content.readInt32LE(36)) };
    case POLYLINE:
      return { type: 'MultiLineString', coordinates: parts(content) };
    case POLYGON:
      return { type: 'MultiPolygon', coordinates: polygonsOf(parts(content)) };
    case 0:
      return null;
    default:
      throw new RangeError(`shape type ${content.readInt32LE(0)} is not supported`);
  }
}

type Ring = [number, number][];

function positionAt(content: Buffer, at: number): [number, number] {
  return [content.readDoubleLE(at), content.readDoubleLE(at + 8)];
}

/** @throws RangeError where the record does not hold them */
function positions(content: Buffer, at: number, count: number): Ring {
  if (count < 0 || at + 16 * count > content.length)
    throw new RangeError('a record is shorter than its points');
  return Array.from({ length: count }, (_, index) => positionAt(content, at + 16 * index));
}

/** The rings or lines of a record; each begins where the one before ends, so that no point is handed out twice. */
function parts(content: Buffer): Ring[] {
  const partCount = content.readInt32LE(36);
  const pointCount = content.readInt32LE(40);
  const points = 44 + 4 * partCount;
  if (partCount < 0 || pointCount < 0 || points + 16 * pointCount > content.length) {
    throw new RangeError('a record is shorter than its parts');
  }
  const starts = Array.from({ length: partCount }, (_, part) => content.readInt32LE(44 + 4 * part));
  starts.push(pointCount);
  if (starts.some((start, part) => start < (part === 0 ? 0 : starts[part - 1]!))) {
    throw new RangeError('the parts of a record overlap');
  }
  return starts
    .slice(0, -1)
    .map((start, part) => positions(content, points + 16 * start, starts[part + 1]! - start));
}

/** Outer rings run clockwise; a ring the other way is a hole of the outer ring before it that holds its first corner. */
function polygonsOf(rings: readonly Ring[]): Ring[][] {
  const outer = rings.filter((ring) => turned(ring) <= 0).map((ring) => [ring]);
  const holes = rings.filter((ring) => turned(ring) > 0);
  const near = holes.length === 0 ? null : indexOf(outer.map(([shell]) => shell!));
  const alone: Ring[][] = [];
  for (const hole of holes) {
    const [corner] = hole;
    const home =
      corner === undefined
        ? undefined
        : near!(corner)
            .map((index) => outer[index]!)
            .find(([shell]) => inside(shell!, corner));
    if (home === undefined) alone.push([hole]);
    else home.push(hole);
  }
  return [...outer, ...alone];
}

/** Finds the rings whose boxes hold a place, in their order: a country of islands and lakes has 100,000 of either. */
function indexOf(shells: readonly Ring[]): (place: readonly [number, number]) => number[] {
  if (shells.length === 0) return () => [];
  const boxes = new Flatbush(shells.length);
  for (const shell of shells) {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of shell) {
      west = Math.min(west, x);
      east = Math.max(east, x);
      south = Math.min(south, y);
      north = Math.max(north, y);
    }
    boxes.add(west, south, east, north);
  }
  boxes.finish();
  return ([x, y]) => boxes.search(x, y, x, y).sort((a, b) => a - b);
}

/** Twice the signed area: positive for anticlockwise rings. */
function turned(ring: Ring): number {
  const [originX, originY] = ring[0] ?? [0, 0];
  let twice = 0;
  for (let index = 0; index + 1 < ring.length; index++) {
    const [ax, ay] = ring[index]!;
    const [bx, by] = ring[index + 1]!;
    twice += (ax - originX) * (by - originY) - (bx - originX) * (ay - originY);
  }
  return twice;
}

function inside(ring: Ring, [x, y]: [number, number]): boolean {
  let odd = false;
  for (let index = 0; index + 1 < ring.length; index++) {
    const [ax, ay] = ring[index]!;
    const [bx, by] = ring[index + 1]!;
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd;
  }
  return odd;
}
