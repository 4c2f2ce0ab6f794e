import proj4 from 'proj4';
import { InputError } from '../../errors.ts';

/** From degrees to the raster's own coordinates. Null = the raster is in degrees. */
export type Projection = ((lon: number, lat: number) => [number, number]) | null;

/** The inverse as well, for finding where a raster lies. */
export interface CoordinateSystem {
  readonly name: string;
  readonly forward: Projection;
  readonly inverse: (x: number, y: number) => [number, number];
}

/** Geographic systems within two metres of WGS 84: WGS 84, ETRS89, NAD83, GDA94, GDA2020, JGD2011, CGCS2000, SIRGAS. */
const LIKE_WGS84 = new Set([4326, 4258, 4269, 4283, 7844, 6668, 4490, 4674, 4979]);

/** Common national grids that follow no numbering rule; parameters as the EPSG registry publishes them. */
const NATIONAL: Readonly<Record<number, string>> = {
  3857: '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +no_defs',
  27700:
    '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy ' +
    '+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs',
  2154: '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m +no_defs',
  3035: '+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs',
  2056:
    '+proj=somerc +lat_0=46.9524055555556 +lon_0=7.43958333333333 +k_0=1 +x_0=2600000 +y_0=1200000 ' +
    '+ellps=bessel +towgs84=674.374,15.056,405.346,0,0,0,0 +units=m +no_defs',
  3347:
    '+proj=lcc +lat_0=63.390675 +lon_0=-91.8666666666667 +lat_1=49 +lat_2=77 +x_0=6200000 +y_0=3000000 ' +
    '+datum=NAD83 +units=m +no_defs',
  2157: '+proj=tmerc +lat_0=53.5 +lon_0=-8 +k=0.99982 +x_0=600000 +y_0=750000 +ellps=GRS80 +units=m +no_defs',
  3067: '+proj=utm +zone=35 +ellps=GRS80 +units=m +no_defs',
  5070: '+proj=aea +lat_0=23 +lon_0=-96 +lat_1=29.5 +lat_2=45.5 +x_0=0 +y_0=0 +datum=NAD83 +units=m +no_defs',
};

/** PROJ definition of an EPSG code we know, else null. Rules: UTM on WGS 84 (326xx, 327xx), ETRS89 (258xx), NAD83 (269xx). */
function definitionOf(epsg: number): string | null {
  const zone = epsg % 100;
  const group = Math.floor(epsg / 100);
  if (zone >= 1 && zone <= 60) {
    if (group === 326) return `+proj=utm +zone=${zone} +datum=WGS84 +units=m +no_defs`;
    if (group === 327) return `+proj=utm +zone=${zone} +south +datum=WGS84 +units=m +no_defs`;
    if (group === 258) return `+proj=utm +zone=${zone} +ellps=GRS80 +units=m +no_defs`;
    if (group === 269 && zone <= 23) return `+proj=utm +zone=${zone} +datum=NAD83 +units=m +no_defs`;
  }
  return NATIONAL[epsg] ?? null;
}

const IN_DEGREES: CoordinateSystem = {
  name: 'EPSG:4326',
  forward: null,
  inverse: (x, y) => [x, y],
};

/**
 * The coordinate system of a raster, by EPSG code or by a PROJ definition the scenario gives.
 *
 * @throws InputError for a code we do not know or a definition that cannot be read
 */
export function coordinateSystem(crs: number | string, file: string): CoordinateSystem {
  const epsg = typeof crs === 'number' ? crs : Number(/^EPSG:(\d+)$/i.exec(crs)?.[1] ?? NaN);
  if (LIKE_WGS84.has(epsg)) return IN_DEGREES;
  const definition = Number.isNaN(epsg) ? String(crs) : definitionOf(epsg);
  if (definition === null) {
    throw new InputError(`its coordinate system EPSG:${epsg} is not one mastplan knows.`, {
      code: 'raster-crs-unknown',
      file,
      hint: 'Give its PROJ definition as `crs`, or convert the raster to EPSG:4326 or UTM.',
    });
  }
  try {
    const converter = proj4('EPSG:4326', definition);
    return {
      name: Number.isNaN(epsg) ? definition : `EPSG:${epsg}`,
      forward: (lon, lat) => converter.forward([lon, lat]) as [number, number],
      inverse: (x, y) => converter.inverse([x, y]) as [number, number],
    };
  } catch {
    throw new InputError(`the coordinate system "${crs}" cannot be read.`, {
      code: 'raster-crs-unreadable',
      file,
      hint: 'Give an EPSG code (EPSG:32633) or a PROJ definition (+proj=utm +zone=33 +datum=WGS84).',
    });
  }
}
