import { distanceM } from '../geo/ellipsoid.ts';
import type { AntennaFile } from '../radio/antenna-file.ts';
import { looksAtTerrain } from '../radio/terrain-models.ts';
import { checkRooms } from './check-traffic.ts';
import type { LineTable } from './line-table.ts';
import type { Findings } from './findings.ts';
import { modelFileChoice, type ModelFile } from './model-file.ts';
import { nearestKey } from './nearest-key.ts';
import type { RegionMembership } from './read-regions.ts';
import { showNames, targetRegions } from './read-regions.ts';
import type { Scenario } from './scenario-schema.ts';
import type { Demand, MeasurementTable, RegionTable, SiteTable } from './types.ts';

/** Files of one plan that lie further apart than this do not belong together, metres. */
const FAR_M = 100_000;

interface CheckedInputs {
  readonly demand: Demand;
  readonly evaluated: Demand | null;
  readonly measurements: MeasurementTable | null;
  readonly existing: SiteTable | null;
  readonly candidates: SiteTable | null;
  readonly regions: RegionTable | null;
  readonly lines: LineTable | null;
  readonly membership: RegionMembership;
  readonly antenna: AntennaFile | null;
  readonly model: ModelFile | null;
}

/** What only shows when the inputs are seen together: names that do not exist, files that lie elsewhere. */
export function crossCheck(scenario: Scenario, inputs: CheckedInputs, findings: Findings): void {
  checkPeriods(scenario, inputs.demand, findings);
  checkTargets(scenario, inputs, findings);
  checkPlaces(scenario, inputs, findings);
  checkTerrainUse(scenario, inputs.model, findings);
  checkAntenna(scenario, inputs.antenna, findings);
  checkRooms(scenario, inputs.existing, scenario.existing?.file, findings);
  checkRooms(scenario, inputs.candidates, scenario.candidates.file, findings);
  const { membership, regions, measurements } = inputs;
  if (membership.ties > 0) {
    const message = `${membership.ties} demand points lie in several regions and count for the first by name.`;
    findings.warn(message, { code: 'region-ties' });
  }
  if (regions !== null && membership.outside > 0) {
    const message = `${membership.outside} demand points lie in no region; they count among all users only.`;
    findings.warn(message, { code: 'outside-regions' });
  }
  const quantity = measurements?.quantity ?? 'rsrp';
  if (quantity !== 'rsrp' && quantity !== 'ss-rsrp') {
    findings.error(`holds ${quantity.replace('_', ' ')}, a plan needs RSRP.`, {
      code: 'quantity',
      file: scenario.measurements?.files[0],
      hint: 'Path loss and relative levels serve mastplan calibrate.',
    });
  }
  if (measurements !== null && measurements.count === 0) {
    findings.error('no sample is left after setting aside.', {
      code: 'no-samples',
      file: scenario.measurements?.files[0],
      hint: 'mastplan validate names the reasons.',
    });
  }
}

/** Terrain given but not looked at is a surprise worth a sentence; clutter needs the profile that terrain gives. */
function checkTerrainUse(
  { terrain, clutter, radio }: Scenario,
  model: ModelFile | null,
  findings: Findings,
): void {
  const named = radio.model === 'auto' ? null : radio.model;
  const choice = model === null ? { id: named, spm: undefined } : modelFileChoice(model);
  const looks = looksAtTerrain(choice.id, choice.spm);
  checkFittedGround({ terrain, clutter, radio }, model, findings);
  if (terrain !== undefined && !looks) {
    const name = model?.name ?? radio.model;
    findings.warn(`model ${name} does not look at terrain: ${terrain.file} changes nothing.`, {
      code: 'terrain-unused',
      hint: 'Models over terrain: p1812, itm, spm, and files of calibrate --terrain.',
    });
  }
  if (clutter !== undefined && terrain === undefined) {
    findings.error('clutter is given without terrain.', {
      code: 'clutter-without-terrain',
      file: clutter.file,
      hint: 'Clutter stands on the profile of terrain.file: give both.',
    });
  }
}

/** A model fitted over terrain and clutter would miss what they stood for. */
function checkFittedGround(
  { terrain, clutter, radio }: Pick<Scenario, 'terrain' | 'clutter' | 'radio'>,
  model: ModelFile | null,
  findings: Findings,
): void {
  const fitted = model?.terrain ?? null;
  if (fitted === null || radio.modelFile === undefined) return;
  const missing =
    terrain === undefined ? 'terrain' : fitted.clutter && clutter === undefined ? 'clutter' : null;
  if (missing === null) return;
  findings.error(`was fitted over ${missing}, and the scenario gives none.`, {
    code: `model-needs-${missing}`,
    file: radio.modelFile,
    hint: `Give ${missing}.file, or calibrate without --${missing}.`,
  });
}

/** Beyond this ratio of frequencies a measured pattern says little. */
const ANTENNA_BAND = 1.2;

