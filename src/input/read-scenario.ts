import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Finding } from '../errors.ts';
import { InputError } from '../errors.ts';
import { checkEvaluatedPeriods, evaluatedDemand } from './evaluated-demand.ts';
import { checkConfigurations, checkCosts, checkLayers } from './check-configurations.ts';
import { checkServices } from './check-services.ts';
import { checkTrafficKeys } from './check-traffic.ts';
import { unreadable } from './file-errors.ts';
import type { ScenarioOverride } from './flags.ts';
import { applyOverrides } from './flags.ts';
import { scenarioFindings } from './scenario-issues.ts';
import type { ParsedScenario, PhasePlan, Scenario, ScenarioRadio } from './scenario-schema.ts';
import { scenarioSchema } from './scenario-schema.ts';
import type { ScenarioText } from './scenario-text.ts';
import { parseScenarioText } from './scenario-text.ts';

/** EIRP of a usual macro carrier: 46 dBm transmitter, 17 dBi antenna, 1 dB feeder. */
const DEFAULT_EIRP_DBM = 62;
/** The same antenna with a little more feeder, for an uplink budget without a stated gain. */
const DEFAULT_BASE_GAIN_DBI = 15;
/** A parsed YAML document takes some hundred times its text. */
const MAX_SCENARIO_BYTES = 1024 * 1024;

export interface LoadedScenario {
  readonly scenario: Scenario;
  /** Absolute folder that relative paths of the scenario start from. */
  readonly baseDir: string;
  /** Absolute path of the scenario file; null when flags alone made the scenario. */
  readonly scenarioFile: string | null;
}

/**
 * Reads a scenario (YAML or JSON), lets the overrides of `resolveFlags` win, checks it and fills in every default.
 * Without a path the overrides alone make the scenario, relative to the current folder.
 * @throws InputError with every finding: unknown keys with the nearest known key, wrong values with line and path.
 */
export async function readScenario(
  path: string | null,
  overrides: readonly ScenarioOverride[] = [],
): Promise<LoadedScenario> {
  const scenarioFile = path === null ? null : resolve(path);
  const baseDir = scenarioFile === null ? process.cwd() : dirname(scenarioFile);
  const text = path === null ? emptyText : await readText(path);
  const scenario = parseScenario(text, path ?? undefined, overrides, baseDir);
  return { scenario, baseDir, scenarioFile };
}

/** Checks plain data against the schema and the rules beyond it; `file` names it in errors. */
export function parseScenario(
  text: ScenarioText,
  file: string | undefined,
  overrides: readonly ScenarioOverride[],
  baseDir: string,
): Scenario {
  if (text.value !== null && (typeof text.value !== 'object' || Array.isArray(text.value))) {
    throw new InputError('is not a scenario: a group of keys is expected at the top level.', {
      code: 'scenario-not-a-map',
      file,
      hint: 'The least scenario is "demand: { file: users.geojson }".',
    });
  }
  refusePrototypeKeys(text, file);
  const value = applyOverrides(text.value ?? {}, overrides, baseDir);
  const parsed = scenarioSchema.safeParse(value);
  if (!parsed.success) {
    throw InputError.of(scenarioFindings(parsed.error.issues, { ...text, value }, file));
  }
  const findings = crossFindings(parsed.data, text, file);
  if (findings.length > 0) throw InputError.of(findings);
  const { services, evaluate, ...rest } = parsed.data;
  return {
    ...rest,
    ...(evaluate && { evaluate: { demand: evaluatedDemand(evaluate.demand, rest.demand) } }),
    ...(services && {
      services: services.map((own) => ({ ...own, rsrpDbm: own.rsrpDbm ?? rest.service.rsrpDbm })),
    }),
    radio: resolveRadio(parsed.data),
    phases: resolvePhases(parsed.data),
  };
}

/** The one name that JavaScript objects cannot hold as a key: it would be lost on the way, in silence. */
function refusePrototypeKeys(text: ScenarioText, file: string | undefined): void {
  const seen = new Set<unknown>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    for (const [key, below] of Object.entries(value)) {
      if (key !== '__proto__') {
        visit(below, [...path, key]);
        continue;
      }
      const line = text.lineOf([...path, key]);
      const feature = line === null ? undefined : `line ${line}`;
      const details = { code: 'scenario-name', file, feature, hint: 'Choose another.' };
      throw new InputError('"__proto__" cannot be used as a name.', details);
    }
  };
  visit(text.value, []);
}

const emptyText: ScenarioText = { value: {}, lineOf: () => null };

async function readText(path: string): Promise<ScenarioText> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (bytes.length > MAX_SCENARIO_BYTES) {
    throw new InputError('is larger than 1 MB: a scenario is a short text file.', {
      code: 'scenario-too-large',
      file: path,
      hint: 'Data files are named in the scenario, not given in its place.',
    });
  }
  const decoded = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const text = parseScenarioText(decoded, path);
  const data = text.value as { type?: unknown } | null;
  if (typeof data === 'object' && data?.type === 'FeatureCollection') {
    throw new InputError('is GeoJSON, not a scenario.', {
      code: 'scenario-is-geojson',
      file: path,
      hint: `Plan it with flags: mastplan plan --demand ${basename(path)} --out out/`,
    });
  }
  return text;
}

