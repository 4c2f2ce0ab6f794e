import type { CauseCode } from './areas.ts';
import type { FeedbackFindings } from './feedback.ts';
import type { MeasureArea, WeakArea } from './areas.ts';
import type { IndicatorResult } from './scorecard/indicator.ts';

export type ActionKind = 'build' | 'upgrade' | 'tilt' | 'measure' | 'ask';

/** One thing to do next. Words are made in `report/`; here are the facts. */
export interface Action {
  readonly rank: number;
  readonly kind: ActionKind;
  /** Id of the scorecard indicator it serves. */
  readonly indicator: string;
  /** Site, weak area, square or indicator it speaks of. */
  readonly subject: string;
  readonly reason:
    | 'planned-site'
    | 'planned-upgrade'
    | 'weak-area'
    | 'weak-near-site'
    | 'full-site'
    | 'overlap'
    | 'uncertain'
    | 'unproven'
    | 'unexplained-complaints'
    | 'full-site-complaints'
    | 'missed'
    | 'no-data';
  /** Users it would help or whose service it would tell, thousandths; 0 where it is not about users. */
  readonly usersMilli: number;
  /** The same as a part of all users of the period; null for measuring, which helps nobody by itself. */
  readonly share: number | null;
  /** Ids of the weak areas behind it, most users first. */
  readonly weakAreas: readonly string[];
  /** In the scenario's cost unit; null where none is known. */
  readonly cost: number | null;
  /** Complaints behind it, or part of the uncertainty that goes. */
  readonly evidence: number | null;
}

/** A site of the plan made for the weak areas. */
export interface PlannedSite {
  readonly id: string;
  /** Users it is the first to serve, thousandths, and their part of all users, in the period of its largest gain. */
  readonly usersMilli: number;
  readonly share: number;
  readonly cost: number;
  /** Weak areas it reaches, most users first. */
  readonly weakAreas: readonly string[];
  /** It stands where an existing site stands. */
  readonly isUpgrade: boolean;
}

export interface ActionInputs {
  /** Null = no plan was made. */
  readonly planned: readonly PlannedSite[] | null;
  readonly weakAreas: readonly WeakArea[];
  readonly measureNext: readonly MeasureArea[];
  readonly feedback: FeedbackFindings | null;
  readonly scorecard: readonly IndicatorResult[];
  readonly siteCost: number;
  /** Per period, all users in thousandths. */
  readonly totalUsersMilli: readonly number[];
  /** True when positions of today's sites are known. */
  readonly sitesKnown: boolean;
}

const COVERAGE = 'users-stable';
const MAX_PER_KIND = 15;
/** The measurement plan lists more; among the actions stand its best. */
const MAX_MEASURES = 5;

/** Weight of sites that are planned for unproven areas alone: a site serves fewer users than the areas have that it reaches. */
const AFTER_MEASURING = 0.25;

/** What the cause of a weak area asks for; overlap is a matter of tilt before it is one of building. */
const REMEDY: Readonly<Record<CauseCode, 'tilt' | 'measure' | 'build' | 'upgrade' | null>> = {
  overshoot: 'tilt',
  'pilot-pollution': 'tilt',
  // What may be fine is measured before anything is built for it.
  unproven: 'measure',
  'no-site-near': 'build',
  terrain: 'build',
  // A stronger signal brings more users to a site that is full already.
  capacity: 'upgrade',
  indoor: 'upgrade',
  // Weak although a site is near: that site is too weak.
  unknown: 'upgrade',
};

/**
 * What to do next, ranked by the users it helps; measuring tells rather than helps, so its users count half; questions
 * come last, missed indicators before those without data. Building and upgrading come from the plan where one was made,
 * else from what the causes of the weak areas ask for.
 */
export function rankActions(inputs: ActionInputs): Action[] {
  const { planned, weakAreas } = inputs;
  const remedies = joinServices(onePerPlace(weakAreas), (area) => remedyOf(area, inputs));
  const unproven = new Set(weakAreas.filter(isUnproven).map(({ id }) => id));
  const isProven = (site: PlannedSite): boolean =>
    site.weakAreas.length === 0 || site.weakAreas.some((id) => !unproven.has(id));
  const of = (kind: ActionKind): Draft[] => remedies.filter((draft) => draft.kind === kind);
  const built =
    planned === null
      ? [weighed(of('build'), 1), weighed(of('upgrade'), 1)]
      : [
          weighed(planned.filter(isProven).map(plannedAction), 1),
          // Built only once the drive has shown that they are needed: below that drive.
          weighed(planned.filter((site) => !isProven(site)).map(plannedAction), AFTER_MEASURING),
        ];

  const ranked = [
    ...built.flat(),
    ...weighed(of('tilt'), 1),
    ...weighed(complaintActions(inputs, 'upgrade'), 1),
    ...weighed(of('measure').slice(0, MAX_MEASURES), 0.5),
    ...weighed(complaintActions(inputs, 'measure'), 0.5),
    ...weighed(measureActions(inputs).slice(0, MAX_MEASURES), 0.5),
  ]
    .sort((a, b) => b.weight - a.weight)
    .map(({ action }) => action);
  return [...ranked, ...questions(inputs.scorecard)].map((action, k) => ({ rank: k + 1, ...action }));
}

function isUnproven({ causes }: WeakArea): boolean {
  return causes.some(({ code }) => code === 'unproven');
}

type Draft = Omit<Action, 'rank'>;

/** An action for the coverage indicator, without figures. */
const DRAFT = { indicator: COVERAGE, share: null, weakAreas: [], cost: null, evidence: null } as const;