function checkAntenna({ radio }: Scenario, antenna: AntennaFile | null, findings: Findings): void {
  const measuredMhz = antenna?.frequencyMhz ?? null;
  if (measuredMhz === null || radio.antennaFile === undefined) return;
  const ratio = radio.frequencyMhz / measuredMhz;
  if (Math.max(ratio, 1 / ratio) <= ANTENNA_BAND) return;
  findings.warn(`was measured at ${measuredMhz} MHz, the carrier is at ${radio.frequencyMhz} MHz.`, {
    code: 'antenna-frequency',
    file: radio.antennaFile,
    hint: 'Beamwidths change with frequency: use the file of the carrier.',
  });
}

function checkPeriods(scenario: Scenario, demand: Demand, findings: Findings): void {
  for (const { name } of scenario.periods ?? []) {
    if (demand.periods.includes(name)) continue;
    const nearest = nearestKey(name, demand.periods);
    findings.error(`periods names "${name}", which demand.users does not have.`, {
      code: 'period-unknown',
      hint: nearest === null ? `It has ${showNames(demand.periods)}.` : `Did you mean "${nearest}"?`,
    });
  }
}

function checkTargets(scenario: Scenario, { demand, membership }: CheckedInputs, findings: Findings): void {
  for (const { name: phase, targets } of scenario.phases?.list ?? []) {
    for (const { period, regions } of targets) {
      if (period !== undefined && !demand.periods.includes(period)) {
        const nearest = nearestKey(period, demand.periods);
        findings.error(`phase "${phase}" has a target for the period "${period}", which does not exist.`, {
          code: 'target-period',
          hint: nearest === null ? `Periods are ${showNames(demand.periods)}.` : `Did you mean "${nearest}"?`,
        });
      }
      for (const region of targetRegions(regions, membership.names)) {
        if (region !== null) checkRegion(phase, region, membership, findings);
      }
    }
  }
}

function checkRegion(phase: string, region: string, membership: RegionMembership, findings: Findings): void {
  const index = membership.names.indexOf(region);
  if (index < 0) {
    const nearest = nearestKey(region, membership.names);
    const none = membership.names.length === 0;
    const known = none ? 'The scenario has no regions.' : `Regions are ${showNames(membership.names)}.`;
    findings.error(`phase "${phase}" has a target for the region "${region}", which does not exist.`, {
      code: 'target-region',
      hint: nearest === null ? known : `Did you mean "${nearest}"?`,
    });
  } else if (!membership.regionOfDemand.includes(index)) {
    const message = `the region "${region}" holds no users; its targets hold by themselves.`;
    if (!findings.all.some((finding) => finding.message === message)) {
      findings.warn(message, { code: 'region-empty' });
    }
  }
}

function checkPlaces(scenario: Scenario, inputs: CheckedInputs, findings: Findings): void {
  const { demand, evaluated, measurements, existing, candidates, regions, lines, membership } = inputs;
  const home = middleOf(demand.lon, demand.lat);
  if (home === null) return;
  const check = (file: string | undefined, lon: Float64Array, lat: Float64Array): void => {
    const nearest = nearestDistanceM(home, lon, lat);
    if (nearest === null || nearest <= FAR_M) return;
    findings.error(`lies at least ${Math.round(nearest / 1000)} km from every demand point.`, {
      code: 'far-away',
      file,
      hint: 'Check that longitude comes first and that the files belong together.',
    });
  };
  if (evaluated !== null) check(scenario.evaluate?.demand.file, evaluated.lon, evaluated.lat);
  if (lines !== null) check(scenario.lines?.file, lines.lon, lines.lat);
  if (measurements !== null) check(scenario.measurements?.files[0], measurements.lon, measurements.lat);
  if (existing !== null) check(scenario.existing?.file, existing.lon, existing.lat);
  if (candidates !== null) check(scenario.candidates.file, candidates.lon, candidates.lat);
  if (regions !== null && membership.outside === demand.count) {
    findings.error('no demand point lies in any region.', {
      code: 'regions-elsewhere',
      file: scenario.regions?.file,
      hint: 'Check that longitude comes first and that the files belong together.',
    });
  }
}

function middleOf(
  lon: Float64Array,
  lat: Float64Array,
): { lon: number; lat: number; radiusM: number } | null {
  if (lon.length === 0) return null;
  const middle = {
    lon: lon.reduce((a, b) => a + b, 0) / lon.length,
    lat: lat.reduce((a, b) => a + b, 0) / lat.length,
  };
  let radiusM = 0;
  for (let index = 0; index < lon.length; index++) {
    radiusM = Math.max(radiusM, distanceM(middle.lon, middle.lat, lon[index]!, lat[index]!));
  }
  return { ...middle, radiusM };
}

/** A lower bound of the distance between any point of the file and any demand point, metres. */
function nearestDistanceM(
  home: { lon: number; lat: number; radiusM: number },
  lon: Float64Array,
  lat: Float64Array,
): number | null {
  if (lon.length === 0) return null;
  let nearest = Infinity;
  for (let index = 0; index < lon.length; index++) {
    nearest = Math.min(nearest, distanceM(home.lon, home.lat, lon[index]!, lat[index]!) - home.radiusM);
  }
  return nearest;
}
