import type { AssessmentResult } from '../assess/result.ts';
import type { WeakArea } from '../assess/areas.ts';
import { zoneOf } from '../coverage/effective-samples.ts';
import { EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import { squaresOutline } from './assess-layers.ts';
import { escapeHtml } from './escape.ts';
import { placeLabels, type Box, type Label } from './label-places.ts';
import { localMetres, meanOf, type LocalMetres } from './local-metres.ts';
import { lengthText, roundLengthM } from './round-length.ts';
import { ASSESS_WORDS } from './words/assess-words.ts';
import type { Language } from './words/words.ts';
import { fill } from './words/words.ts';

const WIDTH = 900;
const POINT_SIDE_M = 100;
/** Nothing is drawn smaller than this, in units of the picture. */
const LEAST_SIDE = 3;
const MARGIN = 0.08;
/** Half the diagonal of a planned site's sign, units of the picture. */
const PLANNED_SIZE = 7;
/** Of the names of areas, units of the picture; page style says the same. */
const NAME_SIZE = 13;
/** Weak areas with a name on the map: those with most users. */
const NAMED_AREAS = 12;
/** Height of the picture as a part of its width. */
const LEAST_HEIGHT = 0.45;
const MOST_HEIGHT = 0.75;

interface Frame {
  readonly plane: LocalMetres;
  readonly minX: number;
  readonly maxY: number;
  /** Units of the picture per metre. */
  readonly scale: number;
  readonly height: number;
}

/**
 * One period (of several services one of them) as SVG: regions, demand cells by state, weak areas and squares to measure next (dashed), with their names.
 * The frame holds everything something is known of and everything to be measured.
 */
export function assessmentMap(
  result: AssessmentResult,
  period: number,
  service: string | null,
  language: Language,
): string {
  const words = ASSESS_WORDS[language];
  const frame = frameOf(result);
  const areas = result.weakAreas.filter((area) => area.period === period && area.service === service);
  const label = fill(words.mapText, {
    period: [result.demand.periods[period]!, ...(service === null ? [] : [service])].join(words.listComma),
    weak: areas.length,
    measure: result.measureNext.length,
  });
  const zone = zoneOf(result.demand.lon, result.demand.lat);
  const shape = (sideM: number, columns: readonly number[], rows: readonly number[]): string =>
    squaresOutline(zone, sideM, columns, rows)
      .map((rings) => rings.map((ring) => ringPath(frame, ring as [number, number][])).join(''))
      .join('');
  const cells = cellPaths(result, period, service, frame);
  const regions = (result.regions?.polygons ?? [])
    .flatMap((polygons) => polygons.flatMap((rings) => rings.map((ring) => ringPath(frame, ring))))
    .join('');
  return [
    `<svg class="assess-map" viewBox="0 0 ${WIDTH} ${frame.height}" role="img" aria-label="${escapeHtml(label)}" data-units-per-metre="${frame.scale}">`,
    '<g class="m-view">',
    `<path class="m-region" d="${regions}"/>`,
    `<path class="m-unknown" d="${cells.unknown}"/>`,
    `<path class="m-served" d="${cells.served}"/>`,
    `<path class="m-open" d="${cells.open}"/>`,
    ...result.measureNext.map(
      (area) => `<path class="m-measure" d="${shape(area.sideM, [area.column], [area.row])}"/>`,
    ),
    ...areas.map((area) => `<path class="m-weak" d="${shape(area.sideM, area.columns, area.rows)}"/>`),
    plannedSites(result, frame),
    ...names(result, areas.slice(0, NAMED_AREAS), frame),
    '</g>',
    scaleBar(frame),
    '</svg>',
  ].join('');
}

/** Names of weak areas, complaints with good signal and squares to measure: where they hide each other least. */
function names(result: AssessmentResult, areas: readonly WeakArea[], frame: Frame): string[] {
  const zone = zoneOf(result.demand.lon, result.demand.lat);
  const label = (
    text: string,
    className: string,
    square: { column: number; row: number; sideM: number },
  ): Label => {
    const { column, row, sideM } = square;
    const [west, south] = zone.toDegrees(column * sideM, row * sideM);
    const [east, north] = zone.toDegrees((column + 1) * sideM, (row + 1) * sideM);
    return { text, className, of: [x(frame, west), y(frame, north), x(frame, east), y(frame, south)] };
  };
  const labels = [
    ...areas.map(({ id, columns, rows, sideM }) =>
      label(id, 'm-weak-name', { column: columns[0]!, row: rows[0]!, sideM }),
    ),
    ...(result.feedback?.unexplained ?? []).map((area, k) => label(`C${k + 1}`, 'm-complaint-name', area)),
    ...result.measureNext.map((area) => label(area.id, 'm-measure-name', area)),
  ];
  const { plan } = result;
  const marks = (plan?.solution.sites ?? []).map((site): Box => {
    const [px, py] = [x(frame, plan!.candidates.lon[site]!), y(frame, plan!.candidates.lat[site]!)];
    return [px - PLANNED_SIZE, py - PLANNED_SIZE, px + PLANNED_SIZE, py + PLANNED_SIZE];
  });
  return placeLabels(labels, marks, { width: WIDTH, height: frame.height }, NAME_SIZE).map(
    (placed) =>
      `<text class="${placed.className}" x="${placed.x.toFixed(1)}" y="${placed.y.toFixed(1)}">${placed.text}</text>`,
  );
}

/** Sites of the plan for the weak areas, each a diamond. */
function plannedSites({ plan }: AssessmentResult, frame: Frame): string {
  if (plan === null) return '';
  const { candidates, solution } = plan;
  const diamonds = solution.sites.map(
    (site) =>
      `<path class="m-planned" d="M${x(frame, candidates.lon[site]!)} ${y(frame, candidates.lat[site]!) - PLANNED_SIZE}l${PLANNED_SIZE} ${PLANNED_SIZE}l-${PLANNED_SIZE} ${PLANNED_SIZE}l-${PLANNED_SIZE} -${PLANNED_SIZE}Z"/>`,
  );
  return diamonds.join('');
}

function frameOf(result: AssessmentResult): Frame {
  const { demand, baseline, measureNext } = result;
  const plane = localMetres(meanOf(demand.lat));
  const wanted = new Set(measureNext.flatMap((area) => area.cells));
  for (const evidence of baseline.evidence) {
    evidence.forEach((code, i) => {
      if (code !== EVIDENCE_UNKNOWN) wanted.add(i);
    });
  }
  const shown = wanted.size > 0 ? [...wanted] : Array.from({ length: demand.count }, (_, i) => i);
  let [minX, maxX, minY, maxY] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const i of shown) {
    minX = Math.min(minX, plane.x(demand.lon[i]!));
    maxX = Math.max(maxX, plane.x(demand.lon[i]!));
    minY = Math.min(minY, plane.y(demand.lat[i]!));
    maxY = Math.max(maxY, plane.y(demand.lat[i]!));
  }
  const high = (maxY - minY) * (1 + 2 * MARGIN);
  const sizeX = Math.max(Math.max(2000, maxX - minX) * (1 + 2 * MARGIN), high / MOST_HEIGHT);
  const sizeY = Math.max(LEAST_HEIGHT * sizeX, high);
  const scale = WIDTH / sizeX;
  return {
    plane,
    minX: (minX + maxX - sizeX) / 2,
    maxY: (minY + maxY + sizeY) / 2,
    scale,
    height: Math.round(sizeY * scale),
  };
}

