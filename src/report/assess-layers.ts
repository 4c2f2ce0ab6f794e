import type { Feature, Position } from 'geojson';
import { type AssessmentResult } from '../assess/result.ts';
import { publishedMedianDbm } from '../assess/areas.ts';
import { zoneOf } from '../coverage/effective-samples.ts';
import type { UtmZone } from '../geo/utm.ts';
import { outlineRings, polygonsOfRings } from './cell-outline.ts';
import { feature, roundDegrees } from './geojson-text.ts';
import { usersFromMilli } from './numbers.ts';

/** Squares of the UTM grid as MultiPolygon coordinates in degrees (RFC 7946 winding). */
export function squaresOutline(
  zone: UtmZone,
  sideM: number,
  columns: readonly number[],
  rows: readonly number[],
): Position[][][] {
  const squares = { columns: Int32Array.from(columns), rows: Int32Array.from(rows) };
  const group = columns.map((_, k) => k);
  const toDegrees = ([column, row]: readonly [number, number]): Position => {
    const [lon, lat] = zone.toDegrees(column * sideM, row * sideM);
    return [roundDegrees(lon), roundDegrees(lat)];
  };
  return polygonsOfRings(outlineRings(squares, group)).map((rings) =>
    rings.map((ring) => ring.map(toDegrees)),
  );
}

/** `weak-areas.geojson`: users with evidence who are not served, by period. */
export function weakAreaFeatures(result: AssessmentResult): Feature[] {
  const zone = zoneOf(result.demand.lon, result.demand.lat);
  return result.weakAreas.map((area) =>
    feature(
      { type: 'MultiPolygon', coordinates: squaresOutline(zone, area.sideM, area.columns, area.rows) },
      {
        id: area.id,
        period: result.demand.periods[area.period],
        ...(area.service !== null && { service: area.service }),
        severity: area.severity,
        users: usersFromMilli(area.usersMilli),
        users_measured: usersFromMilli(area.measuredUsersMilli),
        median_rsrp_dbm: roundedDbm(publishedMedianDbm(area)),
        region: area.region,
        cause: area.causes[0]?.code ?? 'unknown',
        causes: area.causes.map(({ code }) => code).join(' '),
        reports: area.reports,
      },
    ),
  );
}

function roundedDbm(level: number | null): number | null {
  return level === null ? null : Math.round(level * 10) / 10;
}

/** `measure-next.geojson`: squares to drive next, best first. */
export function measureNextFeatures(result: AssessmentResult): Feature[] {
  const zone = zoneOf(result.demand.lon, result.demand.lat);
  return result.measureNext.map((area, order) =>
    feature(
      { type: 'MultiPolygon', coordinates: squaresOutline(zone, area.sideM, [area.column], [area.row]) },
      {
        id: area.id,
        rank: order + 1,
        period: result.demand.periods[result.measurePeriod],
        users: usersFromMilli(area.usersMilli),
        users_without_evidence: usersFromMilli(area.unknownUsersMilli),
        uncertainty_reduction: Math.round(area.reduction * 1e4) / 1e4,
      },
    ),
  );
}
