import type { SitePromise } from './comparison.ts';
import type { FeedbackFindings } from './feedback.ts';
import type { MeasureArea, WeakArea } from './result.ts';
import type { IndicatorResult } from './scorecard/indicator.ts';

export type ActionKind = 'build' | 'tilt' | 'measure' | 'ask';

/** One thing to do next. Words are made in `report/`; here are the facts. */
export interface Action {
  readonly rank: number;
  readonly kind: ActionKind;
  /** Id of the scorecard indicator it serves. */
  readonly indicator: string;
  /** Site, weak area, square or indicator it speaks of. */
  readonly subject: string;
  readonly reason:
    'planned-site' | 'weak-area' | 'overlap' | 'uncertain' | 'unexplained-complaints' | 'missed' | 'no-data';
  /** Users it would help or whose service it would tell, thousandths; 0 where it is not about users. */
  readonly usersMilli: number;
  /** In the scenario's cost unit; null where none is known. */
  readonly cost: number | null;
  /** Complaints behind it, or part of the uncertainty that goes. */
  readonly evidence: number | null;
}

export interface ActionInputs {
  readonly promises: readonly SitePromise[];
  /** [promises] cost of the site. */
  readonly costs: readonly number[];
  readonly weakAreas: readonly WeakArea[];
  readonly measureNext: readonly MeasureArea[];
  readonly feedback: FeedbackFindings | null;
  readonly scorecard: readonly IndicatorResult[];
  readonly siteCost: number;
}

const COVERAGE = 'users-stable';
const MAX_PER_KIND = 15;
/** The measurement plan lists more; among the actions stand its best. */
const MAX_MEASURES = 5;

/**
 * What to do next, ranked by the users it helps; measuring tells rather than helps, so its users count half; questions
 * come last, missed indicators before those without data. Building comes from the plan where one was made, else from
 * weak areas with no site near; an area of overlap or overshoot is a matter of tilt before it is one of building.
 */
export function rankActions(inputs: ActionInputs): Action[] {
  const { promises, costs, weakAreas, measureNext, feedback, scorecard, siteCost } = inputs;
  const planned = promises.map((promise, k) => ({
    kind: 'build' as const,
    indicator: COVERAGE,
    subject: promise.id,
    reason: 'planned-site' as const,
    usersMilli: Math.max(...promise.usersMilli),
    cost: costs[k] ?? null,
    evidence: null,
  }));
  const has = (area: WeakArea, ...codes: string[]): boolean =>
    area.causes.some(({ code }) => codes.includes(code));
  const places = onePerPlace(weakAreas);
  const tilts = places
    .filter((area) => has(area, 'overshoot', 'pilot-pollution'))
    .map((area) => areaAction(area, 'tilt', 'overlap', null));
  const builds =
    planned.length > 0
      ? planned
      : places
          .filter((area) => has(area, 'no-site-near'))
          .map((area) => areaAction(area, 'build', 'weak-area', siteCost));
  const measures = measureNext.map((area) => ({
    kind: 'measure' as const,
    indicator: COVERAGE,
    subject: area.id,
    reason: 'uncertain' as const,
    usersMilli: area.usersMilli,
    cost: null,
    evidence: area.reduction,
  }));
  const complaints = (feedback?.unexplained ?? []).map((area, k) => ({
    kind: 'measure' as const,
    indicator: COVERAGE,
    subject: `C${k + 1}`,
    reason: 'unexplained-complaints' as const,
    usersMilli: area.usersMilli,
    cost: null,
    evidence: area.complaints,
  }));
  const asks = scorecard
    .filter(({ indicator }) => !indicator.measure.startsWith('coverage-'))
    .flatMap(({ indicator, status }) => {
      if (status === 'met') return [];
      const reason = status === 'no-data' ? ('no-data' as const) : ('missed' as const);
      const { id } = indicator;
      return [
        {
          kind: 'ask' as const,
          indicator: id,
          subject: id,
          reason,
          usersMilli: 0,
          cost: null,
          evidence: null,
        },
      ];
    });
  const ranked = [
    ...weighed(builds, 1),
    ...weighed(tilts, 1),
    ...weighed(complaints, 0.5),
    ...weighed(measures.slice(0, MAX_MEASURES), 0.5),
  ]
    .sort((a, b) => b.weight - a.weight)
    .map(({ action }) => action);
  asks.sort((a, b) => Number(a.reason === 'no-data') - Number(b.reason === 'no-data'));
  return [...ranked, ...asks].map((action, k) => ({ rank: k + 1, ...action }));
}

/** Of areas that share a square (the same place in other periods) the one with most users: the first. */
function onePerPlace(areas: readonly WeakArea[]): WeakArea[] {
  const taken = new Set<string>();
  return areas.filter((area) => {
    const squares = area.columns.map((column, k) => `${column},${area.rows[k]}`);
    const fresh = squares.every((square) => !taken.has(square));
    for (const square of squares) taken.add(square);
    return fresh;
  });
}

/** Weights for ranking that keep the order of the list: none is above the one before it. */
function weighed(
  list: readonly Omit<Action, 'rank'>[],
  factor: number,
): { action: Omit<Action, 'rank'>; weight: number }[] {
  let least = Infinity;
  return list.slice(0, MAX_PER_KIND).map((action) => {
    least = Math.min(least, factor * action.usersMilli);
    return { action, weight: least };
  });
}

function areaAction(
  area: WeakArea,
  kind: 'build' | 'tilt',
  reason: 'weak-area' | 'overlap',
  cost: number | null,
): Omit<Action, 'rank'> {
  return {
    kind,
    indicator: COVERAGE,
    subject: area.id,
    reason,
    usersMilli: area.usersMilli,
    cost,
    evidence: area.reports > 0 ? area.reports : null,
  };
}
