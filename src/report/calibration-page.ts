import type { CalibrationResult } from '../calibrate.ts';
import type { GroupErrors } from '../radio/calibration/errors.ts';
import { planningSigmaDb } from './calibration-document.ts';
import { residualMapSvg, scatterSvg } from './calibration-plots.ts';
import { escapeHtml } from './escape.ts';

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const STYLE = `
:root { color-scheme: light dark; --line: #8888; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .8rem .2rem 0; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.warning { border-left: 4px solid #c60; background: var(--soft); padding: .4rem .8rem; margin: .5rem 0; }
.plots { display: flex; flex-wrap: wrap; gap: 2rem; }
figure { margin: 0; flex: 1 1 26rem; min-width: 0; } svg { width: 100%; height: auto; }
figcaption { font-size: .9rem; }
.scroll { overflow-x: auto; }
svg text { fill: currentColor; font: 12px system-ui, sans-serif; }
`;

/** `calibration.html`: what was fitted and how far to trust it; one file, no script, nothing loaded. */
export function calibrationPage(result: CalibrationResult): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Calibration – mastplan</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${[
  headline(result),
  warnings(result),
  plots(result),
  parameters(result),
  validation(result),
  errorTables(result),
  setAside(result),
]
  .filter((part) => part !== '')
  .join('\n')}
</main>
</body>
</html>
`;
}

const db = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–');
const text = (value: string | number): string => escapeHtml(String(value));

function headline(result: CalibrationResult): string {
  if (result.status !== 'calibrated') {
    return `<h1>No model was fitted: ${text(result.reason ?? '')}</h1><p>The published model stays.</p>`;
  }
  const sigma = planningSigmaDb(result);
  return (
    `<h1>A ${text(result.form)} model, fitted to ${result.used.count} averaged samples, misses by ${db(sigma)} dB where it was not shown the data.</h1>` +
    `<p>Residuals of the fit: mean ${db(result.errors.meanDb)} dB, standard deviation ${db(result.errors.sdDb)} dB. ` +
    `Plans use the cross-validated ${db(sigma)} dB.</p>`
  );
}

function warnings(result: CalibrationResult): string {
  return result.warnings.map((warning) => `<p class="warning">${text(warning)}</p>`).join('\n');
}

function plots(result: CalibrationResult): string {
  if (result.fit === null) return '';
  const map = residualMapSvg(result.used, result.errorsDb);
  const scatter = scatterSvg(result.used, result.errorsDb);
  return `<div class="plots">
<figure>${scatter}<figcaption>Measured against predicted loss; darker squares hold more samples.</figcaption></figure>
${map === null ? '' : `<figure>${map.svg}<figcaption>Mean residual in squares of ${map.cellM} m with at least ${map.least} samples: red hears less than predicted, blue more. ${map.withheld} squares with fewer samples are not shown.</figcaption></figure>`}
</div>`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = (row: readonly (string | number)[]): string =>
    row.map((cell) => `<td>${text(cell)}</td>`).join('');
  const columns = head.map((name) => `<th scope="col">${text(name)}</th>`).join('');
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n');
  return `<div class="scroll"><table><thead><tr>${columns}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function parameters(result: CalibrationResult): string {
  if (result.estimates.length === 0) return '';
  const rows = result.estimates.map(({ name, value, low, high }) => [
    name,
    db(value),
    `${db(low)} to ${db(high)}`,
  ]);
  const slopes = result.siteSlopes.map(({ siteId, samples, slope, sdDb }) => [
    siteId,
    samples,
    db(slope.value),
    `${db(slope.low)} to ${db(slope.high)}`,
    db(sdDb),
  ]);
  const bySite =
    slopes.length === 0
      ? ''
      : `<h2>Slope of each site alone</h2>${table(['site', 'samples', 'dB per decade', '95 % interval', 'spread, dB'], slopes)}`;
  return `<h2>Parameters</h2>
<p>Loss in dB over the distance between the antennas in metres, antenna pattern taken off. Intervals are cluster-robust over 250 m
squares. Single parameters of an SPM fit trade against each other: judge the predictions.</p>
${table(['parameter', 'value', '95 % interval'], rows)}
${bySite}`;
}

function validation(result: CalibrationResult): string {
  const { blockM, bufferM, folds, seeds } = result.crossValidation;
  const rows = result.comparisons.map(
    ({ group, samples, trend, regressionKriging, inverseDistance, uncalibrated }) => [
      group,
      samples,
      db(trend.rmseDb),
      db(regressionKriging.rmseDb),
      db(inverseDistance.rmseDb),
      uncalibrated === null
        ? '–'
        : `${db(uncalibrated.rmseDb)} (${uncalibrated.model}, ${uncalibrated.environment})`,
    ],
  );
  const random =
    result.randomSplit === null
      ? ''
      : `<p class="warning">A random split would say ${db(result.randomSplit.rmseDb)} dB. That is optimistic: neighbours of a tested sample train.</p>`;
  const sites = result.leaveOneSiteOut.map(({ siteId, count, meanDb, sdDb }) => [
    siteId,
    count,
    db(meanDb),
    db(sdDb),
  ]);
  const bySite =
    sites.length === 0
      ? ''
      : `<h2>One site left out</h2>${result.offset === 'per-site' ? '<p>The offset of a site left out is unknown: its mean error is taken off.</p>' : ''}${table(['site', 'samples', 'mean, dB', 'spread, dB'], sites)}`;
  if (rows.length === 0) return bySite;
  return `<h2>Cross-validation</h2>
<p>RMSE in dB over ${folds} folds of ${blockM} m blocks with a ${bufferM} m buffer, mean of ${seeds} repetitions; same folds for all.</p>
${table(['sectors', 'samples', 'trend', 'trend + kriging', 'inverse distance', 'best published model'], rows)}
${random}
${bySite}`;
}

function errorTables(result: CalibrationResult): string {
  if (result.fit === null) return '';
  const rowsOf = (groups: readonly GroupErrors[]): (string | number)[][] =>
    groups.map(({ group, count, meanDb, sdDb, rmseDb }) => [group, count, db(meanDb), db(sdDb), db(rmseDb)]);
  return Object.entries(result.tables)
    .map(
      ([by, groups]) =>
        `<h2>Residuals by ${text(by)}</h2>${table([by, 'samples', 'mean, dB', 'spread, dB', 'RMSE, dB'], rowsOf(groups))}`,
    )
    .join('\n');
}

function setAside(result: CalibrationResult): string {
  const counts: [string, number][] = [
    ...result.inputs.flatMap(({ setAside: reasons }) => Object.entries(reasons)),
    ...Object.entries(result.built.setAside),
  ];
  const rows = counts.map(([reason, count]) => [reason, count]);
  const list = rows.length === 0 ? '<p>Nothing was set aside.</p>' : table(['reason', 'measurements'], rows);
  const averaged = `${result.built.kept} measurements were averaged over squares of ${Math.round(result.built.binM)} m; ${result.outliers} averages count as outliers.`;
  return `<h2>Set aside</h2>${list}<p>${text(averaged)}</p>`;
}
