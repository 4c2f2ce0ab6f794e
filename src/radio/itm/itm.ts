import { ITM_ERROR, ITM_SUCCESS, ITM_SUCCESS_WITH_WARNINGS, ITM_WARNING } from './codes.ts';
import { createItmPath, setSurroundings, type ItmPath } from './path.ts';
import { referenceAttenuation, type ItmReference } from './reference.ts';
import { analyseTerrain, estimateTerrain, type EvenProfile } from './terrain.ts';
import { attenuationQuantileDb, createVariability, type Variability } from './variability.ts';

/** Parameters of an ITM prediction that stay fixed while the path changes. */
export interface ItmLink {
  readonly frequencyMhz: number;
  /** Antenna heights above ground, m. */
  readonly txHeightM: number;
  readonly rxHeightM: number;
  readonly polarisation: 'horizontal' | 'vertical';
  /** Radio climate 1..7: equatorial, continental subtropical, maritime subtropical, desert, continental temperate,
   * maritime temperate over land, maritime temperate over sea. */
  readonly climate: number;
  /** Minimum monthly mean surface refractivity reduced to sea level, N-units. */
  readonly refractivityN: number;
  readonly permittivity: number;
  readonly conductivitySm: number;
  /** Mode of variability: 0 single message, 1 accidental, 2 mobile, 3 broadcast; +10 without location, +20 without
   * direct situation variability. */
  readonly mdvar: number;
  readonly timePercent: number;
  readonly locationPercent: number;
  readonly situationPercent: number;
}

/** Result of one prediction; refilled by each call. */
export interface ItmResult {
  /** ITM_SUCCESS, ITM_SUCCESS_WITH_WARNINGS or one of ITM_ERROR. */
  code: number;
  /** Mask of ITM_WARNING. */
  warnings: number;
  /** 1 line of sight, 2 diffraction, 3 troposcatter, 0 none. */
  mode: number;
  /** Basic transmission loss, dB; NaN on error. */
  lossDb: number;
  /** Reference attenuation beyond free space, and free-space loss, dB. */
  referenceDb: number;
  freeSpaceDb: number;
}

/**
 * The Irregular Terrain Model (Longley-Rice), NTIA semantics: same modes, warning bits and return codes. Bound to one
 * link; call `pointToPoint` or `area` for path after path. Nothing is allocated per path. 20 MHz to 20 GHz, antennas
 * 0.5 to 3000 m, 1 to 2000 km (with warnings outside the inner ranges). Sources: see `ItmPath`.
 */
export class Itm {
  readonly link: ItmLink;
  readonly path: ItmPath = createItmPath();
  readonly result: ItmResult = {
    code: ITM_SUCCESS,
    warnings: 0,
    mode: 0,
    lossDb: NaN,
    referenceDb: NaN,
    freeSpaceDb: NaN,
  };
  readonly #reference: ItmReference = { attenuationDb: NaN, mode: 0, warnings: 0 };
  readonly #inputCode: number;
  readonly #inputWarnings: number;
  readonly #variability: Variability | null;

  constructor(link: ItmLink) {
    this.link = link;
    this.#inputWarnings = inputWarnings(link);
    this.#inputCode = checkInputs(link);
    this.#variability =
      this.#inputCode === ITM_SUCCESS
        ? createVariability(
            link.climate,
            link.mdvar,
            link.timePercent,
            link.locationPercent,
            link.situationPercent,
          )
        : null;
    const { path } = this;
    path.frequencyMhz = link.frequencyMhz;
    path.waveNumber = link.frequencyMhz / 47.7;
    path.txHeightM = link.txHeightM;
    path.rxHeightM = link.rxHeightM;
  }

  /** Loss over a terrain profile. @returns the return code; the rest stands in `result` and `path`. */
  pointToPoint(profile: EvenProfile): number {
    this.#clear();
    if (this.#variability === null) return this.#fail(this.#inputCode);
    this.#setSurroundings(systemHeightM(profile));
    analyseTerrain(this.path, profile);
    return this.#finish(this.#variability, true);
  }

  /**
   * Loss over terrain known only by its irregularity.
   *
   * @param txSiting @param rxSiting 0 random, 1 careful, 2 very careful
   */
  area(distanceM: number, irregularityM: number, txSiting: number, rxSiting: number): number {
    this.#clear();
    if (this.#variability === null) return this.#fail(this.#inputCode);
    if (!(distanceM > 0)) return this.#fail(ITM_ERROR.pathDistance);
    if (!(irregularityM >= 0)) return this.#fail(ITM_ERROR.terrainIrregularity);
    if (!isSiting(txSiting)) return this.#fail(ITM_ERROR.txSiting);
    if (!isSiting(rxSiting)) return this.#fail(ITM_ERROR.rxSiting);
    this.#setSurroundings(0);
    this.path.distanceM = distanceM;
    this.path.irregularityM = irregularityM;
    estimateTerrain(this.path, txSiting, rxSiting);
    return this.#finish(this.#variability, false);
  }

  #clear(): void {
    const { result } = this;
    result.mode = 0;
    result.lossDb = NaN;
    result.referenceDb = NaN;
    result.freeSpaceDb = NaN;
    result.warnings = this.#inputWarnings;
  }

  #fail(code: number): number {
    this.result.code = code;
    return code;
  }

