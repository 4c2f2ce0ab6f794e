/** The normal distribution, to double precision. */

const INV_SQRT_PI = 0.5641895835477563;
const SQRT_2 = Math.SQRT2;
const SQRT_2_PI = 2.5066282746310002;

/**
 * Complementary error function, relative error below 1e-15. Rational minimax approximations of
 * W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969).
 */
export function erfc(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude <= 0.46875) return 1 - erfSmall(x);
  const tail = magnitude <= 4 ? erfcMiddle(magnitude) : erfcLarge(magnitude);
  return x < 0 ? 2 - tail : tail;
}

function erfSmall(x: number): number {
  const y = x * x;
  let top = 0.18577770618460315 * y;
  let bottom = y;
  top = (top + 3.1611237438705655) * y;
  bottom = (bottom + 23.601290952344122) * y;
  top = (top + 113.86415415105016) * y;
  bottom = (bottom + 244.02463793444417) * y;
  top = (top + 377.485237685302) * y;
  bottom = (bottom + 1282.6165260773723) * y;
  return (x * (top + 3209.3775891384694)) / (bottom + 2844.236833439171);
}

function erfcMiddle(x: number): number {
  let top = 2.1531153547440383e-8 * x;
  let bottom = x;
  top = (top + 0.5641884969886701) * x;
  bottom = (bottom + 15.744926110709835) * x;
  top = (top + 8.883149794388377) * x;
  bottom = (bottom + 117.6939508913125) * x;
  top = (top + 66.11919063714163) * x;
  bottom = (bottom + 537.1811018620099) * x;
  top = (top + 298.6351381974001) * x;
  bottom = (bottom + 1621.3895745666903) * x;
  top = (top + 881.952221241769) * x;
  bottom = (bottom + 3290.7992357334597) * x;
  top = (top + 1712.0476126340707) * x;
  bottom = (bottom + 4362.619090143247) * x;
  top = (top + 2051.0783778260716) * x;
  bottom = (bottom + 3439.3676741437216) * x;
  return (expMinusSquare(x) * (top + 1230.3393547979972)) / (bottom + 1230.3393548037495);
}

function erfcLarge(x: number): number {
  if (x > 27) return 0;
  const y = 1 / (x * x);
  let top = 0.016315387137302097 * y;
  let bottom = y;
  top = (top + 0.30532663496123236) * y;
  bottom = (bottom + 2.568520192289822) * y;
  top = (top + 0.36034489994980445) * y;
  bottom = (bottom + 1.8729528499234673) * y;
  top = (top + 0.12578172611122926) * y;
  bottom = (bottom + 0.5279051029514285) * y;
  top = (top + 0.016083785148742275) * y;
  bottom = (bottom + 0.06051834131244132) * y;
  const ratio = (y * (top + 0.0006587491615298378)) / (bottom + 0.0023352049762686918);
  return (expMinusSquare(x) * (INV_SQRT_PI - ratio)) / x;
}

/** exp(-x²) without the rounding error of x² (Cody splits x at sixteenths). */
function expMinusSquare(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-coarse * coarse) * Math.exp(-(x - coarse) * (x + coarse));
}

/** Phi(z): probability that a standard normal variable is at most z. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z / SQRT_2);
}

/** Density of the standard normal distribution. */
export function normalPdf(z: number): number {
  return Math.exp(-0.5 * z * z) / SQRT_2_PI;
}

/**
 * Inverse of Phi for p in (0, 1); 0 and 1 give -Infinity and Infinity, anything else NaN. Start value: the rational
 * approximation of P. J. Acklam (2003, relative error 1.15e-9), then one step of Halley's method against
 * `normalCdf`: accurate to 1e-14 or so.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  if (p > 0.5) return -normalQuantile(1 - p);
  const start = p < 0.02425 ? quantileTail(p) : quantileCentre(p);
  const step = (normalCdf(start) - p) / normalPdf(start);
  return start - step / (1 + (start * step) / 2);
}

function quantileTail(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  const top =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) *
      q +
      4.374664141464968) *
      q +
    2.938163982698783;
  const bottom =
    (((0.007784695709041462 * q + 0.3224671290700413) * q + 2.445134137142996) * q + 3.754408661907416) * q +
    1;
  return top / bottom;
}

function quantileCentre(p: number): number {
  const q = p - 0.5;
  const r = q * q;
  const top =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const bottom =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return (top * q) / bottom;
}
