/**
 * Draws docs/images/models.svg: median loss of every model against distance, one setting for all, so that a reader sees how far
 * they lie apart. `npx tsx scripts/draw-models.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LinkParameters } from '../src/radio/model.ts';
import type { ModelId } from '../src/radio/model-ids.ts';
import { bindModel } from '../src/radio/models.ts';

const WIDTH = 900;
const HEIGHT = 520;
const LEFT = 60;
const TOP = 56;
const RIGHT = 690;
const BOTTOM = 460;
const NEAR_M = 100;
const FAR_M = 20_000;
const LOW_DB = 70;
const HIGH_DB = 190;
const POINTS = 120;
/** Labels stand at least this far apart, pixels. */
const LABEL_GAP = 15;

const link: LinkParameters = {
  frequencyMhz: 1800,
  txHeightM: 30,
  rxHeightM: 1.5,
  environment: 'medium-city',
  sigmaDb: null,
};

interface Curve {
  readonly label: string;
  readonly model: ModelId;
  readonly environment?: LinkParameters['environment'];
  readonly colour: string;
  readonly dash?: string;
}

/** Families share a colour; dashes tell their members apart without it. */
const CURVES: readonly Curve[] = [
  { label: 'free space', model: 'free-space', colour: '#666666' },
  { label: 'Okumura-Hata, city', model: 'hata', colour: '#b04a00' },
  { label: 'Okumura-Hata, suburban', model: 'hata', environment: 'suburban', colour: '#b04a00', dash: '7 4' },
  { label: 'Okumura-Hata, open', model: 'hata', environment: 'open', colour: '#b04a00', dash: '2 4' },
  { label: 'COST 231-Hata, city', model: 'cost231', colour: '#8a1f8a' },
  { label: 'extended Hata, city', model: 'extended-hata', colour: '#8a1f8a', dash: '7 4' },
  { label: '38.901 UMa, LOS and NLOS', model: 'uma', colour: '#0a5fb0' },
  { label: '38.901 UMi, LOS and NLOS', model: 'umi', colour: '#0a5fb0', dash: '7 4' },
  { label: '38.901 RMa, LOS and NLOS', model: 'rma', colour: '#0a5fb0', dash: '2 4' },
  { label: 'log-distance, n = 3.5', model: 'log-distance', colour: '#0f7a4a' },
  { label: 'SPM, start values', model: 'spm', colour: '#0f7a4a', dash: '7 4' },
  { label: 'SUI A', model: 'sui', colour: '#a08000' },
];

const x = (distanceM: number): number =>
  LEFT + ((RIGHT - LEFT) * Math.log(distanceM / NEAR_M)) / Math.log(FAR_M / NEAR_M);
const y = (lossDb: number): number => BOTTOM - ((BOTTOM - TOP) * (lossDb - LOW_DB)) / (HIGH_DB - LOW_DB);

function path({ model, environment }: Curve): { line: string; endDb: number } {
  const bound = bindModel(model, { ...link, ...(environment !== undefined && { environment }) });
  const points: string[] = [];
  let endDb = NaN;
  for (let k = 0; k <= POINTS; k++) {
    const distanceM = NEAR_M * (FAR_M / NEAR_M) ** (k / POINTS);
    endDb = bound.medianLossDb(distanceM);
    points.push(`${x(distanceM).toFixed(1)} ${y(endDb).toFixed(1)}`);
  }
  return { line: `M${points.join('L')}`, endDb };
}

const drawn = CURVES.map((curve) => ({ ...curve, ...path(curve) })).sort((a, b) => b.endDb - a.endDb);
let lastLabel = -Infinity;
const curves = drawn.map(({ label, colour, dash, line, endDb }) => {
  const end = y(endDb);
  lastLabel = Math.max(end + 4, lastLabel + LABEL_GAP);
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  return (
    `<path d="${line}" fill="none" stroke="${colour}" stroke-width="1.8"${dashes}/>` +
    `<path d="M${RIGHT} ${end.toFixed(1)}L${RIGHT + 12} ${(lastLabel - 4).toFixed(1)}" stroke="${colour}" fill="none"/>` +
    `<text x="${RIGHT + 16}" y="${lastLabel.toFixed(1)}" fill="${colour}">${label}</text>`
  );
});

const distances = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].map((distanceM) => {
  const at = x(distanceM).toFixed(1);
  const text = distanceM < 1000 ? `${distanceM} m` : `${distanceM / 1000} km`;
  return `<path d="M${at} ${TOP}V${BOTTOM}" stroke="#ddd"/><text x="${at}" y="${BOTTOM + 18}" text-anchor="middle">${text}</text>`;
});
const losses = Array.from({ length: (HIGH_DB - LOW_DB) / 20 + 1 }, (_, k) => LOW_DB + 20 * k).map(
  (lossDb) => {
    const at = y(lossDb).toFixed(1);
    return `<path d="M${LEFT} ${at}H${RIGHT}" stroke="#ddd"/><text x="${LEFT - 8}" y="${(y(lossDb) + 4).toFixed(1)}" text-anchor="end">${lossDb}</text>`;
  },
);

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<title>Median loss of the models against distance</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>
<text x="${LEFT}" y="22" font-size="15" font-weight="600">The published models lie tens of decibels apart: calibrate</text>
<text x="${LEFT}" y="42" fill="#555">Median loss, dB, 1800 MHz, base 30 m, user 1.5 m; held at free space; beyond a model's range too</text>
${distances.join('\n')}
${losses.join('\n')}
${curves.join('\n')}
</svg>
`;

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}models.svg`, svg);
