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
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { buildGridIndex } from '../geo/grid-index.ts';
import { toSharedFloat64 } from '../geo/shared-array.ts';
import { normalCdf } from '../radio/normal.ts';
import { looksAtTerrain } from '../radio/terrain-models.ts';
import { configurationsOf } from './configurations.ts';
import { leastAttenuationDb } from './link-test.ts';
import { bindRule, linkRule, type LinkRule, type ModelChoice } from './link-rule.ts';
import { terrainLinkTest } from './terrain-links.ts';

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
  /** The distance lies outside those the model's source speaks of; free space stands in for the model. */
  readonly outsideDistance: boolean;
  readonly heldAtFreeSpace: boolean;
}

/** Today's sites and the model they are predicted with. Plain data, so that every thread can bind it for itself. */
export interface NetworkInputs {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly rules: readonly LinkRule[];
  /** [sites] index into `rules`. */
  readonly ruleOfSite: Uint16Array;
  /** The service's RSRP at the user, dBm. */
  readonly serviceDbm: number;
  readonly maxReachM: number;
  /** Null: the model looks at distance alone. */
  readonly terrain: TerrainLayer | null;
}

/** Predicts today's network anywhere; null where no site lies within `maxReachM` (or none has ground under it). */
export interface ExistingNetwork {
  predict(lonDeg: number, latDeg: number): ServerEstimate | null;
  /** Shadowing standard deviation of the model at most sites, dB. */
  readonly sigmaDb: number;
}

export interface BoundNetwork extends ExistingNetwork {
  readonly inputs: NetworkInputs;
}

/** One link from a site: what is left of its budget, and how sure that is. */
interface SiteLink {
  /** `maxLossDb` less median loss and pattern, dB; NaN = no ground under an end. */
  readonly spareDb: number;
  readonly probability: number;
  readonly heldAtFreeSpace: boolean;
}

/** A rule made ready: the link to a user at this place and horizontal offset from the site (east, north; metres). */
interface BoundSite {
  readonly rule: LinkRule;
  readonly minDistanceM: number;
  readonly maxDistanceM: number;
  link(
    site: number,
    lonDeg: number,
    latDeg: number,
    distanceM: number,
    eastM: number,
    northM: number,
  ): SiteLink;
}

/**
 * Today's sites under the model: the best server by median RSRP (design, section 5, rule 2), over terrain where it is
 * given and the model looks at it. Sites without sectors are omni.
 */
export function existingNetwork(
  sites: SiteTable,
  scenario: Pick<Scenario, 'radio' | 'service'>,
  model: ModelChoice,
  terrain: TerrainLayer | null = null,
): BoundNetwork {
  const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
  const rules = configurations.map((configuration) => linkRule(configuration, scenario, model));
  const overTerrain = rules.some(({ modelId, link }) => looksAtTerrain(modelId, link.spm));
  return bindNetwork({
    lon: toSharedFloat64(sites.lon),
    lat: toSharedFloat64(sites.lat),
    rules,
    ruleOfSite: configurationOfSite,
    serviceDbm: scenario.service.rsrpDbm,
    maxReachM: scenario.radio.maxReachM,
    terrain: overTerrain ? terrain : null,
  });
}

/** Makes plain inputs ready for one thread. */
export function bindNetwork(inputs: NetworkInputs): BoundNetwork {
  const { lon, lat, rules, ruleOfSite, serviceDbm, maxReachM, terrain } = inputs;
  const bound = rules.map((rule) =>
    terrain === null ? overLevelGround(rule) : overTerrain(rule, terrain, inputs),
  );
  const grid = buildGridIndex(lon, lat, Math.max(100, maxReachM / 4));
  const xyz = earthCentred(lon, lat);
  const axes = Array.from(lon, (lonDeg, s) => eastNorth(lonDeg, lat[s]!));
  const place = new Float64Array(3);
  const limit = chordOfDistanceM(maxReachM);
  return {
    inputs,
    sigmaDb: rules[0] === undefined ? 8 : bindRule(rules[0]).sigmaDb,
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
        const { rule, minDistanceM, maxDistanceM, link } = bound[ruleOfSite[site]!]!;
        const eastM = ex! * dx + ey! * dy;
        const northM = nx! * dx + ny! * dy + nz! * dz;
        const { spareDb, probability, heldAtFreeSpace } = link(
          site,
          lonDeg,
          latDeg,
          distanceM,
          eastM,
          northM,
        );
        const thresholdDbm = serviceDbm + (rule.uplinkShortfallDb ?? 0);
        const rsrpDbm = thresholdDbm + spareDb;
        if (Number.isNaN(spareDb) || (best !== null && rsrpDbm <= best.rsrpDbm)) continue;
        const outsideDistance = distanceM < minDistanceM || distanceM > maxDistanceM;
        best = { rsrpDbm, thresholdDbm, probability, site, outsideDistance, heldAtFreeSpace };
      }
      return best;
    },
  };
}

function overLevelGround(rule: LinkRule): BoundSite {
  const model = bindRule(rule);
  return {
    rule,
    minDistanceM: model.minDistanceM,
    maxDistanceM: model.maxDistanceM,
    link: (_site, _lon, _lat, distanceM, eastM, northM) => {
      const allowedDb = rule.maxLossDb - patternAttenuationDb(rule, distanceM, eastM, northM);
      return {
        spareDb: allowedDb - model.medianLossDb(distanceM),
        probability: model.probabilityWithin(allowedDb, distanceM, rule.extraSigmaDb),
        heldAtFreeSpace: model.heldAtFreeSpace(distanceM),
      };
    },
  };
}

function overTerrain(rule: LinkRule, terrain: TerrainLayer, { lon, lat }: NetworkInputs): BoundSite {
  const test = terrainLinkTest(rule, terrain);
  const { minDistanceM, maxDistanceM } = test.model;
  return {
    rule,
    minDistanceM,
    maxDistanceM,
    link: (site, lonDeg, latDeg) => {
      const spareDb = test.spareDb(lon[site]!, lat[site]!, lonDeg, latDeg);
      const probability = normalCdf(spareDb / test.spreadDb);
      return { spareDb, probability, heldAtFreeSpace: test.model.heldAtFreeSpace() };
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
