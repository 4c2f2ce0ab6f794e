import type { Comparison } from '../assess/comparison.ts';
import { SQUARE_M, type ShareChange } from '../assess/level-change.ts';
import { quarterName } from '../assess/quarter.ts';
import { planAccuracy } from '../assess/plan-promises.ts';
import {
  hasEvidence,
  strictestTarget,
  type ShareAssessment,
  type TargetAssessment,
} from '../assess/target-assessment.ts';
import { publishedMedianDbm } from '../assess/areas.ts';
import type { AssessmentResult } from '../assess/result.ts';
import type { Interval } from '../assess/share-interval.ts';
import { zoneOf } from '../coverage/effective-samples.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { version } from '../version.ts';
import { actionText, evidenceText } from './assess-actions.ts';
import { assessmentAnswer, servedUsers } from './assess-answer.ts';
import type { AssessmentJson, ShareCountsJson } from './assess-schema.ts';
import { sharesByService } from './assess-services.ts';
import { roundDegrees } from './geojson-text.ts';
import { shareDown, usersFromMilli } from './numbers.ts';

/** Figures that were estimated carry six decimals. */
const round6 = (value: number): number => Math.round(value * 1e6) / 1e6;
const round2 = (value: number): number => Math.round(value * 100) / 100;

/** assessment.json: everything found, in words and figures (English). */
export function buildAssessmentJson(result: AssessmentResult, files: readonly string[]): AssessmentJson {
  const { demand, scenario, feedback } = result;
  const zone = zoneOf(demand.lon, demand.lat);
  const centre = (column: number, row: number, sideM: number): { lon: number; lat: number } => {
    const [lon, lat] = zone.toDegrees((column + 0.5) * sideM, (row + 0.5) * sideM);
    return { lon: roundDegrees(lon), lat: roundDegrees(lat) };
  };
  const { variogram } = result.baseline;
  return {
    format: 'mastplan-assessment',
    version: 1,
    mastplan: version,
    files: [...files],
    name: scenario.name,
    quarter: result.quarter === null ? null : quarterName(result.quarter),
    status: !result.hasData ? 'no-data' : result.met ? 'met' : 'not-met',
    computedTargetsMet: result.computedMet,
    answer: assessmentAnswer(result, 'en'),
    confidence: result.confidence,
    evidence: {
      effectiveSamples: result.samples,
      publishedBins: result.bins,
      variogram: variogram && {
        rangeM: round2(variogram.rangeM),
        sillDb2: round2(variogram.sillDb2),
        nuggetDb2: round2(variogram.nuggetDb2),
      },
    },
    targets: result.targets.map((target) => targetJson(result, target)),
    ...(scenario.services !== undefined && { services: servicesJson(result) }),
    weakAreas: result.weakAreas.map((area) => ({
      id: area.id,
      period: demand.periods[area.period]!,
      ...(area.service !== null && { service: area.service }),
      severity: area.severity,
      users: usersFromMilli(area.usersMilli),
      usersMeasured: usersFromMilli(area.measuredUsersMilli),
      medianRsrpDbm: roundedDbm(publishedMedianDbm(area)),
      region: area.region,
      causes: area.causes.map(({ code, figure, site = null, missing = [] }) => ({
        code,
        figure,
        site,
        missing: [...missing],
      })),
      reports: area.reports,
    })),
    measureNext: result.measureNext.map((area) => ({
      id: area.id,
      period: demand.periods[result.measurePeriod]!,
      users: usersFromMilli(area.usersMilli),
      usersWithoutEvidence: usersFromMilli(area.unknownUsersMilli),
      uncertaintyReduction: round6(area.reduction),
    })),
    feedback: feedback && {
      reports: feedback.reports,
      otherQuarters: feedback.otherQuarters,
      complaints: feedback.complaints,
      inWeakAreas: feedback.inWeakAreas,
      withoutEvidence: feedback.withoutEvidence,
      weight: feedback.weight,
      goodSignal: feedback.unexplained.map((area, k) => ({
        id: `C${k + 1}`,
        ...centre(area.column, area.row, area.sideM),
        complaints: area.complaints,
        categories: [...area.categories],
        users: usersFromMilli(area.usersMilli),
        fullSite: area.fullSite && { ...area.fullSite },
      })),
    },
    comparison: result.comparison && comparisonJson(result.comparison, zone, scenario.services),
    scorecard: {
      note: result.scorecardNote,
      indicators: result.scorecard.map(({ indicator, ...figures }) => ({
        id: indicator.id,
        name: indicator.name,
        unit: indicator.unit,
        direction: indicator.direction,
        target: indicator.target,
        deadline: indicator.deadline,
        value: figures.value === null ? null : round6(figures.value),
        computed: figures.computed,
        status: figures.status,
        trend: figures.trend,
        changePerQuarter: figures.slopePerQuarter === null ? null : round6(figures.slopePerQuarter),
        forecast: figures.forecast === null ? null : round6(figures.forecast),
        source: indicator.source,
        owner: indicator.owner,
        note: indicator.note,
        series: figures.series.map(({ quarter, value }) => ({
          quarter: quarterName(quarter),
          value: round6(value),
        })),
      })),
    },
    actions: result.actions.map((action) => ({
      rank: action.rank,
      kind: action.kind,
      text: actionText(result, action, 'en'),
      indicator: action.indicator,
      subject: action.subject,
      users: usersFromMilli(action.usersMilli),
      share: action.share === null ? null : round6(action.share),
      weakAreas: [...action.weakAreas],
      cost: action.cost,
      evidence: evidenceText(result, action, 'en'),
    })),
    plan: result.plan && {
      status: result.plan.solution.status,
      sites: plannedSitesJson(result.plan),
      cost: result.plan.solution.cost,
      lowerBound: result.plan.solution.lowerBound,
    },
    warnings: [...result.warnings],
    inputs: result.inputs.map((input) => ({
      role: input.role,
      file: input.file,
      sha256: input.sha256,
      dialect: input.dialect,
      featuresRead: input.featuresRead,
      setAside: { ...input.setAside },
      identifiersDropped: { ...input.identifiersDropped },
    })),
  };
}

