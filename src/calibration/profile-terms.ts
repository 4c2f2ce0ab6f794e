import { nearestInGrid, type TerrainLayer } from '../geo/geo-grid.ts';
import type { UtmZone } from '../geo/utm.ts';
import { selectSamples, type CalibrationSamples } from '../radio/calibration/samples.ts';
import { createPathProfile, fillGaps, sampleProfile } from '../radio/profile.ts';
import { spmProfileTerms } from '../radio/spm-terrain.ts';

const MAX_POINTS = 4096;

/**
 * Samples with what the ground says of each link: diffraction loss, the receiver's height over the ground at the
 * transmitter, the user's clutter class. Samples without ground under them are left out.
 *
 * @param userHeightM receiver above ground
 */
export function withProfileTerms(
  samples: CalibrationSamples,
  zone: UtmZone,
  terrain: TerrainLayer,
  userHeightM: number,
): { readonly samples: CalibrationSamples; readonly withoutGround: number } {
  const profile = createPathProfile(MAX_POINTS);
  const places = samples.sectors.map(({ eastM, northM }) => zone.toDegrees(eastM, northM));
  const diffractionDb = new Float64Array(samples.count);
  const rxHeightM = new Float64Array(samples.count);
  const clutter = new Int16Array(samples.count).fill(-1);
  const kept: number[] = [];
  for (let i = 0; i < samples.count; i++) {
    const sector = samples.sectors[samples.sector[i]!]!;
    const [siteLon, siteLat] = places[samples.sector[i]!]!;
    const [lon, lat] = zone.toDegrees(samples.eastM[i]!, samples.northM[i]!);
    sampleProfile(profile, terrain.grid, siteLon, siteLat, lon, lat, terrain.stepM);
    if (fillGaps(profile.groundM, profile.count) < 0) continue;
    const { frequencyMhz, heightM: txHeightM } = sector;
    const terms = spmProfileTerms(profile, { frequencyMhz, txHeightM, rxHeightM: userHeightM });
    diffractionDb[i] = terms.diffractionDb;
    rxHeightM[i] = terms.rxEffectiveHeightM;
    const code = terrain.clutter === null ? NaN : nearestInGrid(terrain.clutter.classes, lon, lat);
    clutter[i] = Number.isNaN(code) ? -1 : code;
    kept.push(i);
  }
  const all = { ...samples, diffractionDb, rxHeightM, clutter };
  return { samples: selectSamples(all, kept), withoutGround: samples.count - kept.length };
}
