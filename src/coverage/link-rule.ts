import type { Scenario } from '../input/scenario-schema.ts';
import { elementAttenuationDb, type ElementPattern } from '../radio/antenna.ts';
import { maxPathLossDb, NO_LOSSES, type Carrier } from '../radio/link-budget.ts';
import type { BoundModel, LinkParameters } from '../radio/model.ts';
import { bindModel, type ModelId } from '../radio/models.ts';
import { reachM } from '../radio/reach.ts';
import type { SpmParameters } from '../radio/spm.ts';
import type { Configuration } from './types.ts';

/** A configuration without its reach: what a candidate's own properties and the scenario say. */
export type ConfigurationBase = Omit<Configuration, 'id' | 'reachM'>;

/** Height from which macro cells stand above the roofs: `model: auto` takes UMa there, else UMi (design, section 3). */
const MACRO_HEIGHT_M = 20;
/** Largest attenuation and side-lobe limit of the sector pattern, dB: 3GPP TR 38.901, table 7.3-1. */
const PATTERN_FLOOR_DB = 30;

/** A fitted or chosen propagation model: what `bindModel` needs beside a configuration. */
export interface ModelChoice {
  /** Null: 38.901 UMa or UMi by height. */
  readonly id: ModelId | null;
  /** Exponent of `log-distance`. */
  readonly exponent?: number | undefined;
  /** Parameters of `spm`. */
  readonly spm?: SpmParameters | undefined;
  /** Added to every loss, dB: the intercept a calibration found against the model's own. */
  readonly offsetDb: number;
  /** Shadowing; null = the model's own. */
  readonly sigmaDb: number | null;
}

/** Sector antennas of one configuration; one pattern, several boresights. */
export interface SectorRule {
  readonly azimuthsDeg: readonly number[];
  readonly electricalTiltDeg: number;
  readonly pattern: ElementPattern;
}

/**
 * When a user is served by a configuration: P(loss + pattern attenuation <= maxLossDb) >= locationProbability within
 * maxReachM. Plain data, so that every thread can bind it for itself.
 */
export interface LinkRule {
  readonly modelId: ModelId;
  readonly link: LinkParameters;
  readonly maxLossDb: number;
  readonly locationProbability: number;
  readonly extraSigmaDb: number;
  readonly maxReachM: number;
  /** Null = omni. */
  readonly sectors: SectorRule | null;
}

/** The scenario's default configuration. */
export function defaultConfiguration(radio: Scenario['radio']): ConfigurationBase {
  return {
    technology: radio.technology,
    frequencyMhz: radio.frequencyMhz,
    eirpDbm: radio.eirpDbm,
    heightM: radio.heightM,
    azimuthsDeg: radio.azimuths ?? [],
    tiltDeg: radio.tiltDeg,
  };
}

/** The downlink carrier of a configuration; for NR the stated EIRP is that of the SSB. */
export function carrierOf(configuration: ConfigurationBase, radio: Scenario['radio']): Carrier {
  return {
    technology: configuration.technology === 'nr' ? 'nr' : 'lte',
    bandwidthMhz: radio.bandwidthMhz,
    subcarrierKhz: radio.subcarrierKhz,
    frequencyMhz: configuration.frequencyMhz,
    eirpDbm: configuration.eirpDbm,
    ports: radio.ports,
    boostDb: radio.boostDb,
    ssbBeamDb: 0,
  };
}

/**
 * The rule by which candidates of this configuration serve users (design, section 5, rule 2 without residuals).
 *
 * @param offsetDb added to the signal: the sensitivity runs
 * @throws RangeError when the technology has no carrier of the scenario's bandwidth and subcarrier spacing
 */
export function linkRule(
  configuration: ConfigurationBase,
  { radio, service }: Pick<Scenario, 'radio' | 'service'>,
  model: ModelChoice,
  offsetDb = 0,
): LinkRule {
  const { heightM, frequencyMhz, azimuthsDeg, tiltDeg } = configuration;
  const losses = { ...NO_LOSSES, buildingDb: service.indoorLossDb };
  const sectors: SectorRule = {
    azimuthsDeg: [...azimuthsDeg],
    electricalTiltDeg: tiltDeg,
    pattern: {
      horizontalBeamwidthDeg: radio.horizontalBeamwidthDeg,
      verticalBeamwidthDeg: radio.verticalBeamwidthDeg,
      maxAttenuationDb: PATTERN_FLOOR_DB,
      sideLobeDb: PATTERN_FLOOR_DB,
    },
  };
  return {
    modelId: model.id ?? (heightM >= MACRO_HEIGHT_M ? 'uma' : 'umi'),
    link: {
      frequencyMhz,
      txHeightM: heightM,
      rxHeightM: radio.userHeightM,
      environment: radio.environment,
      sigmaDb: model.sigmaDb,
      exponent: model.exponent,
      spm: model.spm,
    },
    maxLossDb:
      maxPathLossDb(carrierOf(configuration, radio), service.rsrpDbm, losses) - model.offsetDb + offsetDb,
    locationProbability: service.locationProbability,
    extraSigmaDb: service.indoorSigmaDb,
    maxReachM: radio.maxReachM,
    sectors: azimuthsDeg.length === 0 ? null : sectors,
  };
}

export function bindRule(rule: LinkRule): BoundModel {
  return bindModel(rule.modelId, rule.link);
}

/** Vertical attenuation at boresight towards a user at a ground distance, dB; 0 for omni. */
function boresightAttenuationDb(rule: LinkRule, distanceM: number): number {
  if (rule.sectors === null) return 0;
  const drop = rule.link.txHeightM - rule.link.rxHeightM;
  const zenithDeg = 90 + (Math.atan2(drop, distanceM) * 180) / Math.PI;
  return elementAttenuationDb(rule.sectors.pattern, 0, zenithDeg, rule.sectors.electricalTiltDeg);
}

/** Largest distance at which a user is served at boresight, metres; 0 when nowhere. */
export function boresightReachM(rule: LinkRule): number {
  const bound = bindRule(rule);
  const atBoresight: BoundModel = {
    ...bound,
    probabilityWithin: (maxLossDb, distanceM, extraSigmaDb) =>
      bound.probabilityWithin(maxLossDb - boresightAttenuationDb(rule, distanceM), distanceM, extraSigmaDb),
  };
  return reachM(atBoresight, rule.maxLossDb, rule.locationProbability, rule.extraSigmaDb, rule.maxReachM);
}
