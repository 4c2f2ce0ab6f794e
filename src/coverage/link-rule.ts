import type { Scenario } from '../input/scenario-schema.ts';
import type { AntennaCuts } from '../radio/antenna-file.ts';
import {
  limitingPathLoss,
  maxPathLossDb,
  maxUplinkPathLossDb,
  NO_LOSSES,
  ssbBeamDb,
  type Carrier,
  type ReceiverLosses,
} from '../radio/link-budget.ts';
import type { BoundModel, LinkParameters } from '../radio/model.ts';
import type { ModelId } from '../radio/model-ids.ts';
import { bindModel } from '../radio/models.ts';
import { panelAttenuationDb, type Panel } from '../radio/panel.ts';
import { reachM } from '../radio/reach.ts';
import { shadowMarginDb } from '../radio/reliability.ts';
import type { SpmParameters } from '../radio/spm.ts';
import type { Configuration, LinkBudget } from './types.ts';

/** A configuration without its reach: what a candidate's own properties and the scenario say. */
export type ConfigurationBase = Omit<Configuration, 'id' | 'reachM' | 'linkBudget'>;

/** Height from which macro cells stand above the roofs: `model: auto` takes UMa there, else UMi (design, section 3). */
const MACRO_HEIGHT_M = 20;
/** Largest attenuation and side-lobe limit of the sector pattern, dB: 3GPP TR 38.901, table 7.3-1. */
const PATTERN_FLOOR_DB = 30;

/** A fitted or chosen propagation model and the antenna file: what a rule needs beside a configuration. */
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
  /** Cuts of `radio.antennaFile`; absent or null = the 38.901 pattern. */
  readonly antenna?: AntennaCuts | null | undefined;
}

/** Sector antennas of one configuration; one pattern, several boresights. */
export interface SectorRule {
  readonly azimuthsDeg: readonly number[];
  readonly electricalTiltDeg: number;
  readonly pattern: Panel;
}

/**
 * When a user is served by a configuration: P(loss + pattern attenuation <= maxLossDb) >= locationProbability within
 * maxReachM. Plain data, so that every thread can bind it for itself.
 */
export interface LinkRule {
  readonly modelId: ModelId;
  readonly link: LinkParameters;
  readonly maxLossDb: number;
  /** What the downlink would bear beyond `maxLossDb`, dB: above 0 where the uplink decides and gives out first. */
  readonly uplinkShortfallDb?: number | undefined;
  readonly locationProbability: number;
  readonly extraSigmaDb: number;
  readonly maxReachM: number;
  /** Null = omni. */
  readonly sectors: SectorRule | null;
}

/** The scenario's default configuration. */
export function defaultConfiguration(radio: Scenario['radio']): ConfigurationBase {
  return {
    name: null,
    technology: radio.technology,
    frequencyMhz: radio.frequencyMhz,
    bandwidthMhz: radio.bandwidthMhz,
    subcarrierKhz: radio.subcarrierKhz,
    eirpDbm: radio.eirpDbm,
    heightM: radio.heightM,
    azimuthsDeg: radio.azimuths ?? [],
    tiltDeg: radio.tiltDeg,
    mechanicalTiltDeg: radio.mechanicalTiltDeg,
  };
}

