import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { InputError } from '../../../errors.ts';
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
  const attributes = await openAttributes(path, file);
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
  const text = await readFile(projection, 'utf8');
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

function positions(content: Buffer, at: number, count: number): Ring {
  return Array.from({ length: count }, (_, index) => positionAt(content, at + 16 * index));
}

function parts(content: Buffer): Ring[] {
  const partCount = content.readInt32LE(36);
  const pointCount = content.readInt32LE(40);
  const points = 44 + 4 * partCount;
  const start = (part: number): number =>
    part === partCount ? pointCount : content.readInt32LE(44 + 4 * part);
  return Array.from({ length: partCount }, (_, part) =>
    positions(content, points + 16 * start(part), start(part + 1) - start(part)),
  );
}

/** Outer rings run clockwise; a ring the other way is a hole of the outer ring before it that holds its first corner. */
function polygonsOf(rings: readonly Ring[]): Ring[][] {
  const outer = rings.filter((ring) => turned(ring) <= 0).map((ring) => [ring]);
  for (const hole of rings.filter((ring) => turned(ring) > 0)) {
    const [corner] = hole;
    const home = outer.find(
      ([shell]) => corner !== undefined && shell !== undefined && inside(shell, corner),
    );
    if (home === undefined) outer.push([hole]);
    else home.push(hole);
  }
  return outer;
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

interface Column {
  readonly name: string;
  readonly type: string;
  readonly from: number;
  readonly to: number;
}

/** Reads the attribute table whole (it is small beside the shapes) and hands out the properties of a record. */
async function openAttributes(
  path: string,
  file: string,
): Promise<(index: number) => Record<string, unknown>> {
  const table = sibling(path, 'dbf');
  if (table === null) {
    throw new InputError('has no .dbf beside it.', {
      code: 'shapefile-dbf',
      file,
      hint: 'Keep .shp, .dbf and .prj together.',
    });
  }
  const bytes = await readFile(table);
  const encoding = sibling(path, 'cpg');
  const named = encoding === null ? 'latin1' : (await readFile(encoding, 'latin1')).trim();
  const decoder = new TextDecoder(/utf-?8/i.test(named) ? 'utf-8' : 'latin1');
  const rows = bytes.readUInt32LE(4);
  const start = bytes.readUInt16LE(8);
  const rowBytes = bytes.readUInt16LE(10);
  const columns = columnsOf(bytes, start, decoder);
  return (index) => {
    if (index >= rows) return {};
    const at = start + index * rowBytes;
    return Object.fromEntries(
      columns.map(({ name, type, from, to }) => {
        const text = decoder.decode(bytes.subarray(at + from, at + to)).trim();
        if (text === '' || /^\*+$/.test(text)) return [name, null];
        return [name, type === 'N' || type === 'F' ? Number(text) : text];
      }),
    );
  };
}

function columnsOf(bytes: Buffer, start: number, decoder: InstanceType<typeof TextDecoder>): Column[] {
  const columns: Column[] = [];
  let from = 1;
  for (let at = 32; at + 32 <= start && bytes[at] !== 0x0d; at += 32) {
    const name = decoder
      .decode(bytes.subarray(at, at + 11))
      .replace(/\0.*$/s, '')
      .trim();
    const to = from + (bytes[at + 16] ?? 0);
    columns.push({ name, type: String.fromCharCode(bytes[at + 11] ?? 0), from, to });
    from = to;
  }
  return columns;
}
