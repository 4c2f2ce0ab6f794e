import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  annuityFactor,
  COST_PARTS,
  siteCosts,
  towerCost,
  type SiteCostRequest,
} from '../../src/coverage/site-cost.ts';
import { InputError } from '../../src/errors.ts';
import { at, scenario, siteTable } from './tables.ts';

const costOf = (text: string): SiteCostRequest['cost'] => scenario(`cost: { ${text} }`).cost;

function request(text: string, more: Partial<SiteCostRequest> = {}): SiteCostRequest {
  const candidates = siteTable([{ id: 'a', eastM: 0, northM: 0 }]);
  return {
    candidates,
    cost: costOf(text),
    heightM: Array.from(candidates.ids, () => 25),
    fibre: [[at(0, 5000), at(3000, 5000)]],
    configurations: null,
    isUpgrade: null,
    ...more,
  };
}

const BACKHAUL = 'backhaul: { file: f.geojson, perKm: 10, yearlyPerKm: 0.5 }';

describe('cost of a site', () => {
  it('is as written where nothing else is asked', () => {
    const { cost, partsCents } = siteCosts(request('site: 1.2345'));
    expect([...cost]).toEqual([1.2345]);
    expect(partsCents).toBeNull();
  });

  it('adds mast, fibre by its length and discounted yearly costs', () => {
    // 5 km of fibre; annuity over 10 years at 8 %: (1 - 1.08^-10) / 0.08 = 6.710081 (standard annuity table).
    const costs = siteCosts(
      request(
        `site: 100, siteYearly: 2, tower: [{ toM: 20, cost: 7 }, { toM: 40, cost: 9.5 }], years: 10, discountRate: 0.08, ${BACKHAUL}`,
      ),
    );
    expect(annuityFactor(10, 0.08)).toBeCloseTo(6.710081, 6);
    expect(costs.backhaul[0]!.kind).toBe('fibre');
    // UTM metres are up to 0.04 % off true metres here: 5,000 m on the plane are 5,001 m on the ground.
    const km = costs.backhaul[0]!.distanceM / 1000;
    expect(km).toBeCloseTo(5, 2);
    const parts = COST_PARTS.map((part) => costs.partsCents![part][0]!);
    expect(parts).toEqual([
      10_000,
      0,
      950,
      Math.round(1000 * km),
      Math.round(100 * (2 + 0.5 * km) * annuityFactor(10, 0.08)),
    ]);
    expect(costs.cost[0]).toBe(parts.reduce((a, b) => a + b) / 100);
  });

  it('takes a radio hop where fibre is near enough for it and dearer over the years', () => {
    const kind = (hop: string): string =>
      siteCosts(request(`backhaul: { file: f, perKm: 10, radioHop: { ${hop} } }`)).backhaul[0]!.kind;
    expect(kind('maxKm: 6, cost: 20')).toBe('radio');
    expect(kind('maxKm: 4, cost: 20')).toBe('fibre');
    expect(kind('maxKm: 6, cost: 60')).toBe('fibre');
    // 20 + 10 years x 4 = 60 against 50.
    expect(kind('maxKm: 6, cost: 20, yearlyCost: 4')).toBe('fibre');
  });

  it('asks of an upgrade its configuration alone', () => {
    const upgrade = { configurations: [{ cost: 3, yearlyCost: 0.1 }], isUpgrade: [true] };
    const { cost, backhaul } = siteCosts(request(`site: 100, siteYearly: 5, years: 5, ${BACKHAUL}`, upgrade));
    expect(cost[0]).toBe(3.5);
    expect(backhaul[0]).toBeNull();
  });

  it('is refused where it rounds to nothing', () => {
    expect(() => siteCosts(request('site: 0.001, siteYearly: 0.0001'))).toThrow(InputError);
  });

  it('adds up to the cent, whatever the numbers', () => {
    const money = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.record({ eastM: fc.integer({ min: -9000, max: 9000 }), cost: money }), {
          minLength: 1,
          maxLength: 20,
        }),
        money,
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (sites, perKm, discountRate) => {
          const candidates = siteTable(
            sites.map(({ eastM, cost }, k) => ({ id: `s${k}`, eastM, northM: k, cost: 1 + cost })),
          );
          const costs = siteCosts(
            request(
              `siteYearly: 12.345, tower: [{ toM: 40, cost: 0.335 }], discountRate: ${discountRate}, ${BACKHAUL.replace('10,', `${perKm},`)}`,
              {
                candidates,
                heightM: candidates.ids.map(() => 25),
              },
            ),
          );
          const cents = (site: number): number =>
            COST_PARTS.reduce((sum, part) => sum + costs.partsCents![part][site]!, 0);
          let total = 0;
          for (let site = 0; site < candidates.count; site++) {
            for (const part of COST_PARTS)
              expect(Number.isSafeInteger(costs.partsCents![part][site])).toBe(true);
            expect(Math.round(costs.cost[site]! * 100)).toBe(cents(site));
            total += cents(site);
          }
          expect(Math.round(costs.cost.reduce((a, b) => a + b) * 100)).toBe(total);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('of a mast is that of the first step high enough', () => {
    const tower = [
      { toM: 20, cost: 5 },
      { toM: 30, cost: 8 },
    ];
    expect([
      towerCost(tower, 20),
      towerCost(tower, 20.1),
      towerCost(tower, 50),
      towerCost(undefined, 50),
    ]).toEqual([5, 8, 8, 0]);
  });
});