/** The downlink carrier of a configuration; for NR the SSB beam stands in for the antenna where its gain is given. */
export function carrierOf(configuration: ConfigurationBase, radio: Scenario['radio']): Carrier {
  const technology = configuration.technology === 'nr' ? 'nr' : 'lte';
  return {
    technology,
    bandwidthMhz: configuration.bandwidthMhz,
    subcarrierKhz: configuration.subcarrierKhz,
    frequencyMhz: configuration.frequencyMhz,
    eirpDbm: configuration.eirpDbm,
    ports: radio.ports,
    boostDb: radio.boostDb,
    ssbBeamDb: technology === 'nr' ? ssbBeamDb(radio.ssbGainDbi, radio.gainDbi) : 0,
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
  const { heightM, frequencyMhz, azimuthsDeg, tiltDeg, mechanicalTiltDeg } = configuration;
  const sectors: SectorRule = {
    azimuthsDeg: [...azimuthsDeg],
    electricalTiltDeg: tiltDeg,
    pattern: {
      horizontalBeamwidthDeg: radio.horizontalBeamwidthDeg,
      verticalBeamwidthDeg: radio.verticalBeamwidthDeg,
      maxAttenuationDb: PATTERN_FLOOR_DB,
      sideLobeDb: PATTERN_FLOOR_DB,
      cuts: model.antenna,
      mechanicalTiltDeg,
    },
  };
  const budget = lossBudget(configuration, { radio, service });
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
      offsetDb: model.offsetDb,
    },
    maxLossDb: budget.maxLossDb + offsetDb,
    uplinkShortfallDb: budget.downlinkDb - budget.maxLossDb,
    locationProbability: service.locationProbability,
    extraSigmaDb: service.indoorSigmaDb,
    maxReachM: radio.maxReachM,
    sectors: azimuthsDeg.length === 0 ? null : sectors,
  };
}

/** What stands before the user's device, dB. */
function receiverLosses({ bodyLossDb, vehicleLossDb, indoorLossDb }: Scenario['service']): ReceiverLosses {
  return { ...NO_LOSSES, bodyDb: bodyLossDb, vehicleDb: vehicleLossDb, buildingDb: indoorLossDb };
}

/** Largest path losses of both directions, and the one that decides; no shadowing margin. */
function lossBudget(
  configuration: ConfigurationBase,
  { radio, service }: Pick<Scenario, 'radio' | 'service'>,
): { readonly downlinkDb: number; readonly uplinkDb: number | null; readonly maxLossDb: number } {
  const losses = receiverLosses(service);
  const downlinkDb = maxPathLossDb(carrierOf(configuration, radio), service.rsrpDbm, losses);
  const { uplink } = radio;
  if (uplink === undefined) return { downlinkDb, uplinkDb: null, maxLossDb: downlinkDb };
  const uplinkDb = maxUplinkPathLossDb({
    userPowerDbm: uplink.powerDbm,
    userGainDbi: uplink.gainDbi,
    baseGainDbi: uplink.baseGainDbi ?? 0,
    baseNoiseFigureDb: uplink.noiseFigureDb,
    blocks: uplink.blocks,
    subcarrierKhz: configuration.subcarrierKhz,
    requiredSinrDb: uplink.sinrDb,
    interferenceMarginDb: uplink.interferenceMarginDb,
    bodyDb: losses.bodyDb,
    vehicleDb: losses.vehicleDb,
    buildingDb: losses.buildingDb,
  });
  const maxLossDb = uplink.decides ? limitingPathLoss(downlinkDb, uplinkDb).maxPathLossDb : downlinkDb;
  return { downlinkDb, uplinkDb, maxLossDb };
}

/** The budget of a configuration as reports state it. */
export function linkBudget(
  configuration: ConfigurationBase,
  scenario: Pick<Scenario, 'radio' | 'service'>,
  rule: LinkRule,
): LinkBudget {
  const { downlinkDb, uplinkDb } = lossBudget(configuration, scenario);
  return {
    downlinkMaxLossDb: downlinkDb,
    uplinkMaxLossDb: uplinkDb,
    weaker: uplinkDb === null ? null : limitingPathLoss(downlinkDb, uplinkDb).limitedBy,
    uplinkDecides: scenario.radio.uplink?.decides ?? false,
    shadowMarginDb: shadowMarginDb(rule.locationProbability, bindRule(rule).sigmaDb, rule.extraSigmaDb),
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
  return panelAttenuationDb(rule.sectors.pattern, 0, zenithDeg, rule.sectors.electricalTiltDeg);
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
