import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CoverState } from '../../src/solve/cover-state.ts';
import type { CoveringModel } from '../../src/solve/covering-model.ts';
import { addGreedily } from '../../src/solve/greedy.ts';
import { ruinAndRecreate, type SearchTask } from '../../src/solve/ruin-recreate.ts';
import { Surroundings } from '../../src/solve/surroundings.ts';
import { roadModels } from '../support/road-models.ts';

function sharesClass(model: CoveringModel, one: number, other: number): boolean {
  const classes = (site: number): Uint32Array =>
    model.classOfSite.subarray(model.siteStart[site], model.siteStart[site + 1]);
  return classes(one).some((own) => classes(other).includes(own));
}

describe('the surroundings of sites', () => {
  it('are the sites that share a class with one of those entered since they were last cleared', () => {
    let compared = 0;
    let leftOut = 0;
    fc.assert(
      fc.property(roadModels, fc.array(fc.nat(13), { minLength: 1, maxLength: 3 }), (model, picks) => {
        const surroundings = Surroundings.of(model);
        const all = [...model.cost.keys()];
        const nearOf = (sites: readonly number[]): number[] =>
          all.filter((site) => sites.some((own) => sharesClass(model, own, site)));
        const pairs = all.reduce((sum, site) => sum + nearOf([site]).length, 0);
        // A quarter of all pairs of sites: the constant of the file.
        expect(surroundings === null).toBe(pairs > 0.25 * all.length ** 2);
        if (surroundings === null) {
          leftOut++;
          return;
        }
        compared++;
        surroundings.enter(0);
        surroundings.clear();
        const entered = picks.map((pick) => pick % model.siteCount);
        for (const site of entered) surroundings.enter(site);
        const found = Array.from({ length: surroundings.size }, (_, place) => surroundings.at(place));
        expect(found.sort((a, b) => a - b)).toEqual(nearOf(entered));
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(30);
    expect(leftOut).toBeGreaterThan(30);
  });
});

describe('a walk that looks at the surroundings of what it removed alone', () => {
  it('returns a feasible plan, its true cost, never a dearer one, and the same every time', () => {
    let better = 0;
    fc.assert(
      fc.property(roadModels, (model) => {
        const start = new CoverState(model);
        addGreedily(start);
        if (!start.isFeasible() || Surroundings.of(model) === null) return;
        const task: SearchTask = {
          ...{ seed: 1, stream: 7, work: 4_000, start: Uint32Array.from(start.sites()) },
          scores: new Float64Array(model.classCount).fill(1),
          slackWorth: Float64Array.from(model.need, (need) => 5 / need),
          ...{ hot: 0.3, cold: 0.01, local: true },
        };
        const { sites, cost } = ruinAndRecreate(model, task);
        const recounted = new CoverState(model, sites);
        expect(recounted.isFeasible()).toBe(true);
        expect(recounted.cost).toBe(cost);
        expect(cost).toBeLessThanOrEqual(start.cost);
        expect(ruinAndRecreate(model, task).sites).toEqual(sites);
        if (cost < start.cost) better++;
      }),
      { numRuns: 1000 },
    );
    expect(better).toBeGreaterThan(10);
  });
});
