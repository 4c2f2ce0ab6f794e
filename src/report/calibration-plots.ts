import type { CalibrationSamples } from '../radio/calibration/samples.ts';

const SIZE = 420;
const MARGIN = 44;
/** Squares of the scatter, dB. */
const SCATTER_CELL_DB = 2;
/** Sides of the map's squares, metres, and the share of samples that should stand in squares shown. */
const MAP_CELLS_M = [100, 200, 400, 800, 1600] as const;
const SHOWN_SHARE = 2 / 3;
/** The fewest samples of a square that is shown: no raw sample leaves the page's data. */
const LEAST_SAMPLES = 5;
/** Residuals beyond are drawn in the end colour, dB. */
const RESIDUAL_END_DB = 15;

const tenth = (value: number): string => value.toFixed(1);

/** Measured against predicted loss as a density of squares, with the line of equality. */
export function scatterSvg(samples: CalibrationSamples, errorsDb: Float64Array): string {
  const predicted = samples.lossDb.map((loss, i) => loss - errorsDb[i]!);
  const low = Math.floor(Math.min(least(samples.lossDb), least(predicted)) / 10) * 10;
  const high = Math.ceil(Math.max(most(samples.lossDb), most(predicted)) / 10) * 10;
  const counts = new Map<string, number>();
  for (let i = 0; i < samples.count; i++) {
    const x = Math.floor((predicted[i]! - low) / SCATTER_CELL_DB);
    const y = Math.floor((samples.lossDb[i]! - low) / SCATTER_CELL_DB);
    counts.set(`${x},${y}`, (counts.get(`${x},${y}`) ?? 0) + 1);
  }
  const scale = (SIZE - 2 * MARGIN) / (high - low);
  const full = Math.max(1, ...counts.values());
  const squares = [...counts].map(([key, count]) => {
    const [x = 0, y = 0] = key.split(',').map(Number);
    const left = MARGIN + x * SCATTER_CELL_DB * scale;
    const top = SIZE - MARGIN - (y + 1) * SCATTER_CELL_DB * scale;
    const side = tenth(SCATTER_CELL_DB * scale);
    const opacity = (0.15 + 0.85 * Math.sqrt(count / full)).toFixed(2);
    return `<rect x="${tenth(left)}" y="${tenth(top)}" width="${side}" height="${side}" fill="#2a78d6" fill-opacity="${opacity}"/>`;
  });
  const far = SIZE - MARGIN;
  const marks = Array.from({ length: Math.floor((high - low) / 20) + 1 }, (_, k) => low + 20 * k).map(
    (value) => {
      const at = tenth(MARGIN + (value - low) * scale);
      const up = tenth(SIZE - MARGIN - (value - low) * scale);
      return `<text x="${at}" y="${far + 16}" text-anchor="middle">${value}</text><text x="${MARGIN - 6}" y="${up}" text-anchor="end">${value}</text>`;
    },
  );
  return `<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="Measured against predicted loss">
${squares.join('')}
<line x1="${MARGIN}" y1="${far}" x2="${far}" y2="${MARGIN}" stroke="currentColor" stroke-dasharray="4 3"/>
<path d="M${MARGIN} ${MARGIN}V${far}H${far}" fill="none" stroke="currentColor"/>
${marks.join('')}
<text x="${SIZE / 2}" y="${SIZE - 6}" text-anchor="middle">predicted loss, dB</text>
<text x="12" y="${SIZE / 2}" text-anchor="middle" transform="rotate(-90 12 ${SIZE / 2})">measured loss, dB</text>
</svg>`;
}

export interface ResidualMap {
  readonly svg: string;
  readonly cellM: number;
  readonly least: number;
  /** Squares with fewer samples than `least`. */
  readonly withheld: number;
}

/**
 * Mean residuals in squares around the sites: the smallest side at which most samples stand in squares that may be
 * shown. Null without positions.
 */
