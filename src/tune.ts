import { resolve } from 'node:path';
import { chooseModel } from './planning/choose-model.ts';
import { countService, type ServiceQuestion } from './coverage/interference/service.ts';
import { tuneCells, type TuneResult } from './coverage/interference/tune.ts';
import type { ModelChoice } from './coverage/link-rule.ts';
import type { Baseline } from './coverage/types.ts';
import { InputError } from './errors.ts';
import type { Executor } from './executor.ts';
import { checkOnGround, readGround } from './planning/ground.ts';
import { Findings } from './input/findings.ts';
import { interferenceSchema, type InterferenceSpec } from './input/schema/interference.ts';
import { joinSites } from './input/join-sites.ts';
import { pickSites } from './input/pick-sites.ts';
import { readInputs, type ScenarioInputs } from './input/read-inputs.ts';
import type { LoadedScenario } from './input/read-scenario.ts';
import { readSites } from './input/read-sites.ts';
import type { Scenario } from './input/scenario-schema.ts';
import type { InputFileSummary, SiteTable } from './input/types.ts';
import { openAccount, type MemoryAccount } from './memory/memory-account.ts';
import { interferenceFacts, type InterferenceFacts } from './planning/interference-facts.ts';
import type { ProgressListener } from './progress.ts';
import { looksAtTerrain } from './radio/terrain-models.ts';
import { radioNetwork, type RadioNetwork } from './planning/radio-network.ts';
import { splitDemand } from './planning/split-demand.ts';
import { reachedTargets, serviceTargets, type ReachedTarget } from './planning/service-targets.ts';
import { networkToday } from './planning/today.ts';

export interface TuneOptions {
  /** New sites, relative to the current folder: `sites.geojson` of a plan. Null = the scenario's existing sites alone. */
  readonly sitesFile: string | null;
  /** False: the network is only looked at. */
  readonly change: boolean;
  readonly executor?: Executor | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
  /** What the run holds in memory, against a budget; default: opened for `solver.memory` of the scenario. */
  readonly memory?: MemoryAccount | undefined;
}

/** Data only: `report/write-tuning.ts` makes files of it. */
export interface Tuning {
  readonly scenario: Scenario;
  readonly interference: InterferenceSpec;
  readonly sites: SiteTable;
  readonly network: RadioNetwork;
  /** [cells] 1 = might have been changed. */
  readonly mayChange: Uint8Array;
  readonly before: InterferenceFacts;
  readonly after: InterferenceFacts;
  readonly targets: readonly ReachedTarget[];
  /** Null where nothing was to be changed. */
  readonly search: Pick<TuneResult, 'passes' | 'moves' | 'stoppedBy'> | null;
  readonly model: string;
  readonly inputs: readonly InputFileSummary[];
  readonly warnings: readonly string[];
}

/**
 * SINR of a network under load, and azimuth, tilt and power of its cells set so that more users are served by it. Targets
 * of the scenario that are met stay met. The same result for any number of threads.
 *
 * @throws InputError for bad inputs, or no site on air; EnvironmentError when they would not fit into memory
 */
