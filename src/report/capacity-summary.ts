import { UNITS_PER_MBPS } from '../planning/assemble-capacity.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { LOAD_USERS } from '../solve/problem.ts';
import { escapeMarkdown } from './escape.ts';
import { isFull, UNITS_PER_USER, type LoadFacts, type SiteLoad } from './load-facts.ts';
import { markdownTable } from './markdown-table.ts';
import { formatCost, formatUsers, groupThousands, percentDown } from './numbers.ts';

/** Sites listed in a summary before it points to report.json. */
const MAX_SITES = 15;

/** Traffic by period, the fullest sites, and what a plan by signal alone would overload. */
export function capacitySection(result: PlanResult, loads: LoadFacts): string {
  return [trafficTable(result, loads), siteTable(result, loads), signalAloneText(result)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function trafficTable(result: PlanResult, loads: LoadFacts): string {
  const header = [
    'Period',
    'Offered, Mbit/s',
    'Carried',
    'No room',
    'No signal',
    'Users without room',
    'Without signal',
    'Full sites',
  ];
  const rows = loads.periods.map((period, index) => [
    escapeMarkdown(result.demand.periods[index]!),
    ...[period.offeredMbps, period.carriedMbps, period.noRoomMbps, period.noSignalMbps].map(formatMbps),
    formatUsers(period.noRoomMilli),
    formatUsers(period.noSignalMilli),
    String(loads.sites.filter((site) => isFull(site, index)).length),
  ]);
  return `## Busy hours\n\n${markdownTable(header, rows)}`;
}

/** Period in which a site's load is nearest to its room; -1 = nothing limits it. */
export function busiestPeriod({ load, room }: SiteLoad): number {
  const share = (period: number): number => {
    const space = room[period] ?? null;
    return space === null ? -1 : load[period]! / Math.max(space, 1e-9);
  };
  const best = load.reduce((most, _, period) => (share(period) > share(most) ? period : most), 0);
  return share(best) < 0 ? -1 : best;
}

function siteTable(result: PlanResult, { sites }: LoadFacts): string {
  const rows = sites
    .map((site) => ({ site, period: busiestPeriod(site) }))
    .filter(({ period }) => period !== -1)
    .sort(
      (a, b) =>
        b.site.load[b.period]! / b.site.room[b.period]! - a.site.load[a.period]! / a.site.room[a.period]!,
    );
  const full = rows.filter(({ site, period }) => isFull(site, period)).length;
  const shown = rows
    .slice(0, MAX_SITES)
    .map(({ site, period }) => [
      escapeMarkdown(site.id),
      escapeMarkdown(result.demand.periods[period]!),
      site.unit === 'mbps' ? 'Mbit/s' : 'users',
      formatMbps(site.load[period]!),
      formatMbps(site.room[period]!),
      percentDown(Math.round(site.load[period]! * 1e6), Math.round(site.room[period]! * 1e6)),
      formatUsers(site.turnedAwayMilli[period]!),
    ]);
  const header = ['Site', 'Busiest period', 'Unit', 'Load', 'Room', 'Used', 'Users turned away'];
  const more = rows.length > MAX_SITES ? `\n\n${rows.length - MAX_SITES} more sites in report.json.` : '';
  return `## Load of sites\n\n${full} of ${rows.length} sites are full (99 % of their room or more) in some period; elsewhere signal is the limit.\n\n${markdownTable(header, shown)}${more}`;
}

function signalAloneText(result: PlanResult): string {
  const { signalAlone, problem } = result;
  if (signalAlone === null) return '';
  const { sites, cost, overloaded, noRoomUsers } = signalAlone;
  const title = '## A plan by signal alone';
  const start = `The same targets planned without capacities: ${sites.length} sites at cost ${formatCost(cost)}`;
  if (overloaded.length === 0) return `${title}\n\n${start}. No site would be overloaded.`;
  const count = new Set(overloaded.map(({ site }) => site)).size;
  const worst = noRoomUsers.reduce((best, users, period) => (users > noRoomUsers[best]! ? period : best), 0);
  const rows = overloaded.slice(0, MAX_SITES).map(({ site, period, load, room }) => {
    const isUsers = problem.capacity?.counts[site] === LOAD_USERS;
    const scale = isUsers ? UNITS_PER_USER : UNITS_PER_MBPS;
    return [
      escapeMarkdown(problem.siteIds[site]!),
      escapeMarkdown(problem.periods[period]!),
      isUsers ? 'users' : 'Mbit/s',
      formatMbps(load / scale),
      formatMbps(room / scale),
      room === 0 ? '–' : `${Math.floor((100 * load) / room)} %`,
    ];
  });
  const header = ['Site', 'Period', 'Unit', 'Asked for', 'Room', 'Used'];
  const more =
    overloaded.length > MAX_SITES ? `\n\n${overloaded.length - MAX_SITES} more in report.json.` : '';
  return `${title}\n\n${start}. Even with users spread as well as they can be, ${count} of them would be overloaded; in ${escapeMarkdown(problem.periods[worst]!)} ${formatUsers(noRoomUsers[worst]!)} users in their reach would find no room.\n\n${markdownTable(header, rows)}${more}`;
}

function formatMbps(value: number): string {
  return groupThousands(value.toFixed(1));
}
