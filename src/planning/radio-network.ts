import { configurationsOf } from '../coverage/configurations.ts';
import { MOST_LINKS } from '../coverage/interference/build-links.ts';
import { cellsOf } from '../coverage/interference/cells.ts';
import { settleLoads, type CellLoads } from '../coverage/interference/loads.ts';
import { mastsOf } from '../coverage/interference/masts.ts';
import type { Masts } from '../coverage/interference/radio-links.ts';
import { SignalState } from '../coverage/interference/signal-state.ts';
import { carrierOf, linkRule, type ConfigurationBase, type ModelChoice } from '../coverage/link-rule.ts';
import { inProcessExecutor, type Executor } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { statesTraffic } from '../input/check-traffic.ts';
import type { InterferenceSpec } from '../input/schema/interference.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import { signalsNeed } from '../memory/estimates.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import { noisePerResourceElementDbm } from '../radio/link-budget.ts';
import { cellRateMbps, type CellCarrier } from '../radio/spectral-efficiency.ts';
import { statedRates } from './assemble-capacity.ts';
import { rowLinks } from './row-links.ts';

const BPS_PER_MBPS = 1e6;

export interface RadioNetworkRequest {
  readonly scenario: Scenario;
  readonly interference: InterferenceSpec;
  readonly demand: Demand;
  /** Everything on air. */
  readonly sites: SiteTable;
  readonly model: ModelChoice;
  readonly terrain: TerrainLayer | null;
  /** Masts each place keeps beyond the usual number: for sites that are not on air yet. Default 0. */
  readonly moreLinks?: number | undefined;
  readonly executor?: Executor | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told of the signals before they are allocated. */
  readonly memory?: MemoryAccount | undefined;
}

/** A network on air, as every demand point hears it. */
export interface RadioNetwork {
  readonly sites: SiteTable;
  readonly state: SignalState;
  /** [periods] set of loads that holds in the period. */
  readonly setOfPeriod: Uint8Array;
  /** Of each period where users state their traffic, else null: every cell has the load the scenario states. */
  readonly loads: readonly CellLoads[] | null;
  /** Works the loads out anew for the cells as they are set now; leaves `loads` of before alone. */
  readonly settle: (() => readonly CellLoads[]) | null;
  /** Rate of a cell that gives all its resources to a user at this linear SINR, bit/s; 0 = nothing can be sent. */
  readonly rateBps: (cell: number, sinr: number) => number;
}

/**
 * Builds the links of every demand point to every site on air, sets the cells as their sites say and works out the
 * loads: from traffic where the scenario states it, else the stated share. The same bytes for any number of threads.
 */
export async function radioNetwork(request: RadioNetworkRequest): Promise<RadioNetwork> {
  const { scenario, interference, demand, sites, model, terrain, signal } = request;
  const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
  const mastsFrom = (own: Scenario): Masts => {
    const rules = configurations.map((configuration) => linkRule(configuration, own, model));
    return mastsOf(sites, configurationOfSite, rules, own.service.rsrpDbm, terrain);
  };
  const masts = mastsFrom(scenario);
  const noiseOfRule = configurations.map(({ subcarrierKhz }) =>
    noisePerResourceElementDbm(subcarrierKhz, interference.noiseFigureDb),
  );
  const { cells, settings } = cellsOf(masts);
  if (request.memory !== undefined) holdSignals(request.memory, demand.count, masts.count, cells.count);
  const links = await rowLinks(scenario, demand, masts, mastsFrom, {
    noiseDbm: Math.min(...noiseOfRule),
    ...(request.moreLinks !== undefined && { mostLinks: MOST_LINKS + request.moreLinks }),
    executor: request.executor ?? inProcessExecutor,
    signal,
  });
  const noiseMw = new Float64Array(masts.carrierCount);
  masts.carrierOfRule.forEach((carrier, rule) => (noiseMw[carrier] = 10 ** (noiseOfRule[rule]! / 10)));
  const traffic = statesTraffic(scenario) ? trafficOf(scenario, demand) : null;
  const sets = traffic === null ? 1 : demand.periods.length;
  const state = new SignalState(links, cells, settings, {
    noiseMw,
    loads: Array.from({ length: sets }, () => new Float64Array(cells.count).fill(interference.load)),
    restLoad: new Float64Array(sets).fill(interference.load),
  });
  const ruleOfCell = Uint16Array.from(cells.mastOfCell, (mast) => masts.ruleOfMast[mast]!);
  const rateBps = ratesOf(configurations, scenario.radio, interference, ruleOfCell);
  const settle =
    traffic === null
      ? null
      : () => traffic.map((trafficBps, set) => settleLoads(state, { set, trafficBps, rateBps }));
  return {
    sites,
    state,
    setOfPeriod: Uint8Array.from(demand.periods, (_, period) => (traffic === null ? 0 : period)),
    loads: settle?.() ?? null,
    settle,
    rateBps,
  };
}

/** Every place hears at most as many masts; how many it does is known once they have been heard. */
function holdSignals(memory: MemoryAccount, places: number, masts: number, cells: number): void {
  const links = places * Math.min(MOST_LINKS, masts);
  memory.hold(
    `signals: up to ${links.toLocaleString('en')} of masts at places`,
    signalsNeed(links, cells / Math.max(1, masts)),
    'Use larger cells of users (demand.cellM) or a smaller area, or grant more with --memory.',
  );
}

/** Per period [demand.count] traffic of all users of the place, bit/s. */
export function trafficOf(scenario: Pick<Scenario, 'traffic' | 'services'>, demand: Demand): Float64Array[] {
  return demand.periods.map((name, period) => {
    const stated = demand.trafficBps?.[period];
    if (stated !== undefined) return stated;
    const bpsPerUser = statedRates(scenario, name).map((mbps) => mbps * BPS_PER_MBPS);
    const ofRow = demand.services?.ofRow;
    return demand.usersMilli[period]!.map((milli, i) => (milli / 1000) * bpsPerUser[ofRow?.[i] ?? 0]!);
  });
}

function ratesOf(
  configurations: readonly ConfigurationBase[],
  radio: Scenario['radio'],
  { layers, overhead }: InterferenceSpec,
  ruleOfCell: Uint16Array,
): (cell: number, sinr: number) => number {
  const carriers = configurations.map((configuration): CellCarrier => ({
    ...carrierOf(configuration, radio),
    layers: typeof layers === 'number' ? layers : (layers[configuration.name ?? ''] ?? 1),
    overhead,
  }));
  return (cell, sinr) =>
    sinr <= 0 ? 0 : cellRateMbps(carriers[ruleOfCell[cell]!]!, 10 * Math.log10(sinr)) * BPS_PER_MBPS;
}
