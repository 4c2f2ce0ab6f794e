import type { PatternAttenuation } from './antenna.ts';

/** Two measured cuts; plain data. */
export interface AntennaCuts {
  /** [360] dB below the peak; index = degrees clockwise from boresight. */
  readonly horizontalDb: Float64Array;
  /** [360] dB below the peak; index = degrees downwards from the horizon ahead (90 = straight down). */
  readonly verticalDb: Float64Array;
}

/** A measured antenna: two cuts of 360 attenuations and its stated peak gain. */
export interface AntennaFile extends AntennaCuts {
  readonly name: string;
  readonly frequencyMhz: number | null;
  /** Peak gain, dBi (dBd values are raised by 2.15 dB); null when the file states none. */
  readonly gainDbi: number | null;
  /** The file's TILT entry as written; the vertical cut already contains it. */
  readonly tilt: string | null;
}

const DBD_TO_DBI = 2.15;
const CUT_ROWS = 360;

/** What is wrong with a pattern file: an error the input layer turns into a finding. */
export class AntennaFileError extends Error {
  /** 1-based line, null when the whole file is meant. */
  readonly line: number | null;
  /** What is wrong, without the line. */
  readonly problem: string;

  constructor(message: string, line: number | null) {
    super(line === null ? message : `line ${line}: ${message}`);
    this.name = 'AntennaFileError';
    this.line = line;
    this.problem = message;
  }
}

interface Cut {
  readonly keyword: string;
  readonly line: number;
  readonly values: Float64Array;
  rows: number;
}

/**
 * Reads a pattern in the MSI / Planet text format (`.msi`, `.ant`): header lines NAME, FREQUENCY, GAIN (dBd unless dBi is
 * said), TILT, then `HORIZONTAL 360` and `VERTICAL 360`, each with 360 lines "angle attenuation" (dB below the peak, one
 * per whole degree).
 *
 * @throws AntennaFileError naming the line and what would be right
 */
export function parseAntennaFile(text: string): AntennaFile {
  const header = new Map<string, string>();
  const cuts = new Map<string, Cut>();
  let current: Cut | null = null;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const [first = '', ...rest] = line.split(/[\s,;]+/);
    const keyword = first.toUpperCase();
    if (keyword === 'HORIZONTAL' || keyword === 'VERTICAL') {
      current = openCut(cuts, keyword, rest[0], index + 1);
    } else if (/^[-+.\d]/.test(first) && current !== null) {
      readRow(current, first, rest[0], index + 1);
    } else {
      header.set(keyword, line.slice(first.length).trim());
    }
  }
  return {
    name: header.get('NAME') ?? '',
    frequencyMhz: leadingNumber(header.get('FREQUENCY')),
    gainDbi: gainDbi(header.get('GAIN')),
    tilt: header.get('TILT') ?? header.get('ELECTRICAL_TILT') ?? null,
    horizontalDb: completeCut(cuts, 'HORIZONTAL'),
    verticalDb: completeCut(cuts, 'VERTICAL'),
  };
}

function openCut(cuts: Map<string, Cut>, keyword: string, count: string | undefined, line: number): Cut {
  if (cuts.has(keyword)) throw new AntennaFileError(`${keyword} stands twice in the file.`, line);
  if (count !== undefined && Number(count) !== CUT_ROWS) {
    throw new AntennaFileError(`${keyword} must have ${CUT_ROWS} rows, the header says ${count}.`, line);
  }
  const cut = { keyword, line, values: new Float64Array(CUT_ROWS).fill(NaN), rows: 0 };
  cuts.set(keyword, cut);
  return cut;
}

function readRow(cut: Cut, angleText: string, valueText: string | undefined, line: number): void {
  const angle = Number(angleText);
  const value = Number(valueText);
  if (valueText === undefined || !Number.isFinite(value) || !Number.isFinite(angle)) {
    throw new AntennaFileError(`expected "angle attenuation", two numbers, in ${cut.keyword}.`, line);
  }
  const degree = ((angle % 360) + 360) % 360;
  if (!Number.isInteger(degree)) {
    throw new AntennaFileError(`${cut.keyword} angle ${angleText} must be a whole degree.`, line);
  }
  cut.rows++;
  if (!Number.isNaN(cut.values[degree]!)) {
    throw new AntennaFileError(`${cut.keyword} has angle ${angleText} twice.`, line);
  }
  // Some exports write the pattern as gain relative to the peak (<= 0) instead of attenuation.
  cut.values[degree] = Math.abs(value);
}

function completeCut(cuts: ReadonlyMap<string, Cut>, keyword: string): Float64Array {
  const cut = cuts.get(keyword);
  if (cut === undefined) throw new AntennaFileError(`has no ${keyword} ${CUT_ROWS} block.`, null);
  if (cut.rows !== CUT_ROWS) {
    const missing = cut.values.findIndex(Number.isNaN);
    throw new AntennaFileError(
      `${keyword} must have ${CUT_ROWS} rows, one per degree; found ${cut.rows} (first missing: ${missing} degrees).`,
      cut.line,
    );
  }
  return cut.values;
}

function leadingNumber(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}

function gainDbi(text: string | undefined): number | null {
  const value = leadingNumber(text);
  if (value === null) return null;
  return /dbi/i.test(text ?? '') ? value : value + DBD_TO_DBI;
}

/**
 * Joins both cuts into a solid pattern: horizontal projection interpolation of F. Gil et al., "A 3D interpolation method
 * for base-station-antenna radiation patterns", IEEE Antennas Propag. Mag. 43(2), 2001: the horizontal cut plus the
 * vertical one, weighted from its front half (ahead) to its back half (behind). Cuts are linear between whole degrees.
 */
export function cutsAttenuationDb(cuts: AntennaCuts, azimuthDeg: number, zenithDeg: number): number {
  const { horizontalDb, verticalDb } = cuts;
  const down = zenithDeg - 90;
  const behind = Math.min(1, Math.abs(azimuthDeg) / 180);
  const verticalChangeDb =
    (1 - behind) * (interpolate(verticalDb, down) - horizontalDb[0]!) +
    behind * (interpolate(verticalDb, 180 - down) - horizontalDb[180]!);
  return Math.max(0, interpolate(horizontalDb, azimuthDeg) + verticalChangeDb);
}

/** The solid pattern of an antenna file. */
export function filePattern(file: AntennaCuts): PatternAttenuation {
  return (azimuthDeg, zenithDeg) => cutsAttenuationDb(file, azimuthDeg, zenithDeg);
}

function interpolate(cut: Float64Array, angleDeg: number): number {
  const angle = angleDeg - 360 * Math.floor(angleDeg / 360);
  const low = Math.floor(angle) % CUT_ROWS;
  const share = angle - Math.floor(angle);
  return cut[low]! * (1 - share) + cut[(low + 1) % CUT_ROWS]! * share;
}
