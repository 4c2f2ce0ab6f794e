import { resolve } from 'node:path';
import { weightedDemand, type FeedbackTable } from '../assess/feedback.ts';
import { readFeedback } from '../assess/read-feedback.ts';
import { zoneOf } from '../coverage/effective-samples.ts';
import { DEFAULT_MAX_ERRORS, Findings } from '../input/findings.ts';
import type { LoadedScenario } from '../input/read-scenario.ts';
import type { Demand, InputFileSummary } from '../input/types.ts';

/** Complaints this near raise the priority of users, metres (the schema's text names it too). */
const COMPLAINT_RADIUS_M = 300;

export interface WeighedDemand {
  readonly demand: Demand;
  readonly summaries: readonly InputFileSummary[];
  /** Says in the report that users count for more, whenever they do. */
  readonly warnings: readonly string[];
}

/**
 * `feedback.weight`: users near complaints count for more, off by default. Every share and number of users of the plan
 * then speaks of weighted users, so that files, plan and verifier agree.
 * @throws InputError when the reports are not valid.
 */
export async function weighByFeedback(
  { scenario, baseDir }: LoadedScenario,
  demand: Demand,
  maxErrors = DEFAULT_MAX_ERRORS,
): Promise<WeighedDemand> {
  const { feedback, timeZone } = scenario;
  if (feedback === undefined || feedback.weight === 0) return { demand, summaries: [], warnings: [] };
  const findings = new Findings(maxErrors);
  const path = resolve(baseDir, feedback.file);
  const read = await readFeedback(path, { file: feedback.file, timeZone, findings });
  findings.throwIfErrors();
  return { ...weighByReports(demand, read.feedback, feedback.weight), summaries: [read.summary] };
}

/** The same from reports read already. */
export function weighByReports(demand: Demand, reports: FeedbackTable, weight: number): WeighedDemand {
  if (weight === 0) return { demand, summaries: [], warnings: [] };
  const zone = zoneOf(demand.lon, demand.lat);
  return {
    demand: weightedDemand(demand, reports, zone, weight, COMPLAINT_RADIUS_M),
    summaries: [],
    warnings: [
      `Users count 1 + ${weight} x complaints within ${COMPLAINT_RADIUS_M} m as much (feedback.weight): ` +
        'all users and shares of this plan are weighted.',
    ],
  };
}
