/**
 * Calibration on two real drive tests beside the clone (../shared): Recife per sector against its bars, POWDER by
 * station. Blocks of 250 m in 5 folds, 100 m buffer, 10 seeds; the `att_*` and `pl_*` columns of Recife's authors are
 * not read.
 */
import { calibrate, type CalibrationResult } from '../src/calibrate.ts';
import type { Comparison } from '../src/calibration/calibrate-samples.ts';
import { sharedPath } from '../test/support/shared.ts';
import type { Metric, Row, RunOptions } from './benchmark.ts';

export const name = 'drive-tests';
export const question =
  'How far does a calibrated model miss where it was not shown the data? Bars on Recife BTS_01 and BTS_02: RMSE at most 9 dB (aim 8), 10 % below the best published model with pattern, 5 % below inverse distance.';

const MOST_DB = 9;
const AIM_DB = 8;
const BELOW_PUBLISHED = 0.9;
const BELOW_INVERSE_DISTANCE = 0.95;

const db = (label: string, value: number | null, better: Metric['better'] = 'info'): Metric => ({
  name: label,
  unit: 'dB',
  value: value === null ? null : Math.round(value * 100) / 100,
  better,
});

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  if ('recife'.includes(only.toLowerCase()) || only.startsWith('Recife')) {
    rows.push(...(await recife('all places', { minDistanceM: 1, binM: 1 }, log)));
    rows.push(...(await recife('default filters', {}, log)));
  }
  if ('powder'.includes(only.toLowerCase()) || only.startsWith('POWDER')) rows.push(...(await powder(log)));
  return rows;
}

/** A file of ../shared, or null with a line to stderr. */
function given(folder: string, file: string, log: RunOptions['log']): string | null {
  const path = sharedPath(`data/${folder}/${file}`);
  if (path === null) log(`${folder} is left out: ../shared is not beside the clone`);
  return path;
}

async function recife(
  label: string,
  filters: { readonly minDistanceM?: number; readonly binM?: number },
  log: RunOptions['log'],
): Promise<Row[]> {
  const sites = given('recife-gsm1800', 'sites.geojson', log);
  const drive = given('recife-gsm1800', 'measurements.csv', log);
  if (sites === null || drive === null) return [];
  log(`Recife, ${label} ...`);
  const result = await calibrate({ sites, measurements: [drive], ...filters });
  return [
    ...result.comparisons
      .filter(({ group }) => group === 'BTS_01' || group === 'BTS_02')
      .map((comparison) => sectorRow(`Recife ${comparison.group}, ${label}`, comparison)),
    azimuthRow(`Recife BTS_03, ${label}`, result),
  ];
}

function sectorRow(
  label: string,
  { samples, trend, regressionKriging, inverseDistance, uncalibrated }: Comparison,
): Row {
  const rmse = regressionKriging.rmseDb;
  const published = uncalibrated!;
  const bars: [string, boolean][] = [
    [`at most ${MOST_DB} dB`, rmse <= MOST_DB],
    [`aim ${AIM_DB} dB`, rmse <= AIM_DB],
    ['10 % below published', rmse <= BELOW_PUBLISHED * published.rmseDb],
    ['5 % below inverse distance', rmse <= BELOW_INVERSE_DISTANCE * inverseDistance.rmseDb],
  ];
  return {
    label,
    metrics: [
      db('RMSE with kriging', rmse, 'smaller'),
      db('trend alone', trend.rmseDb),
      db('inverse distance', inverseDistance.rmseDb),
      db('best published', published.rmseDb),
    ],
    note: `${samples} samples; published: ${published.model}, ${published.environment}; ${bars.map(([bar, met]) => `${bar}: ${met ? 'met' : 'MISSED'}`).join('; ')}`,
  };
}

function azimuthRow(label: string, { sectorChecks }: CalibrationResult): Row {
  const check = sectorChecks.find(({ sectorId }) => sectorId === 'BTS_03')!;
  const named = sectorChecks.filter(({ contradicts }) => contradicts).map(({ sectorId }) => sectorId);
  return {
    label,
    metrics: [db('spread as stated', check.statedSdDb), db('spread at the best azimuth', check.bestSdDb)],
    note: `stated ${check.statedDeg} degrees, fits ${check.bestDeg}; contradicting sectors: ${named.join(', ') || 'none'}`,
  };
}

async function powder(log: RunOptions['log']): Promise<Row[]> {
  const sites = given('powder-462mhz', 'stations.geojson', log);
  const drive = given('powder-462mhz', 'measurements.csv', log);
  if (sites === null || drive === null) return [];
  log('POWDER ...');
  const result = await calibrate({ sites, measurements: [drive], offset: 'per-site' });
  const common = result.estimates.find(({ name: parameter }) => parameter === 'K2')!;
  const intercepts = result.estimates.filter(({ name: parameter }) => parameter.startsWith('K1 '));
  const leftOut = new Map(result.leaveOneSiteOut.map(({ siteId, sdDb }) => [siteId, sdDb]));
  return [
    {
      label: 'POWDER, all stations',
      metrics: [
        { name: 'slope', unit: 'dB/decade', value: Math.round(common.value * 100) / 100, better: 'info' },
      ],
      note: `95 %: ${common.low.toFixed(1)} to ${common.high.toFixed(1)}; ${intercepts.length} intercepts, one a station; ${result.used.count} averages`,
    },
    ...result.siteSlopes.map(({ siteId, samples, slope, sdDb }) => ({
      label: `POWDER ${siteId}`,
      metrics: [
        {
          name: 'slope',
          unit: 'dB/decade',
          value: Math.round(slope.value * 100) / 100,
          better: 'info' as const,
        },
        db('spread', sdDb),
        db('left out: spread', leftOut.get(siteId) ?? null, 'smaller'),
      ],
      note: `95 %: ${slope.low.toFixed(1)} to ${slope.high.toFixed(1)}; ${samples} averages`,
    })),
  ];
}
