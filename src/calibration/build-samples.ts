import { distanceM as groundDistanceM } from '../geo/ellipsoid.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { MeasuredQuantity, MeasurementTable, SiteTable } from '../input/types.ts';
import type { Panel } from '../radio/panel.ts';
import { patternLosses } from '../radio/calibration/sector-check.ts';
import type { CalibrationSamples, CalibrationSector } from '../radio/calibration/samples.ts';
import { selectSamples } from '../radio/calibration/samples.ts';
import { SPEED_OF_LIGHT_M_S } from '../radio/free-space.ts';
import { withProfileTerms } from './profile-terms.ts';

/** What a calibration sets aside before it fits, in this order (radio notes, section 5). */
export interface FilterOptions {
  readonly minDistanceM: number;
  readonly maxDistanceM: number;
  /** Levels at or below are censored by the receiver; null = none. Relative levels: 5th percentile + 3 dB per station. */
  readonly floorDbm: number | null;
  readonly ceilingDbm: number | null;
  /** Samples of one sector in one square of this side are averaged, metres; 0 = 40 wavelengths, held at 10-50 m. */
  readonly binM: number;
}

export interface SampleOptions extends FilterOptions {
  readonly userHeightM: number;
  readonly defaultHeightM: number;
  readonly defaultFrequencyMhz: number;
  /** EIRP of one reference-signal element of a site, dBm; used for levels in dBm. */
  readonly referenceEirpDbm: (siteIndex: number) => number;
  readonly pattern: Panel;
  /** Null: the model looks at distance and heights alone. */
  readonly terrain: TerrainLayer | null;
}

export interface BuiltSamples {
  readonly samples: CalibrationSamples;
  /** Reason -> measurements set aside, in the order of the filters. */
  readonly setAside: Readonly<Record<string, number>>;
  /** Measurements that passed the filters, before averaging. */
  readonly kept: number;
  readonly binM: number;
  /** Measurements without a cell id that were given to the sector of the best geometry. */
  readonly matchedByGeometry: number;
}

/** Heights outside are taken for feet or for metres above sea level. */
const FLOOR_MARGIN_DB = 3;
const FLOOR_PERCENTILE = 0.05;
const AVERAGING_WAVELENGTHS = 40;
/** Slope with which geometry alone ranks the sectors, dB per decade. */
const RANKING_SLOPE_DB = 35;

/** Every azimuth of a site is a sector; sites at one place (10 m) count as one site. */
export function sectorsOf(
  sites: SiteTable,
  zone: UtmZone,
  options: Pick<SampleOptions, 'defaultHeightM' | 'defaultFrequencyMhz'>,
): { readonly sectors: CalibrationSector[]; readonly siteOfSector: number[] } {
  const sectors: CalibrationSector[] = [];
  const siteOfSector: number[] = [];
  for (let site = 0; site < sites.count; site++) {
    const [eastM, northM] = zone.toMetres(sites.lon[site]!, sites.lat[site]!);
    const mast = sectors.find((other) => Math.hypot(other.eastM - eastM, other.northM - northM) < 10);
    const azimuths = sites.azimuthsDeg[site]!;
    const id = sites.ids[site]!;
    for (const azimuthDeg of azimuths.length === 0 ? [null] : azimuths) {
      sectors.push({
        id: azimuths.length > 1 ? `${id}/${azimuthDeg}` : id,
        siteId: mast?.siteId ?? id,
        eastM,
        northM,
        heightM: orDefault(sites.heightM[site]!, options.defaultHeightM),
        frequencyMhz: orDefault(sites.frequencyMhz[site]!, options.defaultFrequencyMhz),
        azimuthDeg,
        tiltDeg: orDefault(sites.tiltDeg[site]!, 0),
        mechanicalTiltDeg: orDefault(sites.mechanicalTiltDeg?.[site] ?? NaN, 0),
      });
      siteOfSector.push(site);
    }
  }
  return { sectors, siteOfSector };
}

function orDefault(value: number, fallback: number): number {
  return Number.isNaN(value) ? fallback : value;
}