export async function tune(loaded: LoadedScenario, options: TuneOptions): Promise<Tuning> {
  const { scenario } = loaded;
  const { executor, signal, onProgress } = options;
  const interference = scenario.interference ?? interferenceSchema.parse({});
  onProgress?.({ stage: 'read' });
  const memory = options.memory ?? openAccount(scenario.solver.memory, executor?.threads ?? 1);
  const inputs = await readInputs(loaded, { ...(signal && { signal }), memory });
  const added = options.sitesFile === null ? null : await newSites(options.sitesFile, inputs.existing);
  const sites = onAir(inputs.existing, added?.sites ?? null);
  const { demand, membership } = splitDemand(scenario, inputs.demand, inputs.membership, memory);
  const chosen = chooseModel(scenario, inputs.existing, inputs.measurements, inputs.model, inputs.antenna);
  const ground = await groundOf(loaded, inputs, sites, added, chosen.choice, memory);
  const { measurements, existing } = inputs;
  const terrain = ground?.layer ?? null;
  onProgress?.({ stage: 'baseline' });
  const today = await networkToday({
    ...{ scenario, demand, measurements, existing, chosen, terrain, executor, signal },
  });
  onProgress?.({ stage: 'links' });
  const network = await radioNetwork({
    ...{ scenario, interference, demand, sites, model: chosen.choice, executor, signal, memory },
    terrain: looksAtTerrain(chosen.choice.id, chosen.choice.spm) ? terrain : null,
  });
  signal?.throwIfAborted();
  const { state } = network;
  const { specs, targets } = serviceTargets(scenario, { demand, membership });
  const question: ServiceQuestion = {
    usersMilli: demand.usersMilli,
    setOfPeriod: network.setOfPeriod,
    servedAnyway: servedAnyway(today.baseline, interference),
    leastSinr: 10 ** (interference.sinrDb / 10),
    targets,
  };
  const facts = (loads: RadioNetwork['loads']): InterferenceFacts =>
    interferenceFacts({ network, loads, question, interference, demand, membership });
  const before = facts(network.loads);
  const countBefore = countService(state, question);
  const mayChange = changeable(network, existing?.count ?? 0, interference.tune.existing);
  let loads = network.loads;
  const search = options.change
    ? await tuneCells({
        state,
        question,
        mayChange,
        limits: interference.tune,
        ...(network.settle !== null && { settle: () => (loads = network.settle!()) }),
        shouldStop: () => signal?.aborted === true,
        onPass: (pass) => onProgress?.({ stage: `tune, pass ${pass}` }),
      })
    : null;
  const countAfter = search?.after ?? countBefore;
  return {
    scenario,
    interference,
    sites,
    network,
    mayChange,
    before,
    after: search === null ? before : facts(loads),
    targets: reachedTargets(specs, targets, countBefore, countAfter),
    search,
    model: chosen.summary.name,
    inputs: [...inputs.summaries, ...(added === null ? [] : [added.summary]), ...(ground?.summaries ?? [])],
    warnings: [
      ...inputs.warnings,
      ...(chosen.warning === null ? [] : [chosen.warning]),
      ...(ground?.warnings ?? []),
      ...networkWarnings(inputs, scenario),
    ],
  };
}

/** Sites marked existing (as in cells.geojson) are those the scenario names, where it names any. */
async function newSites(
  file: string,
  existing: SiteTable | null,
): Promise<{ sites: SiteTable; summary: InputFileSummary; file: string }> {
  const findings = new Findings();
  const read = await readSites(resolve(file), { file, role: 'candidates', anyStatus: true, findings });
  findings.throwIfErrors();
  if (existing === null) return { ...read, file };
  const fresh = read.sites.status.flatMap((status, site) => (status === 'existing' ? [] : [site]));
  return { ...read, sites: pickSites(read.sites, fresh), file };
}

/** Existing sites, then the new ones. */
function onAir(existing: SiteTable | null, added: SiteTable | null): SiteTable {
  const sites = existing === null ? added : added === null ? existing : joinSites(existing, added);
  if (sites !== null && sites.count > 0) return sites;
  throw new InputError('no site is on air.', {
    code: 'tune-without-sites',
    hint: 'Give --sites RUN/sites.geojson of a plan, or existing.file in the scenario.',
  });
}

async function groundOf(
  loaded: LoadedScenario,
  { demand, existing }: ScenarioInputs,
  sites: SiteTable,
  added: { readonly sites: SiteTable; readonly file: string } | null,
  model: ModelChoice,
  memory: MemoryAccount,
): ReturnType<typeof readGround> {
  const marginM = 0;
  const ground = await readGround(loaded, { demand, existing, candidates: sites, marginM, model, memory });
  if (ground === null || added === null || !looksAtTerrain(model.id, model.spm)) return ground;
  return { ...ground, warnings: [...ground.warnings, ...checkOnGround(added.sites, added.file, ground)] };
}

/**
 * Users whom today's network serves whatever happens to these cells: by measurement or prediction where its sites stay
 * as they are; nobody where they may be changed, for then the model alone must say.
 */
function servedAnyway(
  { served }: Baseline,
  { tune: limits }: InterferenceSpec,
): readonly Uint8Array[] | null {
  return limits.existing ? null : served;
}

function changeable({ state }: RadioNetwork, existingCount: number, existingToo: boolean): Uint8Array {
  return Uint8Array.from(state.cells.mastOfCell, (mast) => (existingToo || mast >= existingCount ? 1 : 0));
}

function networkWarnings({ existing }: ScenarioInputs, { phases }: Scenario): string[] {
  const warnings: string[] = [];
  if (existing === null) {
    warnings.push('No existing sites are known: nothing but the new sites disturbs these users.');
  }
  if (phases?.list.some(({ targets }) => targets.some(({ backup }) => backup !== undefined)) === true) {
    warnings.push('Targets on backup cover are not watched while cells are tuned.');
  }
  return warnings;
}
