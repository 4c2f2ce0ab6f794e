import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SIDE = 1201;

/** Writes N60E024.hgt (3 arc-seconds) with heights by longitude and latitude, whole metres; returns its path. */
export function writeHgt(folder: string, heightM: (lon: number, lat: number) => number): string {
  const bytes = Buffer.alloc(2 * SIDE * SIDE);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const height = heightM(24 + column / (SIDE - 1), 61 - row / (SIDE - 1));
      bytes.writeInt16BE(Math.round(height), 2 * (row * SIDE + column));
    }
  }
  const path = join(folder, 'N60E024.hgt');
  writeFileSync(path, bytes);
  return path;
}
