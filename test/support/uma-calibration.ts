import type { CellPattern, CellSettings, CellTable } from '../../src/coverage/interference/cells.ts';
import type { RadioLinks } from '../../src/coverage/interference/radio-links.ts';
import { TR38901_ELEMENT, TR38901_ELEMENT_GAIN_DBI } from '../../src/radio/antenna.ts';
import { columnAttenuationDb } from '../../src/radio/column-array.ts';
import { energyPerResourceElementDbm, noisePerResourceElementDbm } from '../../src/radio/link-budget.ts';
import { SHADOWING } from '../../src/radio/tr38901.ts';
import { o2iLossDb, o2iSigmaDb } from '../../src/radio/tr38901-o2i.ts';
import { umaLosLossDb, umaLosProbability, umaNlosLossDb } from '../../src/radio/tr38901-uma.ts';
import { createRandom, type Random } from '../../src/random.ts';

/**
 * The large-scale calibration of 3GPP TR 38.901, section 7.8.1, Table 7.8-1: UMa at 6 GHz, 57 sectors, wrapped
 * around; users of TR 36.873, Table 6-1, 80 % of them in buildings of 4 to 8 floors.
 */
const SITE_DISTANCE_M = 500;
const LEAST_DISTANCE_M = 35;
const FREQUENCY_MHZ = 6000;
const MAST_M = 25;
const POWER_DBM = 49;
const BLOCKS = 100;
const SUBCARRIER_KHZ = 15;
const NOISE_FIGURE_DB = 9;
const COLUMN = { element: TR38901_ELEMENT, elements: 10, spacing: 0.5 } as const;
const TILT_DEG = 12;
/** Shadow fading of users in buildings, dB: TR 38.901, Table 7.5-6, UMa O2I. */
const O2I_SHADOWING_DB = 7;
const INDOOR_SHARE = 0.8;
const LOW_LOSS_SHARE = 0.5;

/**
 * Percentiles of 3GPP R1-165974, `Phase1Calibration_v42_CMCC.xlsx`, sheet UMa-6GHz: means over the 20 companies that sent
 * them, dB. Without noise also as medians in QuaDRiGa's `calib_3GPP_ref_data.m`: 0.1, 8.6, 23.4. The companies
 * themselves lie -6.1..-3.3, 5.4..6.3 and 20.7..23.0 apart.
 */
export const PUBLISHED_SINR_DB = { 10: -4.57, 50: 5.84, 90: 21.73 } as const;
export const PUBLISHED_SIR_DB = { 10: 0.14, 50: 8.57, 90: 23.37 } as const;

export interface ReferenceDrop {
  readonly links: RadioLinks;
  readonly cells: CellTable;
  readonly settings: CellSettings;
  readonly noiseMw: Float64Array;
}

/** One drop of users: what `SignalState` takes, each link with its own fading. */
export function umaReferenceDrop(users: number, seed = 1): ReferenceDrop {
  const random = createRandom(seed);
  const sites = hexagonalSites();
  const wraps = wrapVectors();
  const linkCount = users * sites.length;
  const links: RadioLinks = {
    placeCount: users,
    linkStart: Uint32Array.from({ length: users + 1 }, (_, user) => user * sites.length),
    mast: Uint32Array.from({ length: linkCount }, (_, link) => link % sites.length),
    lossDb: new Float32Array(linkCount),
    coverLossDb: new Float64Array(linkCount),
    azimuthDeg: new Float32Array(linkCount),
    zenithDeg: new Float32Array(linkCount),
    distanceM: new Float32Array(linkCount),
    restMw: new Float64Array(users),
  };
  for (let user = 0; user < users; user++) {
    const [x, y] = placeIn(sites[random.below(sites.length)]!, random);
    const indoor = drawIndoor(random);
    sites.forEach((site, s) => {
      const [dx, dy] = nearestImage(x - site[0], y - site[1], wraps);
      const distanceM = Math.hypot(dx, dy);
      const link = user * sites.length + s;
      const lossDb = drawLossDb(distanceM, indoor, random);
      links.lossDb[link] = lossDb;
      links.coverLossDb[link] = lossDb;
      links.azimuthDeg[link] = (Math.atan2(dx, dy) * 180) / Math.PI;
      links.zenithDeg[link] = 90 + (Math.atan2(MAST_M - indoor.heightM, distanceM) * 180) / Math.PI;
      links.distanceM[link] = distanceM;
    });
  }
  return { links, ...referenceCells(sites.length), noiseMw: Float64Array.of(noiseMw()) };
}

function noiseMw(): number {
  return 10 ** (noisePerResourceElementDbm(SUBCARRIER_KHZ, NOISE_FIGURE_DB) / 10);
}

