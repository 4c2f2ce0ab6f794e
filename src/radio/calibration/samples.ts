/** One transmitter (sector) that measurements name. */
export interface CalibrationSector {
  readonly id: string;
  /** Sectors of one site share position, free offset and the fold of leave-one-site-out. */
  readonly siteId: string;
  /** Position in the plane of the samples, metres. */
  readonly eastM: number;
  readonly northM: number;
  readonly heightM: number;
  readonly frequencyMhz: number;
  /** Boresight, degrees from north; null = omni or unknown. */
  readonly azimuthDeg: number | null;
  /** Electrical tilt, degrees down. */
  readonly tiltDeg: number;
  /** How far the panel leans forward, degrees; absent = 0. */
  readonly mechanicalTiltDeg?: number | undefined;
}

/** Measured losses with what is known of each link; structs of arrays. */
export interface CalibrationSamples {
  readonly count: number;
  readonly sectors: readonly CalibrationSector[];
  /** [count] index into `sectors`. */
  readonly sector: Int32Array;
  /** [count] position in one plane, metres; NaN where only the distance is known. */
  readonly eastM: Float64Array;
  readonly northM: Float64Array;
  /** [count] distance between the antennas (slant), metres. */
  readonly distanceM: Float64Array;
  /** [count] measured loss from the boresight EIRP to the receiver, dB: antenna pattern included. */
  readonly lossDb: Float64Array;
  /** [count] what the antenna pattern takes off in this direction, dB; 0 for omni. */
  readonly patternDb: Float64Array;
  /** [count] diffraction loss of the profile, dB; 0 without terrain. */
  readonly diffractionDb: Float64Array;
  /** [count] receiver's height over the ground at the transmitter, metres; without terrain its height above ground. */
  readonly rxHeightM: Float64Array;
  /** [count] clutter class, -1 = unknown. */
  readonly clutter: Int16Array;
}

/** The samples at these indices as a set of their own. */
export function selectSamples(samples: CalibrationSamples, indices: ArrayLike<number>): CalibrationSamples {
  const floats = (column: Float64Array): Float64Array => Float64Array.from(indices, (i) => column[i]!);
  return {
    count: indices.length,
    sectors: samples.sectors,
    sector: Int32Array.from(indices, (i) => samples.sector[i]!),
    eastM: floats(samples.eastM),
    northM: floats(samples.northM),
    distanceM: floats(samples.distanceM),
    lossDb: floats(samples.lossDb),
    patternDb: floats(samples.patternDb),
    diffractionDb: floats(samples.diffractionDb),
    rxHeightM: floats(samples.rxHeightM),
    clutter: Int16Array.from(indices, (i) => samples.clutter[i]!),
  };
}

/** Names of the sites in order of first mention. */
export function siteIds(samples: CalibrationSamples): string[] {
  return [...new Set(samples.sectors.map(({ siteId }) => siteId))];
}

/**
 * [count] weights that undo the crowding of samples along slow drives: samples of one sector in one square cell share
 * the weight 1. Without positions every sample weighs 1.
 */
export function declusteringWeights(samples: CalibrationSamples, cellM: number): Float64Array {
  const cells = cellNumbers(samples, cellM);
  const counts = new Uint32Array(samples.count);
  for (const cell of cells) counts[cell]!++;
  return Float64Array.from(cells, (cell) => 1 / counts[cell]!);
}

/** [count] number of the square cell (per sector) each sample lies in; a sample without position is its own cell. */
export function cellNumbers(samples: CalibrationSamples, cellM: number): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from({ length: samples.count }, (_, i) => {
    const east = samples.eastM[i]!;
    const cell = Number.isNaN(east)
      ? `#${i}`
      : `${samples.sector[i]}:${Math.floor(east / cellM)}:${Math.floor(samples.northM[i]! / cellM)}`;
    const known = numbers.get(cell) ?? numbers.size;
    numbers.set(cell, known);
    return known;
  });
}