function plannedAction({ id, usersMilli, share, cost, weakAreas, isUpgrade }: PlannedSite): Draft {
  return {
    ...DRAFT,
    kind: isUpgrade ? 'upgrade' : 'build',
    subject: id,
    reason: isUpgrade ? 'planned-upgrade' : 'planned-site',
    usersMilli,
    share,
    weakAreas,
    cost,
  };
}

/** Null where the causes ask for nothing that can be named. */
function remedyOf(area: WeakArea, { siteCost, sitesKnown, totalUsersMilli }: ActionInputs): Draft | null {
  const kinds = area.causes.map(({ code }) => REMEDY[code]);
  const kind = (['tilt', 'measure', 'build', 'upgrade'] as const).find((one) => kinds.includes(one));
  const isUnknown = area.causes.every(({ code }) => code === 'unknown');
  if (kind === undefined || (isUnknown && !sitesKnown)) return null;
  const isFull = area.causes.some(({ code }) => code === 'capacity');
  const reasons = {
    tilt: 'overlap',
    measure: 'unproven',
    build: 'weak-area',
    upgrade: isFull ? 'full-site' : 'weak-near-site',
  } as const;
  return {
    ...DRAFT,
    kind,
    subject: area.id,
    reason: reasons[kind],
    usersMilli: area.usersMilli,
    share: kind === 'measure' ? null : area.usersMilli / totalUsersMilli[area.period]!,
    weakAreas: [area.id],
    cost: kind === 'build' ? siteCost : null,
    evidence: area.reports > 0 ? area.reports : null,
  };
}

function measureActions({ measureNext }: ActionInputs): Draft[] {
  return measureNext.map((area) => ({
    ...DRAFT,
    kind: 'measure',
    subject: area.id,
    reason: 'uncertain',
    usersMilli: area.usersMilli,
    evidence: area.reduction,
  }));
}

/** Complaints with good signal: more capacity where the site is full, else a drive to see what is wrong. */
function complaintActions({ feedback }: ActionInputs, kind: 'upgrade' | 'measure'): Draft[] {
  const all = (feedback?.unexplained ?? []).map((area, k): Draft => ({
    ...DRAFT,
    kind: area.fullSite === null ? 'measure' : 'upgrade',
    subject: `C${k + 1}`,
    reason: area.fullSite === null ? 'unexplained-complaints' : 'full-site-complaints',
    usersMilli: area.usersMilli,
    evidence: area.complaints,
  }));
  return all.filter((draft) => draft.kind === kind);
}

function questions(scorecard: readonly IndicatorResult[]): Draft[] {
  const asked = scorecard
    .filter(({ indicator }) => !indicator.measure.startsWith('coverage-'))
    .filter(({ status }) => status !== 'met');
  const ask = ({ indicator: { id } }: IndicatorResult, reason: 'missed' | 'no-data'): Draft => ({
    ...DRAFT,
    kind: 'ask',
    indicator: id,
    subject: id,
    reason,
    usersMilli: 0,
  });
  return [
    ...asked.filter(({ status }) => status === 'missed').map((line) => ask(line, 'missed')),
    ...asked.filter(({ status }) => status === 'at-risk').map((line) => ask(line, 'missed')),
    ...asked.filter(({ status }) => status === 'no-data').map((line) => ask(line, 'no-data')),
  ];
}

/** Of areas of a service that share a square (the same place in other periods) the one with most users: the first. */
function onePerPlace(areas: readonly WeakArea[]): WeakArea[] {
  const taken = new Map<string | null, Set<string>>();
  return areas.filter((area) => {
    const ofService = taken.get(area.service) ?? new Set();
    taken.set(area.service, ofService);
    const squares = squaresOf(area);
    const fresh = squares.every((square) => !ofService.has(square));
    for (const square of squares) ofService.add(square);
    return fresh;
  });
}

function squaresOf({ columns, rows }: WeakArea): string[] {
  return columns.map((column, k) => `${column},${rows[k]}`);
}

/**
 * The remedies of some areas, most users first. Where an area of another service shares a square with one that asks for the
 * same in that period, it is the same action: it helps the users of both, who are others (each wants one service).
 */
function joinServices(areas: readonly WeakArea[], remedy: (area: WeakArea) => Draft | null): Draft[] {
  const joined: { readonly area: WeakArea; readonly squares: ReadonlySet<string>; draft: Draft }[] = [];
  for (const area of areas) {
    const draft = remedy(area);
    if (draft === null) continue;
    const squares = squaresOf(area);
    const same = joined.find(
      (one) =>
        one.draft.kind === draft.kind &&
        one.area.period === area.period &&
        one.area.service !== area.service &&
        squares.some((square) => one.squares.has(square)),
    );
    if (same === undefined) joined.push({ area, squares: new Set(squares), draft });
    else same.draft = together(same.draft, draft);
  }
  return joined.map(({ draft }) => draft).sort((a, b) => b.usersMilli - a.usersMilli);
}

/** One action for two areas; complaints in squares of both were counted with each. */
function together(one: Draft, other: Draft): Draft {
  const evidence = Math.max(one.evidence ?? 0, other.evidence ?? 0);
  return {
    ...one,
    usersMilli: one.usersMilli + other.usersMilli,
    share: one.share === null || other.share === null ? null : one.share + other.share,
    weakAreas: [...one.weakAreas, ...other.weakAreas],
    evidence: evidence === 0 ? null : evidence,
  };
}

/** Weights for ranking that keep the order of the list: none is above the one before it. */
function weighed(list: readonly Draft[], factor: number): { action: Draft; weight: number }[] {
  let least = Infinity;
  return list.slice(0, MAX_PER_KIND).map((action) => {
    least = Math.min(least, factor * action.usersMilli);
    return { action, weight: least };
  });
}
