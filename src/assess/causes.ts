import type { EffectiveSamples } from '../coverage/effective-samples.ts';
import { distanceM } from '../geo/ellipsoid.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import { fullSiteOf, type SiteLoads } from './site-load.ts';
import { terrainBetween } from './terrain-cause.ts';
import type { Cause, FoundArea, MissingInput } from './areas.ts';

export interface CauseInputs {
  readonly demand: Demand;
  readonly samples: EffectiveSamples | null;
  readonly cellNames: readonly string[];
  readonly existing: SiteTable | null;
  /** Heights of the ground around users and sites; null = not given. */
  readonly terrain: TerrainLayer | null;
  /** Null = no site states a capacity. */
  readonly loads: SiteLoads | null;
  readonly scenario: Pick<Scenario, 'service' | 'radio'>;
  /** Distance at which a site of the default configuration serves from a threshold on, metres. */
  readonly reachM: (thresholdDbm: number) => number;
}

/** Pilot pollution: so many cells within 6 dB of the best (3GPP TS 37.320 annex A names the problem; 4 and 6 dB are usual). */
const POLLUTING_CELLS = 4;
const POLLUTION_DB = 6;
/** A server this many times farther than the nearest site reaches over it. */
const OVERSHOOT_RATIO = 2;

/** Causes that the data support, the most telling first; `unknown` when none is. */
export function likelyCauses(area: FoundArea, inputs: CauseInputs): Cause[] {
  const causes = [
    unproven(area),
    noSiteNear(area, inputs),
    terrain(area, inputs),
    capacity(area, inputs),
    pilotPollution(area, inputs),
    overshoot(area, inputs),
    indoor(area, inputs),
  ].filter((cause) => cause !== null);
  return causes.length > 0 ? causes : [{ code: 'unknown', figure: null, missing: missingInputs(inputs) }];
}

function missingInputs({ existing, cellNames, terrain, loads }: CauseInputs): MissingInput[] {
  const missing: MissingInput[] = [];
  if (existing === null) missing.push('sites');
  if (cellNames.length === 0) missing.push('cells');
  if (terrain === null) missing.push('terrain');
  if (loads === null) missing.push('capacities');
  return missing;
}

function terrain(area: FoundArea, inputs: CauseInputs): Cause | null {
  const { demand, existing, terrain: ground, scenario, reachM } = inputs;
  if (ground === null || existing === null) return null;
  const { radio } = scenario;
  return terrainBetween(area, {
    demand,
    existing,
    terrain: ground,
    radio,
    rsrpDbm: area.thresholdDbm,
    reachM: reachM(area.thresholdDbm),
  });
}

/**
 * The median level is expected to be enough and most users are where nobody measured. Where most are measured, the
 * readings have shown the area to be weak, whatever the level expected.
 */
function unproven(area: FoundArea): Cause | null {
  const { usersMilli, measuredUsersMilli, medianDbm, thresholdDbm, severity } = area;
  if (severity === 'hole' || !(medianDbm >= thresholdDbm)) return null;
  if (2 * measuredUsersMilli >= usersMilli) return null;
  return { code: 'unproven', figure: Math.floor((100 * measuredUsersMilli) / usersMilli) };
}

function noSiteNear(area: FoundArea, { demand, existing, reachM }: CauseInputs): Cause | null {
  if (existing === null || existing.count === 0) return null;
  const distances = area.cells.map((i) => nearestSite(demand.lon[i]!, demand.lat[i]!, existing).distanceM);
  const median = distances.sort((a, b) => a - b)[distances.length >> 1]!;
  return median > reachM(area.thresholdDbm) ? { code: 'no-site-near', figure: Math.round(median) } : null;
}

/** Most users of the area hang on sites that carry more than they can. */
function capacity(area: FoundArea, { demand, loads }: CauseInputs): Cause | null {
  const full = loads && fullSiteOf(loads, area.cells, demand.usersMilli[area.period]!, area.period);
  return full && { code: 'capacity', figure: full.percent, site: full.id };
}

/** The area would be strong enough out of doors. */
function indoor(area: FoundArea, { scenario }: CauseInputs): Cause | null {
  const { indoorLossDb } = scenario.service;
  const { medianDbm, thresholdDbm } = area;
  if (indoorLossDb === 0 || !(medianDbm + indoorLossDb >= thresholdDbm)) return null;
  return medianDbm >= thresholdDbm ? null : { code: 'indoor', figure: indoorLossDb };
}

function pilotPollution(area: FoundArea, inputs: CauseInputs): Cause | null {
  const { samples } = inputs;
  if (samples === null) return null;
  const byCell = new Map<number, { sum: number; n: number }>();
  for (const k of samplesIn(area, samples)) {
    const cell = samples.cell[k]!;
    if (cell < 0) continue;
    const entry = byCell.get(cell) ?? { sum: 0, n: 0 };
    byCell.set(cell, { sum: entry.sum + samples.levelDbm[k]!, n: entry.n + 1 });
  }
  const means = [...byCell.values()].filter(({ n }) => n >= 2).map(({ sum, n }) => sum / n);
  const best = Math.max(...means);
  const close = means.filter((mean) => mean >= best - POLLUTION_DB).length;
  return close >= POLLUTING_CELLS ? { code: 'pilot-pollution', figure: close } : null;
}

/** Most samples with a known server are served from much farther than the nearest site. */
function overshoot(area: FoundArea, inputs: CauseInputs): Cause | null {
  const { samples, existing, cellNames } = inputs;
  if (samples === null || existing === null) return null;
  const siteOfCell = new Map(
    existing.cellIds.flatMap((cells, site) => cells.map((cell) => [cell, site] as const)),
  );
  const far: number[] = [];
  let known = 0;
  for (const k of samplesIn(area, samples)) {
    const site = siteOfCell.get(cellNames[samples.cell[k]!] ?? '');
    if (site === undefined) continue;
    known += 1;
    const lon = samples.lon[k]!;
    const lat = samples.lat[k]!;
    const own = distanceM(lon, lat, existing.lon[site]!, existing.lat[site]!);
    if (own > OVERSHOOT_RATIO * nearestSite(lon, lat, existing).distanceM) far.push(own);
  }
  if (known === 0 || 2 * far.length <= known) return null;
  return { code: 'overshoot', figure: Math.round(far.sort((a, b) => a - b)[far.length >> 1]!) };
}

function* samplesIn(area: FoundArea, samples: EffectiveSamples): Generator<number> {
  const squares = new Set(area.columns.map((column, k) => `${column},${area.rows[k]}`));
  for (let k = 0; k < samples.count; k++) {
    const column = Math.floor(samples.eastM[k]! / area.sideM);
    const row = Math.floor(samples.northM[k]! / area.sideM);
    if (squares.has(`${column},${row}`)) yield k;
  }
}

function nearestSite(lon: number, lat: number, sites: SiteTable): { site: number; distanceM: number } {
  let best = { site: -1, distanceM: Infinity };
  for (let site = 0; site < sites.count; site++) {
    const apart = distanceM(lon, lat, sites.lon[site]!, sites.lat[site]!);
    if (apart < best.distanceM) best = { site, distanceM: apart };
  }
  return best;
}
