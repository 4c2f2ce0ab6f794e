import { configurationsOf } from '../coverage/configurations.ts';
import { effectiveSamples, type EffectiveSamples } from '../coverage/effective-samples.ts';
import { patternAttenuationDb } from '../coverage/existing-network.ts';
import type { LinkCounts } from '../coverage/link-counts.ts';
import {
  bindRule,
  carrierOf,
  defaultConfiguration,
  linkRule,
  type LinkRule,
  type ModelChoice,
} from '../coverage/link-rule.ts';
import { bearingDeg, distanceM } from '../geo/ellipsoid.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import { modelFileChoice, type ModelFile } from '../input/model-file.ts';
import type { MeasurementTable, SiteTable } from '../input/types.ts';
import type { ModelSummary } from './plan-result.ts';
import type { AntennaCuts } from '../radio/antenna-file.ts';
import { errorStatistics } from '../radio/calibration/errors.ts';
import type { CalibrationSamples, CalibrationSector } from '../radio/calibration/samples.ts';
import { fitTrend, offsetAgainstFreeSpaceDb } from '../radio/calibration/trend.ts';
import { referenceSignalEirpDbm } from '../radio/link-budget.ts';
import type { ModelId } from '../radio/model-ids.ts';

/** The model a plan predicts with, and what the report says of it (links are counted when the matrix is built). */
export interface ChosenModel {
  readonly choice: ModelChoice;
  readonly summary: Omit<ModelSummary, keyof LinkCounts | 'existing'>;
  /** Why measurements did not lead to a calibrated model, or null. */
  readonly warning: string | null;
}

type ModelInputs = Pick<Scenario, 'radio' | 'service'>;

/** Fewer effective samples than this leave slope and offset of a log-distance fit to chance. */
const MIN_SAMPLES = 100;
/** The slope needs distances that differ: at least this ratio of the 95 % to the 5 % quantile (half a decade). */
const MIN_DISTANCE_RATIO = 3;
/** Nearer than this the antenna pattern decides, not the distance. */
const MIN_DISTANCE_M = 100;
const RADIANS = Math.PI / 180;

/**
 * `model: auto` is a log-distance model fitted to measurements whose serving cells are known, where there are enough
 * of them; else 38.901 UMa or UMi by height. A named model is taken as it is, a model file before all.
 */
export function chooseModel(
  scenario: ModelInputs,
  existing: SiteTable | null,
  measurements: MeasurementTable | null,
  modelFile: ModelFile | null = null,
  antenna: AntennaCuts | null = null,
): ChosenModel {
  const chosen = modelFor(scenario, existing, measurements, modelFile, antenna);
  return { ...chosen, choice: { ...chosen.choice, antenna } };
}

function modelFor(
  scenario: ModelInputs,
  existing: SiteTable | null,
  measurements: MeasurementTable | null,
  modelFile: ModelFile | null,
  antenna: AntennaCuts | null,
): ChosenModel {
  const { radio } = scenario;
  if (modelFile !== null) return modelOfFile(scenario, modelFile);
  if (radio.model !== 'auto') return namedModel(scenario, radio.model, null);
  if (existing === null || measurements === null) return namedModel(scenario, null, null);
  const samples = servedSamples(scenario, existing, measurements, antenna);
  if (samples.count === 0) return namedModel(scenario, null, null);
  const reason = tooLittle(samples);
  return reason === null ? fittedModel(scenario, samples) : namedModel(scenario, null, reason);
}

function namedModel(scenario: ModelInputs, id: ModelId | null, warning: string | null): ChosenModel {
  const { radio } = scenario;
  const choice: ModelChoice = { id, offsetDb: 0, sigmaDb: radio.sigmaDb ?? null };
  const rule = linkRule(defaultConfiguration(radio), scenario, choice);
  const bound = bindRule(rule);
  return {
    choice,
    warning,
    summary: {
      name: bound.name,
      calibrated: false,
      parameters: modelParameters(radio),
      sigmaDb: bound.sigmaDb,
      errors: null,
      warnings: bound.warnings,
    },
  };
}

/** The model `mastplan calibrate` wrote, with its cross-validated sigma. */
function modelOfFile({ radio }: ModelInputs, file: ModelFile): ChosenModel {
  const { id, exponent, spm, interceptDb, sigmaDb: ownSigmaDb } = modelFileChoice(file);
  const offsetDb = id === 'spm' ? 0 : offsetAgainstFreeSpaceDb(interceptDb, file.frequencyMhz);
  const sigmaDb = radio.sigmaDb ?? ownSigmaDb;
  const [minM, maxM] = file.ranges.txHeightM;
  const fitted = Object.entries(file.parameters).filter(([name]) => !name.startsWith('shape'));
  const outside = radio.heightM < minM || radio.heightM > maxM;
  return {
    choice: { id, exponent, spm, offsetDb, sigmaDb },
    warning: null,
    summary: {
      name: file.name,
      calibrated: true,
      parameters: {
        ...modelParameters(radio),
        ...Object.fromEntries(fitted.map(([name, { value }]) => [name, value])),
      },
      sigmaDb,
      errors: file.errors && {
        samples: file.errors.samples,
        biasDb: file.errors.biasDb,
        rmseDb: file.errors.rmseDb,
      },
      warnings: outside
        ? [{ model: file.name, parameter: 'txHeightM', value: radio.heightM, min: minM, max: maxM }]
        : [],
    },
  };
}

function modelParameters(radio: Scenario['radio']): Record<string, number | string> {
  return {
    frequencyMhz: radio.frequencyMhz,
    heightM: radio.heightM,
    userHeightM: radio.userHeightM,
    environment: radio.environment,
  };
}

