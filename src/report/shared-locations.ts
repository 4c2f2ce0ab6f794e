import type { CoveringProblem } from '../solve/problem.ts';

/** Locations at which more than one site may stand. */
export function sharedLocations({ siteLocation }: CoveringProblem): Set<number> {
  const seen = new Set<number>();
  const shared = new Set<number>();
  for (const location of siteLocation) {
    if (seen.has(location)) shared.add(location);
    seen.add(location);
  }
  return shared;
}
