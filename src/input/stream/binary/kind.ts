export type BinaryKind = 'gpkg' | 'flatgeobuf' | 'parquet' | 'geotiff' | 'shapefile';

const MAGIC: readonly (readonly [BinaryKind, readonly number[]])[] = [
  ['gpkg', [...'SQLite format 3\0'].map((letter) => letter.charCodeAt(0))],
  ['flatgeobuf', [0x66, 0x67, 0x62, 0x03]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
  ['geotiff', [0x49, 0x49, 0x2a, 0x00]],
  ['geotiff', [0x4d, 0x4d, 0x00, 0x2a]],
  ['geotiff', [0x49, 0x49, 0x2b, 0x00]],
  ['geotiff', [0x4d, 0x4d, 0x00, 0x2b]],
  ['shapefile', [0x00, 0x00, 0x27, 0x0a]],
];

/** The binary format that the first bytes belong to, or null. */
export function binaryKindOf(head: Uint8Array): BinaryKind | null {
  const found = MAGIC.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
  return found?.[0] ?? null;
}