  #setSurroundings(heightM: number): void {
    const { link } = this;
    setSurroundings(
      this.path,
      heightM,
      link.refractivityN,
      link.polarisation === 'vertical',
      link.permittivity,
      link.conductivitySm,
    );
  }

  #finish(variability: Variability, pointToPoint: boolean): number {
    const { path, result } = this;
    const reference = this.#reference;
    reference.warnings = result.warnings;
    const code = referenceAttenuation(path, pointToPoint, reference);
    result.warnings = reference.warnings;
    if (code !== ITM_SUCCESS) return this.#fail(code);
    if (variability.extreme) result.warnings |= ITM_WARNING.extremeVariability;
    result.mode = reference.mode;
    result.referenceDb = reference.attenuationDb;
    result.freeSpaceDb = 32.45 + 20 * Math.log10(path.frequencyMhz) + 20 * Math.log10(path.distanceM / 1000);
    result.lossDb = result.freeSpaceDb + attenuationQuantileDb(path, reference.attenuationDb, variability);
    result.code = result.warnings === 0 ? ITM_SUCCESS : ITM_SUCCESS_WITH_WARNINGS;
    return result.code;
  }
}

function isSiting(value: number): boolean {
  return value === 0 || value === 1 || value === 2;
}

/** Mean height of the path above sea level, m, without its first and last tenth. */
function systemHeightM({ heightsM, intervals }: EvenProfile): number {
  const tenth = Math.trunc(0.1 * intervals);
  let sum = 0;
  for (let i = tenth; i <= intervals - tenth; i++) sum += heightsM[i]!;
  return sum / (intervals - 2 * tenth + 1);
}

/** Heights and frequency are checked in this order, so a mask on an error holds what came before it, as NTIA's does. */
function inputWarnings(link: ItmLink): number {
  let mask = 0;
  if (outside(link.txHeightM, 1, 1000)) mask |= ITM_WARNING.txHeight;
  if (outside(link.txHeightM, 0.5, 3000)) return mask;
  if (outside(link.rxHeightM, 1, 1000)) mask |= ITM_WARNING.rxHeight;
  if (outside(link.rxHeightM, 0.5, 3000)) return mask;
  if (checkClimateAndRefractivity(link) !== ITM_SUCCESS) return mask;
  if (outside(link.frequencyMhz, 40, 10_000)) mask |= ITM_WARNING.frequency;
  return mask;
}

function outside(value: number, min: number, max: number): boolean {
  return !(value >= min && value <= max);
}

function checkClimateAndRefractivity(link: ItmLink): number {
  if (!Number.isInteger(link.climate) || outside(link.climate, 1, 7)) return ITM_ERROR.climate;
  if (outside(link.refractivityN, 250, 400)) return ITM_ERROR.refractivity;
  return ITM_SUCCESS;
}

function checkInputs(link: ItmLink): number {
  if (outside(link.txHeightM, 0.5, 3000)) return ITM_ERROR.txHeight;
  if (outside(link.rxHeightM, 0.5, 3000)) return ITM_ERROR.rxHeight;
  const code = checkClimateAndRefractivity(link);
  if (code !== ITM_SUCCESS) return code;
  if (outside(link.frequencyMhz, 20, 20_000)) return ITM_ERROR.frequency;
  if (!(link.permittivity >= 1)) return ITM_ERROR.permittivity;
  if (!(link.conductivitySm > 0)) return ITM_ERROR.conductivity;
  const mode = link.mdvar % 10;
  if (!Number.isInteger(link.mdvar) || mode > 3 || outside(link.mdvar, 0, 33))
    return ITM_ERROR.variabilityMode;
  if (!isOpenPercent(link.situationPercent)) return ITM_ERROR.situation;
  if (!isOpenPercent(link.timePercent)) return ITM_ERROR.time;
  if (!isOpenPercent(link.locationPercent)) return ITM_ERROR.location;
  return ITM_SUCCESS;
}

function isOpenPercent(percent: number): boolean {
  return percent > 0 && percent < 100;
}
