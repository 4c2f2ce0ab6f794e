import { extname, resolve } from 'node:path';
import type { Finding } from './errors.ts';
import { InputError } from './errors.ts';
import { DEFAULT_MAX_ERRORS, Findings } from './input/findings.ts';
import { KNOWN_LEVEL_NAMES } from './input/measurement-fields.ts';
import { positionProblem } from './input/positions.ts';
import { readDemand } from './input/read-demand.ts';
import { readInputsInto, type ScenarioInputs } from './input/read-inputs.ts';
import { readMeasurements } from './input/read-measurements.ts';
import { readKeepOut, readRegions } from './input/read-regions.ts';
import { refuseOutside } from './input/outside-paths.ts';
import { parseScenario, readScenario, type LoadedScenario } from './input/read-scenario.ts';
import { readSites } from './input/read-sites.ts';
import { parseScenarioText } from './input/scenario-text.ts';
import { readHead } from './input/stream/byte-source.ts';
import { isCellTable } from './input/stream/cell-table.ts';
import { whereOf } from './input/stream/feature-row.ts';
import { readFeatures } from './input/stream/read-features.ts';
import type { InputFileSummary, MeasuredQuantity } from './input/types.ts';
import { chooseModel } from './planning/choose-model.ts';
import { checkOnGround, groundOfScenario } from './planning/ground.ts';
import { untilAborted, type ProgressListener } from './progress.ts';

export const INPUT_ROLES = [
  'demand',
  'measurements',
  'existing',
  'candidates',
  'regions',
  'keepOut',
] as const;
export type InputRole = (typeof INPUT_ROLES)[number];

