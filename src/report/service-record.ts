import { statesTraffic } from '../input/check-traffic.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { escapeMarkdown } from './escape.ts';
import type { PeriodLoad } from './load-facts.ts';
import { markdownTable } from './markdown-table.ts';
import { formatUsers, groupThousands, percentDown, usersFromMilli } from './numbers.ts';
import { scopeRecord } from './report-json.ts';
import type { ServiceFacts } from './service-facts.ts';

/** `services` of the report: users and traffic of each service by period. */
export function servicesRecord(result: PlanResult, services: readonly ServiceFacts[]): object[] {
  const withTraffic = statesTraffic(result.scenario);
  return services.map(({ name, rsrpDbm, scopes, loads }) => ({
    name,
    rsrpDbm,
    periods: scopes.map((scope, period) => ({
      period: result.demand.periods[period]!,
      ...scopeRecord(scope),
      usersNoRoom: usersFromMilli(loads[period]!.noRoomMilli),
      usersNoSignal: usersFromMilli(loads[period]!.noSignalMilli),
      ...(withTraffic && { traffic: trafficRecord(loads[period]!) }),
    })),
  }));
}

function trafficRecord({ offeredMbps, carriedMbps, noRoomMbps, noSignalMbps }: PeriodLoad): object {
  const exact = (value: number): number => Math.round(value * 1e6) / 1e6;
  return {
    offeredMbps: exact(offeredMbps),
    carriedMbps: exact(carriedMbps),
    noRoomMbps: exact(noRoomMbps),
    noSignalMbps: exact(noSignalMbps),
  };
}

/** Users and traffic by service and period, for `summary.md`. */
export function serviceSection(result: PlanResult, services: readonly ServiceFacts[]): string {
  const withTraffic = statesTraffic(result.scenario);
  const header = [
    'Service',
    'From, dBm',
    'Period',
    'Users',
    'Today',
    'Planned',
    'Users without room',
    'Without signal',
    ...(withTraffic ? ['Offered, Mbit/s', 'Carried', 'Blocked'] : []),
  ];
  const mbps = (value: number): string => groupThousands(value.toFixed(1));
  const rows = services.flatMap(({ name, rsrpDbm, scopes, loads }) =>
    scopes.map((scope, period) => {
      const load = loads[period]!;
      return [
        escapeMarkdown(name),
        String(rsrpDbm),
        escapeMarkdown(result.demand.periods[period]!),
        formatUsers(scope.totalMilli),
        percentDown(scope.servedTodayMilli, scope.totalMilli),
        percentDown(scope.servedMilli, scope.totalMilli),
        formatUsers(load.noRoomMilli),
        formatUsers(load.noSignalMilli),
        ...(withTraffic
          ? [mbps(load.offeredMbps), mbps(load.carriedMbps), mbps(load.noRoomMbps + load.noSignalMbps)]
          : []),
      ];
    }),
  );
  return `## Services\n\n${markdownTable(header, rows)}`;
}
