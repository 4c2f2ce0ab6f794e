import { Findings } from '../input/findings.ts';
import { positionProblem } from '../input/positions.ts';
import { asMultiPolygon, polygonProblem } from '../input/ring-checks.ts';
import type { FeatureRow } from '../input/stream/feature-row.ts';
import { whereOf } from '../input/stream/feature-row.ts';
import { isIdentifier } from '../input/stream/fields.ts';
import type { FeatureFileFacts } from '../input/stream/read-features.ts';
import { readFeatures } from '../input/stream/read-features.ts';
import type { ProgressListener } from '../progress.ts';

/** More properties than this are not carried over. */
const MAX_PROPERTIES = 200;

/** What a first look at the file found: which properties there are, and whether all features are points. */
export interface Survey {
  readonly facts: FeatureFileFacts;
  readonly names: readonly string[];
  readonly onlyPoints: boolean;
  readonly hasIds: boolean;
}

/**
 * Reads a file once, checks every geometry and notes which properties there are.
 * @throws InputError listing what is wrong.
 */
export async function surveyFile(
  input: string,
  maxErrors: number,
  onProgress: ProgressListener | undefined,
): Promise<Survey> {
  const findings = new Findings(maxErrors);
  let onlyPoints = true;
  let hasIds = false;
  const facts = await readFeatures(input, {
    file: input,
    fields: [],
    findings,
    onProgress,
    onRow: (row) => {
      onlyPoints &&= row.geometry === null;
      hasIds ||= row.id !== null;
      const polygons = row.geometry === null ? null : asMultiPolygon(row.geometry);
      const problem = polygons === null ? pointProblem(row) : polygonProblem(polygons);
      if (problem === null) return;
      const { code, message, hint } = problem;
      findings.error(message, { code, file: input, feature: whereOf(row), hint });
    },
  });
  if (facts.featuresRead === 0) findings.error('holds no features.', { code: 'no-features', file: input });
  if (facts.propertyNames.length >= MAX_PROPERTIES) {
    const hint = 'Leave out what is not needed.';
    findings.error(`has ${MAX_PROPERTIES} properties or more.`, {
      code: 'too-many-properties',
      file: input,
      hint,
    });
  }
  findings.throwIfErrors();
  const names = facts.propertyNames.filter((name) => name.toLowerCase() !== 'id' && !isIdentifier(name));
  return { facts, names, onlyPoints, hasIds };
}

function pointProblem(row: FeatureRow): ReturnType<typeof positionProblem> {
  return row.geometry === null ? positionProblem(row.lon, row.lat) : null;
}

/** Hands over every feature with the values of `names`, in the order of the file. */
export async function eachFeature(
  input: string,
  names: readonly string[],
  onProgress: ProgressListener,
  visit: (row: FeatureRow) => void,
): Promise<void> {
  const findings = new Findings();
  const fields = names.map((name) => ({ names: [name] }));
  await readFeatures(input, { file: input, fields, findings, onRow: visit, onProgress });
  findings.throwIfErrors();
}
