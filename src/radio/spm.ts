/** Parameters of the Standard Propagation Model; losses in dB, distances in metres. */
export interface SpmParameters {
  readonly k1: number;
  /** Per decade of distance. */
  readonly k2: number;
  /** Per decade of effective transmitter height. */
  readonly k3: number;
  /** Share of the diffraction loss, 0..1. */
  readonly k4: number;
  /** Cross term lg d x lg Hteff. */
  readonly k5: number;
  /** Per metre of effective receiver height. */
  readonly k6: number;
  /** Added loss per clutter class, dB; class without entry adds nothing. */
  readonly clutterDb: readonly number[];
  /** Frequency K1 was fitted at, MHz: elsewhere 23 lg(f / fitted) is added; absent = K1 is that of the link. */
  readonly fittedAtMhz?: number | undefined;
}

/** dB per decade of frequency by which K1 grows from band to band (Forsk, Measurements and Calibration Guide). */
const K1_PER_DECADE_DB = 23;

/** The parameters with K1 moved to the link's frequency. */
function spmAtFrequency(parameters: SpmParameters, frequencyMhz: number): SpmParameters {
  const { k1, fittedAtMhz } = parameters;
  if (fittedAtMhz === undefined) return parameters;
  return { ...parameters, k1: k1 + K1_PER_DECADE_DB * Math.log10(frequencyMhz / fittedAtMhz) };
}

/** Effective transmitter heights outside this range are held at its ends (Atoll practice), metres. */
export const SPM_HEIGHT_RANGE_M = { min: 20, max: 200 } as const;

/** K1 at the user's band: start value 23 lg(f / 2700) above Forsk's 26.1 dB at 2700 MHz, which equals Hata's urban form. */
export function spmStartK1Db(frequencyMhz: number): number {
  return 26.1 + K1_PER_DECADE_DB * Math.log10(frequencyMhz / 2700);
}

/** Start values equal to Hata's slopes: K2 44.9, K3 5.83, K4 0.5, K5 -6.55, K6 0 (Forsk, Measurements and Calibration Guide). */
export function spmStartParameters(frequencyMhz: number): SpmParameters {
  return { k1: spmStartK1Db(frequencyMhz), k2: 44.9, k3: 5.83, k4: 0.5, k5: -6.55, k6: 0, clutterDb: [] };
}

/** The parameters a link is predicted with: its own at its frequency, else Hata's slopes. */
export function spmOfLink({
  spm,
  frequencyMhz,
}: {
  readonly spm?: SpmParameters | undefined;
  readonly frequencyMhz: number;
}): SpmParameters {
  return spm === undefined ? spmStartParameters(frequencyMhz) : spmAtFrequency(spm, frequencyMhz);
}

/**
 * Standard Propagation Model, dB (raw formula): K1 + K2 lg d + K3 lg Hteff + K4 Diff + K5 lg d lg Hteff + K6 Hreff +
 * Kclutter. Forsk, Atoll Measurements and Calibration Guide, "Standard Propagation Model" ; d in metres (Hata's is in km:
 * K1 differs by 3 K2 and 3 K5 lg Hteff).
 *
 * @param distanceM distance between the antennas, metres
 * @param txEffectiveHeightM effective antenna height, metres
 * @param rxEffectiveHeightM receiver's height over the ground at the transmitter, metres (over level ground its height)
 * @param diffractionDb diffraction loss of the profile, dB; 0 over flat ground
 * @param clutterClass index into `clutterDb`; -1 = none
 */
export function spmLossDb(
  parameters: SpmParameters,
  distanceM: number,
  txEffectiveHeightM: number,
  rxEffectiveHeightM: number,
  diffractionDb = 0,
  clutterClass = -1,
): number {
  const { min, max } = SPM_HEIGHT_RANGE_M;
  const lgH = Math.log10(Math.min(max, Math.max(min, txEffectiveHeightM)));
  const lgD = Math.log10(distanceM);
  return (
    parameters.k1 +
    parameters.k2 * lgD +
    parameters.k3 * lgH +
    parameters.k4 * diffractionDb +
    parameters.k5 * lgD * lgH +
    parameters.k6 * rxEffectiveHeightM +
    (parameters.clutterDb[clutterClass] ?? 0)
  );
}
