import { bullingtonFromSlopesDb, smoothEarthCorrectionDb } from '../p526.ts';
import type { Polarisation } from '../spherical-earth.ts';
import { ZONE_SEA, type PathProfile } from '../profile.ts';
import { tailQuantile } from '../tail-quantile.ts';
import type { ValidRange } from '../validity.ts';
import { anomalousLossDb, type DuctingPath } from './anomalous.ts';
import { analysePath, createPathGeometry, type PathGeometry } from './geometry.ts';
import {
  anomalousTimePercent,
  BETA_EARTH_RADIUS_KM,
  inlandFactor,
  measureZones,
  medianEarthRadiusKm,
  type ZoneShares,
} from './meteorology.ts';

/** Ranges of P.1812-8, annex 1, section 1 and table 2. */
export const P1812_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 30, max: 6000 },
  { parameter: 'txHeightM', min: 1, max: 3000 },
  { parameter: 'rxHeightM', min: 1, max: 3000 },
  { parameter: 'distanceM', min: 250, max: 3_000_000 },
  { parameter: 'timePercent', min: 1, max: 50 },
  { parameter: 'locationPercent', min: 1, max: 99 },
];

/** Parameters of a P.1812 prediction that stay fixed while the path changes. */
export interface P1812Link {
  readonly frequencyGhz: number;
  /** Share of an average year the loss is not exceeded, 1..50 %. */
  readonly timePercent: number;
  /** Share of locations the loss is not exceeded, 1..99 %. */
  readonly locationPercent: number;
  /** Standard deviation of location variability, dB; see `locationSigmaDb`. */
  readonly locationSigmaDb: number;
  /** Antenna heights above ground, m. */
  readonly txHeightM: number;
  readonly rxHeightM: number;
  readonly polarisation: Polarisation;
  /** Refractivity lapse through the lowest km, N/km (positive), and sea-level refractivity, N. */
  readonly deltaN: number;
  readonly surfaceRefractivityN: number;
  /** Distance over land from the terminals to the coast along the path, km; 500 = far inland. */
  readonly txCoastKm: number;
  readonly rxCoastKm: number;
}

/** Every term of a prediction, dB unless the name says otherwise; refilled by each call. */
export interface P1812Terms {
  freeSpaceDb: number;
  /** Line of sight with multipath and focusing, not exceeded for p % and for beta0 % of the time. */
  lineOfSightDb: number;
  lineOfSightBetaDb: number;
  /** Diffraction loss beyond free space: median, at beta0 % (NaN at p = 50 %, where it has no part), at p %. */
  diffractionMedianDb: number;
  diffractionBetaDb: number;
  diffractionDb: number;
  anomalousDb: number;
  troposcatterDb: number;
  locationDb: number;
  /** beta0, % of time. */
  anomalousPercent: number;
  medianEarthRadiusKm: number;
  seaShare: number;
  /** Basic transmission loss not exceeded for p % of time and pL % of locations. */
  lossDb: number;
}

export function createP1812Terms(): P1812Terms {
  return {
    freeSpaceDb: NaN,
    lineOfSightDb: NaN,
    lineOfSightBetaDb: NaN,
    diffractionMedianDb: NaN,
    diffractionBetaDb: NaN,
    diffractionDb: NaN,
    anomalousDb: NaN,
    troposcatterDb: NaN,
    locationDb: NaN,
    anomalousPercent: NaN,
    medianEarthRadiusKm: NaN,
    seaShare: NaN,
    lossDb: NaN,
  };
}

