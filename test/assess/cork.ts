import { readFileSync } from 'node:fs';
import type { QuarterSamples } from '../../src/assess/day-bins.ts';
import type { Random } from '../../src/random.ts';

export interface CorkSamples extends QuarterSamples {
  /** Calendar days, `drive` is an index into them. */
  readonly days: readonly string[];
}

/**
 * Cork drive test (`rsrp_dbm` is the LTE cell's, on NR-NSA rows that of the LTE anchor), positions in metres about the mean, drives = dates; samples alike in place
 * (10 m), cell and pass (gap under 60 s) count once, as design section 4 has it.
 */
export function readCork(path: string): CorkSamples {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
  const days: string[] = [];
  const x: number[] = [];
  const y: number[] = [];
  const level: number[] = [];
  const drive: number[] = [];
  const lastSeenS = new Map<string, number>();
  for (const line of lines) {
    const [session, time, lon, lat, , cell, , rsrp] = line.split(',');
    if (rsrp === '') continue;
    const px = (Number(lon) + 8.47) * 111_320 * Math.cos((51.9 * Math.PI) / 180);
    const py = (Number(lat) - 51.9) * 111_320;
    const timeS = Date.parse(`${time}Z`) / 1000;
    const key = `${session},${Math.floor(px / 10)},${Math.floor(py / 10)},${cell}`;
    const last = lastSeenS.get(key);
    lastSeenS.set(key, timeS);
    if (last !== undefined && timeS - last < 60) continue;
    const day = time!.slice(0, 10);
    if (!days.includes(day)) days.push(day);
    x.push(px);
    y.push(py);
    level.push(Number(rsrp));
    drive.push(days.indexOf(day));
  }
  return {
    count: x.length,
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    levelDbm: Float64Array.from(level),
    drive: Int32Array.from(drive),
    days,
  };
}

/** The samples of some days. */
export function onDays(all: CorkSamples, wanted: ReadonlySet<number>): QuarterSamples {
  const kept = [...all.drive.keys()].filter((k) => wanted.has(all.drive[k]!));
  return {
    count: kept.length,
    x: Float64Array.from(kept, (k) => all.x[k]!),
    y: Float64Array.from(kept, (k) => all.y[k]!),
    levelDbm: Float64Array.from(kept, (k) => all.levelDbm[k]!),
    drive: Int32Array.from(kept, (k) => all.drive[k]!),
  };
}

/** The days in two random halves. */
export function splitDays({ days }: CorkSamples, random: Random): [Set<number>, Set<number>] {
  const order = shuffled([...days.keys()], random);
  const half = order.length >> 1;
  return [new Set(order.slice(0, half)), new Set(order.slice(half))];
}

export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const order = [...items];
  for (let k = order.length - 1; k > 0; k--) {
    const other = random.below(k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return order;
}
