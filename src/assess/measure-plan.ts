/** Areas that a drive test could visit, and simulated served users in each: rows of one draws x areas table. */
export interface AreaDraws {
  readonly areas: number;
  readonly draws: number;
  /** [areas x draws] users served among those whose service is uncertain. */
  readonly served: Float64Array;
  /** [areas] centre, metres. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** [areas] what visiting the area costs (bins to drive, for example); null = all alike. */
  readonly cost: Float64Array | null;
}

export interface PlannedArea {
  readonly area: number;
  /** Part of the variance of all served users that goes when this area is measured after those before it. */
  readonly reduction: number;
}

/**
 * Where measuring reduces the uncertainty of the share most. Greedy: each step takes the area whose outcome explains
 * most of what is still uncertain about the sum over all areas, per cost, then takes its explained part out of every
 * area near it (forward selection by partial correlation). Areas farther apart than `independentM` are taken as
 * independent, so that the noise of few draws does not tie them.
 */
export function planMeasurements(table: AreaDraws, picks: number, independentM: number): PlannedArea[] {
  const { areas, draws, cost } = table;
  const residual = centred(table);
  const near = neighbourLists(table, independentM);
  let variance = 0;
  for (let a = 0; a < areas; a++) for (const b of near[a]!) variance += dot(residual, a, b, draws);
  if (!(variance > 0)) return [];
  const chosen: PlannedArea[] = [];
  const taken = new Uint8Array(areas);
  const explained = new Float64Array(areas);
  const stale = new Uint8Array(areas).fill(1);
  while (chosen.length < picks) {
    let best = -1;
    let bestGain = 0;
    for (let a = 0; a < areas; a++) {
      if (taken[a] === 1) continue;
      if (stale[a] === 1) {
        explained[a] = explainedBy(residual, a, near[a]!, draws);
        stale[a] = 0;
      }
      const gain = explained[a]! / (cost === null ? 1 : cost[a]!);
      if (gain > bestGain) {
        best = a;
        bestGain = gain;
      }
    }
    if (best < 0) break;
    taken[best] = 1;
    chosen.push({ area: best, reduction: Math.min(1, explained[best]! / variance) });
    takeOut(residual, best, near[best]!, draws);
    for (const b of near[best]!) for (const c of near[b]!) stale[c] = 1;
  }
  return chosen;
}

function centred(table: AreaDraws): Float64Array {
  const { areas, draws } = table;
  const residual = Float64Array.from(table.served);
  for (let a = 0; a < areas; a++) {
    let mean = 0;
    for (let d = 0; d < draws; d++) mean += residual[a * draws + d]!;
    mean /= draws;
    for (let d = 0; d < draws; d++) residual[a * draws + d]! -= mean;
  }
  return residual;
}

function neighbourLists(table: AreaDraws, independentM: number): number[][] {
  return Array.from({ length: table.areas }, (_, a) => {
    const list: number[] = [];
    for (let b = 0; b < table.areas; b++) {
      if (Math.hypot(table.x[a]! - table.x[b]!, table.y[a]! - table.y[b]!) < independentM) list.push(b);
    }
    return list;
  });
}

/** Covariance (not divided by the number of draws) of two areas. */
function dot(residual: Float64Array, a: number, b: number, draws: number): number {
  let sum = 0;
  for (let d = 0; d < draws; d++) sum += residual[a * draws + d]! * residual[b * draws + d]!;
  return sum;
}

/** Variance of the sum over the neighbourhood that the outcome of area `a` explains. */
function explainedBy(residual: Float64Array, a: number, near: readonly number[], draws: number): number {
  const own = dot(residual, a, a, draws);
  if (own <= 1e-9) return 0;
  let covariance = 0;
  for (const b of near) covariance += dot(residual, a, b, draws);
  return (covariance * covariance) / own;
}

function takeOut(residual: Float64Array, picked: number, near: readonly number[], draws: number): void {
  const own = dot(residual, picked, picked, draws);
  for (const b of near) {
    if (b === picked) continue;
    const slope = dot(residual, b, picked, draws) / own;
    for (let d = 0; d < draws; d++) residual[b * draws + d]! -= slope * residual[picked * draws + d]!;
  }
  residual.fill(0, picked * draws, (picked + 1) * draws);
}
