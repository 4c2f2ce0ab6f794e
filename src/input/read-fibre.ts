import type { Position } from 'geojson';
import type { LonLat } from '../geo/nearest-line.ts';
import type { ProgressListener } from '../progress.ts';
import type { Findings } from './findings.ts';
import { positionProblem } from './positions.ts';
import type { FeatureRow } from './stream/feature-row.ts';
import { whereOf } from './stream/feature-row.ts';
import { readFeatures } from './stream/read-features.ts';
import type { InputFileSummary } from './types.ts';

export interface ReadFibreOptions {
  readonly file: string;
  readonly findings: Findings;
  readonly onProgress?: ProgressListener | undefined;
}

export interface FibreInput {
  /** Lines, and points as lines of one position. */
  readonly lines: readonly (readonly LonLat[])[];
  readonly summary: InputFileSummary;
}

/**
 * Reads where fibre can be had: lines (the cable can be reached anywhere) and points (exchanges, cabinets).
 * @throws InputError where the file cannot be read on, or the findings are full.
 */
export async function readFibre(path: string, options: ReadFibreOptions): Promise<FibreInput> {
  const { file, findings, onProgress } = options;
  const lines: (readonly LonLat[])[] = [];
  const facts = await readFeatures(path, {
    file,
    fields: [],
    findings,
    onRow: (row) => {
      for (const line of linesOf(row, options)) lines.push(line);
    },
    onProgress,
  });
  if (facts.featuresRead === 0) findings.error('holds no fibre.', { code: 'no-features', file });
  const { sha256, dialect, featuresRead, identifiersDropped } = facts;
  const summary = {
    role: 'fibre' as const,
    file: facts.file,
    sha256,
    dialect,
    featuresRead,
    setAside: {},
    identifiersDropped,
  };
  return { lines, summary };
}

function linesOf(row: FeatureRow, { file, findings }: ReadFibreOptions): LonLat[][] {
  const parts = partsOf(row);
  if (parts === null) {
    const message = `is a ${row.geometry?.type ?? 'feature without geometry'}, a line or a point is expected.`;
    findings.error(message, { code: 'geometry-type', file, feature: whereOf(row) });
    return [];
  }
  const lines = parts.map((part) => part.map(([lon = NaN, lat = NaN]): LonLat => [lon, lat]));
  const problem = lines
    .flat()
    .map(([lon, lat]) => positionProblem(lon, lat))
    .find((found) => found !== null);
  if (problem === undefined) return lines;
  const { code, message, hint } = problem;
  findings.error(message, { code, file, feature: whereOf(row), hint });
  return [];
}

/** Points become lines of one position; null for areas. */
function partsOf({ geometry, lon, lat }: FeatureRow): Position[][] | null {
  switch (geometry?.type) {
    case undefined:
      return [[[lon, lat]]];
    case 'LineString':
      return [geometry.coordinates];
    case 'MultiLineString':
      return geometry.coordinates;
    case 'MultiPoint':
      return geometry.coordinates.map((position) => [position]);
    default:
      return null;
  }
}
