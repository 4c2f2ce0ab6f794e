import type { Position } from 'geojson';
import type { ProgressListener } from '../progress.ts';
import type { Findings } from './findings.ts';
import { buildLineTable, type LineTable, type RawLine } from './line-table.ts';
import { nearestKey } from './nearest-key.ts';
import { positionProblem } from './positions.ts';
import type { Scenario } from './scenario-schema.ts';
import type { FeatureRow } from './stream/feature-row.ts';
import { textOf, whereOf } from './stream/feature-row.ts';
import { readFeatures, type FeatureFileFacts } from './stream/read-features.ts';
import type { InputFileSummary } from './types.ts';

/** Positions that are read before it is told again. */
const TOLD_POSITIONS = 1 << 16;
/** More groups than a table can show are no groups. */
const MAX_GROUPS = 200;

export interface ReadLinesOptions {
  readonly file: string;
  readonly spec: NonNullable<Scenario['lines']>;
  readonly findings: Findings;
  readonly onProgress?: ProgressListener | undefined;
  /** Told how many positions there will be, every so many. */
  readonly onGrowth?: ((positions: number) => void) | undefined;
}

export interface LinesInput {
  readonly lines: LineTable;
  readonly summary: InputFileSummary;
}

/**
 * Reads lines (LineString, MultiLineString) of which kilometres served are to be stated, by the value of a property where
 * `groupBy` names one. Lines without length are set aside and counted.
 * @throws InputError where the file cannot be read on, or the findings are full.
 */
export async function readLines(path: string, options: ReadLinesOptions): Promise<LinesInput> {
  const { file, findings, spec, onProgress } = options;
  const lines: RawLine[] = [];
  let withoutLength = 0;
  let read = 0;
  let told = 0;
  const groups = new Set<string>();
  const facts = await readFeatures(path, {
    file,
    fields: spec.groupBy === undefined ? [] : [{ names: [spec.groupBy] }],
    findings,
    onRow: (row) => {
      const parts = linesOf(row, options);
      const group = spec.groupBy === undefined ? '' : (textOf(row.values[0]) ?? '');
      if (parts.length > 0) groups.add(group);
      for (const positions of parts) {
        read += positions.length;
        if (read - told >= TOLD_POSITIONS) options.onGrowth?.((told = read) + TOLD_POSITIONS);
        if (hasLength(positions)) lines.push({ group, positions });
        else withoutLength++;
      }
    },
    onProgress,
  });
  checkGroups(facts, groups.size, options);
  if (lines.length === 0 && findings.errorCount === 0) {
    findings.error('holds no lines.', { code: 'no-features', file });
  }
  const { sha256, dialect, featuresRead, identifiersDropped } = facts;
  const setAside: Record<string, number> = withoutLength > 0 ? { 'without length': withoutLength } : {};
  const own = { file: facts.file, sha256, dialect, featuresRead, setAside, identifiersDropped };
  return { lines: buildLineTable(lines), summary: { role: 'lines', ...own } };
}

function checkGroups(
  { propertyNames, featuresRead }: FeatureFileFacts,
  groups: number,
  { file, findings, spec }: ReadLinesOptions,
): void {
  const { groupBy } = spec;
  if (groupBy === undefined || featuresRead === 0) return;
  if (!propertyNames.includes(groupBy)) {
    const nearest = nearestKey(groupBy, propertyNames);
    const hint =
      nearest === null
        ? `Its properties are ${propertyNames.slice(0, 12).join(', ')}.`
        : `Did you mean "${nearest}"?`;
    findings.error(`no feature has a property "${groupBy}".`, { code: 'property-missing', file, hint });
  } else if (groups > MAX_GROUPS) {
    findings.error(`has ${groups} values of "${groupBy}"; at most ${MAX_GROUPS} groups are told apart.`, {
      code: 'too-many-groups',
      file,
      hint: 'Name a property such as the road class in lines.groupBy.',
    });
  }
}

function hasLength(positions: RawLine['positions']): boolean {
  const [first] = positions;
  return positions.some(([lon, lat]) => lon !== first![0] || lat !== first![1]);
}

/** The lines of a feature; none after an error. */
function linesOf(row: FeatureRow, { file, findings }: ReadLinesOptions): RawLine['positions'][] {
  const complain = (code: string, message: string, hint?: string): [] => {
    findings.error(message, { code, file, feature: whereOf(row), hint });
    return [];
  };
  const parts = partsOf(row);
  if (parts === null) {
    return complain('geometry-type', `is a ${row.geometry?.type ?? 'Point'}, a line is expected.`);
  }
  if (parts.length === 0 || parts.some((part) => part.length < 2)) {
    return complain(
      'line-too-short',
      'has a line of fewer than two positions.',
      'A line joins at least two.',
    );
  }
  const lines = parts.map((part) => part.map(([lon = NaN, lat = NaN]): [number, number] => [lon, lat]));
  for (const line of lines) {
    for (const [k, [lon, lat]] of line.entries()) {
      const problem = positionProblem(lon, lat);
      if (problem !== null) return complain(problem.code, problem.message, problem.hint);
      if (k > 0 && Math.abs(lon - line[k - 1]![0]) > 180) {
        const hint = 'Cut it there into two lines (RFC 7946, section 3.1.9).';
        return complain('antimeridian', 'crosses the 180 degree meridian.', hint);
      }
    }
  }
  return lines;
}

function partsOf({ geometry }: FeatureRow): Position[][] | null {
  if (geometry?.type === 'LineString') return [geometry.coordinates];
  return geometry?.type === 'MultiLineString' ? geometry.coordinates : null;
}
