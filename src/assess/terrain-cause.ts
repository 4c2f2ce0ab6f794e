import { distanceM } from '../geo/ellipsoid.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import { bullingtonLossDb } from '../radio/p526.ts';
import { createPathProfile, fillGaps, sampleProfile } from '../radio/profile.ts';
import type { Cause } from './areas.ts';
import type { FoundArea } from './areas.ts';

export interface TerrainInputs {
  readonly demand: Demand;
  readonly existing: SiteTable;
  readonly terrain: TerrainLayer;
  readonly radio: Pick<Scenario['radio'], 'heightM' | 'userHeightM' | 'frequencyMhz'>;
  readonly rsrpDbm: number;
  /** Distance at which a site of the default configuration serves, metres. */
  readonly reachM: number;
}

/**
 * Ground blocks the path from this loss on, dB: P.526-15, equation (54) gives 12.3 dB on a short path where the ray
 * just grazes an edge (6.0 dB by equation (31) at v = 0).
 */
const BLOCKED_DB = 12;
/** Usual effective Earth radius, 4/3 of 6371 km rounded as P.526 does, km. */
const EARTH_RADIUS_KM = 8500;
/** The best of so many sites counts: one that sees the place makes ground no cause. */
const NEAREST_SITES = 3;
/** Places of an area that are looked at, spread evenly. */
const MOST_PLACES = 200;
const MAX_POINTS = 1024;

/**
 * Ground stands between most of the area's places and each of the nearest sites within reach (Bullington's
 * construction over the bare ground, P.526-15, section 4.5.1), and the area would be strong enough without that loss.
 * The figure is the median loss, dB.
 */
export function terrainBetween(area: FoundArea, inputs: TerrainInputs): Cause | null {
  const losses = evenly(area.cells).flatMap((i) => leastLossDb(i, inputs) ?? []);
  if (losses.length === 0) return null;
  const lossDb = losses.sort((a, b) => a - b)[losses.length >> 1]!;
  if (!(lossDb >= BLOCKED_DB) || !(area.medianDbm + lossDb >= inputs.rsrpDbm)) return null;
  return { code: 'terrain', figure: Math.round(lossDb) };
}

function evenly(cells: readonly number[]): number[] {
  const step = Math.max(1, cells.length / MOST_PLACES);
  const count = Math.min(cells.length, MOST_PLACES);
  return Array.from({ length: count }, (_, k) => cells[Math.floor(k * step)]!);
}

/** Null where no site lies within reach or the ground at an end is not known. */
function leastLossDb(cell: number, inputs: TerrainInputs): number | null {
  const { demand, existing, reachM } = inputs;
  const lon = demand.lon[cell]!;
  const lat = demand.lat[cell]!;
  const near = Array.from({ length: existing.count }, (_, site) => ({
    site,
    metres: distanceM(lon, lat, existing.lon[site]!, existing.lat[site]!),
  }))
    .filter(({ metres }) => metres <= reachM)
    .sort((a, b) => a.metres - b.metres || a.site - b.site)
    .slice(0, NEAREST_SITES);
  const losses = near.map(({ site }) => pathLossDb(inputs, site, lon, lat)).filter((loss) => loss !== null);
  return losses.length === 0 ? null : Math.min(...losses);
}

const profile = createPathProfile(MAX_POINTS);

function pathLossDb(inputs: TerrainInputs, site: number, lon: number, lat: number): number | null {
  const { existing, terrain, radio } = inputs;
  const { grid, stepM } = terrain;
  sampleProfile(profile, grid, existing.lon[site]!, existing.lat[site]!, lon, lat, stepM);
  const { groundM, count } = profile;
  if (fillGaps(groundM, count) < 0) return null;
  const heightM = existing.heightM[site]!;
  const txM = groundM[0]! + (Number.isNaN(heightM) ? radio.heightM : heightM);
  const rxM = groundM[count - 1]! + radio.userHeightM;
  return bullingtonLossDb(profile, groundM, txM, rxM, EARTH_RADIUS_KM, radio.frequencyMhz / 1000);
}
