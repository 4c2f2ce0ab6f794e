import type { FindingDetails } from '../errors.ts';

export interface PositionProblem extends Pick<FindingDetails, 'code' | 'hint'> {
  readonly message: string;
}

/** Nobody lives south of this or north of its counterpart: a position there is almost surely lat, lon. */
const SOUTHERNMOST = -60;
const NORTHERNMOST = 84;

/** What is wrong with a WGS 84 position, or null. */
export function positionProblem(lon: number, lat: number): PositionProblem | null {
  // The usual case first: it alone takes 0.1 us less in the reading of millions of points.
  if (lon >= -180 && lon <= 180 && lat >= SOUTHERNMOST && lat <= NORTHERNMOST) return null;
  if (!Number.isFinite(lon) || !Number.isFinite(lat)) {
    return { code: 'position-not-finite', message: 'has a coordinate that is not a finite number.' };
  }
  if (Math.abs(lon) > 180) {
    return {
      code: 'lon-out-of-range',
      message: `has longitude ${lon}, outside [-180, 180].`,
      hint: 'Coordinates look projected; use WGS 84 degrees (EPSG:4326).',
    };
  }
  if (Math.abs(lat) > 90) {
    return {
      code: 'lat-out-of-range',
      message: `has latitude ${lat}, outside [-90, 90].`,
      hint:
        Math.abs(lat) <= 180
          ? 'GeoJSON puts longitude first: the two may be swapped.'
          : 'Coordinates look projected; use WGS 84 degrees (EPSG:4326).',
    };
  }
  return {
    code: 'position-uninhabited',
    message: `lies at latitude ${lat}, where nobody lives.`,
    hint: 'GeoJSON puts longitude first: the two may be swapped.',
  };
}
