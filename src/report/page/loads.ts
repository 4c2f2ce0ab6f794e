import type { PageLoads, PageSiteLoad } from '../page-load-types.ts';
import { formatCost, formatUsers, groupThousands } from '../numbers.ts';
import { fill, type Words } from '../words/words.ts';
import { h, table } from './dom.ts';
import type { PageContext, Part } from './part.ts';

/** Rows shown of long lists; report.json has all. */
const MOST_ROWS = 60;
/** A site this full turns users away, or would with one more. */
const FULL = 0.99;

/** Traffic by period, the load of every site in the chosen one, what signal alone would overload, and what the cost is made of. */
export function createLoads({ model, words }: PageContext): Part {
  const { loads, costs, mix } = model.data;
  const limits = h('p', { class: 'note' });
  const sites = h('div');
  const element = h(
    'section',
    { class: 'loads', hidden: loads === null && costs === null && mix.length < 2 },
    ...(loads === null
      ? []
      : [
          h('h2', {}, words.loads),
          h('p', { class: 'lead' }, words.loadsLead),
          h('h3', {}, words.loadsTraffic),
          trafficTable(loads, model.data.periods, words),
          h('h3', {}, words.loadsSites),
          limits,
          sites,
          ...signalAlone(loads, model.data.periods, words),
        ]),
    ...costBlocks(model.data, words),
  );
  return {
    element,
    update({ period }) {
      if (loads === null) return;
      limits.textContent = limitsSentence(loads, period, model.data.periods[period]!, words);
      sites.replaceChildren(siteTable(loads, period, words));
    },
  };
}

function trafficTable(loads: PageLoads, periods: readonly string[], words: Words): HTMLElement {
  const header = [
    words.period,
    words.loadsOffered,
    words.loadsCarried,
    words.loadsNoRoom,
    words.loadsNoSignal,
    words.loadsUsersNoRoom,
    words.loadsUsersNoSignal,
  ];
  const rows = loads.periods.map((period, index) => [
    periods[index]!,
    ...[period.offeredMbps, period.carriedMbps, period.noRoomMbps, period.noSignalMbps].map(oneDecimal),
    formatUsers(period.noRoomMilli),
    formatUsers(period.noSignalMilli),
  ]);
  return table(words.loadsTraffic, header, rows, [1, 2, 3, 4, 5, 6]);
}

/** Load of a site in its room; -1 where nothing limits it. */
function usedShare({ load, room }: PageSiteLoad, period: number): number {
  const space = room[period] ?? null;
  return space === null ? -1 : space === 0 ? 1 : load[period]! / space;
}

function limitsSentence({ sites }: PageLoads, period: number, name: string, words: Words): string {
  const full = sites.filter((site) => usedShare(site, period) >= FULL).length;
  return fill(words.loadsLimits, { period: name, full, all: sites.length });
}

function siteTable({ sites }: PageLoads, period: number, words: Words): HTMLElement {
  const used = (site: PageSiteLoad): number => usedShare(site, period);
  const inPlan = sites.some((site) => site.roomInPlan !== null);
  const rows = [...sites]
    .sort((a, b) => used(b) - used(a) || b.turnedAwayMilli[period]! - a.turnedAwayMilli[period]!)
    .slice(0, MOST_ROWS)
    .map((site) => {
      const space = site.room[period] ?? null;
      const share = used(site);
      return [
        site.existing ? fill(words.loadsToday, { id: site.id }) : site.id,
        amount(site.load[period]!, site.unit, words),
        space === null ? words.loadsNoLimit : amount(space, site.unit, words),
        ...(inPlan ? [roomInPlan(site, period, words)] : []),
        space === null ? '–' : percentNode(share),
        formatUsers(site.turnedAwayMilli[period]!),
        share >= FULL ? words.loadsByRoom : words.loadsBySignal,
      ];
    });
  const header = [
    words.loadsSite,
    words.loadsLoad,
    words.loadsRoom,
    ...(inPlan ? [words.loadsRoomInPlan] : []),
    words.loadsUsed,
    words.loadsTurnedAway,
    words.loadsLimit,
  ];
  const list = table(words.loadsSites, header, rows, inPlan ? [1, 2, 3, 4, 5] : [1, 2, 3, 4]);
  list.classList.add('tall');
  return list;
}

function roomInPlan({ roomInPlan: rooms, unit }: PageSiteLoad, period: number, words: Words): string {
  return rooms === null ? '–' : amount(rooms[period]!, unit, words);
}

function percentNode(share: number): Node {
  const percent = Math.floor(100 * share);
  return h('span', {}, h('meter', { min: 0, max: 1, value: Math.min(1, share) }), ` ${percent} %`);
}

function signalAlone({ signalAlone: alone }: PageLoads, periods: readonly string[], words: Words): Node[] {
  if (alone === null) return [];
  const { overloaded, noRoomMilli } = alone;
  const worst = noRoomMilli.reduce((best, users, period) => (users > noRoomMilli[best]! ? period : best), 0);
  const sentence = fill(overloaded.length === 0 ? words.signalAloneFits : words.signalAlone, {
    sites: alone.sites,
    cost: formatCost(alone.cost),
    count: new Set(overloaded.map(({ id }) => id)).size,
    period: periods[worst]!,
    users: formatUsers(noRoomMilli[worst]!),
  });
  const rows = overloaded
    .slice(0, MOST_ROWS)
    .map(({ id, period, unit, load, room }) => [
      id,
      periods[period]!,
      amount(load, unit, words),
      amount(room, unit, words),
    ]);
  const header = [words.loadsSite, words.period, words.loadsLoad, words.loadsRoom];
  return [
    h('p', {}, sentence),
    ...(rows.length === 0
      ? []
      : [
          h(
            'details',
            {},
            h('summary', {}, words.signalAloneSites),
            table(words.signalAloneSites, header, rows, [2, 3]),
          ),
        ]),
  ];
}

function costBlocks({ costs, mix }: PageContext['model']['data'], words: Words): Node[] {
  const blocks: Node[] = [];
  if (costs !== null) {
    const { parts, years, discountRate } = costs;
    const rate = Number((100 * discountRate).toFixed(6));
    const rows = [
      [words.costSite, parts.site],
      [words.costConfiguration, parts.configuration],
      [words.costTower, parts.tower],
      [words.costBackhaul, parts.backhaul],
      [fill(words.costYearly, { years, rate }), parts.yearly],
      [words.costSum, costs.cost],
    ] as const;
    const named = rows.filter(([, money], row) => money !== 0 || row === rows.length - 1);
    blocks.push(
      h('h2', {}, words.costs),
      table(
        words.costs,
        [words.costPart, words.colCost],
        named.map(([name, money]) => [name, formatCost(money)]),
        [1],
      ),
    );
  }
  if (mix.length > 1) {
    const rows = mix.map((row) => [row.configuration, String(row.sites), String(row.upgrades)]);
    const header = [words.mixConfiguration, words.mixSites, words.mixUpgrades];
    blocks.push(h('h2', {}, words.mix), table(words.mix, header, rows, [1, 2]));
  }
  return blocks;
}

function amount(value: number, unit: PageSiteLoad['unit'], words: Words): string {
  return fill(unit === 'mbps' ? words.loadsMbps : words.loadsUsers, { value: oneDecimal(value) });
}

function oneDecimal(value: number): string {
  return groupThousands(value.toFixed(1));
}
