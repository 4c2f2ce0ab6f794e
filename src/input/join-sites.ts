import type { SiteTable } from './types.ts';

/** The rows of two tables, one after the other; what only one of them states is not given in the other. */
export function joinSites(first: SiteTable, second: SiteTable): SiteTable {
  const list = <Item>(column: (table: SiteTable) => readonly Item[]): Item[] => [
    ...column(first),
    ...column(second),
  ];
  const numbers = (column: (table: SiteTable) => Float64Array): Float64Array =>
    Float64Array.of(...column(first), ...column(second));
  const optional = (column: (table: SiteTable) => Float64Array | undefined): Float64Array | undefined =>
    column(first) === undefined && column(second) === undefined
      ? undefined
      : numbers((table) => column(table) ?? new Float64Array(table.count).fill(NaN));
  const named = first.configurationNames !== undefined || second.configurationNames !== undefined;
  return {
    count: first.count + second.count,
    ids: list((table) => table.ids),
    lon: numbers((table) => table.lon),
    lat: numbers((table) => table.lat),
    status: list((table) => table.status),
    cost: numbers((table) => table.cost),
    heightM: numbers((table) => table.heightM),
    eirpDbm: numbers((table) => table.eirpDbm),
    frequencyMhz: numbers((table) => table.frequencyMhz),
    tiltDeg: numbers((table) => table.tiltDeg),
    technology: list((table) => table.technology),
    azimuthsDeg: list((table) => table.azimuthsDeg),
    cellIds: list((table) => table.cellIds),
    mechanicalTiltDeg: optional((table) => table.mechanicalTiltDeg),
    bandwidthMhz: optional((table) => table.bandwidthMhz),
    subcarrierKhz: optional((table) => table.subcarrierKhz),
    ...(named && {
      configurationNames: list(
        (table) => table.configurationNames ?? new Array<string | null>(table.count).fill(null),
      ),
    }),
  };
}
