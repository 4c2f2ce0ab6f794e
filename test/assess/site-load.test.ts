import { describe, expect, it } from 'vitest';
import { likelyCauses } from '../../src/assess/causes.ts';
import { fullSiteOf, siteLoads } from '../../src/assess/site-load.ts';
import type { DemandServers } from '../../src/coverage/demand-servers.ts';
import type { SiteRoom } from '../../src/input/types.ts';
import { areaAt, baselineOf, demand, sites } from './four-places.ts';

/** Places a and b (1 and 2 users) hear site s0 strongest, c and d (3 and 4 users) site s2000. */
const servers: DemandServers = {
  at: (i) => ({
    rsrpDbm: -90,
    thresholdDbm: -105,
    probability: 1,
    site: i < 2 ? 0 : 1,
    outsideDistance: false,
    heldAtFreeSpace: false,
  }),
};
const room = (own: Partial<SiteRoom>): SiteRoom => ({ mbps: null, users: null, load: null, ...own });
const scenario = {
  service: { rsrpDbm: -105, indoorLossDb: 0 },
  traffic: { mbpsPerUser: 4, activity: 0.5 },
  demand: {},
  radio: {},
} as unknown as Parameters<typeof siteLoads>[0]['scenario'] & Parameters<typeof likelyCauses>[1]['scenario'];
const inputs = (first: Partial<SiteRoom>, second: Partial<SiteRoom> = {}) => ({
  scenario,
  demand,
  baseline: baselineOf([0, 0, 1, 1], [1, 1, 1, 1]),
  existing: { ...sites(0, 2000), rooms: [room(first), room(second)] },
  servers,
});
const utilisation = (first: Partial<SiteRoom>, second: Partial<SiteRoom> = {}): number[] => [
  ...siteLoads(inputs(first, second))!.utilisation[0]!,
];

describe('siteLoads', () => {
  it('adds the traffic of the connected users to the load the site states', () => {
    // 3 users x 4 Mbit/s x 0.5 = 6 Mbit/s, with 3 more 9 of 5; 7 users of 14, and 7 that are not in the demand file.
    expect(utilisation({ mbps: 5, load: 3 }, { users: 14, load: 7 })).toEqual([1.8, 1]);
  });

  it('takes the value of the period, and knows nothing of a site without a capacity', () => {
    expect(utilisation({ mbps: { day: 12 } })).toEqual([0.5, NaN]);
    expect(utilisation({ mbps: 0 }, { users: 7 })).toEqual([NaN, 1]);
  });

  it('leaves out users whose median level is under the threshold', () => {
    const weak = inputs({ users: 10 });
    weak.baseline.rsrpDbm[0]![1] = -106;
    // Of a and b only a, 1 user, is connected.
    expect(siteLoads(weak)!.utilisation[0]![0]).toBe(0.1);
  });

  it('is nothing where no site states a capacity or no site is known', () => {
    expect(siteLoads({ ...inputs({}), existing: sites(0, 2000) })).toBeNull();
    expect(siteLoads({ ...inputs({}), existing: null, servers: null })).toBeNull();
  });
});

describe('fullSiteOf', () => {
  const loads = siteLoads(inputs({ mbps: 5.99 }, { users: 7 }))!;
  const users = demand.usersMilli[0]!;

  it('names the full site of most users, its load rounded up', () => {
    // 6 of 5.99 Mbit/s is 100.2 %.
    expect(fullSiteOf(loads, [0, 1], users, 0)).toEqual({ id: 's0', percent: 101 });
  });

  it('does not name a site that is just full, nor one that serves half of the users or less', () => {
    expect(fullSiteOf(loads, [2, 3], users, 0)).toBeNull();
    // b and c: 2 of 5 users hang on the full site; a, b and c: 3 of 6.
    expect(fullSiteOf(loads, [1, 2], users, 0)).toBeNull();
    expect(fullSiteOf(loads, [0, 1, 2], users, 0)).toBeNull();
  });

  it('makes capacity a likely cause of an area', () => {
    const given = {
      samples: null,
      cellNames: [],
      terrain: null,
      reachM: () => 5000,
      existing: sites(0, 2000),
    };
    expect(likelyCauses(areaAt('W1', 100, [0, 1]), { demand, scenario, loads, ...given })).toEqual([
      { code: 'capacity', figure: 101, site: 's0' },
    ]);
  });
});
