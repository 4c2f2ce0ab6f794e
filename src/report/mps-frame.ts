import { SITE_FORBIDDEN, SITE_REQUIRED, type CoveringProblem } from '../solve/problem.ts';
import { sharedLocations } from './shared-locations.ts';

/** What a model says beside its sites: lines of free MPS, section by section. */
export interface MpsBody {
  /** First line, after the star. */
  readonly comment: string;
  rows(): Iterable<string>;
  /** Cost and entries of the column of a site. */
  siteColumn(site: number): string;
  /** Further columns in whole numbers. */
  wholeColumns(): Iterable<string>;
  columns(): Iterable<string>;
  rightHandSides(): Iterable<string>;
  bounds(): Iterable<string>;
}

/**
 * A model in free MPS. Every model of ours has a column `x<k>` per site, 1 = built, with required and forbidden sites as
 * bounds; a row per location at which several may stand, and one per conflict.
 */
export function* mpsDocument(problem: CoveringProblem, body: MpsBody): Generator<string> {
  const { siteIds, siteLocation, siteStatus, conflicts } = problem;
  const shared = sharedLocations(problem);
  const conflictsOf = conflictsBySite(problem);
  yield `* ${body.comment}\nNAME mastplan FREE\nROWS\n N cost\n`;
  yield* body.rows();
  for (const location of shared) yield ` L loc${location}\n`;
  for (let pair = 0; pair < conflicts.length / 2; pair++) yield ` L conf${pair}\n`;
  yield "COLUMNS\n M1 'MARKER' 'INTORG'\n";
  for (let site = 0; site < siteIds.length; site++) {
    let text = body.siteColumn(site);
    const location = siteLocation[site]!;
    if (shared.has(location)) text += ` x${site} loc${location} 1\n`;
    for (const conflict of conflictsOf.get(site) ?? []) text += ` x${site} conf${conflict} 1\n`;
    yield text;
  }
  yield* body.wholeColumns();
  yield " M2 'MARKER' 'INTEND'\n";
  yield* body.columns();
  yield 'RHS\n';
  yield* body.rightHandSides();
  for (const location of shared) yield ` RHS loc${location} 1\n`;
  for (let pair = 0; pair < conflicts.length / 2; pair++) yield ` RHS conf${pair} 1\n`;
  yield 'BOUNDS\n';
  for (const [site, status] of siteStatus.entries()) {
    if (status === SITE_REQUIRED) yield ` FX BND x${site} 1\n`;
    else if (status === SITE_FORBIDDEN) yield ` FX BND x${site} 0\n`;
    else yield ` UP BND x${site} 1\n`;
  }
  yield* body.bounds();
  yield 'ENDATA\n';
}

function conflictsBySite({ conflicts }: CoveringProblem): Map<number, number[]> {
  const bySite = new Map<number, number[]>();
  conflicts.forEach((site, at) => {
    const list = bySite.get(site) ?? [];
    list.push(at >> 1);
    bySite.set(site, list);
  });
  return bySite;
}
