import type { PlanResult, RunFacts } from '../planning/plan-result.ts';
import type { OutputFolder } from './atomic.ts';
import { ASSIGNMENT_FILE, assignmentCsv } from './assignment-csv.ts';
import { openOutput } from './atomic.ts';
import { EVALUATION_FILE, evaluationCsv } from './evaluation-csv.ts';
import { DEFAULT_FORMATS, FORMAT_FILES, stageFormats, type OutputFormat } from './formats/formats.ts';
import { findGaps } from './gaps.ts';
import { featureCollectionText } from './geojson-text.ts';
import { jsonText } from './json-text.ts';
import { planLayers } from './layers.ts';
import { pageHtml } from './page-html.ts';
import { countPlan } from './plan-facts.ts';
import { buildReport } from './report-json.ts';
import { summaryMarkdown } from './summary-md.ts';
import type { Language } from './words/words.ts';

/** Every file that `plan` may write into its output folder. */
export const PLAN_FILES: readonly string[] = [
  ...FORMAT_FILES,
  'sites.geojson',
  'candidates.geojson',
  'demand.geojson',
  'gaps.geojson',
  'service-areas.geojson',
  'existing.geojson',
  'regions.geojson',
  'bins.geojson',
  'lines.geojson',
  ASSIGNMENT_FILE,
  EVALUATION_FILE,
  'scenario.resolved.yaml',
  'summary.md',
  'report.html',
  'run.json',
  'report.json',
];

export interface WritePlanOptions {
  readonly force?: boolean | undefined;
  /** Language of the page and of the reasons in the layers; report.json and summary.md are English. */
  readonly language?: Language | undefined;
  /** Formats of the layers; GeoJSON is always written. Default: GeoJSON and one GeoPackage. */
  readonly formats?: readonly OutputFormat[] | undefined;
  /** Text of scenario.resolved.yaml (src/input/resolved-scenario.ts), left out when absent. */
  readonly resolvedScenario?: string | undefined;
  /** Facts of this run: with them run.json is written. */
  readonly facts?: RunFacts | undefined;
  /** Further facts for run.json, for example the command line and versions. */
  readonly run?: Readonly<Record<string, unknown>> | undefined;
  /** A folder opened before the run, so that a lock is held and refusals come early; it is left open. */
  readonly output?: OutputFolder | undefined;
}

export interface WrittenFiles {
  readonly dir: string;
  /** Names in the folder; `report.json` last. */
  readonly files: readonly string[];
}

/**
 * Writes a plan into a folder, all files or none: staged, then renamed, report.json last.
 * @throws InputError when the folder holds files of others, EnvironmentError when it is locked or not writable.
 */
export async function writePlan(
  result: PlanResult,
  dir: string,
  options: WritePlanOptions = {},
): Promise<WrittenFiles> {
  const output = options.output ?? (await openPlanOutput(dir, options.force === true));
  try {
    await stagePlan(result, output, options);
    return { dir: output.dir, files: await output.commit() };
  } finally {
    if (options.output === undefined) await output.close();
  }
}

/** Takes an output folder for `plan`: call it when the inputs are valid, before the work starts. */
export function openPlanOutput(dir: string, force: boolean): Promise<OutputFolder> {
  return openOutput(dir, { force, mayWrite: PLAN_FILES });
}

async function stagePlan(result: PlanResult, output: OutputFolder, options: WritePlanOptions): Promise<void> {
  const language = options.language ?? 'en';
  const facts = countPlan(result);
  const gaps = findGaps(result, facts);
  const files: string[] = [];
  const stage: OutputFolder['stage'] = async (name, content, mode) => {
    await output.stage(name, content, mode);
    files.push(name);
  };
  const layers = planLayers(result, facts, gaps, language);
  for (const layer of layers) {
    await stage(`${layer.name}.geojson`, featureCollectionText(layer.name, layer.features()));
  }
  const formats = options.formats ?? DEFAULT_FORMATS;
  files.push(...(await stageFormats(result, facts, layers, output, { formats, language })));
  if (facts.loads !== null) await stage(ASSIGNMENT_FILE, assignmentCsv(result));
  if (result.evaluation !== null) await stage(EVALUATION_FILE, evaluationCsv(result.evaluation));
  if (options.resolvedScenario !== undefined) await stage('scenario.resolved.yaml', options.resolvedScenario);
  await stage('summary.md', summaryMarkdown(result, facts, gaps));
  await stage('report.html', await pageHtml(result, facts, gaps, language));
  if (options.facts !== undefined) {
    await stage(
      'run.json',
      jsonText({ format: 'mastplan-run', version: 1, ...options.facts, ...options.run }),
    );
  }
  await stage('report.json', jsonText(buildReport(result, facts, [...files, 'report.json'])));
}
