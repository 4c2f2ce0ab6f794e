import { diffractionParameter, knifeEdgeLossDb, V_NO_LOSS, type PathPoints } from './p526.ts';

/**
 * Cascaded knife edges by the Deygout construction, at most three, with the correction of Recommendation P.526-8,
 * section 4.4.2: J(vp) + T (J(vt) + J(vr) + C), T = 1 - exp(-J(vp)/6), C = 10 + 0.04 d. For comparison only: the
 * Recommendation gives the Bullington methods for general profiles.
 */
export function cascadedKnifeEdgeLossDb(
  path: PathPoints,
  surfaceM: Float64Array,
  txM: number,
  rxM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
): number {
  const last = path.count - 1;
  const between = (from: number, to: number, fromM: number, toM: number): number =>
    highestEdge(path, surfaceM, from, to, fromM, toM, earthRadiusKm);
  const parameter = (edge: number, from: number, to: number, fromM: number, toM: number): number =>
    edgeParameter(path, surfaceM, edge, from, to, fromM, toM, earthRadiusKm, frequencyGhz);
  const main = between(0, last, txM, rxM);
  const mainV = main < 0 ? -Infinity : parameter(main, 0, last, txM, rxM);
  if (mainV <= V_NO_LOSS) return 0;
  const mainM = surfaceM[main]!;
  const left = between(0, main, txM, mainM);
  const right = between(main, last, mainM, rxM);
  const mainDb = knifeEdgeLossDb(mainV);
  const leftDb = left < 0 ? 0 : knifeEdgeLossDb(parameter(left, 0, main, txM, mainM));
  const rightDb = right < 0 ? 0 : knifeEdgeLossDb(parameter(right, main, last, mainM, rxM));
  const dKm = path.distanceKm[last]!;
  return mainDb + (1 - Math.exp(-mainDb / 6)) * (leftDb + rightDb + 10 + 0.04 * dKm);
}

/** v of the point `edge` over the line from point `from` (at `fromM`) to point `to` (at `toM`). */
function edgeParameter(
  path: PathPoints,
  surfaceM: Float64Array,
  edge: number,
  from: number,
  to: number,
  fromM: number,
  toM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
): number {
  const d1 = path.distanceKm[edge]! - path.distanceKm[from]!;
  const d2 = path.distanceKm[to]! - path.distanceKm[edge]!;
  const line = (fromM * d2 + toM * d1) / (d1 + d2);
  const heightM = surfaceM[edge]! + (500 * d1 * d2) / earthRadiusKm - line;
  return diffractionParameter(heightM, d1, d2, frequencyGhz);
}

/** Index of the point strictly between `from` and `to` with the greatest v, -1 when there is none. */
function highestEdge(
  path: PathPoints,
  surfaceM: Float64Array,
  from: number,
  to: number,
  fromM: number,
  toM: number,
  earthRadiusKm: number,
): number {
  let best = -Infinity;
  let edge = -1;
  for (let i = from + 1; i < to; i++) {
    const v = edgeParameter(path, surfaceM, i, from, to, fromM, toM, earthRadiusKm, 1);
    if (v > best) {
      best = v;
      edge = i;
    }
  }
  return edge;
}