function targetJson(result: AssessmentResult, target: TargetAssessment): AssessmentJson['targets'][number] {
  const { phase, period, region, service } = target;
  return {
    phase,
    period: result.demand.periods[period]!,
    region,
    ...(service !== null && { service }),
    required: requiredShare(target),
    ...countsJson(result, target),
    probabilityMet: target.probabilityMet,
    met: target.met,
  };
}

function servicesJson(result: AssessmentResult): ServiceJson[] {
  return sharesByService(result).map(({ name, rsrpDbm, shares }) => ({
    name,
    rsrpDbm,
    shares: shares.map((share) => {
      const target = strictestTarget(result.targets, share);
      return {
        period: result.demand.periods[share.period]!,
        region: share.region,
        required: target && requiredShare(target),
        ...countsJson(result, share),
        probabilityMet: target?.probabilityMet ?? null,
        met: target?.met ?? null,
      };
    }),
  }));
}

function requiredShare({ required }: TargetAssessment): number {
  return required.numerator / required.denominator;
}

function countsJson(result: AssessmentResult, share: ShareAssessment): ShareCountsJson {
  const { totalUsers, usersByEvidence, servedByEvidence } = share;
  const evidence = (code: 0 | 1 | 2): { users: number; served: number } => ({
    users: usersFromMilli(usersByEvidence[code]),
    served: usersFromMilli(servedByEvidence[code]),
  });
  const rounded = (interval: Interval | null): Interval | null =>
    interval && { low: round6(interval.low), high: round6(interval.high) };
  return {
    users: usersFromMilli(totalUsers),
    servedShare: hasEvidence(share) ? shareDown(servedUsers(result, share), totalUsers) : null,
    servedShareLow: shareDown(share.servedLow, totalUsers),
    servedShareHigh: shareDown(share.servedHigh, totalUsers),
    measured: evidence(0),
    predicted: evidence(1),
    interpolated: evidence(2),
    unknownUsers: usersFromMilli(usersByEvidence[3]),
    interval: rounded(share.interval),
    knownInterval: rounded(share.knownInterval),
    naiveInterval: rounded(share.naiveInterval),
  };
}

