import type { Kernel } from '../executor.ts';
import { chordOfDistanceM, distanceOfChordM, earthCentred, eastNorth } from '../geo/ellipsoid.ts';
import { countWithin, visitCircle } from '../geo/circle.ts';
import type { GridIndex } from '../geo/grid-index.ts';
import { sharedUint32 } from '../geo/shared-array.ts';
import type { LinkRule } from './link-rule.ts';
import { drainBits, drainRuns } from './bit-set.ts';
import { linkTest, type LinkTest } from './link-test.ts';

export interface MatrixInputs {
  readonly grid: GridIndex;
  /** [siteCount] site numbers, neighbours near each other: tasks are ranges of this. */
  readonly siteOrder: Uint32Array;
  readonly siteLon: Float64Array;
  readonly siteLat: Float64Array;
  /** [siteCount] index into `rules`. */
  readonly ruleOfSite: Uint16Array;
  readonly rules: readonly LinkRule[];
}

/** Sites `siteOrder[from .. to)`. */
export interface SiteRange {
  readonly from: number;
  readonly to: number;
}

export interface MatrixRows {
  /** [to - from] covered users per site, in the order of `siteOrder`. */
  readonly counts: Uint32Array;
  /** Demand indices, site after site, ascending within a site. */
  readonly demandOfSite: Uint32Array;
  /** [to - from] of them, per site: outside the range of distances, and held at free space. */
  readonly outsideDistance: Uint32Array;
  readonly held: Uint32Array;
}

/** Rows of sites whose users are numbered by place, as runs of neighbours. */
export interface SpanRows extends Omit<MatrixRows, 'demandOfSite'> {
  /** [sites] runs per site. */
  readonly spanCounts: Uint32Array;
  /** [2 x runs] first user of a run and the one after its last, site after site, ascending within a site. */
  readonly edges: Uint32Array;
}

/** What a thread keeps between chunks: derived from the inputs, never part of a result. */
interface Workspace {
  readonly tests: readonly LinkTest[];
  /** One bit per user: those of the site at hand. */
  readonly reached: Uint32Array;
  buffer: Uint32Array;
}

const workspaces = new WeakMap<MatrixInputs, Workspace>();
const FIRST_BUFFER = 1 << 16;

function workspaceOf(inputs: MatrixInputs): Workspace {
  let workspace = workspaces.get(inputs);
  if (workspace === undefined) {
    const tests = inputs.rules.map(linkTest);
    const reached = new Uint32Array((inputs.grid.count >>> 5) + 1);
    workspace = { tests, reached, buffer: new Uint32Array(FIRST_BUFFER) };
    workspaces.set(inputs, workspace);
  }
  return workspace;
}

/** Rows of the coverage matrix for a range of sites. */
export const matrixRowsKernel: Kernel<MatrixInputs, SiteRange, MatrixRows> = {
  name: 'coverage/matrix-rows',
  cheap: true,
  run(inputs, { from, to }) {
    const workspace = workspaceOf(inputs);
    const counts = new Uint32Array(to - from);
    let used = 0;
    const outsideDistance = new Uint32Array(to - from);
    const held = new Uint32Array(to - from);
    for (let at = from; at < to; at++) {
      const site = inputs.siteOrder[at]!;
      const test = workspace.tests[inputs.ruleOfSite[site]!]!;
      const row = markReached(inputs, site, test, workspace.reached);
      makeRoom(workspace, used, row.covered);
      used = drainBits(workspace.reached, row.firstWord, row.lastWord, workspace.buffer, used);
      outsideDistance[at - from] = row.outside;
      held[at - from] = row.held;
      counts[at - from] = row.covered;
    }
    const demandOfSite = sharedUint32(used);
    demandOfSite.set(workspace.buffer.subarray(0, used));
    return { counts, demandOfSite, outsideDistance, held };
  },
};

/** The same rows as runs of consecutive users: short where users are numbered in the order of the grid. */
export const matrixSpansKernel: Kernel<MatrixInputs, SiteRange, SpanRows> = {
  name: 'coverage/matrix-spans',
  cheap: true,
  run(inputs, { from, to }) {
    const workspace = workspaceOf(inputs);
    const counts = new Uint32Array(to - from);
    const spanCounts = new Uint32Array(to - from);
    const outsideDistance = new Uint32Array(to - from);
    const held = new Uint32Array(to - from);
    let used = 0;
    for (let at = from; at < to; at++) {
      const site = inputs.siteOrder[at]!;
      const row = markReached(inputs, site, workspace.tests[inputs.ruleOfSite[site]!]!, workspace.reached);
      makeRoom(workspace, used, 2 * row.covered);
      const end = drainRuns(workspace.reached, row.firstWord, row.lastWord, workspace.buffer, used);
      counts[at - from] = row.covered;
      spanCounts[at - from] = (end - used) / 2;
      outsideDistance[at - from] = row.outside;
      held[at - from] = row.held;
      used = end;
    }
    return { counts, spanCounts, edges: workspace.buffer.slice(0, used), outsideDistance, held };
  },
};