/** I(x) of P.1812-8, attachment 2 to annex 1, for a percentage. */
function inverseNormal(percent: number): number {
  return tailQuantile(Math.min(Math.max(percent / 100, 1e-6), 0.999999), 2.515516698);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Prediction of Recommendation ITU-R P.1812-8 (09/2025), annex 1, bound to one link: call `lossDb` for path after
 * path. Nothing is allocated per path. 30 MHz to 6 GHz, 0.25 to 3000 km, antennas 1 to 3000 m above ground, 1 to 50 %
 * of time, 1 to 99 % of locations; outside these it extrapolates and the caller warns (`P1812_RANGES`).
 *
 * Attachment 4's shortcut for the smooth path is not used; building entry (P.2109) is the caller's.
 */
export class P1812 {
  readonly link: P1812Link;
  readonly geometry: PathGeometry = createPathGeometry();
  readonly terms: P1812Terms = createP1812Terms();
  readonly #zones: ZoneShares = { longestLandKm: NaN, longestInlandKm: NaN, seaShare: NaN };
  readonly #ducting: Mutable<DuctingPath>;
  readonly #timeQuantile: number;
  readonly #locationDb: number;
  readonly #lg50OverP: number;
  readonly #earthRadiusKm: number;

  constructor(link: P1812Link) {
    this.link = link;
    this.#timeQuantile = inverseNormal(link.timePercent);
    this.#locationDb = -inverseNormal(link.locationPercent) * link.locationSigmaDb;
    this.#lg50OverP = Math.log10(50 / link.timePercent);
    this.#earthRadiusKm = medianEarthRadiusKm(link.deltaN);
    this.#ducting = {
      frequencyGhz: link.frequencyGhz,
      timePercent: link.timePercent,
      txCoastKm: link.txCoastKm,
      rxCoastKm: link.rxCoastKm,
      earthRadiusKm: this.#earthRadiusKm,
      seaShare: NaN,
      anomalousPercent: NaN,
      tau: NaN,
    };
  }

  /**
   * Basic transmission loss, dB; every term stands in `terms` and `geometry` until the next call.
   *
   * @param profile at least 3 points (the Recommendation asks for more than 4)
   * @param latitudeDeg latitude of the path centre
   */
  lossDb(profile: PathProfile, latitudeDeg: number): number {
    const { link, geometry, terms } = this;
    const earthRadiusKm = this.#earthRadiusKm;
    const zones = this.#zones;
    measureZones(profile, zones);
    const tau = inlandFactor(zones.longestInlandKm);
    const beta0 = anomalousTimePercent(latitudeDeg, zones.longestLandKm, tau);
    analysePath(profile, link.txHeightM, link.rxHeightM, earthRadiusKm, geometry);
    terms.medianEarthRadiusKm = earthRadiusKm;
    terms.anomalousPercent = beta0;
    terms.seaShare = zones.seaShare;

    this.#lineOfSight(beta0);
    // F_i of equation (40): from the median towards the conditions of beta0 % of the time.
    const quantileShare = link.timePercent > beta0 ? this.#timeQuantile / inverseNormal(beta0) : 1;
    this.#diffraction(profile, zones.seaShare, quantileShare);
    terms.anomalousDb = this.#anomalous(profile, zones.seaShare, beta0, tau);
    terms.troposcatterDb = this.#troposcatter();
    const overSea = profile.zone[profile.count - 1] === ZONE_SEA;
    terms.locationDb = overSea ? 0 : this.#locationDb;
    terms.lossDb = this.#combine(quantileShare, link.timePercent >= beta0);
    return terms.lossDb;
  }

  /** Section 4.2, equations (8) to (11). */
  #lineOfSight(beta0: number): void {
    const { geometry, terms, link } = this;
    const { dKm } = geometry;
    const heightKm = (geometry.txM - geometry.rxM) / 1000;
    const focusing = 2.6 * (1 - Math.exp(-0.1 * (geometry.txHorizonKm + geometry.rxHorizonKm)));
    terms.freeSpaceDb =
      92.4 + 20 * Math.log10(link.frequencyGhz) + 10 * Math.log10(dKm * dKm + heightKm * heightKm);
    terms.lineOfSightDb = terms.freeSpaceDb - focusing * this.#lg50OverP;
    terms.lineOfSightBetaDb = terms.freeSpaceDb + focusing * Math.log10(beta0 / 50);
  }

  /** Sections 4.3.4 and 4.3.5, equations (37) to (41). */
  #diffraction(profile: PathProfile, seaShare: number, quantileShare: number): void {
    const { geometry, terms, link } = this;
    const { txMedianSlope, rxMedianSlope, txBetaSlope, rxBetaSlope } = geometry;
    const median = this.#deltaBullington(
      profile,
      txMedianSlope,
      rxMedianSlope,
      this.#earthRadiusKm,
      seaShare,
    );
    terms.diffractionMedianDb = median;
    terms.diffractionBetaDb = NaN;
    terms.diffractionDb = median;
    if (link.timePercent === 50) return;
    const atBeta = this.#deltaBullington(profile, txBetaSlope, rxBetaSlope, BETA_EARTH_RADIUS_KM, seaShare);
    terms.diffractionBetaDb = atBeta;
    terms.diffractionDb = median + quantileShare * (atBeta - median);
  }

  #deltaBullington(
    profile: PathProfile,
    txSlope: number,
    rxSlope: number,
    earthRadiusKm: number,
    seaShare: number,
  ): number {
    const { geometry, link } = this;
    const { txM, rxM, diffractionTxM, diffractionRxM } = geometry;
    const { frequencyGhz, polarisation } = link;
    const effectiveTxM = txM - diffractionTxM;
    const effectiveRxM = rxM - diffractionRxM;
    return (
      bullingtonFromSlopesDb(
        profile,
        profile.surfaceM,
        txM,
        rxM,
        txSlope,
        rxSlope,
        earthRadiusKm,
        frequencyGhz,
      ) +
      smoothEarthCorrectionDb(
        profile,
        effectiveTxM,
        effectiveRxM,
        earthRadiusKm,
        frequencyGhz,
        seaShare,
        polarisation,
      )
    );
  }

  #anomalous(profile: PathProfile, seaShare: number, beta0: number, tau: number): number {
    const ducting = this.#ducting;
    // A terminal at sea stands on its coast.
    ducting.txCoastKm = profile.zone[0] === ZONE_SEA ? 0 : this.link.txCoastKm;
    ducting.rxCoastKm = profile.zone[profile.count - 1] === ZONE_SEA ? 0 : this.link.rxCoastKm;
    ducting.seaShare = seaShare;
    ducting.anomalousPercent = beta0;
    ducting.tau = tau;
    return anomalousLossDb(this.geometry, ducting);
  }

  /** Section 4.4, equations (44) and (45). */
  #troposcatter(): number {
    const { geometry, link } = this;
    const lgF = Math.log10(link.frequencyGhz);
    const lgHalfF = Math.log10(link.frequencyGhz / 2);
    return (
      190.1 +
      25 * lgF -
      2.5 * lgHalfF * lgHalfF +
      20 * Math.log10(geometry.dKm) +
      0.573 * geometry.pathAngleMrad -
      0.15 * link.surfaceRefractivityN -
      10.125 * Math.pow(this.#lg50OverP, 0.7)
    );
  }

  /** Sections 4.6 to 4.9, equations (42), (43), (57) to (63) and (69). */
  #combine(quantileShare: number, beyondBeta: boolean): number {
    const { geometry, terms } = this;
    const angleFactor = blend(2.4, geometry.pathAngleMrad, 0.3);
    const distanceFactor = blend(1.5, geometry.dKm, 20);
    const medianDb = terms.freeSpaceDb + terms.diffractionMedianDb;
    const diffractedDb = terms.lineOfSightDb + terms.diffractionDb;
    const landDiffractionDb = (1 - terms.seaShare) * terms.diffractionDb;
    const lowestDb = beyondBeta
      ? medianDb + (terms.lineOfSightBetaDb + landDiffractionDb - medianDb) * quantileShare
      : terms.lineOfSightDb + landDiffractionDb;
    const ductOrSightDb =
      2.5 * Math.log(Math.exp(terms.anomalousDb / 2.5) + Math.exp(terms.lineOfSightDb / 2.5));
    const enhancedDb =
      ductOrSightDb <= diffractedDb
        ? ductOrSightDb + (diffractedDb - ductOrSightDb) * distanceFactor
        : diffractedDb;
    const blendedDb = enhancedDb + (lowestDb - enhancedDb) * angleFactor;
    const combinedDb =
      -5 * Math.log10(Math.pow(10, -0.2 * terms.troposcatterDb) + Math.pow(10, -0.2 * blendedDb));
    return Math.max(terms.lineOfSightDb, combinedDb + terms.locationDb);
  }
}