function x(frame: Frame, lon: number): number {
  return Math.round((frame.plane.x(lon) - frame.minX) * frame.scale * 10) / 10;
}

function y(frame: Frame, lat: number): number {
  return Math.round((frame.maxY - frame.plane.y(lat)) * frame.scale * 10) / 10;
}

/** A closed ring; nothing when all of it lies outside the picture. */
function ringPath(frame: Frame, ring: readonly (readonly [number, number])[]): string {
  const points = ring.map(([lon, lat]) => [x(frame, lon), y(frame, lat)] as const);
  const outside =
    points.every(([px]) => px < 0) ||
    points.every(([px]) => px > WIDTH) ||
    points.every(([, py]) => py < 0) ||
    points.every(([, py]) => py > frame.height);
  return outside ? '' : `M${points.map(([px, py]) => `${px} ${py}`).join('L')}Z`;
}

function cellPaths(
  result: AssessmentResult,
  period: number,
  service: string | null,
  frame: Frame,
): { served: string; open: string; unknown: string } {
  const { demand, baseline } = result;
  const rows = demand.services;
  const wanted = service === null ? -1 : (rows?.names.indexOf(service) ?? -1);
  const paths = { served: [] as string[], open: [] as string[], unknown: [] as string[] };
  for (let i = 0; i < demand.count; i++) {
    if (demand.usersMilli[period]![i] === 0 || (rows !== undefined && rows.ofRow[i] !== wanted)) continue;
    const side = Math.max(LEAST_SIDE, (demand.cellM[i]! || POINT_SIDE_M) * frame.scale);
    const left = x(frame, demand.lon[i]!) - side / 2;
    const top = y(frame, demand.lat[i]!) - side / 2;
    if (left < -side || top < -side || left > WIDTH || top > frame.height) continue;
    const state =
      baseline.evidence[period]![i] === EVIDENCE_UNKNOWN
        ? 'unknown'
        : baseline.served[period]![i] === 1
          ? 'served'
          : 'open';
    const size = side.toFixed(1);
    paths[state].push(`M${left.toFixed(1)} ${top.toFixed(1)}h${size}v${size}h-${size}Z`);
  }
  return { served: paths.served.join(''), open: paths.open.join(''), unknown: paths.unknown.join('') };
}

/** A round length near a fifth of the width; the page's program draws it anew with every zoom. */
function scaleBar(frame: Frame): string {
  const lengthM = roundLengthM(WIDTH / frame.scale / 5);
  const width = (lengthM * frame.scale).toFixed(1);
  const bottom = frame.height - 14;
  return `<g class="m-scale"><path class="m-bar" d="M14 ${bottom - 6}v6h${width}v-6"/><text class="m-length" x="20" y="${bottom - 6}">${lengthText(lengthM)}</text><text x="14" y="24">N</text><path d="M19 46v-16m-4 5l4 -5l4 5"/></g>`;
}
