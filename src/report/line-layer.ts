import type { Feature } from 'geojson';
import { EVIDENCE_NAMES } from '../coverage/types.ts';
import { partOfLine } from '../input/line-table.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { LineService } from '../planning/serve-lines.ts';
import { feature, roundDegrees } from './geojson-text.ts';

/** Stretches of lines that are alike from end to end, in the order of the lines; `served_by` is the first site that covers. */
export function* lineFeatures(
  { candidates, solution, regions }: PlanResult,
  { table, runs }: LineService,
): Generator<Feature> {
  for (const { line, fromM, toM, lengthMm, region, servedToday, evidence, rank } of runs) {
    const coordinates = partOfLine(table, line, fromM, toM).map(([lon, lat]) => [
      roundDegrees(lon),
      roundDegrees(lat),
    ]);
    const site = rank === 0 ? undefined : solution.sites[rank - 1];
    yield feature(
      { type: 'LineString', coordinates },
      {
        group: table.groups[table.groupOf[line]!] || null,
        region: regions?.names[region] ?? null,
        served_today: servedToday,
        served: servedToday || rank > 0,
        served_by: site === undefined ? null : candidates.ids[site]!,
        evidence: EVIDENCE_NAMES[evidence]!,
        length_m: lengthMm / 1000,
      },
    );
  }
}