function shareChangeJson({ before, after, pValue, significant }: ShareChange): ShareChangeJson {
  return { before: round6(before), after: round6(after), pValue: round6(pValue), significant };
}

function comparisonJson(
  comparison: Comparison,
  zone: UtmZone,
  services: Scenario['services'],
): ComparisonJson {
  const { change } = comparison;
  const found = change?.comparable === true ? change : null;
  const shares = found?.shares;
  return {
    previousQuarter: comparison.previousQuarter === null ? null : quarterName(comparison.previousQuarter),
    comparable: found !== null,
    reason: change === null ? 'no-samples' : change.comparable ? null : change.reason,
    commonBins: change?.commonBins ?? 0,
    level: found && {
      changeDb: round2(found.changeDb),
      pValue: round6(found.changePValue),
      significant: found.changeSignificant,
    },
    share: shares?.length === 1 ? shareChangeJson(shares[0]!) : null,
    ...(services !== undefined && {
      services: services.flatMap(({ name, rsrpDbm }) => {
        const own = shares?.find(({ thresholdDbm }) => thresholdDbm === rsrpDbm);
        return own === undefined ? [] : [{ name, ...shareChangeJson(own) }];
      }),
    }),
    squares: (found?.squares ?? []).map((square) => {
      const [lon, lat] = zone.toDegrees((square.column + 0.5) * SQUARE_M, (square.row + 0.5) * SQUARE_M);
      return {
        lon: roundDegrees(lon),
        lat: roundDegrees(lat),
        bins: square.bins,
        changeDb: round2(square.changeDb),
        pValue: round6(square.pValue),
        significant: square.significant,
      };
    }),
    targets: comparison.targets.map(({ service, ...target }) => ({
      ...target,
      ...(service !== null && { service }),
      before: round6(target.before),
      after: round6(target.after),
    })),
    weakAreas: comparison.areas.map(({ usersMilli, service, ...area }) => ({
      ...area,
      ...(service !== null && { service }),
      users: usersFromMilli(usersMilli),
    })),
    sitesBuilt: comparison.built.map((site) => ({
      id: site.id,
      plannedId: site.plannedId,
      usersPromised: usersFromMilli(site.promisedMilli),
      usersServed: usersFromMilli(site.servedMilli),
      usersMeasured: usersFromMilli(site.measuredMilli),
      usersMeasuredServed: usersFromMilli(site.measuredServedMilli),
    })),
    planAccuracy: accuracyJson(comparison),
  };
}

type PlanJson = NonNullable<AssessmentJson['plan']>;
type ComparisonJson = NonNullable<AssessmentJson['comparison']>;
type ShareChangeJson = NonNullable<ComparisonJson['share']>;
type ServiceJson = NonNullable<AssessmentJson['services']>[number];

function accuracyJson({ built }: Comparison): ComparisonJson['planAccuracy'] {
  if (built.every(({ plannedId }) => plannedId === null)) return null;
  const { promisedMilli, measuredMilli, measuredServedMilli } = planAccuracy(built);
  return {
    usersPromised: usersFromMilli(promisedMilli),
    usersMeasured: usersFromMilli(measuredMilli),
    usersMeasuredServed: usersFromMilli(measuredServedMilli),
    shareKept: measuredMilli === 0 ? null : shareDown(measuredServedMilli, measuredMilli),
  };
}

function plannedSitesJson({ candidates, solution, problem }: PlanResult): PlanJson['sites'] {
  return solution.sites.map((site) => ({
    id: candidates.ids[site]!,
    lon: roundDegrees(candidates.lon[site]!),
    lat: roundDegrees(candidates.lat[site]!),
    cost: problem.siteCost[site]!,
  }));
}

function roundedDbm(level: number | null): number | null {
  return level === null ? null : round2(level);
}
