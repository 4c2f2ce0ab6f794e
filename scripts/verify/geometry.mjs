// Distances on the WGS 84 ellipsoid (Karney 2013, geographiclib) and point in polygon, independent of src/geo.
import geodesic from 'geographiclib-geodesic';

const RADIANS = Math.PI / 180;
const MEAN_RADIUS_M = 6_371_008.8;

/** Great-circle metres: within 0.6 % of the ellipsoid, enough to tell which pairs need the exact distance. */
export function roughDistanceM(a, b) {
  const sinLat = Math.sin(((b.lat - a.lat) * RADIANS) / 2);
  const sinLon = Math.sin(((b.lon - a.lon) * RADIANS) / 2);
  const h = sinLat * sinLat + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * sinLon * sinLon;
  return 2 * MEAN_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

export function distanceM(a, b) {
  return geodesic.Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon).s12;
}

/** Even-odd rule over all rings of a MultiPolygon. */
export function isInside({ lon, lat }, polygons) {
  let inside = false;
  for (const rings of polygons) {
    for (const ring of rings) {
      for (let k = 0; k + 1 < ring.length; k++) {
        const [ax, ay] = ring[k];
        const [bx, by] = ring[k + 1];
        if (ay > lat !== by > lat && lon < ax + ((lat - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      }
    }
  }
  return inside;
}

/** Smallest distance to an outline in degrees: tells a point on a shared border from a wrong region. */
export function outlineDistanceDegrees({ lon, lat }, polygons) {
  let best = Infinity;
  for (const ring of polygons.flat()) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const [ax, ay] = ring[k];
      const dx = ring[k + 1][0] - ax;
      const dy = ring[k + 1][1] - ay;
      const length2 = dx * dx + dy * dy;
      const t = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((lon - ax) * dx + (lat - ay) * dy) / length2));
      best = Math.min(best, Math.hypot(lon - ax - t * dx, lat - ay - t * dy));
    }
  }
  return best;
}
