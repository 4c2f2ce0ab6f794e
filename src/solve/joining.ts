import type { MergingResult } from './merge-plans.ts';

/** Sites of least reduced cost that join the merged plans at first, per site of the plan. */
const JOINING_SHARE = 0.1;
/** How much more join after a merging that ended with at most this share of its work; as much less after one that did not end. */
const JOINING_GROWTH = 2;
const EASY_SHARE = 0.4;

/** How many sites of least reduced cost join the first merging, for a plan of so many sites. */
export function firstJoining(planSites: number): number {
  return Math.ceil(JOINING_SHARE * planSites);
}

/** How many join the next one: more while mergings are easy, fewer after one that ran out of work. */
export function nextJoining(joining: number, merged: MergingResult, mergeWork: number): number {
  if (!merged.finished) return Math.floor(joining / JOINING_GROWTH);
  return merged.work <= EASY_SHARE * mergeWork ? JOINING_GROWTH * Math.max(1, joining) : joining;
}
