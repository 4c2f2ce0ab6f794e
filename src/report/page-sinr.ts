import type { CellFacts, InterferenceFacts } from '../planning/interference-facts.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { PageSinr } from './page-load-types.ts';
import { leastSinrDb } from './sinr-place.ts';

/** Cells listed on the page; `report.json` has all. */
const MOST_CELLS = 20;

/** SINR as the page shows it: of the plan as tuned where it was tuned. Null where the scenario does not ask. */
export function pageSinr({ interference, scenario }: PlanResult): PageSinr | null {
  if (interference === null) return null;
  const { asBuilt, tuned, targets, repair } = interference;
  const facts = tuned ?? asBuilt;
  const all = ({ scopes }: InterferenceFacts) => scopes.filter(({ region }) => region === null);
  const before = all(asBuilt);
  return {
    leastDb: leastSinrDb(scenario),
    tuned: tuned !== null,
    repair,
    periods: all(facts).map((scope, period) => ({
      usersMilli: scope.usersMilli,
      signalMilli: scope.signalMilli,
      sinrMilli: scope.sinrMilli,
      asBuiltMilli: before[period]!.sinrMilli,
      pollutedMilli: scope.pollutedMilli,
      sinrDb: scope.sinrDb,
      carriedMbps: facts.traffic?.[period]?.carriedMbps ?? null,
      blockedMbps: facts.traffic?.[period]?.blockedMbps ?? null,
    })),
    overshootCount: facts.cells.filter(({ overshoots }) => overshoots).length,
    overshooting: farthestReaching(facts.cells),
    targets: targets.map(
      ({ region, service = null, period, share, usersMilli, needMilli, beforeMilli, afterMilli }) => {
        return { region, service, period, share, usersMilli, needMilli, beforeMilli, afterMilli };
      },
    ),
  };
}

function farthestReaching(cells: readonly CellFacts[]): PageSinr['overshooting'] {
  return cells
    .filter(({ overshoots }) => overshoots)
    .sort((a, b) => b.overshootMilli - a.overshootMilli)
    .slice(0, MOST_CELLS)
    .map(({ site, sector, usersMilli, overshootMilli }) => ({ site, sector, usersMilli, overshootMilli }));
}
