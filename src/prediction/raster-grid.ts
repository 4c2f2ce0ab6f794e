import { sharedFloat64 } from '../geo/shared-array.ts';
import { utmZoneAt, type UtmZone } from '../geo/utm.ts';
import type { GeoBox } from '../input/terrain/area.ts';
import type { RowRange } from '../coverage/predict-kernel.ts';

/** Cell sides that are offered, metres: the smallest one within the limits below is taken. */
const CELL_SIDES_M = [25, 50, 100, 150, 200, 250, 500, 1000, 2000, 5000] as const;
/** Cells of a raster nobody asked for in detail: about 1 MB packed, and sharp on a screen. */
const MOST_CELLS = 400_000;
/** Cells x sites: about 4 s on one core by distance tables (30 ns each, measured on Ottawa and Helsinki). */
const MOST_TABLE_LINKS = 120_000_000;
/** Links over terrain: about 30 s on one core (profile and P.1812 take 0.1 to 0.2 ms). */
const MOST_TERRAIN_LINKS = 200_000;
const METRES_PER_DEGREE = 111_195;

/** Where the cells lie: a UTM plane, rows from north to south. */
export interface RasterFrame {
  readonly columns: number;
  readonly rows: number;
  readonly cellM: number;
  /** North-western corner of the north-western cell, metres. */
  readonly west: number;
  readonly north: number;
  readonly zone: UtmZone;
  readonly epsg: number;
}

function sidesM({ west, south, east, north }: GeoBox): { widthM: number; heightM: number } {
  const middle = ((south + north) / 2) * (Math.PI / 180);
  return {
    widthM: (east - west) * METRES_PER_DEGREE * Math.cos(middle),
    heightM: (north - south) * METRES_PER_DEGREE,
  };
}

/**
 * The smallest side offered that keeps the raster small and its links few.
 *
 * @param terrainReachM how far each site is followed over terrain; null = by distance tables
 */
export function cellSideM(area: GeoBox, sites: number, terrainReachM: number | null): number {
  const { widthM, heightM } = sidesM(area);
  const fits = (side: number): boolean => {
    const cells = (widthM / side + 1) * (heightM / side + 1);
    if (cells > MOST_CELLS) return false;
    if (terrainReachM === null) return cells * sites <= MOST_TABLE_LINKS;
    const around = (Math.PI * terrainReachM ** 2) / side ** 2;
    return Math.min(cells, around) * sites <= MOST_TERRAIN_LINKS;
  };
  return CELL_SIDES_M.find(fits) ?? CELL_SIDES_M[CELL_SIDES_M.length - 1]!;
}

/** Cells of a raster of this side around the area, about. */
export function rasterCells(area: GeoBox, cellM: number): number {
  const { widthM, heightM } = sidesM(area);
  return (widthM / cellM + 1) * (heightM / cellM + 1);
}

/** Signal of the planned network, cell by cell, rows from north to south; NaN where no site is within reach. */
export interface CoverageRaster {
  readonly columns: number;
  readonly rows: number;
  /** North-western corner: degrees where `epsg` is 4326, else metres. */
  readonly west: number;
  readonly north: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly epsg: number;
  /** [cells] median RSRP of the best server, dBm, to 0.1 dB. */
  readonly rsrpDbm: Float32Array;
  /** [cells] P(RSRP >= threshold), to 0.001. */
  readonly probability: Float32Array;
  /** [cells] best server: rank of a new site from 1, or minus the number (from 1) of an existing site in its layer. */
  readonly server: Float32Array;
}

/** Where the cells of a raster lie. */
export type RasterGrid = Omit<CoverageRaster, 'rsrpDbm' | 'probability' | 'server'>;

