import { COST_PARTS, type CostPart } from '../coverage/site-cost.ts';
import type { PlanResult } from '../planning/plan-result.ts';

const CENTS = 100;

type Money = Readonly<Record<CostPart, number>>;

/** What one new site costs, part by part. The parts sum to `cost`. */
export interface SiteCostRecord {
  readonly id: string;
  readonly cost: number;
  readonly parts: Money;
  readonly backhaul: 'fibre' | 'radio' | null;
  /** To the nearest fibre, whole metres; null where no backhaul is asked. */
  readonly fibreM: number | null;
}

/** What the plan costs, part by part. The parts sum to `cost`, and so do the sites: in whole hundredths. */
export interface CostRecord {
  readonly cost: number;
  readonly parts: Money;
  readonly years: number;
  readonly discountRate: number;
  readonly sites: readonly SiteCostRecord[];
}

/** Null where the scenario states nothing but the cost of a site. */
export function costRecord({ scenario, solution, candidates, costs }: PlanResult): CostRecord | null {
  const { partsCents, backhaul } = costs;
  if (partsCents === null) return null;
  const total = Object.fromEntries(COST_PARTS.map((name) => [name, 0])) as Record<CostPart, number>;
  const sites = solution.sites.map((site): SiteCostRecord => {
    const cents = COST_PARTS.map((name) => partsCents[name][site]!);
    COST_PARTS.forEach((name, k) => (total[name] += cents[k]!));
    const link = backhaul[site] ?? null;
    return {
      id: candidates.ids[site]!,
      cost: sum(cents) / CENTS,
      parts: moneyOf((name) => partsCents[name][site]!),
      backhaul: link?.kind ?? null,
      fibreM: link === null ? null : Math.round(link.distanceM),
    };
  });
  const { years, discountRate } = scenario.cost;
  return {
    cost: sum(COST_PARTS.map((name) => total[name])) / CENTS,
    parts: moneyOf((name) => total[name]),
    years,
    discountRate,
    sites,
  };
}

/** How many new sites are built in each configuration, most first. */
export interface ConfigurationCount {
  readonly configuration: string;
  readonly technology: string;
  readonly frequencyMhz: number;
  readonly sites: number;
  /** Of these, upgrades of sites that stand already. */
  readonly upgrades: number;
}

/** The mix of technologies and configurations of a plan. */
export function configurationMix(result: PlanResult): ConfigurationCount[] {
  const { solution, configurations, configurationOfCandidate, isUpgrade } = result;
  const counts = configurations.map(() => ({ sites: 0, upgrades: 0 }));
  for (const site of solution.sites) {
    const count = counts[configurationOfCandidate[site]!]!;
    count.sites++;
    if (isUpgrade?.[site] === true) count.upgrades++;
  }
  return counts
    .map((count, index) => ({ ...configurations[index]!, ...count }))
    .filter(({ sites }) => sites > 0)
    .sort((a, b) => b.sites - a.sites || (a.id < b.id ? -1 : 1))
    .map(({ id, technology, frequencyMhz, sites, upgrades }) => ({
      configuration: id,
      technology,
      frequencyMhz,
      sites,
      upgrades,
    }));
}

function moneyOf(cents: (part: CostPart) => number): Money {
  return Object.fromEntries(COST_PARTS.map((name) => [name, cents(name) / CENTS])) as Record<
    CostPart,
    number
  >;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