export function residualMapSvg(samples: CalibrationSamples, errorsDb: Float64Array): ResidualMap | null {
  if (samples.count === 0 || Number.isNaN(samples.eastM[0]!)) return null;
  const maps = MAP_CELLS_M.map((cellM) => squaresOf(samples, errorsDb, cellM));
  const enough = maps.find(({ samplesShown }) => samplesShown >= SHOWN_SHARE * samples.count);
  const { cellM, squares, withheld } = enough ?? maps[maps.length - 1]!;
  return { svg: drawMap(samples, squares, cellM), cellM, least: LEAST_SAMPLES, withheld };
}

/** Squares with samples enough, by the mean of their residuals. */
function squaresOf(samples: CalibrationSamples, errorsDb: Float64Array, cellM: number) {
  const cells = new Map<string, { sum: number; count: number }>();
  for (let i = 0; i < samples.count; i++) {
    const key = `${Math.floor(samples.eastM[i]! / cellM)},${Math.floor(samples.northM[i]! / cellM)}`;
    const cell = cells.get(key) ?? { sum: 0, count: 0 };
    cells.set(key, cell);
    cell.sum += errorsDb[i]!;
    cell.count++;
  }
  const shown = [...cells].filter(([, { count }]) => count >= LEAST_SAMPLES);
  return {
    cellM,
    squares: shown.map(([key, { sum, count }]) => [key, sum / count] as const),
    samplesShown: shown.reduce((sum, [, { count }]) => sum + count, 0),
    withheld: cells.size - shown.length,
  };
}

function drawMap(
  samples: CalibrationSamples,
  cells: readonly (readonly [string, number])[],
  cellM: number,
): string {
  const used = new Set(samples.sector);
  const sites = samples.sectors.filter((_, index) => used.has(index));
  const places = cells.map(([key]) => key.split(',').map((part) => Number(part) * cellM) as [number, number]);
  const east = [...places.flatMap(([x]) => [x, x + cellM]), ...sites.map(({ eastM }) => eastM)];
  const north = [...places.flatMap(([, y]) => [y, y + cellM]), ...sites.map(({ northM }) => northM)];
  const left = least(east);
  const top = most(north);
  const scale = (SIZE - 20) / Math.max(1, most(east) - left, top - least(north));
  const x = (value: number): string => tenth(10 + (value - left) * scale);
  const y = (value: number): string => tenth(10 + (top - value) * scale);
  const side = tenth(cellM * scale);
  const squares = cells.map(([, residual], k) => {
    const [cellEast, cellNorth] = places[k]!;
    return `<rect x="${x(cellEast)}" y="${y(cellNorth + cellM)}" width="${side}" height="${side}" fill="${residualColour(residual)}"><title>${residual.toFixed(1)} dB</title></rect>`;
  });
  const masts = sites.map(
    ({ eastM, northM }) =>
      `<circle cx="${x(eastM)}" cy="${y(northM)}" r="4" fill="currentColor" stroke="white"/>`,
  );
  return `<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="Map of mean residuals, sites as dots">
${squares.join('')}${masts.join('')}
</svg>`;
}

/** Blue (more signal) through grey to red (less signal): end colours differ in lightness from the middle for colour-blind eyes. */
function residualColour(residualDb: number): string {
  const share = Math.max(-1, Math.min(1, residualDb / RESIDUAL_END_DB));
  const [red, green, blue] = share > 0 ? [200, 60, 40] : [30, 90, 200];
  const mix = (end: number): number => Math.round(225 + (end - 225) * Math.abs(share));
  return `rgb(${mix(red)},${mix(green)},${mix(blue)})`;
}

function least(values: ArrayLike<number>): number {
  let low = Infinity;
  for (let i = 0; i < values.length; i++) low = Math.min(low, values[i]!);
  return low;
}

function most(values: ArrayLike<number>): number {
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) high = Math.max(high, values[i]!);
  return high;
}
