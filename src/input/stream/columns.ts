/** Column names that hold longitude and latitude, in order of preference, lower case. */
const LON_NAMES = ['lon', 'longitude', 'lng', 'long', 'lon_deg', 'tx_lon', 'x'];
const LAT_NAMES = ['lat', 'latitude', 'lat_deg', 'tx_lat', 'y'];

export interface PositionColumns {
  readonly lon: number;
  readonly lat: number;
}

/** Which columns hold the position, or null when a table has none. */
export function positionColumns(columns: readonly string[]): PositionColumns | null {
  const lower = columns.map((name) => name.toLowerCase());
  const find = (names: readonly string[]): number =>
    names.map((name) => lower.indexOf(name)).find((index) => index >= 0) ?? -1;
  const lon = find(LON_NAMES);
  const lat = find(LAT_NAMES);
  return lon >= 0 && lat >= 0 ? { lon, lat } : null;
}
