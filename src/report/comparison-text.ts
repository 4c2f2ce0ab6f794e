import type { Comparison } from '../compare.ts';
import { areaText } from './comparison-area.ts';
import { formatBound, formatCost, formatGap, formatPercent, formatUsers } from './numbers.ts';
import { alignColumns } from './summary-text.ts';
import { terminalText } from './terminal-text.ts';
import { requiredWords, whoWords, WORDS } from './words/words.ts';

/** Rows of the target table before it is cut. */
const MAX_TARGETS = 12;

/** The comparison for a terminal: runs, targets, and each run against the first. */
export function comparisonText(comparison: Comparison): string {
  const runs = comparison.runs.map((run) => [
    terminalText(run.name, 30),
    run.status,
    String(run.sites),
    formatCost(run.cost),
    formatBound(run.lowerBound),
    formatGap(run.gap),
    formatPercent(floor(Math.min(...run.periods.map(({ reached }) => reached)))),
    areaText(run.areas),
  ]);
  const header = ['run', 'status', 'sites', 'cost', 'bound', 'gap', 'worst period', 'km2 served'];
  const lines = [...alignColumns([header, ...runs], [2, 3, 4, 5, 6, 7]), ''];
  if (comparison.targets.length > 0) lines.push(...targetLines(comparison), '');
  const [first] = comparison.runs;
  for (const difference of comparison.differences) {
    lines.push(
      `${terminalText(difference.name, 30)} against ${terminalText(first!.name, 30)}: ${difference.sitesInCommon.length} sites in common, ` +
        `${difference.sitesMoved.length} moved, ${difference.sitesOnlyHere.length} only here, ${difference.sitesOnlyInFirst.length} only there`,
    );
    for (const { period, won, lost } of difference.users) {
      lines.push(
        `  ${terminalText(period, 24)}: ${formatUsers(won * 1000)} users won, ${formatUsers(lost * 1000)} lost`,
      );
    }
    const [whole, ...regions] = difference.areas;
    if (whole !== undefined)
      lines.push(`  area served: ${signedKm2(whole.servedKm2)} km2${mostChanged(regions)}`);
    if (difference.cellsUnmatched > 0) {
      lines.push(`  ${difference.cellsUnmatched} demand points are in one of the two only and not counted`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Regions named beside the change of the whole. */
const MAX_REGIONS = 3;

function mostChanged(regions: Comparison['differences'][number]['areas']): string {
  const most = regions
    .filter(({ servedKm2 }) => servedKm2 !== 0)
    .sort((a, b) => Math.abs(b.servedKm2) - Math.abs(a.servedKm2))
    .slice(0, MAX_REGIONS)
    .map(({ region, servedKm2 }) => `${terminalText(region ?? '', 24)} ${signedKm2(servedKm2)}`);
  return most.length === 0 ? '' : ` (most in ${most.join(', ')})`;
}

function signedKm2(km2: number): string {
  return `${km2 > 0 ? '+' : ''}${km2.toFixed(1)}`;
}

function targetLines({ runs, targets }: Comparison): string[] {
  const rows = targets
    .slice(0, MAX_TARGETS)
    .map((target) => [
      requiredWords(WORDS.en, terminalText(whoWords(WORDS.en, target), 28), target.backup ?? 1),
      terminalText(target.period, 20),
      ...target.shares.map((share) =>
        share === null ? '–' : `${formatPercent(floor(share.reached))} ${share.met ? 'met' : 'missed'}`,
      ),
    ]);
  const header = ['target', 'period', ...runs.map(({ name }) => terminalText(name, 24))];
  const numeric = runs.map((_, k) => k + 2);
  const more = targets.length - rows.length;
  return [
    ...alignColumns([header, ...rows], numeric),
    ...(more > 0 ? [`… and ${more} more (--json has all)`] : []),
  ];
}

/** Shares of files are rounded down to six places; shown with two. */
function floor(share: number): number {
  return Math.floor(share * 10_000 + 1e-9) / 10_000;
}
