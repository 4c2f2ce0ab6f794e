import type { Geometry, Position } from 'geojson';

const TYPES = [
  '',
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
] as const;

/** Flags of the PostGIS variant (EWKB) in the geometry type. */
const EWKB_Z = 0x80000000;
const EWKB_M = 0x40000000;
const EWKB_SRID = 0x20000000;

/**
 * Well-known binary (OGC 06-103r4, section 8.2) as GeoJSON: both byte orders, Z and M in the ISO and the PostGIS
 * spelling; only x and y are kept. An empty point comes out as null. @throws RangeError on ill-formed bytes.
 */
export function parseWkb(bytes: Uint8Array): Geometry | null {
  return new WkbCursor(bytes).geometry();
}

interface PartCoordinates {
  readonly Point: Position;
  readonly LineString: Position[];
  readonly Polygon: Position[][];
}

/** Collections in collections: more than files hold, less than the stack. */
const MAX_DEPTH = 32;

class WkbCursor {
  readonly #view: DataView;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  geometry(): Geometry | null {
    if (++this.#depth > MAX_DEPTH) throw new RangeError(`geometries are nested more than ${MAX_DEPTH} deep`);
    const geometry = this.#geometry();
    this.#depth--;
    return geometry;
  }

  #geometry(): Geometry | null {
    const little = this.#view.getUint8(this.#at++) === 1;
    const raw = this.#uint32(little);
    if ((raw & EWKB_SRID) !== 0) this.#at += 4;
    const iso = raw & 0x0fffffff;
    const code = iso % 1000;
    const extra = Math.floor(iso / 1000);
    const isoExtras = extra === 3 ? 2 : extra === 0 ? 0 : 1;
    const extras = isoExtras + ((raw & EWKB_Z) !== 0 ? 1 : 0) + ((raw & EWKB_M) !== 0 ? 1 : 0);
    const type = TYPES[code];
    const position = (): Position => this.#position(little, extras);
    const line = (): Position[] => this.#list(little, position);
    const polygon = (): Position[][] => this.#list(little, line);
    switch (type) {
      case 'Point': {
        const coordinates = position();
        return coordinates.every(Number.isNaN) ? null : { type, coordinates };
      }
      case 'LineString':
        return { type, coordinates: line() };
      case 'Polygon':
        return { type, coordinates: polygon() };
      case 'MultiPoint':
        return { type, coordinates: this.#parts(little, 'Point') };
      case 'MultiLineString':
        return { type, coordinates: this.#parts(little, 'LineString') };
      case 'MultiPolygon':
        return { type, coordinates: this.#parts(little, 'Polygon') };
      case 'GeometryCollection': {
        const geometries = this.#list(little, () => this.geometry());
        return { type, geometries: geometries.filter((geometry) => geometry !== null) };
      }
      default:
        throw new RangeError(`geometry type ${iso} is not supported`);
    }
  }

  #parts<Type extends keyof PartCoordinates>(little: boolean, type: Type): PartCoordinates[Type][] {
    return this.#list(little, () => {
      const part = this.geometry();
      if (part?.type !== type) throw new RangeError(`a ${type} is expected inside Multi${type}`);
      return (part as unknown as { coordinates: PartCoordinates[Type] }).coordinates;
    });
  }

  #list<Item>(little: boolean, read: () => Item): Item[] {
    const count = this.#uint32(little);
    if (count > this.#view.byteLength) throw new RangeError('more parts than bytes');
    return Array.from({ length: count }, read);
  }

  #position(little: boolean, extras: number): Position {
    const x = this.#view.getFloat64(this.#at, little);
    const y = this.#view.getFloat64(this.#at + 8, little);
    this.#at += 16 + 8 * extras;
    return [x, y];
  }

  #uint32(little: boolean): number {
    const value = this.#view.getUint32(this.#at, little);
    this.#at += 4;
    return value;
  }
}
