/** Materials of 3GPP TR 38.901, Table 7.4.3-1. */
export type WallMaterial = 'glass' | 'irr-glass' | 'concrete' | 'wood';

/** Penetration loss of one material, dB: a + b f (GHz). 3GPP TR 38.901, Table 7.4.3-1. */
export function materialLossDb(material: WallMaterial, frequencyMhz: number): number {
  const f = frequencyMhz / 1000;
  switch (material) {
    case 'glass':
      return 2 + 0.2 * f;
    case 'irr-glass':
      return 23 + 0.3 * f;
    case 'concrete':
      return 5 + 4 * f;
    case 'wood':
      return 4.85 + 0.12 * f;
  }
}

export type O2iModel = 'low' | 'high';

/** Standard deviation of the building penetration, dB: sigma_P of Table 7.4.3-2. */
export function o2iSigmaDb(model: O2iModel): number {
  return model === 'low' ? 4.4 : 6.5;
}

/**
 * Median loss through the external wall, dB: 5 - 10 lg(sum of share x 10^(-L/10)).
 * 3GPP TR 38.901, Table 7.4.3-2: low = 30 % glass, 70 % concrete; high = 70 % coated glass, 30 % concrete. Without the
 * random term (`o2iSigmaDb`).
 */
export function o2iWallLossDb(model: O2iModel, frequencyMhz: number): number {
  const glassDb = materialLossDb(model === 'low' ? 'glass' : 'irr-glass', frequencyMhz);
  const concreteDb = materialLossDb('concrete', frequencyMhz);
  const glassShare = model === 'low' ? 0.3 : 0.7;
  const power = glassShare * 10 ** (-glassDb / 10) + (1 - glassShare) * 10 ** (-concreteDb / 10);
  return 5 - 10 * Math.log10(power);
}

/** Wall plus 0.5 dB per metre walked into the building (PL_in of Table 7.4.3-2), dB. */
export function o2iLossDb(model: O2iModel, frequencyMhz: number, indoorDistanceM: number): number {
  return o2iWallLossDb(model, frequencyMhz) + 0.5 * indoorDistanceM;
}

/** Car penetration, dB: mean 9 (20 with metallised windows), sigma 5; 0.6-60 GHz. TR 38.901, section 7.4.3.2. */
export const CAR_LOSS = { meanDb: 9, metallisedMeanDb: 20, sigmaDb: 5 } as const;
