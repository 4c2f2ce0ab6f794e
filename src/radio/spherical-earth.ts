/** Wavelength in metres times GHz: the speed of light as the ITU-R terrain models round it. */
export const WAVELENGTH_M_GHZ = 0.2998;

/** Electrical properties of the ground (P.527): relative permittivity and conductivity in S/m. */
export interface Ground {
  readonly permittivity: number;
  readonly conductivitySm: number;
}

export const LAND: Ground = { permittivity: 22, conductivitySm: 0.003 };
export const SEA: Ground = { permittivity: 80, conductivitySm: 5 };

export type Polarisation = 'horizontal' | 'vertical';

/**
 * Spherical-Earth diffraction loss, dB. P.526-15, section 3.2 with section 3.1.1 for the first residue term (P.1812-8,
 * sections 4.3.2 and 4.3.3, are the same). 10 MHz and more.
 *
 * @param dKm path length
 * @param txM @param rxM effective antenna heights above the smooth Earth, greater than 0
 * @param seaShare share of the path over water, 0..1
 */
export function sphericalEarthLossDb(
  dKm: number,
  txM: number,
  rxM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
  seaShare: number,
  polarisation: Polarisation,
): number {
  const lineOfSightKm = Math.sqrt(2 * earthRadiusKm) * (Math.sqrt(0.001 * txM) + Math.sqrt(0.001 * rxM));
  if (dKm >= lineOfSightKm) {
    return firstTermLossDb(dKm, txM, rxM, earthRadiusKm, frequencyGhz, seaShare, polarisation);
  }
  const c = (txM - rxM) / (txM + rxM);
  const m = (250 * dKm * dKm) / (earthRadiusKm * (txM + rxM));
  const angle = Math.acos(1.5 * c * Math.sqrt((3 * m) / ((m + 1) * (m + 1) * (m + 1))));
  const b = 2 * Math.sqrt((m + 1) / (3 * m)) * Math.cos((Math.PI + angle) / 3);
  const d1 = (dKm / 2) * (1 + b);
  const d2 = dKm - d1;
  const clearanceM =
    ((txM - (500 * d1 * d1) / earthRadiusKm) * d2 + (rxM - (500 * d2 * d2) / earthRadiusKm) * d1) / dKm;
  const requiredM = 17.456 * Math.sqrt((d1 * d2 * WAVELENGTH_M_GHZ) / (frequencyGhz * dKm));
  if (clearanceM > requiredM) return 0;
  // The radius that makes the path just graze: the loss then falls linearly with the clearance.
  const grazingRoot = dKm / (Math.sqrt(txM) + Math.sqrt(rxM));
  const grazingKm = 500 * grazingRoot * grazingRoot;
  const grazingDb = firstTermLossDb(dKm, txM, rxM, grazingKm, frequencyGhz, seaShare, polarisation);
  return grazingDb < 0 ? 0 : (1 - clearanceM / requiredM) * grazingDb;
}

/** First residue term, land and sea weighted by their shares (P.1812-8, equation (28)). */
function firstTermLossDb(
  dKm: number,
  txM: number,
  rxM: number,
  earthRadiusKm: number,
  frequencyGhz: number,
  seaShare: number,
  polarisation: Polarisation,
): number {
  let loss = 0;
  if (seaShare < 1) {
    loss += (1 - seaShare) * residueLossDb(dKm, txM, rxM, earthRadiusKm, frequencyGhz, LAND, polarisation);
  }
  if (seaShare > 0) {
    loss += seaShare * residueLossDb(dKm, txM, rxM, earthRadiusKm, frequencyGhz, SEA, polarisation);
  }
  return loss;
}

/** P.526-15, equations (14) to (21) with the factors for GHz (P.1812-8, equations (29) to (36)). */
function residueLossDb(
  dKm: number,
  txM: number,
  rxM: number,
  a: number,
  f: number,
  ground: Ground,
  polarisation: Polarisation,
): number {
  const { permittivity, conductivitySm } = ground;
  const loss = (18 * conductivitySm) / f;
  const above = permittivity - 1;
  let k = (0.036 * Math.cbrt(1 / (a * f))) / Math.sqrt(Math.sqrt(above * above + loss * loss));
  if (polarisation === 'vertical') k *= Math.sqrt(permittivity * permittivity + loss * loss);
  const k2 = k * k;
  const k4 = k2 * k2;
  const beta = (1 + 1.6 * k2 + 0.67 * k4) / (1 + 4.5 * k2 + 1.53 * k4);
  const x = 21.88 * beta * Math.cbrt(f / (a * a)) * dKm;
  const heightScale = 0.9575 * beta * Math.cbrt((f * f) / a);
  const distanceTermDb =
    x >= 1.6 ? 11 + 10 * Math.log10(x) - 17.6 * x : -20 * Math.log10(x) - 5.6488 * Math.pow(x, 1.425);
  const floorDb = 2 + 20 * Math.log10(k);
  return (
    -distanceTermDb -
    heightGainDb(beta * heightScale * txM, floorDb) -
    heightGainDb(beta * heightScale * rxM, floorDb)
  );
}

/** G(Y) of P.526-15, equation (18), never below 2 + 20 lg K. */
function heightGainDb(b: number, floorDb: number): number {
  const gain =
    b > 2 ? 17.6 * Math.sqrt(b - 1.1) - 5 * Math.log10(b - 1.1) - 8 : 20 * Math.log10(b + 0.1 * b * b * b);
  return gain < floorDb ? floorDb : gain;
}
