import { expect, it } from 'vitest';
import { shareFraction } from '../../../src/fraction.ts';
import { readInstance, type InstanceOptions } from '../../../src/input/instance/read-instance.ts';
import { describeShared, sharedPath } from '../../support/shared.ts';

const share = shareFraction('0.95')!;

async function read(file: string, options: InstanceOptions = {}) {
  const problem = await readInstance(sharedPath(`instances/${file}`)!, options);
  const target = problem.phases[0]?.targets[0];
  const { siteCount, demandCount, demandOfSite } = problem.coverage;
  return {
    sites: siteCount,
    demand: demandCount,
    pairs: demandOfSite.length,
    need: target?.needUsers,
    total: target?.totalUsers,
    problem,
  };
}

// Counts: the tables of ../shared/instances/README.md, planar/README.md and helsinki/README.md.
describeShared('shared instances', () => {
  it.each([
    ['planar/A-uniform-100x10k.txt.gz', 100, 10_000, 96_446],
    ['planar/B-uniform-200x100k.txt.gz', 200, 100_000, 1_531_493],
    ['planar/C-uniform-1000x50k.txt.gz', 1_000, 50_000, 510_675],
    ['planar/D-uniform-5000x200k.txt.gz', 5_000, 200_000, 2_182_393],
    ['planar/E-clustered-1000x50k.txt.gz', 1_000, 50_000, 866_134],
    ['planar/F-clustered-5000x200k.txt.gz', 5_000, 200_000, 28_233_250],
  ])('%s has exactly the covered pairs of its README', async (file, sites, demand, pairs) => {
    expect(await read(file, { share })).toMatchObject({ sites, demand, pairs });
  });

  it.each([
    ['helsinki/H1-unit-1500m.json.gz', 1_198, 107_566, 8],
    ['helsinki/H2-cost-1500m.json.gz', 1_198, 107_566, 8],
    ['helsinki/H3-cost-1200m.json.gz', 3_225, 191_402, 8],
    ['helsinki/H4-cost-1500m-cities99.json.gz', 1_198, 107_566, 32],
  ])('%s is read with its targets', async (file, sites, pairs, targets) => {
    const { problem, ...counts } = await read(file);
    expect(counts).toMatchObject({ sites, demand: 13_231, pairs });
    expect(problem.phases.map((phase) => phase.targets.length)).toEqual([targets]);
    expect(problem.periods).toHaveLength(8);
  });

  it.each([
    ['orlib/scp41.txt', 1_000, 200, 4_009],
    ['orlib/scp61.txt', 1_000, 200, 9_836],
    ['orlib/scpa1.txt', 3_000, 300, 18_091],
    ['orlib/scpcyc06.txt', 192, 240, 960],
    ['orlib/scpclr10.txt', 210, 511, 13_230],
    ['orlib/scpnre1.txt', 5_000, 500, 249_448],
    ['orlib/rail516.txt', 47_311, 516, 314_896],
  ])('%s is told from its content and asks for full cover', async (file, sites, demand, pairs) => {
    expect(await read(file)).toMatchObject({ sites, demand, pairs, need: demand, total: demand });
  });

  // Needs and totals: "Optimal values computed here", D = ceil(share x total demand).
  it.each([
    ['mclp/SJC324.txt', 800, '0.95', 324, 11_545, 12_152],
    ['mclp/SJC324.txt', 800, '0.99', 324, 12_031, 12_152],
    ['mclp/SJC708.txt', 800, '0.95', 708, 22_983, 24_192],
    ['mclp/SJC708.txt', 800, '0.99', 708, 23_951, 24_192],
    ['bds/BDS10000A.txt', 5.5, '0.5', 100, 251_200, 502_399],
    ['bds/BDS10000A.txt', 5.5, '0.7', 100, 351_680, 502_399],
    ['bds/GRID_INST_n100_m1000_d1_100_f10_100_s1.dat', 5.5, '0.95', 100, 47_421, 49_916],
  ])(
    '%s at radius %d and share %s needs the README users',
    async (file, radius, text, sites, need, total) => {
      const counts = await read(file, { radius, share: shareFraction(text)! });
      expect(counts).toMatchObject({ sites, need, total });
    },
  );

  it('reads city files by great-circle distance: every node covers itself, and covering is mutual', async () => {
    const { problem } = await read('mclp/Manhattan2713.txt', { radius: 400, budgetSites: 5 });
    const { siteStart, demandOfSite } = problem.coverage;
    expect(problem.siteIds).toHaveLength(2713);
    expect(problem.budget).toEqual({ sites: 5, cost: null, objective: 'mean' });
    // Sites and demand are the same nodes in two orders and the radius is one, so both degree sequences are equal.
    const bySite = Array.from({ length: 2713 }, (_, site) => siteStart[site + 1]! - siteStart[site]!);
    const byDemand = new Array<number>(2713).fill(0);
    for (const demand of demandOfSite) byDemand[demand]!++;
    expect(bySite.every((degree) => degree >= 1)).toBe(true);
    expect(byDemand.toSorted((a, b) => a - b)).toEqual(bySite.toSorted((a, b) => a - b));
  });

  it('takes 95 % of what some site covers with --of reachable (planar README: E and F)', async () => {
    const { problem, need, total } = await read('planar/E-clustered-1000x50k.txt.gz', {
      share,
      of: 'reachable',
    });
    const users = problem.users[0]!;
    const reached = new Uint8Array(users.length);
    for (const demand of problem.coverage.demandOfSite) reached[demand] = 1;
    const reachable = users.reduce((sum, value, demand) => sum + (reached[demand] === 1 ? value : 0), 0);
    expect(total).toBe(reachable);
    expect(need! - 1).toBeLessThan(0.95 * reachable);
    expect(need!).toBeGreaterThanOrEqual(0.95 * reachable);
  });
});
