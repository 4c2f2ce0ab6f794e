/** What the NTIA extended Hata model reads from a terrain profile (equal steps, first point at the mobile). */
export interface EhataTerrain {
  readonly distanceKm: number;
  /** Effective heights above the average ground of 3-15 km, metres, not yet held at the model's range. */
  readonly mobileEffectiveM: number;
  readonly baseEffectiveM: number;
  /** Heights exceeded by 10, 50 and 90 % of the 10 km at the mobile, metres (asymptotic values on shorter paths). */
  readonly height10M: number;
  readonly height50M: number;
  readonly height90M: number;
  /** Terrain irregularity: height10M - height90M. */
  readonly irregularityM: number;
  /** Slope at the mobile, mrad, positive when the ground falls away from it. */
  readonly slopeMrad: number;
  /** Share of the path over sea (height exactly 0) and where most of it lies. */
  readonly seaShare: number;
  readonly seaSide: 'mobile' | 'base' | 'both';
  /** Horizon distances from mobile and base, metres. */
  readonly mobileHorizonM: number;
  readonly baseHorizonM: number;
  /** Height of the common edge above the line between the antennas, metres; null when there are two horizons. */
  readonly ridgeHeightM: number | null;
}

/** Analyses a profile as NTIA TR-15-517, appendix A, prescribes. */
export function analyseEhataProfile(
  heightsM: ArrayLike<number>,
  stepM: number,
  mobileHeightM: number,
  baseHeightM: number,
): EhataTerrain {
  const last = heightsM.length - 1;
  const distanceKm = (last * stepM) / 1000;
  const [mobileRiseM, baseRiseM] = effectiveRises(heightsM, stepM);
  return {
    distanceKm,
    mobileEffectiveM: mobileHeightM + mobileRiseM,
    baseEffectiveM: baseHeightM + baseRiseM,
    ...terrainStatistics(heightsM, stepM),
    slopeMrad: mobileSlopeMrad(heightsM, stepM),
    ...seaPath(heightsM),
    ...horizons(heightsM, stepM, mobileHeightM, baseHeightM),
  };
}

function mean(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i <= to; i++) sum += values[i]!;
  return sum / (to - from + 1);
}

/** Ground at each end above the average ground 3 to 15 km away from it; 0 on paths under 3 km. */
function effectiveRises(heightsM: ArrayLike<number>, stepM: number): [number, number] {
  const last = heightsM.length - 1;
  const stepKm = stepM * 0.001;
  const distanceKm = last * stepKm;
  if (distanceKm < 3) return [0, 0];
  const near = Math.trunc(3 / stepKm);
  const far = distanceKm <= 15 ? last : Math.trunc(15 / stepKm);
  const weight = distanceKm <= 15 ? (distanceKm - 3) / 12 : 1;
  return [
    weight * (heightsM[0]! - mean(heightsM, near, far)),
    weight * (heightsM[last]! - mean(heightsM, last - far, last - near)),
  ];
}

function terrainStatistics(
  heightsM: ArrayLike<number>,
  stepM: number,
): Pick<EhataTerrain, 'height10M' | 'height50M' | 'height90M' | 'irregularityM'> {
  const last = heightsM.length - 1;
  const stepKm = stepM * 0.001;
  const distanceKm = last * stepKm;
  const end = distanceKm < 10 ? last : Math.trunc(10 / stepKm);
  const falling = Float64Array.from({ length: end + 1 }, (_, i) => -heightsM[i]!).sort();
  const exceededBy = (share: number): number => {
    const rank = Math.trunc(share * falling.length - 1);
    return -falling[Math.min(Math.max(0, rank), end)]!;
  };
  // A short path shows less than the asymptotic irregularity (TR-15-517, after Longley and Rice).
  const stretch = distanceKm < 10 ? (1 - 0.8 * Math.exp(-0.2)) / (1 - 0.8 * Math.exp(-0.02 * distanceKm)) : 1;
  const height10M = exceededBy(0.1);
  const height90M = exceededBy(0.9);
  return {
    height10M: height10M * stretch,
    height50M: exceededBy(0.5) * stretch,
    height90M: height90M * stretch,
    irregularityM: (height10M - height90M) * stretch,
  };
}

