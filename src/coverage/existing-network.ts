import type { Scenario } from '../input/scenario-schema.ts';
import type { SiteTable } from '../input/types.ts';
import {
  chordOfDistanceM,
  distanceOfChordM,
  earthCentred,
  eastNorth,
  writeEarthCentred,
} from '../geo/ellipsoid.ts';
import { pointsWithin } from '../geo/circle.ts';
import { buildGridIndex } from '../geo/grid-index.ts';
import type { BoundModel } from '../radio/model.ts';
import { configurationsOf } from './configurations.ts';
import { leastAttenuationDb } from './link-test.ts';
import { bindRule, linkRule, type LinkRule, type ModelChoice } from './link-rule.ts';

/** What the best server of today's network gives a place. */
export interface ServerEstimate {
  /** Median RSRP at the user (after the losses there), dBm. */
  readonly rsrpDbm: number;
  /** RSRP from which this server's users are served, dBm: the service's, or above it where the uplink decides. */
  readonly thresholdDbm: number;
  /** P(RSRP >= threshold) under the model's own shadowing and the indoor spread. */
  readonly probability: number;
  /** Index of the serving site. */
  readonly site: number;
}

/** Predicts today's network anywhere; null where no site lies within `maxReachM`. */
export interface ExistingNetwork {
  predict(lonDeg: number, latDeg: number): ServerEstimate | null;
  /** Shadowing standard deviation of the model at most sites, dB. */
  readonly sigmaDb: number;
}

interface BoundSite {
  readonly rule: LinkRule;
  readonly bound: BoundModel;
}

/**
 * Today's sites under the model: the best server by median RSRP (design, section 5, rule 2). Sites without sectors are
 * omni.
 */
export function existingNetwork(
  sites: SiteTable,
  scenario: Pick<Scenario, 'radio' | 'service'>,
  model: ModelChoice,
): ExistingNetwork {
  const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
  const bound: BoundSite[] = configurations.map((configuration) => {
    const rule = linkRule(configuration, scenario, model);
    return { rule, bound: bindRule(rule) };
  });
  const { maxReachM } = scenario.radio;
  const grid = buildGridIndex(sites.lon, sites.lat, Math.max(100, maxReachM / 4));
  const xyz = earthCentred(sites.lon, sites.lat);
  const axes = Array.from(sites.lon, (lon, s) => eastNorth(lon, sites.lat[s]!));
  const place = new Float64Array(3);
  const limit = chordOfDistanceM(maxReachM);
  return {
    sigmaDb: bound[0]?.bound.sigmaDb ?? 8,
    predict: (lonDeg, latDeg) => {
      writeEarthCentred(place, 0, lonDeg, latDeg);
      let best: ServerEstimate | null = null;
      for (const site of pointsWithin(grid, lonDeg, latDeg, maxReachM)) {
        const dx = place[0]! - xyz[3 * site]!;
        const dy = place[1]! - xyz[3 * site + 1]!;
        const dz = place[2]! - xyz[3 * site + 2]!;
        const chord = Math.sqrt(dx * dx + dy * dy + dz * dz);
        if (chord > limit) continue;
        const [ex, ey, , nx, ny, nz] = axes[site]!;
        const distanceM = distanceOfChordM(chord);
        const { rule, bound: model } = bound[configurationOfSite[site]!]!;
        const attenuationDb = patternAttenuationDb(
          rule,
          distanceM,
          ex! * dx + ey! * dy,
          nx! * dx + ny! * dy + nz! * dz,
        );
        const spareDb = rule.maxLossDb - attenuationDb;
        const thresholdDbm = scenario.service.rsrpDbm + (rule.uplinkShortfallDb ?? 0);
        const rsrpDbm = thresholdDbm + spareDb - model.medianLossDb(distanceM);
        if (best !== null && rsrpDbm <= best.rsrpDbm) continue;
        const probability = model.probabilityWithin(spareDb, distanceM, rule.extraSigmaDb);
        best = { rsrpDbm, thresholdDbm, probability, site };
      }
      return best;
    },
  };
}

/** Attenuation of the best sector towards a horizontal offset, dB; 0 for omni. */
export function patternAttenuationDb(
  rule: LinkRule,
  distanceM: number,
  eastM: number,
  northM: number,
): number {
  return rule.sectors === null ? 0 : leastAttenuationDb(rule, rule.sectors, distanceM, eastM, northM);
}
