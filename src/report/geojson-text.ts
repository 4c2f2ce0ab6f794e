import type { Feature, Geometry, Position } from 'geojson';

/** 7 decimals are 11 mm: finer than any input, and short. */
const COORDINATE_SCALE = 1e7;

export function roundDegrees(degrees: number): number {
  return Math.round(degrees * COORDINATE_SCALE) / COORDINATE_SCALE;
}

/** RFC 7946 text, one feature a line; `name` is the layer name that GDAL and QGIS show. */
export function* featureCollectionText(name: string, features: Iterable<Feature>): Generator<string> {
  yield `{"type":"FeatureCollection","name":${JSON.stringify(name)},"features":[`;
  let separator = '\n';
  for (const feature of features) {
    yield separator + JSON.stringify(feature);
    separator = ',\n';
  }
  yield '\n]}\n';
}

export function pointFeature(lon: number, lat: number, properties: object): Feature {
  return feature({ type: 'Point', coordinates: [roundDegrees(lon), roundDegrees(lat)] }, properties);
}

export function feature(geometry: Geometry, properties: object): Feature {
  return { type: 'Feature', geometry, properties: { ...properties } };
}

/** Twice the signed area of a closed ring in degrees; positive = counter-clockwise. */
export function ringArea(ring: readonly Position[]): number {
  let area = 0;
  for (let k = 0; k + 1 < ring.length; k++) {
    area += ring[k]![0]! * ring[k + 1]![1]! - ring[k + 1]![0]! * ring[k]![1]!;
  }
  return area;
}

/** RFC 7946 section 3.1.6: exterior rings counter-clockwise, holes clockwise; coordinates rounded. */
export function windPolygon(rings: readonly (readonly (readonly [number, number])[])[]): Position[][] {
  return rings.map((ring, index) => {
    const rounded: Position[] = ring.map(([lon, lat]) => [roundDegrees(lon), roundDegrees(lat)]);
    return ringArea(rounded) > 0 === (index === 0) ? rounded : rounded.reverse();
  });
}
