import { formatUsers, groupThousands, percentDown } from '../numbers.ts';
import { h, table } from './dom.ts';
import type { PageContext, Part } from './part.ts';

/** Users and traffic of every service by period, all sites built. Hidden where there is one service. */
export function createServices({ model, words }: PageContext): Part {
  const { services, periods } = model.data;
  const withTraffic = services?.some(({ loads }) => loads.some(({ offeredMbps }) => offeredMbps !== null));
  const withRoom = model.data.loads !== null;
  const mbps = (value: number): string => groupThousands(value.toFixed(1));
  const header = [
    words.service,
    words.serviceFrom,
    words.period,
    words.users,
    words.today,
    words.reached,
    ...(withRoom ? [words.loadsUsersNoRoom] : []),
    words.loadsUsersNoSignal,
    ...(withTraffic === true ? [words.serviceOffered, words.loadsCarried, words.serviceBlocked] : []),
  ];
  const rows = (services ?? []).flatMap(({ name, rsrpDbm, loads }, service) =>
    periods.map((period, index) => {
      const { totalMilli, servedMilli } = model.services[service]!.scopes[index]!;
      const load = loads[index]!;
      return [
        name,
        `${rsrpDbm} dBm`,
        period,
        formatUsers(totalMilli),
        percentDown(servedMilli[0]!, totalMilli),
        percentDown(servedMilli.at(-1)!, totalMilli),
        ...(withRoom ? [formatUsers(load.noRoomMilli)] : []),
        formatUsers(load.noSignalMilli),
        ...(withTraffic === true
          ? [mbps(load.offeredMbps ?? 0), mbps(load.carriedMbps), mbps(load.noRoomMbps + load.noSignalMbps)]
          : []),
      ];
    }),
  );
  const numeric = header.map((_, column) => column).filter((column) => column === 1 || column > 2);
  return {
    element: h(
      'section',
      { class: 'services', hidden: services === null },
      h('h2', {}, words.services),
      h('p', { class: 'lead' }, words.servicesLead),
      table(words.services, header, rows, numeric),
    ),
    update: () => undefined,
  };
}
