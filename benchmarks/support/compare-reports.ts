import type { Metric, Report } from '../benchmark.ts';

export interface Difference {
  readonly where: string;
  readonly metric: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly verdict: 'regression' | 'better' | 'gone' | 'new';
}

/** Name of the benchmark whose first figure is the machine's speed on this day. */
export const CALIBRATION = 'calibration';

/** Figures that differ by more than their noise. Times are divided by the report's calibration where both have it. */
export function compareReports(before: Report, after: Report, defaultNoise: number): Difference[] {
  const speed = relativeSpeed(before, after);
  const earlier = figures(before);
  const later = figures(after);
  const differences: Difference[] = [];
  for (const [key, { where, metric }] of later) {
    if (metric.better === 'info') continue;
    const old = earlier.get(key)?.metric;
    if (old === undefined) {
      differences.push({ where, metric: metric.name, before: null, after: metric.value, verdict: 'new' });
      continue;
    }
    const verdict = judge(old, metric, metric.unit === 's' ? speed : 1, defaultNoise);
    if (verdict !== null) {
      differences.push({ where, metric: metric.name, before: old.value, after: metric.value, verdict });
    }
  }
  for (const [key, { where, metric }] of earlier) {
    if (later.has(key) || metric.better === 'info') continue;
    differences.push({ where, metric: metric.name, before: metric.value, after: null, verdict: 'gone' });
  }
  return differences;
}

function judge(
  old: Metric,
  now: Metric,
  speed: number,
  defaultNoise: number,
): 'regression' | 'better' | null {
  if (old.value === null && now.value === null) return null;
  if (now.value === null) return 'regression';
  if (old.value === null) return 'better';
  const noise = now.noise ?? defaultNoise;
  const sign = now.better === 'smaller' ? 1 : -1;
  const change = sign * (now.value * speed - old.value);
  const allowed = noise * Math.abs(old.value) + 1e-9;
  if (change > allowed) return 'regression';
  return change < -allowed ? 'better' : null;
}

/** Seconds of the later report times this are seconds of the earlier one's machine. */
function relativeSpeed(before: Report, after: Report): number {
  const seconds = (report: Report): number | null =>
    report.results.find(({ name }) => name === CALIBRATION)?.rows[0]?.metrics[0]?.value ?? null;
  const [old, now] = [seconds(before), seconds(after)];
  return old === null || now === null || now === 0 ? 1 : old / now;
}

function figures(report: Report): Map<string, { where: string; metric: Metric }> {
  const all = new Map<string, { where: string; metric: Metric }>();
  for (const result of report.results) {
    for (const row of result.rows) {
      for (const metric of row.metrics) {
        all.set(`${result.name}|${row.label}|${metric.name}`, {
          where: `${result.name} / ${row.label}`,
          metric,
        });
      }
    }
  }
  return all;
}