/** Matches, filters and averages measurements into calibration samples. */
export function buildSamples(
  measurements: MeasurementTable,
  sites: SiteTable,
  zone: UtmZone,
  options: SampleOptions,
): BuiltSamples {
  const { sectors, siteOfSector } = sectorsOf(sites, zone, options);
  const matcher = createMatcher(measurements, sites, sectors, siteOfSector, options.pattern);
  const setAside: Record<string, number> = {};
  const leave = (reason: string): void => {
    setAside[reason] = (setAside[reason] ?? 0) + 1;
  };
  const rows: { sector: number; index: number; eastM: number; northM: number; distanceM: number }[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < measurements.count; i++) {
    const reading = readingKey(measurements, i);
    if (seen.has(reading)) {
      leave('repeats another reading');
      continue;
    }
    seen.add(reading);
    const [eastM, northM] = zone.toMetres(measurements.lon[i]!, measurements.lat[i]!);
    const sector = matcher.sectorOf(i, eastM, northM);
    if (sector < 0) {
      leave('its cell is none of the sites');
      continue;
    }
    const site = siteOfSector[sector]!;
    const groundM = groundDistanceM(
      sites.lon[site]!,
      sites.lat[site]!,
      measurements.lon[i]!,
      measurements.lat[i]!,
    );
    if (groundM < options.minDistanceM) leave(`nearer than ${options.minDistanceM} m`);
    else if (groundM > options.maxDistanceM) leave(`farther than ${options.maxDistanceM} m`);
    else {
      const rise = sectors[sector]!.heightM - options.userHeightM;
      rows.push({ sector, index: i, eastM, northM, distanceM: Math.hypot(groundM, rise) });
    }
  }
  const floors = levelFloors(measurements, rows, sectors.length, options.floorDbm);
  const heard = rows.filter(({ sector, index }) => {
    const level = measurements.level[index]!;
    if (isLevel(measurements.quantity) && level <= floors[sector]!) leave('at the receiver\u2019s floor');
    else if (isLevel(measurements.quantity) && options.ceilingDbm !== null && level >= options.ceilingDbm) {
      leave('at the receiver\u2019s ceiling');
    } else return true;
    return false;
  });
  const raw: CalibrationSamples = {
    count: heard.length,
    sectors,
    sector: Int32Array.from(heard, ({ sector }) => sector),
    eastM: Float64Array.from(heard, ({ eastM }) => eastM),
    northM: Float64Array.from(heard, ({ northM }) => northM),
    distanceM: Float64Array.from(heard, ({ distanceM }) => distanceM),
    lossDb: Float64Array.from(heard, ({ sector, index }) =>
      lossOf(measurements, index, options.referenceEirpDbm(siteOfSector[sector]!)),
    ),
    patternDb: new Float64Array(heard.length),
    diffractionDb: new Float64Array(heard.length),
    rxHeightM: new Float64Array(heard.length).fill(options.userHeightM),
    clutter: new Int16Array(heard.length).fill(-1),
  };
  const binM = options.binM > 0 ? options.binM : averagingLengthM(options.defaultFrequencyMhz);
  const grounded = onGround(averaged(raw, binM), zone, options);
  if (grounded.withoutGround > 0) setAside['averages without terrain under them'] = grounded.withoutGround;
  const samples = withPattern(grounded.samples, options);
  return { samples, setAside, kept: heard.length, binM, matchedByGeometry: matcher.byGeometry() };
}

/** One text per reading: place, time, cell and level; files joined twice or devices that repeat themselves give it again. */
function readingKey({ lon, lat, timeS, cell, level }: MeasurementTable, i: number): string {
  return `${lon[i]},${lat[i]},${timeS[i]},${cell[i]},${level[i]}`;
}

/** 40 wavelengths (Lee 1985: averages out fast fading, keeps shadowing), held at 10-50 m. */
export function averagingLengthM(frequencyMhz: number): number {
  const lengthM = (AVERAGING_WAVELENGTHS * SPEED_OF_LIGHT_M_S) / (frequencyMhz * 1e6);
  return Math.min(50, Math.max(10, lengthM));
}

const isLevel = (quantity: MeasuredQuantity): boolean => quantity !== 'path_loss';

function lossOf(measurements: MeasurementTable, i: number, eirpDbm: number): number {
  const level = measurements.level[i]!;
  if (measurements.quantity === 'path_loss') return level;
  return measurements.quantity === 'relative' ? -level : eirpDbm - level;
}

/** The level at which each sector's receiver gives out: the stated one, or for relative levels its own 5th percentile + 3 dB. */
function levelFloors(
  measurements: MeasurementTable,
  rows: readonly { readonly sector: number; readonly index: number }[],
  sectorCount: number,
  floorDbm: number | null,
): Float64Array {
  if (floorDbm !== null) return new Float64Array(sectorCount).fill(floorDbm);
  const floors = new Float64Array(sectorCount).fill(-Infinity);
  if (measurements.quantity !== 'relative') return floors;
  for (let sector = 0; sector < sectorCount; sector++) {
    const own = rows.filter((row) => row.sector === sector);
    const levels = Float64Array.from(own, ({ index }) => measurements.level[index]!).sort();
    if (levels.length > 0)
      floors[sector] = levels[Math.floor(levels.length * FLOOR_PERCENTILE)]! + FLOOR_MARGIN_DB;
  }
  return floors;
}