function crossFindings(scenario: ParsedScenario, text: ScenarioText, file: string | undefined): Finding[] {
  const findings: Finding[] = [];
  const complain = (key: readonly string[], message: string, hint: string): void => {
    const line = text.lineOf(key);
    const feature = line === null ? undefined : `line ${line}`;
    findings.push({ severity: 'error', code: 'scenario-conflict', file, feature, message, hint });
  };
  const { radio, candidates, budget, periods, demand } = scenario;
  if (scenario.phases !== undefined && budget !== undefined) {
    complain(
      ['budget'],
      'phases and budget are both given.',
      'Targets cost what they cost, a budget buys what it buys: keep one.',
    );
  }
  if (budget !== undefined && budget.sites === undefined && budget.cost === undefined) {
    complain(['budget'], 'budget needs sites or cost.', 'For example budget: { sites: 40 }.');
  }
  if (candidates.file !== undefined && candidates.generate !== undefined) {
    complain(['candidates'], 'candidates.file and candidates.generate are both given.', 'Keep one.');
  }
  if (radio.eirpDbm !== undefined && radio.powerDbm !== undefined) {
    complain(['radio', 'eirpDbm'], 'radio.eirpDbm and radio.powerDbm are both given.', 'Keep one.');
  }
  if (radio.antennaFile !== undefined && radio.powerDbm !== undefined && radio.gainDbi === undefined) {
    complain(
      ['radio', 'powerDbm'],
      'radio.powerDbm with radio.antennaFile needs radio.gainDbi.',
      'Its GAIN line states it; dBd + 2.15 = dBi.',
    );
  }
  if (radio.powerDbm === undefined && radio.lossDb !== undefined) {
    complain(['radio'], 'radio.lossDb needs radio.powerDbm.', 'Or give radio.eirpDbm alone.');
  }
  if (radio.ssbGainDbi !== undefined && (radio.technology !== 'nr' || radio.gainDbi === undefined)) {
    complain(
      ['radio', 'ssbGainDbi'],
      'radio.ssbGainDbi needs technology: nr and radio.gainDbi.',
      'RSRP changes by the gain of the SSB beam less the gain the EIRP was stated with.',
    );
  }
  for (const [index, period] of (periods ?? []).entries()) {
    if ((period.from === undefined) !== (period.to === undefined)) {
      complain(
        ['periods', String(index)],
        `period "${period.name}" has only one of from and to.`,
        'Give both or none.',
      );
    }
  }
  const names = (periods ?? []).map((period) => period.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    complain(['periods'], `two periods are named "${twice}".`, 'Give each its own name.');
  if (typeof demand.users === 'object') {
    const known = Object.keys(demand.users);
    if (known.length === 0)
      complain(['demand', 'users'], 'demand.users names no period.', 'For example { day: users_day }.');
    if (known.length > 255)
      complain(['demand', 'users'], 'demand.users names more than 255 periods.', 'Plan fewer at once.');
  }
  checkEvaluatedPeriods(scenario, complain);
  checkTrafficKeys(scenario, complain);
  checkServices(scenario, complain);
  checkConfigurations(scenario, complain);
  checkCosts(scenario, complain);
  checkLayers(scenario, complain);
  if (scenario.timeZone !== undefined && !isTimeZone(scenario.timeZone)) {
    complain(
      ['timeZone'],
      `timeZone "${scenario.timeZone}" is not known.`,
      'Use an IANA name such as America/Toronto.',
    );
  }
  return findings;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function resolveRadio(scenario: ParsedScenario): ScenarioRadio {
  const { eirpDbm, powerDbm, lossDb, uplink, ...radio } = scenario.radio;
  const { gainDbi } = radio;
  const budgeted = powerDbm === undefined ? DEFAULT_EIRP_DBM : powerDbm + (gainDbi ?? 0) - (lossDb ?? 0);
  const baseGainDbi = gainDbi === undefined ? DEFAULT_BASE_GAIN_DBI : gainDbi - (lossDb ?? 0);
  return {
    ...radio,
    eirpDbm: eirpDbm ?? budgeted,
    ...(uplink && { uplink: { ...uplink, baseGainDbi: uplink.baseGainDbi ?? baseGainDbi } }),
  };
}

/** Design section 3: 95 % of all users in every period, then 99 % (in each region, where regions are given). */
function resolvePhases(scenario: ParsedScenario): PhasePlan | null {
  if (scenario.budget !== undefined) return null;
  if (Array.isArray(scenario.phases)) return { order: 'nested', list: scenario.phases };
  if (scenario.phases !== undefined) return scenario.phases;
  const inRegions = scenario.regions !== undefined || scenario.demand.regionProperty !== undefined;
  const last = inRegions
    ? { name: '99 % in each region', targets: [{ share: 0.99, regions: 'each' as const }] }
    : { name: '99 %', targets: [{ share: 0.99 }] };
  return { order: 'nested', list: [{ name: '95 %', targets: [{ share: 0.95 }] }, last] };
}
