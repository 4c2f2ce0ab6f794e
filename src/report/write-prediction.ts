import type { Prediction } from '../predict.ts';
import { NO_SERVER } from '../coverage/predict-kernel.ts';
import { openOutput, type OutputFolder } from './atomic.ts';
import { geotiffBytes } from './geotiff/geotiff.ts';
import type { RasterBand } from './geotiff/raster.ts';
import { jsonText } from './json-text.ts';
import { formatUsers, percentDown, usersFromMilli } from './numbers.ts';

export const PREDICTION_FORMAT = 'mastplan-prediction';
export const PREDICTION_VERSION = 1;
const SUMMARY_FILE = 'prediction.json';
const RASTERS = ['rsrp.tif', 'sinr.tif', 'probability.tif', 'server.tif'] as const;
export const PREDICTION_FILES: readonly string[] = [...RASTERS, SUMMARY_FILE];

/** Locks the folder of a prediction; files of others are refused unless forced. */
export function openPredictionOutput(dir: string, force: boolean): Promise<OutputFolder> {
  return openOutput(dir, { mayWrite: PREDICTION_FILES, completionFile: SUMMARY_FILE, force });
}

/** What a prediction says in one document: `prediction.json`, also what `--json` prints. */
export function predictionJson(prediction: Prediction): object {
  const { frame, statistics, scenario } = prediction;
  return {
    format: PREDICTION_FORMAT,
    version: PREDICTION_VERSION,
    files: [...RASTERS],
    scenario: scenario.name,
    model: prediction.model,
    links: prediction.links,
    raster: {
      columns: frame.columns,
      rows: frame.rows,
      cellM: frame.cellM,
      west: frame.west,
      north: frame.north,
      crs: `EPSG:${frame.epsg}`,
    },
    thresholdDbm: scenario.service.rsrpDbm,
    locationProbability: scenario.service.locationProbability,
    users: statistics.users.map(({ region, period, usersMilli, coveredMilli }) => ({
      region,
      period,
      users: usersFromMilli(usersMilli),
      covered: usersFromMilli(coveredMilli),
    })),
    areas: statistics.areas,
    lines: statistics.lines,
    servers: prediction.servers,
    inputs: prediction.inputs,
    warnings: prediction.warnings,
  };
}

/** Stages the four rasters and `prediction.json`, then moves them into place. */
export async function writePrediction(prediction: Prediction, output: OutputFolder): Promise<string[]> {
  const { frame } = prediction;
  const { columns, rows, west, north, cellM, epsg } = frame;
  const place = { columns, rows, west, north, cellWidth: cellM, cellHeight: cellM, epsg };
  const threshold = prediction.scenario.service.rsrpDbm;
  const bands: Readonly<Record<(typeof RASTERS)[number], RasterBand>> = {
    'rsrp.tif': {
      values: prediction.rsrpDbm,
      overviews: 'mean',
      description: 'RSRP of the best server, dBm',
    },
    'sinr.tif': {
      values: prediction.sinrDb,
      overviews: 'mean',
      description: 'SINR per resource element, dB',
    },
    'probability.tif': {
      values: prediction.probability,
      overviews: 'mean',
      description: `Probability of RSRP at or above ${threshold} dBm`,
    },
    'server.tif': {
      values: prediction.server,
      overviews: 'nearest',
      description: 'Index of the best server in prediction.json',
    },
  };
  for (const name of RASTERS) {
    const noData = name === 'server.tif' ? NO_SERVER : NaN;
    await output.stage(name, geotiffBytes({ ...place, noData, bands: [bands[name]] }));
  }
  await output.stage(SUMMARY_FILE, jsonText(predictionJson(prediction)));
  return output.commit();
}

/** The figures for people, in a few lines. */
export function predictionText(prediction: Prediction): string {
  const { frame, statistics, servers, scenario } = prediction;
  const { rsrpDbm, locationProbability } = scenario.service;
  const lines = [
    `${servers.length} servers, ${frame.columns} x ${frame.rows} cells of ${frame.cellM} m (EPSG:${frame.epsg}), model ${prediction.model}.`,
    `Covered: RSRP of at least ${rsrpDbm} dBm with probability ${locationProbability}.`,
  ];
  for (const { region, period, usersMilli, coveredMilli } of statistics.users) {
    const who = region === null ? 'all users' : `users of ${region}`;
    lines.push(
      `  ${who}, ${period}: ${formatUsers(coveredMilli)} of ${formatUsers(usersMilli)} (${percentDown(coveredMilli, usersMilli)})`,
    );
  }
  for (const { region, km2, coveredKm2 } of statistics.areas) {
    lines.push(`  area of ${region ?? 'the raster'}: ${coveredKm2.toFixed(2)} of ${km2.toFixed(2)} km2`);
  }
  if (statistics.lines !== null) {
    lines.push(`  lines: ${statistics.lines.coveredKm.toFixed(2)} of ${statistics.lines.km.toFixed(2)} km`);
  }
  lines.push(...linkLines(prediction));
  for (const warning of prediction.warnings) lines.push(`Note: ${warning}`);
  return `${lines.join('\n')}\n`;
}

/** Cells whose best server is heard over a link the model was not published for, or held at free space. */
function linkLines({ links }: Prediction): string[] {
  const lines = links.linkWarnings.map(
    ({ model, parameter, value, min, max, links: cells }) =>
      `  ${model}: ${parameter}${value === null ? '' : ` ${value}`} is outside ${min} to ${max} at ${cells} of ${links.links} cells`,
  );
  if (links.linksHeldAtFreeSpace === 0) return lines;
  return [...lines, `  held at free space: ${links.linksHeldAtFreeSpace} of ${links.links} cells`];
}