/** Means in dB of the samples of one sector in one square; order of first sample (input is sorted canonically). */
function averaged(raw: CalibrationSamples, binM: number): CalibrationSamples {
  const bins = new Map<string, number[]>();
  for (let i = 0; i < raw.count; i++) {
    const key = `${raw.sector[i]}:${Math.floor(raw.eastM[i]! / binM)}:${Math.floor(raw.northM[i]! / binM)}`;
    const members = bins.get(key) ?? [];
    bins.set(key, members);
    members.push(i);
  }
  const groups = [...bins.values()];
  const first = selectSamples(
    raw,
    groups.map((members) => members[0]!),
  );
  const mean = (column: Float64Array): Float64Array =>
    Float64Array.from(groups, (members) => members.reduce((sum, i) => sum + column[i]!, 0) / members.length);
  return {
    ...first,
    eastM: mean(raw.eastM),
    northM: mean(raw.northM),
    distanceM: mean(raw.distanceM),
    lossDb: mean(raw.lossDb),
  };
}

function onGround(
  samples: CalibrationSamples,
  zone: UtmZone,
  { terrain, userHeightM }: SampleOptions,
): { readonly samples: CalibrationSamples; readonly withoutGround: number } {
  if (terrain === null) return { samples, withoutGround: 0 };
  return withProfileTerms(samples, zone, terrain, userHeightM);
}

function withPattern(samples: CalibrationSamples, options: SampleOptions): CalibrationSamples {
  const patternDb = new Float64Array(samples.count);
  samples.sectors.forEach((sector, index) => {
    if (sector.azimuthDeg === null) return;
    const losses = patternLosses(samples, sector, sector.azimuthDeg, options.pattern, options.userHeightM);
    for (let i = 0; i < samples.count; i++) if (samples.sector[i] === index) patternDb[i] = losses[i]!;
  });
  return { ...samples, patternDb };
}

interface Matcher {
  /** Index of the sector that served sample `i`, -1 = none of ours. */
  sectorOf(i: number, eastM: number, northM: number): number;
  byGeometry(): number;
}

/** By cell id (a sector's id, a site's id with one sector, or a site's `cell_ids` in order of azimuth), else by geometry. */
function createMatcher(
  measurements: MeasurementTable,
  sites: SiteTable,
  sectors: readonly CalibrationSector[],
  siteOfSector: readonly number[],
  pattern: Panel,
): Matcher {
  const candidates = new Map<string, number[]>();
  sectors.forEach((sector, index) => {
    const site = siteOfSector[index]!;
    const own = siteOfSector.flatMap((other, k) => (other === site ? [k] : []));
    const cells = sites.cellIds[site]!;
    const ownCell = cells.length === own.length ? [cells[own.indexOf(index)]!] : cells;
    for (const name of new Set([sector.id, sites.ids[site]!, ...ownCell])) {
      candidates.set(name, [...(candidates.get(name) ?? []), index]);
    }
  });
  const everyone = sectors.map((_, index) => index);
  let guessed = 0;
  const best = (among: readonly number[], eastM: number, northM: number): number => {
    let chosen = -1;
    let least = Infinity;
    for (const index of among) {
      const loss = geometryLossDb(sectors[index]!, eastM, northM, pattern);
      if (loss < least) [chosen, least] = [index, loss];
    }
    return chosen;
  };
  return {
    sectorOf: (i, eastM, northM) => {
      const cell = measurements.cell[i]!;
      if (cell >= 0) {
        const named = candidates.get(measurements.cellNames[cell]!) ?? [];
        return named.length === 1 ? named[0]! : best(named, eastM, northM);
      }
      guessed++;
      return best(everyone, eastM, northM);
    },
    byGeometry: () => guessed,
  };
}

function geometryLossDb(sector: CalibrationSector, eastM: number, northM: number, pattern: Panel): number {
  const east = eastM - sector.eastM;
  const north = northM - sector.northM;
  const loss = RANKING_SLOPE_DB * Math.log10(Math.max(10, Math.hypot(east, north)));
  if (sector.azimuthDeg === null) return loss;
  const off = (Math.atan2(east, north) * 180) / Math.PI - sector.azimuthDeg;
  const turned = off - 360 * Math.round(off / 360);
  return loss + Math.min(pattern.maxAttenuationDb, 12 * (turned / pattern.horizontalBeamwidthDeg) ** 2);
}
