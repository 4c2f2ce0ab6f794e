import { join } from 'node:path';
import type { CalibrationResult } from '../calibrate.ts';
import { sanitizeForTerminal } from './terminal-text.ts';

const db = (value: number): string => `${value.toFixed(2)} dB`;

/** What `mastplan calibrate` says when it is done: parameters, errors, validation, warnings. */
export function calibrationSummary(result: CalibrationResult, dir: string): string {
  const lines = [
    ...(result.status === 'calibrated' ? fitLines(result) : [`No model was fitted: ${result.reason}`]),
    ...result.comparisons.map(comparisonLine),
    ...looLines(result),
    ...result.warnings.map((warning) => `Note: ${warning}`),
    `Written to ${join(dir, 'model.json')} and calibration.html.`,
  ];
  return `${lines.map((line) => sanitizeForTerminal(line)).join('\n')}\n`;
}

function fitLines(result: CalibrationResult): string[] {
  const { errors, built, used } = result;
  const main = result.estimates.filter(({ name }) => !name.startsWith('shape'));
  return [
    `Fitted ${result.form} to ${used.count} averages (${Math.round(built.binM)} m squares) of ${built.kept} measurements.`,
    ...main.map(
      ({ name, value, low, high }) =>
        `  ${name} ${value.toFixed(2)} (95 %: ${low.toFixed(2)} to ${high.toFixed(2)})`,
    ),
    `Residuals: mean ${db(errors.meanDb)}, standard deviation ${db(errors.sdDb)}, RMSE ${db(errors.rmseDb)}.`,
  ];
}

function comparisonLine(comparison: CalibrationResult['comparisons'][number]): string {
  const { group, trend, regressionKriging, inverseDistance, uncalibrated } = comparison;
  const published =
    uncalibrated === null ? '' : `, best published model ${uncalibrated.model} ${db(uncalibrated.rmseDb)}`;
  return (
    `Blocked cross-validation, ${group}: trend ${db(trend.rmseDb)}, with kriged residuals ${db(regressionKriging.rmseDb)}, ` +
    `inverse distance ${db(inverseDistance.rmseDb)}${published}.`
  );
}

function looLines({ leaveOneSiteOut, offset }: CalibrationResult): string[] {
  if (leaveOneSiteOut.length === 0) return [];
  const sites = leaveOneSiteOut.map(({ siteId, meanDb, sdDb }) =>
    offset === 'common'
      ? `${siteId} ${meanDb.toFixed(1)} +- ${sdDb.toFixed(1)}`
      : `${siteId} ${sdDb.toFixed(1)}`,
  );
  const what = offset === 'common' ? 'mean +- spread, dB' : 'spread after a free offset, dB';
  return [`Leave one site out (${what}): ${sites.join(', ')}.`];
}