export interface ValidateOptions {
  /** Report files of a scenario outside its folder instead of reading them. */
  readonly refuseOutside?: boolean;
  /** What the files are; told by their properties and geometries when not given. */
  readonly role?: InputRole;
  /** Property that holds the users, for demand. */
  readonly users?: string;
  /** IANA zone of timestamps without an offset. */
  readonly timeZone?: string;
  readonly maxErrors?: number;
  readonly onProgress?: ProgressListener;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** What `validate` found out about one file. */
export interface FileReport {
  readonly file: string;
  /** `features`: checked as features only, because nothing tells what they are for. */
  readonly kind: 'scenario' | 'features' | InputRole | 'unknown';
  /** As recognised; null when the file could not be read far enough. */
  readonly dialect: string | null;
  readonly featuresRead: number | null;
  /** Of a scenario: every input it names. Of a data file: itself. */
  readonly inputs: readonly InputFileSummary[];
  /** What measurements measure; null for other files. */
  readonly quantity: MeasuredQuantity | null;
  readonly findings: readonly Finding[];
}

type Draft = { -readonly [Key in 'kind' | 'inputs' | 'quantity']: FileReport[Key] };

/** Reads a file as `plan` would and lists everything wrong with it; changes nothing and throws nothing about content. */
export async function validateFile(path: string, given: ValidateOptions = {}): Promise<FileReport> {
  const onProgress = untilAborted(given.onProgress, given.signal);
  const options = { ...given, ...(onProgress && { onProgress }) };
  const findings = new Findings(options.maxErrors ?? DEFAULT_MAX_ERRORS);
  const draft: Draft = { kind: 'unknown', inputs: [], quantity: null };
  try {
    if (await looksLikeScenario(path)) {
      draft.kind = 'scenario';
      const loaded = await readScenario(path);
      if (options.refuseOutside === true) await refuseOutside(loaded);
      const inputs = await readInputsInto(loaded, findings, options);
      draft.inputs = inputs?.summaries ?? [];
      if (inputs !== null && findings.errorCount === 0) await checkGround(loaded, inputs, findings);
    } else {
      draft.kind = options.role ?? (await guessRole(path, findings, options));
      if (findings.errorCount === 0) Object.assign(draft, await readAs(path, draft.kind, findings, options));
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    findings.absorb(error);
  }
  const own = draft.kind === 'scenario' ? undefined : draft.inputs[0];
  return {
    file: path,
    kind: draft.kind,
    dialect: draft.kind === 'scenario' ? extname(path).slice(1).toLowerCase() : (own?.dialect ?? null),
    featuresRead: own?.featuresRead ?? null,
    inputs: draft.inputs,
    quantity: draft.quantity,
    findings: findings.all,
  };
}

/** Terrain and clutter as `plan` reads them: rasters that cannot be read, sites without ground under them. */
async function checkGround(
  loaded: LoadedScenario,
  inputs: ScenarioInputs,
  findings: Findings,
): Promise<void> {
  const { existing, measurements, candidates, model, antenna } = inputs;
  const { choice } = chooseModel(loaded.scenario, existing, measurements, model, antenna);
  const ground = await groundOfScenario(loaded, inputs, choice, { maxErrors: findings.maxErrors });
  if (ground === null) return;
  const { file } = loaded.scenario.candidates;
  const ofCandidates = candidates === null ? [] : checkOnGround(candidates, file, ground, findings.maxErrors);
  for (const text of [...ground.warnings, ...ofCandidates]) findings.warn(text, { code: 'ground' });
}

/** True when `plan` would accept the file: no finding is an error. */
export function isClean(report: FileReport): boolean {
  return report.findings.every(({ severity }) => severity !== 'error');
}

async function looksLikeScenario(path: string): Promise<boolean> {
  if (/\.ya?ml$/i.test(path)) return true;
  if (!/\.json$/i.test(path)) return false;
  const head = Buffer.from(await readHead(path, path, 65_536)).toString('utf8');
  return !/"features"|"type"\s*:\s*"Feature/.test(head);
}

/** What a file is for, told by its property names and geometries; reads it once and checks every feature's position. */
async function guessRole(
  path: string,
  findings: Findings,
  options: ValidateOptions,
): Promise<InputRole | 'features'> {
  let polygons = 0;
  let points = 0;
  const facts = await readFeatures(path, {
    file: path,
    fields: [],
    findings,
    onProgress: options.onProgress,
    onRow: (row) => {
      if (row.geometry !== null) {
        polygons++;
        return;
      }
      points++;
      const problem = positionProblem(row.lon, row.lat);
      if (problem === null) return;
      findings.error(problem.message, {
        code: problem.code,
        file: path,
        feature: whereOf(row),
        hint: problem.hint,
      });
    },
  });
  const names = facts.propertyNames.map((name) => name.toLowerCase());
  const has = (...wanted: readonly string[]): boolean => wanted.some((name) => names.includes(name));
  if (has('users') || (options.users !== undefined && facts.propertyNames.includes(options.users)))
    return 'demand';
  if (points > 0 && isCellTable(facts.propertyNames)) return 'existing';
  if (points > 0 && has(...KNOWN_LEVEL_NAMES)) return 'measurements';
  if (points > 0 && has('status', 'height_m', 'eirp_dbm', 'azimuths', 'cost')) return 'candidates';
  return polygons > 0 && has('name') ? 'regions' : 'features';
}

async function readAs(
  path: string,
  kind: FileReport['kind'],
  findings: Findings,
  options: ValidateOptions,
): Promise<Partial<Draft>> {
  const common = { file: path, findings, onProgress: options.onProgress };
  const scenario = parseScenario(
    parseScenarioText('{ demand: { file: data } }', path),
    path,
    scenarioFlags(options),
    '.',
  );
  switch (kind) {
    case 'demand':
      return {
        inputs: [(await readDemand(path, { ...common, spec: scenario.demand, periods: ['all'] })).summary],
      };
    case 'measurements': {
      const read = await readMeasurements([path], { ...common, files: [path], scenario });
      return { inputs: read.summaries, quantity: read.measurements.quantity };
    }
    case 'existing':
      return { inputs: [(await readSites(path, { ...common, role: 'existing' })).summary] };
    case 'candidates':
      return { inputs: [(await readSites(path, { ...common, role: await siteRole(path) })).summary] };
    case 'regions':
      return { inputs: [(await readRegions(path, { ...common, spec: { file: path } })).summary] };
    case 'keepOut':
      return { inputs: [(await readKeepOut(path, common)).summary] };
    default: {
      const facts = await readFeatures(path, { ...common, fields: [], onRow: () => undefined });
      const { file, sha256, dialect, featuresRead, identifiersDropped } = facts;
      const summary = { file, sha256, dialect, featuresRead, setAside: {}, identifiersDropped };
      return { inputs: [{ role: 'demand', ...summary }] };
    }
  }
}

function scenarioFlags({ users, timeZone }: ValidateOptions): Parameters<typeof parseScenario>[2] {
  return [
    ...(users === undefined ? [] : [{ key: 'demand.users', value: users, flag: '--users' }]),
    ...(timeZone === undefined ? [] : [{ key: 'timeZone', value: timeZone, flag: '--time-zone' }]),
  ];
}

/** Sites that call themselves existing are checked as such. */
async function siteRole(path: string): Promise<'existing' | 'candidates'> {
  const statuses = new Set<unknown>();
  await readFeatures(resolve(path), {
    file: path,
    fields: [{ names: ['status'], anyCase: true }],
    findings: new Findings(Infinity),
    onRow: (row) => statuses.add(row.values[0]),
  });
  return statuses.has('existing') && statuses.size === 1 ? 'existing' : 'candidates';
}
