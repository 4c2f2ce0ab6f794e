import { InputError } from '../errors.ts';
import { indexLines, type LonLat } from '../geo/nearest-line.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { SiteTable } from '../input/types.ts';

/** What a site's cost is made of, in the order of reports. */
export const COST_PARTS = ['site', 'configuration', 'tower', 'backhaul', 'yearly'] as const;
export type CostPart = (typeof COST_PARTS)[number];

/** Where a site's backhaul comes from: a hop of radio or new fibre to the nearest place of the network. */
export interface Backhaul {
  readonly kind: 'fibre' | 'radio';
  /** To the nearest fibre, metres. */
  readonly distanceM: number;
  /** The nearest place of the fibre, degrees. */
  readonly lon: number;
  readonly lat: number;
}

/** Costs of every candidate. Hundredths are whole numbers, so parts, sites and totals add up exactly. */
export interface SiteCosts {
  /** [sites] sum of the parts, in the scenario's unit of money. */
  readonly cost: Float64Array;
  /** Per part [sites] hundredths, whole numbers; null where nothing but `cost.site` is asked (costs are then as written). */
  readonly partsCents: Readonly<Record<CostPart, Float64Array>> | null;
  /** [sites] null where no backhaul is asked, or the site stands already. */
  readonly backhaul: readonly (Backhaul | null)[];
}

export interface SiteCostRequest {
  readonly candidates: SiteTable;
  readonly cost: Scenario['cost'];
  /** [sites] antenna height above ground, metres. */
  readonly heightM: ArrayLike<number>;
  /** Lines and points of the fibre; null = none asked. */
  readonly fibre: readonly (readonly LonLat[])[] | null;
  /** [sites] cost and yearly cost of the configuration; null = no configurations. */
  readonly configurations: readonly { readonly cost: number; readonly yearlyCost: number }[] | null;
  /** [sites] true where the site stands already and only its configuration is new; null = nowhere. */
  readonly isUpgrade: readonly boolean[] | null;
}

const CENTS = 100;

/**
 * Present value of 1 paid at the end of each of so many years: (1 - (1 + r)^-n) / r, and n without discounting.
 */
export function annuityFactor(years: number, discountRate: number): number {
  return discountRate === 0 ? years : (1 - (1 + discountRate) ** -years) / discountRate;
}

/** Cost of a mast by antenna height: the first step that is high enough; beyond the last step the last one holds. */
export function towerCost(steps: Scenario['cost']['tower'], heightM: number): number {
  if (steps === undefined) return 0;
  return (steps.find(({ toM }) => heightM <= toM) ?? steps.at(-1)!).cost;
}

/**
 * Capital and yearly cost of every candidate (design, section 3). A feature's own `cost` stands for `cost.site`; mast,
 * backhaul and yearly costs are added to it. Every part is rounded to hundredths before anything is summed.
 *
 * @throws InputError when a site costs nothing
 */
export function siteCosts(request: SiteCostRequest): SiteCosts {
  const { candidates, cost, configurations } = request;
  const site = candidates.cost.map((own) => (Number.isNaN(own) ? cost.site : own));
  const plain =
    cost.siteYearly === 0 &&
    cost.tower === undefined &&
    cost.backhaul === undefined &&
    configurations === null;
  if (plain) return { cost: site, partsCents: null, backhaul: candidates.ids.map(() => null) };
  return brokenDown(request, site);
}

function brokenDown(request: SiteCostRequest, site: Float64Array): SiteCosts {
  const { candidates, cost, heightM, fibre, configurations, isUpgrade } = request;
  const { count, lon, lat } = candidates;
  const factor = annuityFactor(cost.years, cost.discountRate);
  const index = fibre === null ? null : indexLines(fibre);
  const part = (): Float64Array => new Float64Array(count);
  const parts: Record<CostPart, Float64Array> = {
    site: part(),
    configuration: part(),
    tower: part(),
    backhaul: part(),
    yearly: part(),
  };
  const total = part();
  const backhaul = Array.from({ length: count }, (_, s): Backhaul | null => {
    const configuration = configurations?.[s] ?? { cost: 0, yearlyCost: 0 };
    const stands = isUpgrade?.[s] === true;
    const nearest = stands ? null : (index?.nearest(lon[s]!, lat[s]!) ?? null);
    const link = nearest === null ? null : cheapestBackhaul(cost, nearest.distanceM, factor);
    parts.site[s] = stands ? 0 : cents(site[s]!);
    parts.configuration[s] = cents(configuration.cost);
    parts.tower[s] = stands ? 0 : cents(towerCost(cost.tower, heightM[s]!));
    parts.backhaul[s] = cents(link?.cost ?? 0);
    const yearly = configuration.yearlyCost + (stands ? 0 : cost.siteYearly) + (link?.yearlyCost ?? 0);
    parts.yearly[s] = cents(yearly * factor);
    const sum = COST_PARTS.reduce((before, name) => before + parts[name][s]!, 0);
    if (sum === 0) throw costsNothing(candidates.ids[s]!);
    total[s] = sum / CENTS;
    return nearest === null || link === null ? null : { kind: link.kind, ...nearest };
  });
  return { cost: total, partsCents: parts, backhaul };
}

/** Radio where the nearest fibre is near enough and radio is cheaper over the years, else new fibre. */
function cheapestBackhaul(
  { backhaul }: Scenario['cost'],
  distanceM: number,
  factor: number,
): { readonly kind: Backhaul['kind']; readonly cost: number; readonly yearlyCost: number } | null {
  if (backhaul === undefined) return null;
  const km = distanceM / 1000;
  const fibre = {
    kind: 'fibre' as const,
    cost: km * backhaul.perKm,
    yearlyCost: km * backhaul.yearlyPerKm,
  };
  const hop = backhaul.radioHop;
  if (hop === undefined || km > hop.maxKm) return fibre;
  const overYears = (way: { readonly cost: number; readonly yearlyCost: number }): number =>
    way.cost + way.yearlyCost * factor;
  return overYears(hop) < overYears(fibre)
    ? { kind: 'radio', cost: hop.cost, yearlyCost: hop.yearlyCost }
    : fibre;
}

function costsNothing(id: string): InputError {
  return new InputError(`site "${id}" costs less than 0.01.`, {
    code: 'cost-too-small',
    hint: 'With tower, backhaul, yearly or configuration costs every part is rounded to hundredths: use a smaller unit of money.',
  });
}

/** Hundredths, the nearest whole number. */
function cents(money: number): number {
  return Math.round(money * CENTS);
}
