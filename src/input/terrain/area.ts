/** A box of longitude and latitude, degrees. */
export interface GeoBox {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

const METRES_PER_DEGREE = 111_195;

/** The box around positions, widened by `marginM` on every side. */
export function boxAround(lon: ArrayLike<number>, lat: ArrayLike<number>, marginM: number): GeoBox {
  let west = Infinity;
  let east = -Infinity;
  let south = Infinity;
  let north = -Infinity;
  for (let i = 0; i < lon.length; i++) {
    west = Math.min(west, lon[i]!);
    east = Math.max(east, lon[i]!);
    south = Math.min(south, lat[i]!);
    north = Math.max(north, lat[i]!);
  }
  const marginLat = marginM / METRES_PER_DEGREE;
  const widest = Math.max(Math.abs(south), Math.abs(north)) + marginLat;
  const marginLon = marginLat / Math.max(0.01, Math.cos((Math.min(widest, 89) * Math.PI) / 180));
  return {
    west: west - marginLon,
    east: east + marginLon,
    south: south - marginLat,
    north: north + marginLat,
  };
}

export function intersection(a: GeoBox, b: GeoBox): GeoBox | null {
  const west = Math.max(a.west, b.west);
  const east = Math.min(a.east, b.east);
  const south = Math.max(a.south, b.south);
  const north = Math.min(a.north, b.north);
  return west < east && south < north ? { west, south, east, north } : null;
}

export function union(boxes: readonly GeoBox[]): GeoBox {
  return {
    west: Math.min(...boxes.map((box) => box.west)),
    south: Math.min(...boxes.map((box) => box.south)),
    east: Math.max(...boxes.map((box) => box.east)),
    north: Math.max(...boxes.map((box) => box.north)),
  };
}
