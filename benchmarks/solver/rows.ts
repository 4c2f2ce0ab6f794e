import type { Metric, Row } from '../benchmark.ts';
import type { SolverRun } from './mastplan.ts';

/** What is known of an instance beforehand: for the table, not for the solver. */
export interface Known {
  /** Best cost known (or, with a budget, most users known). */
  readonly best: number;
  /** Best proven bound known. */
  readonly bound: number | null;
}

/** Time limits make costs depend on the machine's load, so they are compared with this much slack. */
const COST_NOISE = 0.002;
const TIME_NOISE = 0.3;

/** Cost, bound, gap, time and memory of a run of mastplan, beside what is known. */
export function mastplanMetrics(run: SolverRun, known: Known): Metric[] {
  const perPair = run.peakBytes === null || run.edges === null ? null : run.peakBytes / run.edges;
  return [
    { name: 'best known', unit: '', value: known.best, better: 'info' },
    { name: 'cost', unit: '', value: run.value, better: 'smaller', noise: COST_NOISE },
    { name: 'bound', unit: '', value: run.bound, better: 'larger', noise: COST_NOISE },
    { name: 'gap', unit: '%', value: run.gap === null ? null : 100 * run.gap, better: 'info' },
    { name: 'seconds', unit: 's', value: run.seconds, better: 'smaller', noise: TIME_NOISE },
    { name: 'CPU', unit: 's', value: run.cpuS, better: 'info' },
    {
      name: 'peak',
      unit: 'MB',
      value: run.peakBytes === null ? null : run.peakBytes / 1e6,
      better: 'smaller',
    },
    { name: 'peak per pair', unit: 'B', value: perPair, better: 'info' },
  ];
}

/** Cost, bound and time of another solver on the same model. */
export function otherMetrics(label: string, run: SolverRun): Metric[] {
  return [
    { name: `${label} cost`, unit: '', value: run.value, better: 'info' },
    { name: `${label} bound`, unit: '', value: run.bound, better: 'info' },
    { name: `${label} seconds`, unit: 's', value: run.seconds, better: 'info' },
  ];
}

/**
 * How much sooner mastplan had a plan as good as the other's last one: its seconds over the other's. A run without a
 * solution counts as its limit.
 */
export function timeRatio(label: string, ours: SolverRun, other: SolverRun, limitS: number): Metric {
  const theirs = other.value === null ? limitS : (other.secondsTo(other.value) ?? other.seconds);
  const own = ours.secondsTo(other.value ?? Number.POSITIVE_INFINITY);
  return {
    name: `time ratio to ${label}`,
    unit: '',
    value: own === null ? null : own / theirs,
    better: 'smaller',
    noise: 0.5,
  };
}

export function rowOf(label: string, metrics: readonly Metric[], note: string): Row {
  return { label, metrics, note };
}
