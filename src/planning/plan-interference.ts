import { countService, type ServiceQuestion } from '../coverage/interference/service.ts';
import { tuneCells } from '../coverage/interference/tune.ts';
import type { Baseline } from '../coverage/types.ts';
import { interferenceSchema, type InterferenceSpec } from '../input/schema/interference.ts';
import { joinSites } from '../input/join-sites.ts';
import { pickSites } from '../input/pick-sites.ts';
import type { RegionMembership } from '../input/read-regions.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { SiteTable } from '../input/types.ts';
import { interferenceFacts, type InterferenceFacts } from './interference-facts.ts';
import { radioNetwork, type RadioNetworkRequest } from './radio-network.ts';
import { isMissed, reachedTargets, serviceTargets, type ReachedTarget } from './service-targets.ts';

export interface PlanInterferenceRequest extends Omit<RadioNetworkRequest, 'sites'> {
  readonly existing: SiteTable | null;
  readonly candidates: SiteTable;
  /** Chosen candidates. */
  readonly chosen: ArrayLike<number>;
  readonly baseline: Baseline;
  readonly membership: RegionMembership;
}

/** SINR of a plan under load. */
export interface PlanInterference {
  readonly asBuilt: InterferenceFacts;
  /** With cells set anew because a target on SINR was missed; null where none was, or nothing helped. */
  readonly tuned: InterferenceFacts | null;
  /** Targets on SINR alone. */
  readonly targets: readonly ReachedTarget[];
  /** Ids of sites added and left out for targets on SINR; null = none. */
  readonly repair: { readonly added: readonly string[]; readonly removed: readonly string[] } | null;
}

/** What the scenario asks to know of SINR: its `interference`, the defaults where only a target speaks of it, else null. */
export function askedInterference({ interference, phases }: Scenario): InterferenceSpec | null {
  if (interference !== undefined) return interference;
  const asked = phases?.list.some(({ targets }) => targets.some(({ by }) => by === 'sinr')) === true;
  return asked ? interferenceSchema.parse({}) : null;
}

/**
 * SINR of a plan, existing and new sites on air as they are configured. Where a target on SINR is missed the new (and where
 * allowed existing) cells are tuned; what is still missing then stays in `targets`. Null where no site is on air, or
 * when stopped before the SINR was known.
 */
export async function planInterference(request: PlanInterferenceRequest): Promise<PlanInterference | null> {
  const { existing, candidates, chosen, interference, demand, membership } = request;
  const built = pickSites(candidates, Array.from(chosen));
  const sites = existing === null ? built : joinSites(existing, built);
  if (sites.count === 0) return null;
  const network = await radioNetwork({ ...request, sites });
  if (request.signal?.aborted === true) return null;
  const { state, settle } = network;
  const { specs, targets } = serviceTargets(request.scenario, request);
  const question = serviceQuestion(request, network.setOfPeriod);
  const facts = (loads: typeof network.loads): InterferenceFacts =>
    interferenceFacts({ network, loads, interference, demand, membership, question });
  const before = countService(state, question);
  const asBuilt = facts(network.loads);
  const bySinr = (after: typeof before): ReachedTarget[] =>
    reachedTargets(specs, targets, before, after).filter(({ by }) => by === 'sinr');
  if (!bySinr(before).some(isMissed)) return { asBuilt, tuned: null, targets: bySinr(before), repair: null };
  let loads = network.loads;
  const firstNew = existing?.count ?? 0;
  const search = await tuneCells({
    state,
    question,
    mayChange: Uint8Array.from(state.cells.mastOfCell, (mast) =>
      interference.tune.existing || mast >= firstNew ? 1 : 0,
    ),
    limits: interference.tune,
    ...(settle !== null && { settle: () => (loads = settle()) }),
    shouldStop: () => request.signal?.aborted === true,
  });
  const tuned = search.moves === 0 ? null : facts(loads);
  return { asBuilt, tuned, targets: bySinr(search.after), repair: null };
}

/** Who counts as served, and by which targets, in a network with these sets of loads. */
export function serviceQuestion(
  request: Pick<PlanInterferenceRequest, 'scenario' | 'demand' | 'membership' | 'baseline' | 'interference'>,
  setOfPeriod: Uint8Array,
): ServiceQuestion {
  const { scenario, demand, baseline, interference } = request;
  return {
    usersMilli: demand.usersMilli,
    setOfPeriod,
    servedAnyway: interference.tune.existing ? null : baseline.served,
    leastSinr: 10 ** (interference.sinrDb / 10),
    targets: serviceTargets(scenario, request).targets,
  };
}

/** One sentence for each target on SINR that is missed, tuned or not. */
export function sinrShortfalls(interference: PlanInterference | null): string[] {
  return (interference?.targets ?? [])
    .filter(isMissed)
    .map(({ region, service, period, share, needMilli, afterMilli }) => {
      const where = region === null ? 'all users' : `the users of ${region}`;
      const who = service === undefined ? where : `${where} of service ${service}`;
      const short = Math.ceil((needMilli - afterMilli) / 1000);
      const required = Number((share * 100).toFixed(6));
      return `The target of ${required} % of ${who} by SINR is missed in ${period} by ${short} users; neither tuning nor more sites found better.`;
    });
}
