import type { AssessmentResult } from '../assess/result.ts';
import { STATE_FILE, stateFileContent } from '../assess/state-file.ts';
import { buildAssessmentJson } from './assess-json.ts';
import { measureNextFeatures, weakAreaFeatures } from './assess-layers.ts';
import { assessmentPage } from './assess-page.ts';
import { servicesCsv } from './assess-services.ts';
import { assessmentMarkdown, scorecardCsv } from './assess-text.ts';
import type { OutputFolder } from './atomic.ts';
import { openOutput } from './atomic.ts';
import { featureCollectionText } from './geojson-text.ts';
import { jsonText } from './json-text.ts';
import type { WrittenFiles } from './write-plan.ts';
import type { Language } from './words/words.ts';

/** Written last: its presence means that an assessment is complete. */
export const ASSESSMENT_FILE = 'assessment.json';

/** Every file that `assess` may write into its output folder. */
export const ASSESSMENT_FILES = [
  'weak-areas.geojson',
  'measure-next.geojson',
  'services.csv',
  'scorecard.csv',
  'summary.md',
  'assessment.html',
  STATE_FILE,
  ASSESSMENT_FILE,
] as const;

/** Owner only: the state for the next quarter holds measured levels (design section 11). */
const OWNER_ONLY = 0o600;

export interface WriteAssessmentOptions {
  readonly force?: boolean | undefined;
  readonly language?: Language | undefined;
  /** A folder opened before the run; it is left open. */
  readonly output?: OutputFolder | undefined;
}

/** Takes an output folder for `assess`: call it when the inputs are valid, before the work starts. */
export function openAssessmentOutput(dir: string, force: boolean): Promise<OutputFolder> {
  return openOutput(dir, { force, mayWrite: ASSESSMENT_FILES, completionFile: ASSESSMENT_FILE });
}

/**
 * Writes an assessment into a folder, all files or none; assessment.json last.
 * @throws InputError when the folder holds files of others, EnvironmentError when it is locked or not writable.
 */
export async function writeAssessment(
  result: AssessmentResult,
  dir: string,
  options: WriteAssessmentOptions = {},
): Promise<WrittenFiles> {
  const output = options.output ?? (await openAssessmentOutput(dir, options.force === true));
  try {
    await output.stage('weak-areas.geojson', featureCollectionText('weak-areas', weakAreaFeatures(result)));
    await output.stage(
      'measure-next.geojson',
      featureCollectionText('measure-next', measureNextFeatures(result)),
    );
    const files = ASSESSMENT_FILES.filter(
      (name) => name !== 'services.csv' || result.serviceShares.length > 0,
    );
    if (result.serviceShares.length > 0) await output.stage('services.csv', servicesCsv(result));
    await output.stage('scorecard.csv', scorecardCsv(result));
    await output.stage('summary.md', assessmentMarkdown(result));
    await output.stage('assessment.html', await assessmentPage(result, options.language ?? 'en'));
    await output.stage(STATE_FILE, stateFileContent(result.state), OWNER_ONLY);
    await output.stage(ASSESSMENT_FILE, jsonText(buildAssessmentJson(result, files)));
    return { dir: output.dir, files: await output.commit() };
  } finally {
    if (options.output === undefined) await output.close();
  }
}