/** Covered users per site of a range: what the rows would hold. */
export const matrixCountsKernel: Kernel<MatrixInputs, SiteRange, Uint32Array> = {
  name: 'coverage/matrix-counts',
  cheap: true,
  run(inputs, { from, to }) {
    const { tests, reached } = workspaceOf(inputs);
    const counts = new Uint32Array(to - from);
    for (let at = from; at < to; at++) {
      const site = inputs.siteOrder[at]!;
      const row = markReached(inputs, site, tests[inputs.ruleOfSite[site]!]!, reached);
      reached.fill(0, row.firstWord, row.lastWord + 1);
      counts[at - from] = row.covered;
    }
    return counts;
  },
};

function makeRoom(workspace: Workspace, used: number, more: number): void {
  if (used + more <= workspace.buffer.length) return;
  const larger = new Uint32Array(Math.max(used + more, 2 * workspace.buffer.length));
  larger.set(workspace.buffer.subarray(0, used));
  workspace.buffer = larger;
}

/** Users a site serves; links outside the model's distances; links held at free space; which words hold marks. */
interface MarkedRow {
  readonly covered: number;
  readonly outside: number;
  readonly held: number;
  readonly firstWord: number;
  readonly lastWord: number;
}

const NOBODY: MarkedRow = { covered: 0, outside: 0, held: 0, firstWord: 0, lastWord: -1 };

/**
 * Marks the users a site serves: whole grid runs inside the certain radius without a look at their points, the rest
 * point by point. Links nearer or farther than the model's source speaks of are counted.
 */
function markReached(
  { grid, siteLon, siteLat }: MatrixInputs,
  site: number,
  test: LinkTest,
  reached: Uint32Array,
): MarkedRow {
  if (test.searchM === 0) return NOBODY;
  const { pointOrder, xyz } = grid;
  const lon = siteLon[site]!;
  const lat = siteLat[site]!;
  const origin = earthCentred([lon], [lat]);
  const x = origin[0]!;
  const y = origin[1]!;
  const z = origin[2]!;
  const axes = eastNorth(lon, lat);
  const eastX = axes[0]!;
  const eastY = axes[1]!;
  const northX = axes[3]!;
  const northY = axes[4]!;
  const northZ = axes[5]!;
  const search2 = chordOfDistanceM(test.searchM) ** 2;
  const certain2 = test.everyoneWithinM === 0 ? -1 : chordOfDistanceM(test.everyoneWithinM) ** 2;
  const nearValid2 = chordOfDistanceM(test.minValidM) ** 2;
  const farValid2 = chordOfDistanceM(test.maxValidM) ** 2;
  let covered = 0;
  const held2 = test.heldM.map((limitM) => chordOfDistanceM(limitM) ** 2);
  let tested = 0;
  let outside = 0;
  let held = 0;
  let firstWord = reached.length;
  let lastWord = -1;
  const takeAll = (from: number, to: number): void => {
    let first = firstWord;
    let last = lastWord;
    for (let at = from; at < to; at++) {
      const point = pointOrder[at]!;
      const word = point >>> 5;
      reached[word]! |= 1 << (point & 31);
      if (word < first) first = word;
      if (word > last) last = word;
    }
    firstWord = first;
    lastWord = last;
    covered += to - from;
  };
  const testEach = (from: number, to: number): void => {
    for (let at = from; at < to; at++) {
      const dx = xyz[3 * at]! - x;
      const dy = xyz[3 * at + 1]! - y;
      const dz = xyz[3 * at + 2]! - z;
      const chord2 = dx * dx + dy * dy + dz * dz;
      if (chord2 > search2) continue;
      if (chord2 > certain2) {
        const east = eastX * dx + eastY * dy;
        const north = northX * dx + northY * dy + northZ * dz;
        if (!test.serves(distanceOfChordM(Math.sqrt(chord2)), east, north)) continue;
        tested++;
        if (chord2 < nearValid2 || chord2 > farValid2) outside++;
        for (let k = 0; k < held2.length; k += 2) {
          if (chord2 >= held2[k]! && chord2 < held2[k + 1]!) held++;
        }
      }
      takeAll(at, at + 1);
    }
  };
  visitCircle(grid, lon, lat, test.everyoneWithinM, test.searchM, takeAll, testEach);
  const certain = covered - tested;
  const within = (limitM: number): number => countWithin(grid, lon, lat, limitM);
  const near = test.everyoneWithinM <= test.minValidM ? certain : within(test.minValidM);
  const far = test.everyoneWithinM <= test.maxValidM ? 0 : certain - within(test.maxValidM);
  for (let k = 0; k < test.heldM.length; k += 2) {
    const [from, to] = [test.heldM[k]!, test.heldM[k + 1]!].map((m) => Math.min(m, test.everyoneWithinM));
    if (to! > from!) held += within(to!) - within(from!);
  }
  return { covered, outside: outside + near + far, held, firstWord, lastWord };
}