/** A UTM raster around the area, its corner on whole cells so that runs of one area line up. */
export function planeFrame(area: GeoBox, cellM: number): RasterFrame {
  const zone = utmZoneAt((area.west + area.east) / 2, (area.south + area.north) / 2);
  const edge: [number, number][] = [];
  for (let k = 0; k <= 8; k++) {
    const lon = area.west + ((area.east - area.west) * k) / 8;
    const lat = area.south + ((area.north - area.south) * k) / 8;
    edge.push(zone.toMetres(lon, area.south), zone.toMetres(lon, area.north));
    edge.push(zone.toMetres(area.west, lat), zone.toMetres(area.east, lat));
  }
  const x = edge.map(([east]) => east);
  const y = edge.map(([, north]) => north);
  const west = Math.floor(Math.min(...x) / cellM) * cellM;
  const north = Math.ceil(Math.max(...y) / cellM) * cellM;
  const columns = Math.ceil((Math.max(...x) - west) / cellM);
  const rows = Math.ceil((north - Math.min(...y)) / cellM);
  return { columns, rows, cellM, west, north, zone, epsg: (zone.south ? 32700 : 32600) + zone.zone };
}

/** Corners of a raster, longitude and latitude. */
export function cornersOf({ west, north, columns, rows, cellM, zone }: RasterFrame): [number, number][] {
  const east = west + columns * cellM;
  const south = north - rows * cellM;
  return [
    zone.toDegrees(west, north),
    zone.toDegrees(east, north),
    zone.toDegrees(west, south),
    zone.toDegrees(east, south),
  ];
}

/** That raster as a file lays it out. */
export function planeGrid({ columns, rows, west, north, cellM, epsg }: RasterFrame): RasterGrid {
  return { columns, rows, west, north, cellWidth: cellM, cellHeight: cellM, epsg };
}

/** Cells that are square on the ground in the middle of the area; corner and sides in whole 1e-7 degrees. */
export function degreeGrid(area: GeoBox, cellM: number): RasterGrid {
  const middle = ((area.south + area.north) / 2) * (Math.PI / 180);
  const cellHeight = wholeDegrees(cellM / METRES_PER_DEGREE);
  const cellWidth = wholeDegrees(cellM / METRES_PER_DEGREE / Math.max(0.01, Math.cos(middle)));
  const west = wholeDegrees(area.west);
  const north = wholeDegrees(area.north);
  const columns = Math.ceil((area.east - west) / cellWidth);
  const rows = Math.ceil((north - area.south) / cellHeight);
  return { columns, rows, west, north, cellWidth, cellHeight, epsg: 4326 };
}

function wholeDegrees(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

/** Where the cells of a range of rows lie: see `RowRange`. */
export type PlacesOf = (fromRow: number, toRow: number) => Pick<RowRange, 'degrees' | 'metres'>;

/** Cells of a UTM raster: a row and a column say where they are; only terrain asks for degrees. */
export function placesOnPlane(frame: RasterFrame, hasTerrain: boolean): PlacesOf {
  return (fromRow, toRow) => ({
    degrees: hasTerrain ? degreesOf(frame, fromRow, toRow) : null,
    metres: null,
  });
}

function degreesOf(
  { west, north, columns, cellM, zone }: RasterFrame,
  fromRow: number,
  toRow: number,
): Float64Array {
  const degrees = sharedFloat64(2 * columns * (toRow - fromRow));
  let at = 0;
  for (let row = fromRow; row < toRow; row++) {
    for (let column = 0; column < columns; column++) {
      const [lon, lat] = zone.toDegrees(west + (column + 0.5) * cellM, north - (row + 0.5) * cellM);
      degrees[at++] = lon;
      degrees[at++] = lat;
    }
  }
  return degrees;
}

/** Cell centres in degrees, and in the plane the kernel reckons in. */
export function placesInDegrees(
  { columns, west, north, cellWidth, cellHeight }: RasterGrid,
  { zone }: RasterFrame,
): PlacesOf {
  return (fromRow, toRow) => {
    const degrees = sharedFloat64(2 * columns * (toRow - fromRow));
    const metres = sharedFloat64(degrees.length);
    let at = 0;
    for (let row = fromRow; row < toRow; row++) {
      for (let column = 0; column < columns; column++) {
        const lon = west + (column + 0.5) * cellWidth;
        const lat = north - (row + 0.5) * cellHeight;
        const [x, y] = zone.toMetres(lon, lat);
        degrees[at] = lon;
        metres[at++] = x;
        degrees[at] = lat;
        metres[at++] = y;
      }
    }
    return { degrees, metres };
  };
}
