import { EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import type { LineTable } from '../input/line-table.ts';

/** A stretch of a line that is alike from end to end. */
export interface LineRun {
  readonly line: number;
  /** Metres from the start of the line. */
  readonly fromM: number;
  readonly toM: number;
  /** Whole millimetres, so that sums are exact. */
  readonly lengthMm: number;
  /** Index into the regions; -1 = in none. */
  readonly region: number;
  readonly servedToday: boolean;
  /** One of EVIDENCE_*: what is known of today. */
  readonly evidence: number;
  /** 1-based rank of the first chosen site that covers; 0 = none. */
  readonly rank: number;
}

/** Lengths of some lines, whole millimetres. */
export interface LineRow {
  /** Null = of every group; '' = lines without the property. */
  readonly group: string | null;
  /** Null = everywhere. */
  readonly region: string | null;
  readonly totalMm: number;
  readonly servedTodayMm: number;
  readonly servedMm: number;
  /** Of `servedMm`, served on no evidence at all: `baseline.unmeasured: served`. */
  readonly servedUnknownMm: number;
  /** Of all, where nothing is known when the sites stand. */
  readonly unknownMm: number;
}

/** Adds up runs: all, by group, by region, and by both; what is empty is left out. */
export function countLines(
  { groups, groupOf }: Pick<LineTable, 'groups' | 'groupOf'>,
  runs: readonly LineRun[],
  regionNames: readonly string[],
): LineRow[] {
  const isGrouped = groups.length > 1 || groups[0] !== '';
  const wanted = [
    { group: null, region: null },
    ...(isGrouped ? groups.map((_, group) => ({ group, region: null })) : []),
    ...regionNames.flatMap((_, region) => [
      { group: null, region },
      ...(isGrouped ? groups.map((__, group) => ({ group, region })) : []),
    ]),
  ];
  const sums = new Map(wanted.map(({ group, region }) => [keyOf(group, region), emptySums()]));
  for (const run of runs) {
    const group = groupOf[run.line]!;
    const region = run.region < 0 ? null : run.region;
    const places = region === null ? [null] : [null, region];
    for (const place of places) {
      for (const own of isGrouped ? [null, group] : [null]) addRun(sums.get(keyOf(own, place))!, run);
    }
  }
  return wanted
    .map(({ group, region }) => ({
      group: group === null ? null : groups[group]!,
      region: region === null ? null : regionNames[region]!,
      ...sums.get(keyOf(group, region))!,
    }))
    .filter(({ totalMm }) => totalMm > 0);
}

function keyOf(group: number | null, region: number | null): string {
  return `${group ?? ''} ${region ?? ''}`;
}

type Sums = { -readonly [Key in Exclude<keyof LineRow, 'group' | 'region'>]: LineRow[Key] };

function emptySums(): Sums {
  return { totalMm: 0, servedTodayMm: 0, servedMm: 0, servedUnknownMm: 0, unknownMm: 0 };
}

function addRun(sums: Sums, run: LineRun): void {
  const { lengthMm, servedToday, rank } = run;
  sums.totalMm += lengthMm;
  if (servedToday) sums.servedTodayMm += lengthMm;
  if (servedToday || rank > 0) sums.servedMm += lengthMm;
  if (isUnknown(run)) sums.unknownMm += lengthMm;
  if (servedToday && isUnknown(run)) sums.servedUnknownMm += lengthMm;
}

/** True where nothing is known and no chosen site covers. */
export function isUnknown({ evidence, rank }: LineRun): boolean {
  return evidence === EVIDENCE_UNKNOWN && rank === 0;
}
