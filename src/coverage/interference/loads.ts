import { NO_CELL, type SignalState } from './signal-state.ts';

/** What users ask for and what a cell can give. */
export interface LoadQuestion {
  /** Set of loads to work out. */
  readonly set: number;
  /** [places] traffic, bit/s. */
  readonly trafficBps: ArrayLike<number>;
  /** Rate of a cell that gives all its resources to a user at this linear SINR, bit/s; 0 = nothing can be sent. */
  readonly rateBps: (cell: number, sinr: number) => number;
}

/** Loads that hold together: each cell's follows from the SINR that all others leave it. */
export interface CellLoads {
  /** [cells] share of resources its traffic needs; above 1 = more than it has. */
  readonly wanted: Float64Array;
  /** Traffic of covered users that their best server can carry at all, and of the others, bit/s. */
  readonly carriedBps: number;
  readonly blockedBps: number;
  readonly rounds: number;
}

/** Loads have settled when none moves by more; a tenth of a resource block of 100. */
const SETTLED = 1e-3;
const MOST_ROUNDS = 100;

/**
 * Cell load coupling (Siomina and Yuan, IEEE Trans. Wireless Commun. 11(6), 2012): load = sum over its users of traffic /
 * rate at their SINR, the SINR under the loads of the other cells. The map grows with every load and grows less than in
 * proportion, so beginning at 0 the loads rise to the one fixed point; a cell never uses more than all it has. The
 * state's loads of the set are overwritten and its SINR follows.
 */
export function settleLoads(state: SignalState, question: LoadQuestion): CellLoads {
  const { set } = question;
  const load = state.disturbance.loads[set]!;
  const wanted = new Float64Array(load.length);
  load.fill(0);
  state.disturbance.restLoad[set] = 0;
  state.hearLoads(set);
  for (let rounds = 1; ; rounds++) {
    wantedLoads(state, question, wanted);
    let most = 0;
    let sum = 0;
    for (let cell = 0; cell < load.length; cell++) {
      const next = Math.min(1, wanted[cell]!);
      most = Math.max(most, Math.abs(next - load[cell]!));
      load[cell] = next;
      sum += next;
    }
    // Masts beyond those a place hears one by one: at the mean load.
    state.disturbance.restLoad[set] = load.length === 0 ? 0 : sum / load.length;
    state.hearLoads(set);
    if (most <= SETTLED || rounds === MOST_ROUNDS)
      return { wanted, rounds, ...carried(state, question, wanted) };
  }
}

function wantedLoads(
  state: SignalState,
  { set, trafficBps, rateBps }: LoadQuestion,
  wanted: Float64Array,
): void {
  const sinr = state.sinr[set]!;
  wanted.fill(0);
  for (let place = 0; place < state.best.length; place++) {
    const cell = state.best[place]!;
    if (cell === NO_CELL || state.covering[place] === 0 || trafficBps[place] === 0) continue;
    const rate = rateBps(cell, sinr[place]!);
    if (rate > 0) wanted[cell]! += trafficBps[place]! / rate;
  }
}

/** An overloaded cell carries the same part of everybody's traffic. */
function carried(
  state: SignalState,
  { set, trafficBps, rateBps }: LoadQuestion,
  wanted: Float64Array,
): Pick<CellLoads, 'carriedBps' | 'blockedBps'> {
  let carriedBps = 0;
  let blockedBps = 0;
  for (let place = 0; place < state.best.length; place++) {
    const cell = state.best[place]!;
    const traffic = trafficBps[place]!;
    const reached =
      cell !== NO_CELL && state.covering[place]! > 0 && rateBps(cell, state.sinr[set]![place]!) > 0;
    const part = reached && traffic > 0 ? Math.min(1, 1 / wanted[cell]!) : 0;
    carriedBps += traffic * part;
    blockedBps += traffic * (1 - part);
  }
  return { carriedBps, blockedBps };
}
