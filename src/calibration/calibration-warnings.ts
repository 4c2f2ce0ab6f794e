import type { MeasuredQuantity, SiteTable } from '../input/types.ts';
import { MIN_CLASS_SAMPLES } from '../radio/calibration/trend.ts';
import type { BuiltSamples } from './build-samples.ts';
import type { CalibratedSamples } from './calibrate-samples.ts';

/** What a reader must know of a fit: sectors left out, cells guessed, heights and powers assumed, classes joined. */
export function calibrationWarnings(
  result: CalibratedSamples,
  built: Omit<BuiltSamples, 'samples'>,
  sites: SiteTable,
  quantity: MeasuredQuantity,
): string[] {
  const warnings: string[] = [];
  for (const check of result.sectorChecks.filter(({ contradicts }) => contradicts)) {
    warnings.push(
      `Sector ${check.sectorId} contradicts its azimuth: the measurements fit ${check.bestDeg} degrees ` +
        `(spread ${check.bestSdDb.toFixed(1)} dB), not the stated ${check.statedDeg} (${check.statedSdDb.toFixed(1)} dB). ` +
        'It was left out of the fit: check azimuth and cell label.',
    );
  }
  if (result.reason !== null) warnings.push(`No model was fitted, the published one stays: ${result.reason}`);
  if (built.matchedByGeometry > 0) {
    warnings.push(
      `${built.matchedByGeometry} measurements name no cell; each was given to the sector of best geometry.`,
    );
  }
  const withoutHeight = sites.heightM.filter(Number.isNaN).length;
  if (withoutHeight > 0) warnings.push(`${withoutHeight} sites have no height_m; the default stands in.`);
  if (quantity !== 'path_loss' && quantity !== 'relative' && sites.eirpDbm.some(Number.isNaN)) {
    warnings.push('Some sites have no eirp_dbm: the default stands in, and the intercept carries its error.');
  }
  return [...warnings, ...clutterWarning(result)];
}

/** Which classes have no loss of their own. */
function clutterWarning({ used, estimates }: CalibratedSamples): string[] {
  const counts = new Map<number, number>();
  for (const code of used.clutter) if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  if (counts.size === 0 || estimates.length === 0) return [];
  const most = Math.max(...counts.values());
  const few = [...counts]
    .filter(([, count]) => count < MIN_CLASS_SAMPLES && count < most)
    .sort(([a], [b]) => a - b);
  if (few.length === 0) return [];
  const classes = few.map(([code, count]) => `${code} (${count})`).join(', ');
  return [
    `Clutter classes with fewer than ${MIN_CLASS_SAMPLES} averages count as the class with most of them: ${classes}.`,
  ];
}