function referenceCells(siteCount: number): { cells: CellTable; settings: CellSettings } {
  const count = 3 * siteCount;
  const gainDbi = TR38901_ELEMENT_GAIN_DBI + 10 * Math.log10(COLUMN.elements);
  const pattern: CellPattern = (offDeg, zenithDeg, tiltDeg) =>
    columnAttenuationDb(COLUMN, offDeg, zenithDeg, tiltDeg);
  const peakDbm = energyPerResourceElementDbm(POWER_DBM + gainDbi, BLOCKS);
  return {
    cells: {
      count,
      cellStart: Uint32Array.from({ length: siteCount + 1 }, (_, site) => 3 * site),
      mastOfCell: Uint32Array.from({ length: count }, (_, cell) => Math.floor(cell / 3)),
      carrierOfCell: new Uint8Array(count),
      carrierCount: 1,
      peakDbm: new Float64Array(count).fill(peakDbm),
      // Covered from -125 dBm RSRP: 95 % of these users, most of whom stand deep in buildings at 6 GHz.
      maxLossDb: new Float64Array(count).fill(peakDbm + 125),
      pattern: Array.from({ length: count }, () => pattern),
    },
    settings: {
      // Each boresight looks at a neighbouring site, as in the cells of TR 36.814, figure A.2.1.1-1.
      azimuthDeg: Float64Array.from({ length: count }, (_, cell) => 30 + 120 * (cell % 3)),
      tiltDeg: new Float64Array(count).fill(TILT_DEG),
      powerDb: new Float64Array(count),
    },
  };
}

/** 19 sites of a triangular grid: a centre and two rings. The six neighbours stand at 30, 90, ... degrees from north. */
function hexagonalSites(): [x: number, y: number][] {
  const sites: [number, number][] = [];
  for (let a = -2; a <= 2; a++) {
    for (let b = -2; b <= 2; b++) {
      if (Math.abs(a + b) <= 2) sites.push(gridPoint(a, b));
    }
  }
  return sites;
}

function gridPoint(a: number, b: number): [x: number, y: number] {
  return [SITE_DISTANCE_M * (a + b / 2), (SITE_DISTANCE_M * b * Math.sqrt(3)) / 2];
}

/** The cluster and its six copies around it: 19 = 3² + 3·2 + 2². */
function wrapVectors(): [x: number, y: number][] {
  const around: [number, number][] = [
    [3, 2],
    [-2, 5],
    [-5, 3],
    [-3, -2],
    [2, -5],
    [5, -3],
  ];
  return [[0, 0], ...around.map(([a, b]) => gridPoint(a, b))];
}

function nearestImage(dx: number, dy: number, wraps: readonly [number, number][]): [number, number] {
  let best: [number, number] = [dx, dy];
  for (const [wx, wy] of wraps) {
    if (Math.hypot(dx - wx, dy - wy) < Math.hypot(...best)) best = [dx - wx, dy - wy];
  }
  return best;
}

/** A place in the hexagon around a site, not nearer than allowed. */
function placeIn([siteX, siteY]: [number, number], random: Random): [number, number] {
  const half = SITE_DISTANCE_M / 2;
  for (;;) {
    const x = (2 * random.next() - 1) * half;
    const y = (2 * random.next() - 1) * half * 1.16;
    const across = Math.max(Math.abs(x), Math.abs(x) / 2 + Math.abs(y) * (Math.sqrt(3) / 2));
    if (across <= half && Math.hypot(x, y) >= LEAST_DISTANCE_M) return [siteX + x, siteY + y];
  }
}

interface Indoor {
  readonly isIndoor: boolean;
  readonly heightM: number;
  /** Loss into the building, its spread included: the same towards every site. */
  readonly lossDb: number;
  readonly depthM: number;
}

function drawIndoor(random: Random): Indoor {
  if (random.next() >= INDOOR_SHARE) return { isIndoor: false, heightM: 1.5, lossDb: 0, depthM: 0 };
  const floors = 4 + random.below(5);
  const model = random.next() < LOW_LOSS_SHARE ? 'low' : 'high';
  const depthM = 25 * Math.min(random.next(), random.next());
  const lossDb = o2iLossDb(model, FREQUENCY_MHZ, depthM) + o2iSigmaDb(model) * drawNormal(random);
  return { isIndoor: true, heightM: 1.5 + 3 * random.below(floors), lossDb, depthM };
}

function drawLossDb(distanceM: number, indoor: Indoor, random: Random): number {
  const { isIndoor, heightM, lossDb, depthM } = indoor;
  const isLos = random.next() < umaLosProbability(Math.max(1, distanceM - depthM), heightM);
  const path = (isLos ? umaLosLossDb : umaNlosLossDb)(distanceM, FREQUENCY_MHZ, MAST_M, heightM);
  const spreadDb = isLos ? SHADOWING.umaLosDb : SHADOWING.umaNlosDb;
  return path + lossDb + (isIndoor ? O2I_SHADOWING_DB : spreadDb) * drawNormal(random);
}

/** Box and Muller 1958. */
function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}
