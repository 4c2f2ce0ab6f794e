import type { ValidityWarning } from '../radio/model.ts';
import { bindRule, type LinkRule } from './link-rule.ts';

/** A parameter outside a model's published range, with the covered links it concerns. */
export interface CountedWarning extends Omit<ValidityWarning, 'value'> {
  /** The configuration's value; null for distances, which differ from link to link. */
  readonly value: number | null;
  readonly links: number;
}

/** What is known of the covered links beside who they serve. */
export interface LinkCounts {
  readonly links: number;
  /** Links with any parameter outside the model's published range. */
  readonly linksOutsideValidity: number;
  /** Links where the raw formula lies below free space and free space stands in. */
  readonly linksHeldAtFreeSpace: number;
  readonly linkWarnings: readonly CountedWarning[];
}

/** Covered links of one rule, while they are counted. */
export interface RuleCounts {
  links: number;
  outsideDistance: number;
  held: number;
}

/** Sums the counts of all rules; equal warnings of several configurations are one. */
export function linkCounts(rules: readonly LinkRule[], ofRule: readonly RuleCounts[]): LinkCounts {
  const warnings = new Map<string, CountedWarning>();
  const add = (warning: Omit<CountedWarning, 'links'>, links: number): void => {
    if (links === 0) return;
    const key = JSON.stringify(Object.values(warning));
    warnings.set(key, { ...warning, links: links + (warnings.get(key)?.links ?? 0) });
  };
  let linksOutsideValidity = 0;
  ofRule.forEach(({ links, outsideDistance }, k) => {
    const bound = bindRule(rules[k]!);
    for (const warning of bound.warnings) add(warning, links);
    const { name: model, minDistanceM: min, maxDistanceM: max } = bound;
    add({ model, parameter: 'distanceM', value: null, min, max }, outsideDistance);
    linksOutsideValidity += bound.warnings.length > 0 ? links : outsideDistance;
  });
  return {
    links: ofRule.reduce((sum, { links }) => sum + links, 0),
    linksOutsideValidity,
    linksHeldAtFreeSpace: ofRule.reduce((sum, { held }) => sum + held, 0),
    linkWarnings: [...warnings.values()],
  };
}

/** Links of several parts together; equal warnings are one. */
export function joinLinkCounts(parts: readonly LinkCounts[]): LinkCounts {
  const sum = (value: (part: LinkCounts) => number): number =>
    parts.reduce((total, part) => total + value(part), 0);
  const joined = new Map<string, CountedWarning>();
  for (const { links, ...warning } of parts.flatMap(({ linkWarnings }) => linkWarnings)) {
    const key = JSON.stringify(Object.values(warning));
    joined.set(key, { ...warning, links: links + (joined.get(key)?.links ?? 0) });
  }
  return {
    links: sum(({ links }) => links),
    linksOutsideValidity: sum(({ linksOutsideValidity }) => linksOutsideValidity),
    linksHeldAtFreeSpace: sum(({ linksHeldAtFreeSpace }) => linksHeldAtFreeSpace),
    linkWarnings: [...joined.values()],
  };
}
