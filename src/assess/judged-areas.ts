import type { ChosenModel } from '../planning/choose-model.ts';
import type { DemandServers } from '../coverage/demand-servers.ts';
import type { EffectiveSamples } from '../coverage/effective-samples.ts';
import { boresightReachM, defaultConfiguration, linkRule } from '../coverage/link-rule.ts';
import { serviceThresholds, withThreshold } from '../coverage/thresholds.ts';
import type { Baseline } from '../coverage/types.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import { likelyCauses } from './causes.ts';
import { filterReports, joinFeedback, type FeedbackFindings, type FeedbackTable } from './feedback.ts';
import type { AssessmentInputs } from './read-assessment.ts';
import type { WeakArea } from './areas.ts';
import { serviceRows } from './service-rows.ts';
import { siteLoads } from './site-load.ts';
import { findWeakAreas, weakSquareM } from './weak-areas.ts';

export interface JudgeRequest {
  readonly scenario: Scenario;
  readonly read: Pick<AssessmentInputs, 'inputs' | 'feedback' | 'ground'>;
  readonly baseline: Baseline;
  /** Null = no site is known. */
  readonly servers: DemandServers | null;
  readonly chosen: ChosenModel;
  readonly samples: EffectiveSamples | null;
  /** Names of the cells that `samples` index. */
  readonly cellNames: readonly string[];
  readonly zone: UtmZone;
  /** Whether a report of that time (Unix seconds; NaN = none) is of the quarter looked at. */
  readonly isOfQuarter: (timeS: number) => boolean;
}

export interface JudgedAreas {
  readonly weakAreas: WeakArea[];
  /** Reports of the quarter; null = no file given. */
  readonly reports: FeedbackTable | null;
  readonly feedback: FeedbackFindings | null;
}

/** Distance at which a site of the default configuration serves from a threshold on, metres. */
function reachByThreshold(scenario: Scenario, chosen: ChosenModel): (thresholdDbm: number) => number {
  const known = new Map(
    serviceThresholds(scenario).map((rsrpDbm) => {
      const own = withThreshold(scenario, rsrpDbm);
      return [
        rsrpDbm,
        boresightReachM(linkRule(defaultConfiguration(scenario.radio), own, chosen.choice)),
      ] as const;
    }),
  );
  return (thresholdDbm) => known.get(thresholdDbm)!;
}

/** Weak areas with their likely causes and the complaints in them, and the complaints that they do not explain. */
export function judgeAreas(request: JudgeRequest): JudgedAreas {
  const { scenario, read, baseline, servers, chosen, zone, isOfQuarter } = request;
  const { demand, existing, membership } = read.inputs;
  const found = findWeakAreas({
    demand,
    baseline,
    membership,
    zone,
    services: serviceRows(scenario, demand),
    privacyK: scenario.measurements?.privacyK ?? 1,
  });
  const loads = siteLoads({ scenario, demand, baseline, existing, servers });
  const reports = read.feedback && filterReports(read.feedback, (k) => isOfQuarter(read.feedback!.timeS[k]!));
  const joined =
    reports &&
    joinFeedback({
      feedback: reports,
      otherQuarters: read.feedback!.count - reports.count,
      areas: found,
      demand,
      baseline,
      loads,
      zone,
      sideM: weakSquareM(demand),
      weight: scenario.feedback?.weight ?? 0,
    });
  const causeInputs = {
    demand,
    samples: request.samples,
    cellNames: request.cellNames,
    existing,
    // Without known sites the ground tells nothing.
    terrain: existing === null ? null : (read.ground?.layer ?? null),
    loads,
    scenario,
    reachM: reachByThreshold(scenario, chosen),
  };
  return {
    weakAreas: found.map((area, k) => ({
      ...area,
      causes: likelyCauses(area, causeInputs),
      reports: joined?.reports[k] ?? 0,
    })),
    reports,
    feedback: joined?.findings ?? null,
  };
}