/** Interpolation factors of equations (57) and (58): 1 well below `centre`, 0 well above. */
function blend(steepness: number, value: number, centre: number): number {
  return 1 - 0.5 * (1 + Math.tanh((steepness * (value - centre)) / centre));
}

/**
 * Standard deviation of location variability at the receiver, dB. P.1812-8, section 4.8: (0.52 + 0.024 f) w^0.28,
 * full below the clutter, nothing from 10 m above it.
 *
 * @param resolutionM side of the square the variability is taken over, m
 * @param rxHeightM receiver above ground, m
 * @param clutterHeightM representative clutter height at the receiver, m
 */
export function locationSigmaDb(
  frequencyGhz: number,
  resolutionM: number,
  rxHeightM: number,
  clutterHeightM: number,
): number {
  const share = Math.min(Math.max(1 - (rxHeightM - clutterHeightM) / 10, 0), 1);
  return share * (0.52 + 0.024 * frequencyGhz) * Math.pow(resolutionM, 0.28);
}

/** Field strength exceeded, dB(uV/m), for 1 kW e.r.p.-like reference power. P.1812-8, equation (70). */
export function fieldStrengthDbuv(lossDb: number, frequencyGhz: number): number {
  return 199.36 + 20 * Math.log10(frequencyGhz) - lossDb;
}
