import { describe, expect, it } from 'vitest';
import type { ActionInputs } from '../../src/assess/actions.ts';
import { rankActions } from '../../src/assess/actions.ts';
import type { CauseCode } from '../../src/assess/areas.ts';
import type { WeakArea } from '../../src/assess/areas.ts';
import { areaAt, weak } from './four-places.ts';

const nothing: ActionInputs = {
  planned: null,
  weakAreas: [],
  measureNext: [],
  feedback: null,
  scorecard: [],
  siteCost: 2,
  totalUsersMilli: [10_000, 20_000],
  sitesKnown: true,
};
const because = (area: WeakArea, ...codes: CauseCode[]): WeakArea => ({
  ...area,
  causes: codes.map((code) => ({ code, figure: null })),
});

describe('rankActions', () => {
  it('names a place once over the periods, with its users as a part of all', () => {
    const day = weak(areaAt('W2', 100, [0]));
    const weakAreas = [weak(areaAt('W1', 1100, [2])), day, { ...day, id: 'W3', period: 1 }];
    const actions = rankActions({ ...nothing, weakAreas });
    // 3 and 1 of the 10 users by day.
    expect(actions.map(({ rank, kind, subject, cost, share }) => [rank, kind, subject, cost, share])).toEqual(
      [
        [1, 'build', 'W1', 2, 0.3],
        [2, 'build', 'W2', 2, 0.1],
      ],
    );
  });

  it.each([
    ['tilt', ['no-site-near', 'overshoot']],
    ['tilt', ['pilot-pollution']],
    ['build', ['terrain', 'indoor']],
    ['upgrade', ['indoor']],
    ['upgrade', ['unknown']],
    ['measure', ['unproven', 'no-site-near']],
    ['tilt', ['unproven', 'overshoot']],
  ] as const)('answers with %s where %j is likely', (kind, codes) => {
    const weakAreas = [because(weak(areaAt('W1', 100, [0])), ...codes)];
    expect(rankActions({ ...nothing, weakAreas })).toMatchObject([
      { kind, subject: 'W1', weakAreas: ['W1'] },
    ]);
  });

  it('names nothing to build where neither cause nor sites are known', () => {
    const weakAreas = [because(weak(areaAt('W1', 100, [0])), 'unknown')];
    expect(rankActions({ ...nothing, weakAreas, sitesKnown: false })).toEqual([]);
  });

  it('measures where weakness is not proven before a site of the plan for it, not before one for proven areas', () => {
    const proven = weak(areaAt('W2', 100, [0]));
    const weakAreas = [because(weak(areaAt('W1', 1100, [2])), 'unproven'), proven];
    const site = { share: 0.3, cost: 5, isUpgrade: false };
    const planned = [
      { ...site, id: 'p1', usersMilli: 3000, weakAreas: ['W1'] },
      { ...site, id: 'p2', usersMilli: 2000, weakAreas: ['W1', 'W2'] },
    ];
    // W1 has 3 users: measuring weighs 1.5, the site for W1 alone 0.75.
    const actions = rankActions({ ...nothing, weakAreas, planned });
    expect(actions.map(({ kind, reason, subject, share }) => [kind, reason, subject, share])).toEqual([
      ['build', 'planned-site', 'p2', 0.3],
      ['measure', 'unproven', 'W1', null],
      ['build', 'planned-site', 'p1', 0.3],
    ]);
  });

  it('takes building and upgrading from the plan where one was made', () => {
    const weakAreas = [weak(areaAt('W1', 1100, [2])), weak(areaAt('W2', 100, [0]))];
    const site = { usersMilli: 3000, share: 0.3, cost: 5, weakAreas: ['W1'], isUpgrade: false };
    const planned = [
      { ...site, id: 'p1' },
      { ...site, id: 'p2', usersMilli: 1000, isUpgrade: true },
    ];
    const actions = rankActions({ ...nothing, weakAreas, planned });
    expect(actions.map(({ kind, subject, cost }) => [kind, subject, cost])).toEqual([
      ['build', 'p1', 5],
      ['upgrade', 'p2', 5],
    ]);
  });
});
