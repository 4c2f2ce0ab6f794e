import { sampleGrid, type GeoGrid } from '../../geo/geo-grid.ts';
import type { Findings } from '../findings.ts';
import { hgtName } from './hgt-source.ts';

/** Sites as this check needs them. */
export interface SitesOnGround {
  readonly file: string;
  readonly ids: readonly string[];
  readonly lon: ArrayLike<number>;
  readonly lat: ArrayLike<number>;
  /** Antenna heights above ground, m; NaN = not given. */
  readonly heightM: ArrayLike<number>;
  /** True for places mastplan chose itself: without terrain they serve nobody, which is a warning, not an error. */
  readonly generated?: boolean | undefined;
}

/** Taller masts than this are rare for mobile networks; 30 m written in feet is 98. */
const TALL_MAST_M = 80;
const METRES_PER_FOOT = 0.3048;
const NAMED = 5;

/**
 * What is wrong with sites on this terrain, one finding for each kind: outside the terrain (with the names of the
 * missing tiles), on a hole in it, or with heights that look like feet.
 */
export function checkSitesOnGround(
  sites: SitesOnGround,
  terrain: { readonly grid: GeoGrid; readonly file: string },
  findings: Findings,
): void {
  const outside: number[] = [];
  const onHole: number[] = [];
  const { grid } = terrain;
  for (let i = 0; i < sites.ids.length; i++) {
    if (!Number.isNaN(sampleGrid(grid, sites.lon[i]!, sites.lat[i]!))) continue;
    (isInside(grid, sites.lon[i]!, sites.lat[i]!) ? onHole : outside).push(i);
  }
  if (sites.generated === true) {
    const without = outside.length + onHole.length;
    if (without > 0) {
      findings.warn(
        `has no height under ${without} of the ${sites.ids.length} generated candidates: they serve nobody.`,
        {
          code: 'terrain-missing',
          file: terrain.file,
        },
      );
    }
    return;
  }
  if (outside.length > 0) {
    const tiles = [...new Set(outside.map((i) => hgtName(sites.lon[i]!, sites.lat[i]!)))].sort();
    findings.error(`the terrain does not reach ${named(sites, outside)} of ${sites.file}.`, {
      code: 'terrain-missing',
      file: terrain.file,
      hint: `Add the missing tiles (SRTM names: ${tiles.join(', ')}) or remove the sites.`,
    });
  }
  if (onHole.length > 0) {
    findings.error(`has no data under ${named(sites, onHole)} of ${sites.file}.`, {
      code: 'terrain-no-data',
      file: terrain.file,
      hint: 'Fill the hole (gdal_fillnodata.py) or move the sites.',
    });
  }
  checkMastHeights(sites, findings);
}

/** One warning for all masts whose heights look like feet. */
export function checkMastHeights(sites: SitesOnGround, findings: Findings): void {
  const tall = sites.ids.map((_, i) => i).filter((i) => sites.heightM[i]! > TALL_MAST_M);
  const tallest = tall.reduce((most, i) => Math.max(most, sites.heightM[i]!), 0);
  if (tall.length === 0) return;
  const metres = (tallest * METRES_PER_FOOT).toFixed(1);
  findings.warn(
    `${named(sites, tall)}: antenna heights up to ${tallest} m above ground are implausible for a mobile network.`,
    {
      code: 'mast-height-implausible',
      file: sites.file,
      hint: `Heights are metres; if these are feet, ${tallest} ft is ${metres} m.`,
    },
  );
}

function isInside(grid: GeoGrid, lon: number, lat: number): boolean {
  const x = (lon - grid.west) / grid.stepLonDeg;
  const y = (grid.north - lat) / grid.stepLatDeg;
  return x >= -0.5 && y >= -0.5 && x <= grid.columns - 0.5 && y <= grid.rows - 0.5;
}

function named(sites: SitesOnGround, indices: readonly number[]): string {
  const shown = indices.slice(0, NAMED).map((i) => `"${sites.ids[i]}"`);
  const more = indices.length - shown.length;
  return `${indices.length === 1 ? 'site' : `${indices.length} sites:`} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