function tooLittle(samples: CalibrationSamples): string | null {
  const keep = 'The propagation model stays uncalibrated';
  if (samples.count < MIN_SAMPLES) {
    return `${keep}: ${samples.count} effective samples name a known cell, ${MIN_SAMPLES} are needed.`;
  }
  const sorted = Float64Array.from(samples.distanceM).sort();
  const ratio = sorted[Math.floor(sorted.length * 0.95)]! / sorted[Math.floor(sorted.length * 0.05)]!;
  if (ratio >= MIN_DISTANCE_RATIO) return null;
  return `${keep}: the samples lie at nearly one distance (5 % to 95 %: a factor of ${ratio.toFixed(1)}).`;
}

function fittedModel(scenario: ModelInputs, samples: CalibrationSamples): ChosenModel {
  const { radio } = scenario;
  const fit = fitTrend(samples, {
    form: 'log-distance',
    offset: 'common',
    frequencyMhz: radio.frequencyMhz,
    declusterM: 100,
  });
  const estimate = (name: string): number => fit.estimates.find((one) => one.name === name)?.value ?? NaN;
  const exponent = estimate('K2') / 10;
  const offsetDb = offsetAgainstFreeSpaceDb(estimate('K1'), radio.frequencyMhz);
  const errors = errorStatistics(Array.from(samples.lossDb, (loss, i) => loss - fit.predictDb(samples, i)));
  const sigmaDb = radio.sigmaDb ?? errors.sdDb;
  const choice: ModelChoice = { id: 'log-distance', exponent, offsetDb, sigmaDb };
  return {
    choice,
    warning: null,
    summary: {
      name: 'log-distance, fitted to the measurements',
      calibrated: true,
      parameters: { ...modelParameters(radio), exponent, offsetDb },
      sigmaDb,
      errors: { samples: errors.count, biasDb: errors.meanDb, rmseDb: errors.rmseDb },
      warnings: [],
    },
  };
}

/** Samples whose cell belongs to a site, as losses from the site's boresight EIRP; pattern attenuation beside. */
function servedSamples(
  scenario: ModelInputs,
  existing: SiteTable,
  measurements: MeasurementTable,
  antenna: AntennaCuts | null,
): CalibrationSamples {
  const effective = effectiveSamples(measurements);
  const siteOfCell = new Map(
    existing.cellIds.flatMap((cells, site) => cells.map((cell) => [cell, site] as const)),
  );
  const { configurations, configurationOfSite } = configurationsOf(existing, scenario.radio);
  const rules = configurations.map((configuration) =>
    linkRule(configuration, scenario, { id: 'free-space', offsetDb: 0, sigmaDb: null, antenna }),
  );
  const eirpDbm = configurations.map((configuration) =>
    referenceSignalEirpDbm(carrierOf(configuration, scenario.radio)),
  );
  const links: { sample: number; site: number; distanceM: number; patternDb: number }[] = [];
  for (let sample = 0; sample < effective.count; sample++) {
    const site = siteOfCell.get(measurements.cellNames[effective.cell[sample]!] ?? '');
    if (site === undefined) continue;
    const rule = rules[configurationOfSite[site]!]!;
    const ground = distanceM(
      existing.lon[site]!,
      existing.lat[site]!,
      effective.lon[sample]!,
      effective.lat[sample]!,
    );
    if (ground < MIN_DISTANCE_M) continue;
    links.push({
      sample,
      site,
      distanceM: Math.hypot(ground, rule.link.txHeightM - rule.link.rxHeightM),
      patternDb: patternTowards(rule, existing, site, effective, sample, ground),
    });
  }
  return {
    count: links.length,
    sectors: sectorsOf(existing, rules, configurationOfSite),
    sector: Int32Array.from(links, ({ site }) => site),
    eastM: Float64Array.from(links, ({ sample }) => effective.eastM[sample]!),
    northM: Float64Array.from(links, ({ sample }) => effective.northM[sample]!),
    distanceM: Float64Array.from(links, (link) => link.distanceM),
    lossDb: Float64Array.from(
      links,
      ({ sample, site }) => eirpDbm[configurationOfSite[site]!]! - effective.levelDbm[sample]!,
    ),
    patternDb: Float64Array.from(links, (link) => link.patternDb),
    diffractionDb: new Float64Array(links.length),
    rxHeightM: new Float64Array(links.length).fill(scenario.radio.userHeightM),
    clutter: new Int16Array(links.length).fill(-1),
  };
}

function patternTowards(
  rule: LinkRule,
  sites: SiteTable,
  site: number,
  samples: EffectiveSamples,
  sample: number,
  groundM: number,
): number {
  const bearing = bearingDeg(sites.lon[site]!, sites.lat[site]!, samples.lon[sample]!, samples.lat[sample]!);
  const eastM = groundM * Math.sin(bearing * RADIANS);
  return patternAttenuationDb(rule, groundM, eastM, groundM * Math.cos(bearing * RADIANS));
}

/** The trend needs sites only: one entry each, with the height its losses were measured from. */
function sectorsOf(
  sites: SiteTable,
  rules: readonly LinkRule[],
  configurationOfSite: Uint16Array,
): CalibrationSector[] {
  return sites.ids.map((id, site) => {
    const { link } = rules[configurationOfSite[site]!]!;
    return {
      id,
      siteId: id,
      eastM: NaN,
      northM: NaN,
      heightM: link.txHeightM,
      frequencyMhz: link.frequencyMhz,
      azimuthDeg: null,
      tiltDeg: 0,
    };
  });
}
