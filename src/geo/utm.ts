import proj4 from 'proj4';

/** A UTM zone: the plane that generated candidates are laid out in. */
export interface UtmZone {
  /** 1..60. */
  readonly zone: number;
  readonly south: boolean;
  /** `33N`. */
  readonly name: string;
  /** Degrees to metres east and north. */
  toMetres(lonDeg: number, latDeg: number): [east: number, north: number];
  toDegrees(eastM: number, northM: number): [lon: number, lat: number];
}

/** The standard zone of a position: 6 degrees wide, without the exceptions of Norway and Svalbard. */
export function utmZoneAt(lonDeg: number, latDeg: number): UtmZone {
  const zone = (((Math.floor((lonDeg + 180) / 6) % 60) + 60) % 60) + 1;
  const south = latDeg < 0;
  const converter = proj4(`+proj=utm +zone=${zone}${south ? ' +south' : ''} +datum=WGS84 +units=m +no_defs`);
  return {
    zone,
    south,
    name: `${zone}${south ? 'S' : 'N'}`,
    toMetres: (lon, lat) => converter.forward([lon, lat]) as [number, number],
    toDegrees: (east, north) => converter.inverse([east, north]) as [number, number],
  };
}
