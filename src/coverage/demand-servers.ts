import { inProcessExecutor, type Executor, type Kernel } from '../executor.ts';
import {
  bindNetwork,
  type BoundNetwork,
  type NetworkInputs,
  type ServerEstimate,
} from './existing-network.ts';
import { linkCounts, type LinkCounts } from './link-counts.ts';
import { EVIDENCE_PREDICTED, type Baseline } from './types.ts';

/** The best server of today's network at every demand point. */
export interface DemandServers {
  /** Null where no site is within reach. */
  at(i: number): ServerEstimate | null;
}

interface Places {
  readonly lon: Float64Array;
  readonly lat: Float64Array;
}

/** Structs of arrays, one entry per place; site -1 = none within reach. */
interface ServerColumns {
  readonly site: Int32Array;
  readonly rsrpDbm: Float64Array;
  readonly thresholdDbm: Float64Array;
  readonly probability: Float64Array;
  /** OUTSIDE and HELD, or 0. */
  readonly flags: Uint8Array;
}

const OUTSIDE = 1;
const HELD = 2;
/** Places a task works on: fixed, whatever the number of threads. */
const PLACES_PER_TASK = 256;

const networks = new WeakMap<NetworkInputs, BoundNetwork>();

/** Best servers of a range of places. */
export const bestServersKernel: Kernel<NetworkInputs, Places, ServerColumns> = {
  name: 'coverage/best-servers',
  run(inputs, { lon, lat }, context) {
    const network = networks.get(inputs) ?? bindNetwork(inputs);
    networks.set(inputs, network);
    const columns = emptyColumns(lon.length);
    for (let i = 0; i < lon.length && !context.shouldStop(); i++) {
      write(columns, i, network.predict(lon[i]!, lat[i]!));
    }
    return columns;
  },
};

function emptyColumns(count: number): ServerColumns {
  return {
    site: new Int32Array(count).fill(-1),
    rsrpDbm: new Float64Array(count),
    thresholdDbm: new Float64Array(count),
    probability: new Float64Array(count),
    flags: new Uint8Array(count),
  };
}

function write(columns: ServerColumns, i: number, server: ServerEstimate | null): void {
  if (server === null) return;
  columns.site[i] = server.site;
  columns.rsrpDbm[i] = server.rsrpDbm;
  columns.thresholdDbm[i] = server.thresholdDbm;
  columns.probability[i] = server.probability;
  columns.flags[i] = (server.outsideDistance ? OUTSIDE : 0) | (server.heldAtFreeSpace ? HELD : 0);
}

function read(columns: ServerColumns, i: number): ServerEstimate | null {
  const site = columns.site[i]!;
  if (site < 0) return null;
  const flags = columns.flags[i]!;
  return {
    site,
    rsrpDbm: columns.rsrpDbm[i]!,
    thresholdDbm: columns.thresholdDbm[i]!,
    probability: columns.probability[i]!,
    outsideDistance: (flags & OUTSIDE) !== 0,
    heldAtFreeSpace: (flags & HELD) !== 0,
  };
}

/** Predicts today's network at every demand point, over the executor's threads; the same bytes for any number of them. */
export async function demandServers(
  { inputs }: BoundNetwork,
  { lon, lat }: Places,
  {
    executor = inProcessExecutor,
    signal,
  }: { executor?: Executor | undefined; signal?: AbortSignal | undefined } = {},
): Promise<DemandServers> {
  const tasks: Places[] = [];
  for (let from = 0; from < lon.length; from += PLACES_PER_TASK) {
    const to = from + PLACES_PER_TASK;
    tasks.push({ lon: lon.slice(from, to), lat: lat.slice(from, to) });
  }
  const chunks = await executor.map(bestServersKernel, inputs, tasks, { signal });
  return { at: (i) => read(chunks[Math.floor(i / PLACES_PER_TASK)]!, i % PLACES_PER_TASK) };
}

/** What holds of today's links: one for each demand point that a prediction decides in any period. */
export function predictedLinkCounts(
  { inputs }: BoundNetwork,
  servers: DemandServers,
  baseline: Baseline,
  demandCount: number,
): LinkCounts {
  const ofRule = inputs.rules.map(() => ({ links: 0, outsideDistance: 0, held: 0 }));
  for (let i = 0; i < demandCount; i++) {
    if (!baseline.evidence.some((evidence) => evidence[i] === EVIDENCE_PREDICTED)) continue;
    const server = servers.at(i);
    if (server === null) continue;
    const counts = ofRule[inputs.ruleOfSite[server.site]!]!;
    counts.links++;
    if (server.outsideDistance) counts.outsideDistance++;
    if (server.heldAtFreeSpace) counts.held++;
  }
  return linkCounts(inputs.rules, ofRule);
}
