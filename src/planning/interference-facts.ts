import { findPollution, type Pollution } from '../coverage/interference/pollution.ts';
import type { CellLoads } from '../coverage/interference/loads.ts';
import { serviceAt, type ServiceQuestion } from '../coverage/interference/service.ts';
import { NO_CELL } from '../coverage/interference/signal-state.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import type { InterferenceSpec } from '../input/schema/interference.ts';
import type { Demand } from '../input/types.ts';
import type { RadioNetwork } from './radio-network.ts';

/** Users of one region (null = everybody) in one period. Users are whole thousandths. */
export interface InterferenceScope {
  readonly region: string | null;
  readonly period: string;
  readonly usersMilli: number;
  /** Covered by signal. */
  readonly signalMilli: number;
  /** Covered, and at or above the least SINR. */
  readonly sinrMilli: number;
  /** Covered, and at a place that hears too many cells alike. */
  readonly pollutedMilli: number;
  /** SINR of covered users, dB; null where nobody is covered. */
  readonly sinrDb: { readonly p10: number; readonly p50: number; readonly p90: number } | null;
}

/** Traffic of one period; only where users state it. */
export interface InterferenceTraffic {
  readonly period: string;
  readonly carriedMbps: number;
  readonly blockedMbps: number;
  readonly meanLoad: number;
  readonly overloadedCells: number;
}

/** One cell on air. */
export interface CellFacts {
  readonly site: string;
  /** Its place among the sectors of the site, from 1. */
  readonly sector: number;
  /** Null = omni. */
  readonly azimuthDeg: number | null;
  readonly tiltDeg: number;
  readonly powerChangeDb: number;
  /** Resources its traffic needs in its busiest period; above 1 = more than it has. Null without traffic. */
  readonly load: number | null;
  /** Users whose best server it is, in its busiest period. */
  readonly usersMilli: number;
  /** Users who hear it from too far out, in the worst period. */
  readonly overshootMilli: number;
  readonly overshoots: boolean;
}

export interface InterferenceFacts {
  readonly scopes: readonly InterferenceScope[];
  readonly traffic: readonly InterferenceTraffic[] | null;
  readonly cells: readonly CellFacts[];
  /** Per period [places] SINR at the best server, dB; NaN where no cell covers. */
  readonly placesDb: readonly Float32Array[];
}

export interface FactsRequest {
  readonly network: RadioNetwork;
  readonly loads: readonly CellLoads[] | null;
  readonly question: ServiceQuestion;
  readonly interference: InterferenceSpec;
  readonly demand: Demand;
  readonly membership: RegionMembership;
}

/** A cell is called overshooting when the users it reaches too far out are at least this part of those it serves. */
const OVERSHOOT_SHARE = 0.05;

/** What a network gives its users under load: shares by region and period, load and reach of every cell. */
export function interferenceFacts(request: FactsRequest): InterferenceFacts {
  const { network, loads, demand, membership, interference } = request;
  const pollution = findPollution(network.state, interference.pollution);
  const groups = [null, ...membership.names];
  return {
    scopes: groups.flatMap((region, group) =>
      demand.periods.map((period, p) => {
        const members = region === null ? null : (i: number) => membership.regionOfDemand[i] === group - 1;
        return { region, period, ...scopeOf(request, pollution, p, members) };
      }),
    ),
    traffic: loads?.map((load, p) => trafficFacts(load, demand.periods[p]!)) ?? null,
    cells: cellFacts(request, pollution),
    placesDb: placesDb(network),
  };
}

/** Periods that share their loads share the levels too. */
function placesDb({ state, setOfPeriod }: RadioNetwork): Float32Array[] {
  const levels = state.sinr.map((sinr) =>
    Float32Array.from(sinr, (linear, place) => (state.covering[place] === 0 ? NaN : 10 * Math.log10(linear))),
  );
  return Array.from(setOfPeriod, (set) => levels[set]!);
}

