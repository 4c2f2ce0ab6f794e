import type { Feature } from 'geojson';
import type { InterferenceFacts, InterferenceScope } from '../planning/interference-facts.ts';
import type { Tuning } from '../tune.ts';
import { openOutput, type OutputFolder } from './atomic.ts';
import { featureCollectionText, pointFeature } from './geojson-text.ts';
import { cellChanges, interferenceRecord, reachedTargetRecord } from './interference-record.ts';
import { jsonText } from './json-text.ts';
import { formatUsers, percentDown, usersFromMilli } from './numbers.ts';

export const TUNING_FORMAT = 'mastplan-tuning';
export const TUNING_VERSION = 1;
const SUMMARY_FILE = 'tuning.json';
const CELLS_FILE = 'cells.geojson';
export const TUNING_FILES: readonly string[] = [CELLS_FILE, SUMMARY_FILE];

/** Locks the folder of a tuning; files of others are refused unless forced. */
export function openTuningOutput(dir: string, force: boolean): Promise<OutputFolder> {
  return openOutput(dir, { mayWrite: TUNING_FILES, completionFile: SUMMARY_FILE, force });
}

/** Stages the cells and `tuning.json`, then moves them into place. */
export async function writeTuning(tuning: Tuning, output: OutputFolder): Promise<string[]> {
  await output.stage(CELLS_FILE, featureCollectionText('cells', cellFeatures(tuning)));
  await output.stage(SUMMARY_FILE, jsonText(tuningJson(tuning)));
  return output.commit();
}

/** What a tuning found in one document: `tuning.json`, also what `--json` prints. */
export function tuningJson(tuning: Tuning): object {
  const { scenario, interference, search, before, after } = tuning;
  const { tune: limits, ...criteria } = interference;
  return {
    format: TUNING_FORMAT,
    version: TUNING_VERSION,
    files: [CELLS_FILE],
    scenario: scenario.name,
    model: tuning.model,
    thresholdDbm: scenario.service.rsrpDbm,
    ...(scenario.services && {
      services: scenario.services.map(({ name, rsrpDbm }) => ({ name, thresholdDbm: rsrpDbm })),
    }),
    locationProbability: scenario.service.locationProbability,
    ...criteria,
    limits,
    search: search && { ...search, cellsChanged: cellChanges(before, after).length },
    before: interferenceRecord(before),
    after: search === null ? null : interferenceRecord(after),
    targets: tuning.targets.map(reachedTargetRecord),
    cells: cellChanges(before, after),
    inputs: tuning.inputs,
    warnings: tuning.warnings,
  };
}

/** One point a cell, in properties that `predict --sites` and `tune --sites` read: the network as it is set now. */
function* cellFeatures({ network, scenario, before, after, mayChange }: Tuning): Generator<Feature> {
  const { sites, state } = network;
  const { radio } = scenario;
  for (const [cell, facts] of after.cells.entries()) {
    const mast = state.cells.mastOfCell[cell]!;
    const given = (value: number, otherwise: number): number => (Number.isNaN(value) ? otherwise : value);
    const was = before.cells[cell]!;
    yield pointFeature(sites.lon[mast]!, sites.lat[mast]!, {
      id: `${facts.site}/${facts.sector}`,
      site: facts.site,
      status: mayChange[cell] === 1 ? 'candidate' : 'existing',
      technology: sites.technology[mast] ?? radio.technology,
      frequency_mhz: given(sites.frequencyMhz[mast]!, radio.frequencyMhz),
      height_m: given(sites.heightM[mast]!, radio.heightM),
      eirp_dbm: given(sites.eirpDbm[mast]!, radio.eirpDbm) + facts.powerChangeDb,
      azimuths: facts.azimuthDeg === null ? [] : [facts.azimuthDeg],
      tilt_deg: facts.tiltDeg,
      mechanical_tilt_deg: given(sites.mechanicalTiltDeg?.[mast] ?? NaN, radio.mechanicalTiltDeg),
      azimuth_before: was.azimuthDeg,
      tilt_before: was.tiltDeg,
      power_change_db: facts.powerChangeDb,
      load: facts.load,
      users: usersFromMilli(facts.usersMilli),
      users_too_far: usersFromMilli(facts.overshootMilli),
      overshoots: facts.overshoots,
    });
  }
}

