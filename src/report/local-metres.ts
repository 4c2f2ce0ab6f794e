const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** A plane that is right to about 0.5 % over a city: for drawing and grouping, never for deciding who is served. */
export interface LocalMetres {
  x(lon: number): number;
  y(lat: number): number;
  lon(x: number): number;
  lat(y: number): number;
}

/** Equirectangular metres about a reference latitude; x may exceed half the globe, never wraps. */
export function localMetres(referenceLat: number): LocalMetres {
  const metresPerLat = EARTH_RADIUS_M * RADIANS;
  const metresPerLon = metresPerLat * Math.max(0.01, Math.cos(referenceLat * RADIANS));
  return {
    x: (lon) => lon * metresPerLon,
    y: (lat) => lat * metresPerLat,
    lon: (x) => x / metresPerLon,
    lat: (y) => y / metresPerLat,
  };
}

/** Mean latitude, NaN-free: 0 for an empty list. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