function scopeOf(
  { network, question, demand, interference }: FactsRequest,
  { equals }: Pollution,
  period: number,
  members: ((place: number) => boolean) | null,
): Omit<InterferenceScope, 'region' | 'period'> {
  const users = demand.usersMilli[period]!;
  const { state } = network;
  const covered: number[] = [];
  let usersMilli = 0;
  let signalMilli = 0;
  let sinrMilli = 0;
  let pollutedMilli = 0;
  for (let i = 0; i < demand.count; i++) {
    if (members !== null && !members(i)) continue;
    const own = users[i]!;
    const how = serviceAt(state, question, i, period);
    usersMilli += own;
    if ((how & 1) !== 0) signalMilli += own;
    if ((how & 2) !== 0) sinrMilli += own;
    if (state.covering[i] === 0 || own === 0) continue;
    if (equals[i]! >= interference.pollution.cells) pollutedMilli += own;
    covered.push(i);
  }
  const sinr = state.sinr[network.setOfPeriod[period]!]!;
  return { usersMilli, signalMilli, sinrMilli, pollutedMilli, sinrDb: percentilesDb(sinr, users, covered) };
}

/** Of users, not of places: the SINR that 10, 50 and 90 % of covered users do not exceed. */
function percentilesDb(
  sinr: Float64Array,
  users: Float64Array,
  covered: number[],
): InterferenceScope['sinrDb'] {
  const total = covered.reduce((sum, place) => sum + users[place]!, 0);
  if (total === 0) return null;
  covered.sort((a, b) => sinr[a]! - sinr[b]! || a - b);
  const at = (share: number): number => {
    let sum = 0;
    for (const place of covered) {
      sum += users[place]!;
      if (sum >= share * total) return Math.round(100 * 10 * Math.log10(sinr[place]!)) / 100;
    }
    return NaN;
  };
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}

function trafficFacts({ wanted, carriedBps, blockedBps }: CellLoads, period: string): InterferenceTraffic {
  const used = wanted.reduce((sum, load) => sum + Math.min(1, load), 0);
  return {
    period,
    carriedMbps: Math.round(carriedBps / 1e3) / 1e3,
    blockedMbps: Math.round(blockedBps / 1e3) / 1e3,
    meanLoad: wanted.length === 0 ? 0 : rounded(used / wanted.length),
    overloadedCells: wanted.reduce((count, load) => count + (load > 1 ? 1 : 0), 0),
  };
}

function cellFacts({ network, loads, demand }: FactsRequest, { overshoots }: Pollution): CellFacts[] {
  const { sites, state } = network;
  const { cells, settings } = state;
  const served = demand.usersMilli.map((users) => {
    const ofCell = new Float64Array(cells.count);
    for (let i = 0; i < demand.count; i++) {
      const best = state.best[i]!;
      if (best !== NO_CELL && state.covering[i]! > 0) ofCell[best]! += users[i]!;
    }
    return ofCell;
  });
  return Array.from({ length: cells.count }, (_, cell) => {
    const mast = cells.mastOfCell[cell]!;
    const usersMilli = Math.max(0, ...served.map((ofCell) => ofCell[cell]!));
    const overshootMilli = Math.max(
      0,
      ...demand.usersMilli.map((users) => overshoots[cell]!.reduce((sum, place) => sum + users[place]!, 0)),
    );
    return {
      site: sites.ids[mast]!,
      sector: cell - cells.cellStart[mast]! + 1,
      azimuthDeg: cells.pattern[cell] === null ? null : ((settings.azimuthDeg[cell]! % 360) + 360) % 360,
      tiltDeg: settings.tiltDeg[cell]!,
      powerChangeDb: settings.powerDb[cell]!,
      load: loads === null ? null : rounded(Math.max(...loads.map(({ wanted }) => wanted[cell]!))),
      usersMilli,
      overshootMilli,
      overshoots: overshootMilli > 0 && overshootMilli >= OVERSHOOT_SHARE * usersMilli,
    };
  });
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
