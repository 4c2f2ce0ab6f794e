import { formatUsers, formatUsersUp, groupThousands, percentDown } from '../numbers.ts';
import type { PageSinr } from '../page-load-types.ts';
import { sinrLimitsDb } from '../sinr-steps.ts';
import { fill, whoWords, type Words } from '../words/words.ts';
import { h, table } from './dom.ts';
import type { PageContext, Part } from './part.ts';

/** SINR of the finished plan: users by period, cells that reach too far, targets. Hidden where the scenario does not ask. */
export function createSinr({ model, words }: PageContext): Part {
  const { sinr, periods } = model.data;
  const blocks = sinr === null ? [] : sinrBlocks(sinr, periods, words);
  return {
    element: h('section', { class: 'sinr', hidden: sinr === null }, ...blocks),
    update: () => undefined,
  };
}

function sinrBlocks(sinr: PageSinr, periods: readonly string[], words: Words): Node[] {
  const lead = fill(words.sinrLead, { least: sinr.leastDb });
  return [
    h('h2', {}, words.sinr),
    h('p', { class: 'lead' }, sinr.tuned ? `${lead} ${words.sinrLeadTuned}` : lead),
    ...(sinr.repair === null ? [] : [repairText(sinr.repair, words)]),
    periodTable(sinr, periods, words),
    ...(sinr.targets.length === 0 ? [] : [h('h3', {}, words.sinrTargets), targetTable(sinr.targets, words)]),
    h('h3', {}, words.sinrOvershoot),
    ...overshooting(sinr, words),
  ];
}

function repairText({ added, removed }: NonNullable<PageSinr['repair']>, words: Words): Node {
  const list = (ids: readonly string[]): string => (ids.length === 0 ? '–' : ids.join(words.listJoin));
  return h('p', {}, fill(words.sinrRepair, { added: list(added), removed: list(removed) }));
}

function periodTable({ periods, leastDb, tuned }: PageSinr, names: readonly string[], words: Words): Node {
  const withTraffic = periods.some(({ carriedMbps }) => carriedMbps !== null);
  const header = [
    words.period,
    words.sinrSignal,
    fill(words.sinrShare, { least: leastDb }),
    ...(tuned ? [words.sinrAsBuilt] : []),
    words.sinrPolluted,
    words.sinrQuantiles,
    ...(withTraffic ? [words.sinrCarried, words.sinrBlocked] : []),
  ];
  const rows = periods.map((period, index) => {
    const share = (users: number): string => percentDown(users, period.usersMilli);
    const { sinrDb, carriedMbps, blockedMbps } = period;
    return [
      names[index]!,
      share(period.signalMilli),
      share(period.sinrMilli),
      ...(tuned ? [share(period.asBuiltMilli)] : []),
      share(period.pollutedMilli),
      sinrDb === null ? '–' : [sinrDb.p10, sinrDb.p50, sinrDb.p90].map((db) => db.toFixed(1)).join(' / '),
      ...(withTraffic ? [mbps(carriedMbps), mbps(blockedMbps)] : []),
    ];
  });
  return table(
    words.sinrByPeriod,
    header,
    rows,
    header.slice(1).map((_, column) => column + 1),
  );
}

function mbps(value: number | null): string {
  return value === null ? '–' : groupThousands(value.toFixed(1));
}

function targetTable(targets: PageSinr['targets'], words: Words): Node {
  const rows = targets.map(({ region, service, period, share, usersMilli, needMilli, afterMilli }) => [
    whoWords(words, { region, service }),
    period,
    `${Number((100 * share).toFixed(6))} %`,
    percentDown(afterMilli, usersMilli),
    afterMilli >= needMilli ? words.met : fill(words.short, { users: formatUsersUp(needMilli - afterMilli) }),
  ]);
  const header = [words.region, words.period, words.required, words.reached, words.margin];
  return table(words.sinrTargets, header, rows, [2, 3]);
}

function overshooting({ overshooting: cells, overshootCount }: PageSinr, words: Words): Node[] {
  if (cells.length === 0) return [h('p', {}, words.sinrOvershootNone)];
  const rows = cells.map(({ site, sector, usersMilli, overshootMilli }) => [
    fill(words.sinrCellName, { site, sector }),
    formatUsers(usersMilli),
    formatUsers(overshootMilli),
  ]);
  return [
    h('p', {}, fill(words.sinrOvershootLead, { count: overshootCount })),
    table(words.sinrOvershoot, [words.sinrCell, words.sinrCellUsers, words.sinrTooFar], rows, [1, 2]),
  ];
}

/** A step of SINR in words; null = not covered. */
export function stepText(step: number, leastDb: number, words: Words): string | null {
  if (step === 0) return null;
  const limits = sinrLimitsDb(leastDb);
  const from = limits[step - 2];
  const to = limits[step - 1];
  if (from === undefined) return fill(words.sinrBelow, { to: to! });
  return to === undefined ? fill(words.sinrAbove, { from }) : fill(words.sinrBetween, { from, to });
}