/** Least-squares slope of the first 5, 6 ... 10 km: the extreme one when all agree in sign, else that of 5 km. */
function mobileSlopeMrad(heightsM: ArrayLike<number>, stepM: number): number {
  const distanceM = (heightsM.length - 1) * stepM;
  let smallest = 1e31;
  let largest = -1e31;
  let firstFiveKm = 0;
  for (let lengthM = 5000; lengthM <= 10_000 && distanceM >= lengthM; lengthM += 1000) {
    const slope = -1000 * fittedSlope(heightsM, Math.trunc(lengthM / stepM), lengthM);
    smallest = Math.min(smallest, slope);
    largest = Math.max(largest, slope);
    if (lengthM === 5000) firstFiveKm = slope;
  }
  if (distanceM <= 5000 || largest * smallest < 0) return firstFiveKm;
  return largest >= 0 ? largest : smallest;
}

/** Rise per metre of the least-squares line over points 0..n, end points at half weight (ITM's fit). */
function fittedSlope(heightsM: ArrayLike<number>, n: number, lengthM: number): number {
  let moment = 0.5 * (heightsM[n]! - heightsM[0]!) * (n / 2);
  for (let i = 1; i < n; i++) moment += heightsM[i]! * (i - n / 2);
  return (moment * 12) / (n * n + 2) / lengthM;
}

function seaPath(heightsM: ArrayLike<number>): Pick<EhataTerrain, 'seaShare' | 'seaSide'> {
  const count = heightsM.length;
  const middle = Math.trunc((count - 1) / 2);
  let mobileSide = 0;
  let baseSide = 0;
  for (let i = 0; i < count; i++) {
    if (heightsM[i] !== 0) continue;
    if (i < middle) mobileSide++;
    else baseSide++;
  }
  const seaSide = mobileSide > baseSide ? 'mobile' : baseSide > mobileSide ? 'base' : 'both';
  return { seaShare: (mobileSide + baseSide) / count, seaSide };
}

/** Curvature of the effective Earth, 1/m, for refractivity 301 N-units at sea level. */
function effectiveCurvature(heightsM: ArrayLike<number>): number {
  const refractivity = 301 * Math.exp(-mean(heightsM, 0, heightsM.length - 1) / 9460);
  return 157e-9 * (1 - 0.04665 * Math.exp(refractivity / 179.3));
}

function horizons(
  heightsM: ArrayLike<number>,
  stepM: number,
  mobileHeightM: number,
  baseHeightM: number,
): Pick<EhataTerrain, 'mobileHorizonM' | 'baseHorizonM' | 'ridgeHeightM'> {
  const last = heightsM.length - 1;
  const distanceM = last * stepM;
  const curvature = effectiveCurvature(heightsM);
  const mobileTopM = heightsM[0]! + mobileHeightM;
  const baseTopM = heightsM[last]! + baseHeightM;
  const bulge = 0.5 * curvature;
  let mobileAngle = (baseTopM - mobileTopM) / distanceM - bulge * distanceM;
  let baseAngle = (mobileTopM - baseTopM) / distanceM - bulge * distanceM;
  let mobileHorizonM = distanceM;
  let baseHorizonM = distanceM;
  let blocked = false;
  for (let i = 1; i < last; i++) {
    const fromMobileM = i * stepM;
    const fromBaseM = distanceM - fromMobileM;
    const over = heightsM[i]! - (bulge * fromMobileM + mobileAngle) * fromMobileM - mobileTopM;
    if (over > 0) {
      mobileAngle += over / fromMobileM;
      mobileHorizonM = fromMobileM;
      blocked = true;
    }
    if (!blocked) continue;
    const overFromBase = heightsM[i]! - (bulge * fromBaseM + baseAngle) * fromBaseM - baseTopM;
    if (overFromBase > 0) {
      baseAngle += overFromBase / fromBaseM;
      baseHorizonM = fromBaseM;
    }
  }
  const apartM = Math.abs(distanceM - mobileHorizonM - baseHorizonM);
  if (apartM > 0.5 * stepM) return { mobileHorizonM, baseHorizonM, ridgeHeightM: null };
  const edgeM = heightsM[Math.trunc(mobileHorizonM / stepM)]!;
  // As NTIA's program weighs them: each antenna by its own horizon distance.
  const chordM = (baseTopM * baseHorizonM + mobileTopM * mobileHorizonM) / distanceM;
  const ridge = edgeM - chordM + bulge * mobileHorizonM * baseHorizonM;
  return { mobileHorizonM, baseHorizonM, ridgeHeightM: Math.max(0, ridge) };
}