/** The figures for people, in a few lines. */
export function tuningText(tuning: Tuning): string {
  const { before, after, search, interference, scenario, network } = tuning;
  const { load, sinrDb, noiseFigureDb, pollution } = interference;
  const loads = before.traffic === null ? `load ${load} in every cell` : 'loads from traffic';
  const lines = [
    `${network.sites.count} sites, ${network.state.cells.count} cells, model ${tuning.model}; ${loads}, noise figure ${noiseFigureDb} dB.`,
    `Served by SINR: ${scenario.services === undefined ? `at least ${scenario.service.rsrpDbm} dBm` : 'the least RSRP of the own service'} with probability ${scenario.service.locationProbability}, and median SINR of at least ${sinrDb} dB at the best server; in the worst period:`,
  ];
  for (const k of worstPeriods(search === null ? before : after)) {
    lines.push(...scopeLines(before.scopes[k]!, search && after.scopes[k]!));
  }
  const period = after.traffic?.reduce((worst, own) => (own.meanLoad > worst.meanLoad ? own : worst));
  if (period !== undefined) {
    lines.push(
      `Traffic, ${period.period} (busiest): ${period.carriedMbps} Mbit/s carried, ${period.blockedMbps} blocked; mean load ${period.meanLoad}, ${period.overloadedCells} cells overloaded.`,
    );
  }
  const overshooting = (facts: InterferenceFacts): number =>
    facts.cells.filter((cell) => cell.overshoots).length;
  lines.push(
    `Overshooting (${pollution.nearerMasts} masts nearer): ${overshooting(before)} cells${search === null ? '' : `, after tuning ${overshooting(after)}`}.`,
  );
  if (search !== null) lines.push(...searchLines(tuning));
  for (const warning of tuning.warnings) lines.push(`Note: ${warning}`);
  return `${lines.join('\n')}\n`;
}

/** Of every region the period in which the smallest share is served by SINR; `tuning.json` has them all. */
function worstPeriods({ scopes }: InterferenceFacts): number[] {
  const worst = new Map<string | null, number>();
  scopes.forEach(({ region, sinrMilli, usersMilli }, k) => {
    const low = scopes[worst.get(region) ?? k]!;
    if (!worst.has(region) || sinrMilli * low.usersMilli < low.sinrMilli * usersMilli) worst.set(region, k);
  });
  return [...worst.values()];
}

function scopeLines(was: InterferenceScope, is: InterferenceScope | null): string[] {
  const who = was.region === null ? 'all users' : `users of ${was.region}`;
  const share = (part: number): string => percentDown(part, was.usersMilli);
  const change = (key: 'signalMilli' | 'sinrMilli' | 'pollutedMilli'): string =>
    is === null ? share(was[key]) : `${share(was[key])} → ${share(is[key])}`;
  const median = (scope: InterferenceScope): string =>
    scope.sinrDb === null ? '-' : String(scope.sinrDb.p50);
  return [
    `  ${who}, ${was.period} (${formatUsers(was.usersMilli)}): by signal ${change('signalMilli')}, by SINR ${change('sinrMilli')}, ` +
      `polluted ${change('pollutedMilli')}, median SINR ${median(was)}${is === null ? '' : ` → ${median(is)}`} dB`,
  ];
}

function searchLines(tuning: Tuning): string[] {
  const { search, targets, mayChange, before, after } = tuning;
  const changeable = mayChange.reduce((sum, may) => sum + may, 0);
  const met = (users: 'beforeMilli' | 'afterMilli'): number =>
    targets.filter((target) => target[users] >= target.needMilli).length;
  const lines = [
    `Tuned ${cellChanges(before, after).length} of ${changeable} cells in ${search!.passes} passes (${search!.moves} moves).`,
  ];
  if (targets.length > 0) {
    lines.push(`Targets met: ${met('beforeMilli')} of ${targets.length} before, ${met('afterMilli')} after.`);
  }
  return lines;
}
