import type { SiteTable } from './types.ts';

/** Rows of a table in a given order; a row may come twice. */
export function pickSites(sites: SiteTable, kept: readonly number[]): SiteTable {
  const numbers = (values: Float64Array): Float64Array => Float64Array.from(kept, (site) => values[site]!);
  const list = <Item>(values: readonly Item[]): Item[] => kept.map((site) => values[site]!);
  return {
    count: kept.length,
    ids: list(sites.ids),
    lon: numbers(sites.lon),
    lat: numbers(sites.lat),
    status: list(sites.status),
    cost: numbers(sites.cost),
    heightM: numbers(sites.heightM),
    eirpDbm: numbers(sites.eirpDbm),
    frequencyMhz: numbers(sites.frequencyMhz),
    tiltDeg: numbers(sites.tiltDeg),
    technology: list(sites.technology),
    azimuthsDeg: list(sites.azimuthsDeg),
    cellIds: list(sites.cellIds),
    ...(sites.configurationNames && { configurationNames: list(sites.configurationNames) }),
    ...(sites.mechanicalTiltDeg && { mechanicalTiltDeg: numbers(sites.mechanicalTiltDeg) }),
    ...(sites.bandwidthMhz && { bandwidthMhz: numbers(sites.bandwidthMhz) }),
    ...(sites.subcarrierKhz && { subcarrierKhz: numbers(sites.subcarrierKhz) }),
    ...(sites.rooms !== undefined && { rooms: list(sites.rooms) }),
  };
}
