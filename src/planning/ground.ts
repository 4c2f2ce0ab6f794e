import { resolve } from 'node:path';
import { generationReachM } from '../coverage/candidates.ts';
import type { ModelChoice } from '../coverage/link-rule.ts';
import { formatFinding } from '../errors.ts';
import { DEFAULT_MAX_ERRORS, Findings } from '../input/findings.ts';
import type { ScenarioInputs } from '../input/read-inputs.ts';
import type { LoadedScenario } from '../input/read-scenario.ts';
import { sitesNear } from '../input/sites-near.ts';
import { boxAround, intersection, union } from '../input/terrain/area.ts';
import { checkSitesOnGround } from '../input/terrain/ground-findings.ts';
import { loadTerrain, type LoadedTerrain } from '../input/terrain/load-layers.ts';
import type { SiteTable } from '../input/types.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import { looksAtTerrain } from '../radio/terrain-models.ts';

/** Some cells of any raster around the outermost users, metres. */
const LEAST_MARGIN_M = 500;

/** Positions as a run knows them. */
interface Positions {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
}

export interface GroundRequest {
  readonly demand: Positions;
  /** Known sites; those farther than `maxReachM` from every user are not looked at. */
  readonly existing: SiteTable | null;
  readonly candidates: Positions | null;
  /** How far around the users ground is wanted, metres: the reach of what may be built there. */
  readonly marginM: number;
  /** Known sites must stand on the ground where the model looks at it. */
  readonly model: Pick<ModelChoice, 'id' | 'spm'>;
  readonly maxErrors?: number | undefined;
  readonly memory?: MemoryAccount | undefined;
}

/**
 * Terrain and clutter for the plan of a scenario: around users as far as candidates may stand, and under the known sites
 * near them; null where none is given.
 *
 * @throws InputError for known sites without ground under them, where the model looks at it
 */
export async function groundOfScenario(
  loaded: LoadedScenario,
  inputs: Pick<ScenarioInputs, 'demand' | 'evaluated' | 'lines' | 'existing' | 'candidates'>,
  choice: ModelChoice,
  { maxErrors, memory }: Pick<GroundRequest, 'maxErrors' | 'memory'>,
): Promise<LoadedTerrain | null> {
  const { scenario } = loaded;
  if (scenario.terrain === undefined) return null;
  const { existing, candidates } = inputs;
  const users = joined(inputs.demand, inputs.evaluated);
  const reachM = generationReachM(scenario, choice);
  const demand = joined(users, inputs.lines && within(inputs.lines, users, reachM));
  const marginM = candidates === null ? reachM : 0;
  return readGround(loaded, { demand, existing, candidates, marginM, model: choice, maxErrors, memory });
}

/** The corners of where lines run no farther than a reach from the box around users: beyond, no site of the plan is heard. */
function within(lines: Positions, users: Positions, reachM: number): Positions | null {
  const box = intersection(
    boxAround(lines.lon, lines.lat, LEAST_MARGIN_M),
    boxAround(users.lon, users.lat, reachM),
  );
  return box && { lon: Float64Array.of(box.west, box.east), lat: Float64Array.of(box.south, box.north) };
}

/** Users of planned and of further periods stand on one ground. */
function joined(demand: Positions, further: Positions | null): Positions {
  if (further === null) return demand;
  const both = (own: Float64Array, more: Float64Array): Float64Array => {
    const all = new Float64Array(own.length + more.length);
    all.set(own);
    all.set(more, own.length);
    return all;
  };
  return { lon: both(demand.lon, further.lon), lat: both(demand.lat, further.lat) };
}

/**
 * Terrain and clutter around users, candidates and the known sites that reach them; null where none is given.
 *
 * @throws InputError for known sites without ground under them, where the model looks at it
 */
export async function readGround(
  { scenario, baseDir }: LoadedScenario,
  { demand, existing, candidates, marginM, model, maxErrors, memory }: GroundRequest,
): Promise<LoadedTerrain | null> {
  const { terrain, clutter, radio } = scenario;
  if (terrain === undefined) return null;
  const users = boxAround(demand.lon, demand.lat, 0);
  const near = existing === null ? null : sitesNear(existing, users, radio.maxReachM);
  const area = union([
    boxAround(demand.lon, demand.lat, Math.max(marginM, LEAST_MARGIN_M)),
    ...[candidates, near].flatMap((places) =>
      places === null || places.lon.length === 0 ? [] : [boxAround(places.lon, places.lat, 0)],
    ),
  ]);
  const ground = await loadTerrain({ terrain, clutter }, (file) => resolve(baseDir, file), area, memory);
  if (near === null || !looksAtTerrain(model.id, model.spm)) return ground;
  const warnings = checkOnGround(near, scenario.existing?.file, ground, maxErrors);
  return { ...ground, warnings: [...ground.warnings, ...warnings] };
}

/**
 * What is wrong with sites on this ground.
 *
 * @returns sentences for the report
 * @throws InputError for sites of a file without ground under them
 */
export function checkOnGround(
  sites: SiteTable,
  file: string | undefined,
  ground: LoadedTerrain,
  maxErrors = DEFAULT_MAX_ERRORS,
): string[] {
  const findings = new Findings(maxErrors);
  const named = { file: file ?? 'the generated candidates', generated: file === undefined };
  checkSitesOnGround({ ...sites, ...named }, { grid: ground.layer.grid, file: ground.file }, findings);
  findings.throwIfErrors();
  return findings.all.map(formatFinding);
}
