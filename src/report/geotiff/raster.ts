export type RasterValues = Float32Array | Uint16Array;

/** One layer of values, rows from north to south. */
export interface RasterBand {
  /** [rows * columns]; a cell equal to the raster's `noData` (or NaN) holds nothing. All bands are of one type. */
  readonly values: RasterValues;
  /** How four cells become one in the overviews; indices must not be averaged. */
  readonly overviews: 'mean' | 'nearest';
  /** Shown by GIS programs as the band's name, with its unit. */
  readonly description: string;
}

/** Bands on one grid, to be written as one file. */
export interface Raster {
  readonly columns: number;
  readonly rows: number;
  readonly noData: number;
  /** North-western corner of the north-western cell: metres, or degrees where `epsg` is 4326. */
  readonly west: number;
  readonly north: number;
  /** Width and height of a cell in the same unit. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** EPSG code: 4326, or a projected system in metres. */
  readonly epsg: number;
  readonly bands: readonly RasterBand[];
}
