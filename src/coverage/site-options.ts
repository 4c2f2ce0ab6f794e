import { compareText } from '../input/canonical-order.ts';
import { pickSites } from '../input/pick-sites.ts';
import { NO_ROOM } from '../input/site-room.ts';
import type { ConfigurationSpec } from '../input/scenario-schema.ts';
import type { SiteRoom, SiteTable } from '../input/types.ts';

/** Every way every location may be built: one row each. */
export interface SiteOptions {
  readonly candidates: SiteTable;
  /** [rows] the configuration of a row; null where the site's own properties describe it. */
  readonly specs: readonly (ConfigurationSpec | null)[];
  /** [rows] true where the site stands already and only the configuration is new. */
  readonly isUpgrade: readonly boolean[];
}

interface Row {
  /** Into the table of candidates followed by existing sites. */
  readonly site: number;
  readonly id: string;
  readonly spec: ConfigurationSpec | null;
  readonly azimuthsDeg: readonly number[] | null;
}

/**
 * Candidates times configurations: each azimuth set of each configuration is an alternative at the candidate's
 * position, of which at most one is built (they share a location). Existing sites bring the configurations that may be
 * put on them. A candidate that states its own technology, frequency, power, azimuths or tilt is built as it says and
 * in no other way; its own height holds in every configuration. A required candidate takes the first configuration:
 * several required alternatives of one place would exclude each other.
 */
export function siteOptions(
  candidates: SiteTable,
  existing: SiteTable | null,
  specs: readonly ConfigurationSpec[],
): SiteOptions {
  const fresh = specs.filter(({ on }) => on.includes('new'));
  const upgrades = specs.filter(({ on }) => on.includes('existing'));
  const rows: Row[] = [];
  for (let site = 0; site < candidates.count; site++) {
    const id = candidates.ids[site]!;
    if (statesRadio(candidates, site) || fresh.length === 0) {
      rows.push({ site, id, spec: null, azimuthsDeg: null });
      continue;
    }
    const offered = alternatives(fresh, site, id);
    rows.push(...(candidates.status[site] === 'required' ? offered.slice(0, 1) : offered));
  }
  for (let site = 0; site < (existing?.count ?? 0); site++) {
    rows.push(...alternatives(upgrades, candidates.count + site, existing!.ids[site]!));
  }
  const all = existing === null ? candidates : joinTables(candidates, existing);
  rows.sort(
    (a, b) =>
      all.lon[a.site]! - all.lon[b.site]! || all.lat[a.site]! - all.lat[b.site]! || compareText(a.id, b.id),
  );
  return {
    candidates: tableOf(all, rows, candidates.count),
    specs: rows.map(({ spec }) => spec),
    isUpgrade: rows.map(({ site }) => site >= candidates.count),
  };
}

/** Ids say what is built: `K-07/n78`, and `K-07/n78@60` for the azimuth set that begins at 60 degrees. */
function alternatives(specs: readonly ConfigurationSpec[], site: number, id: string): Row[] {
  return specs.flatMap((spec): Row[] => {
    const sets = spec.azimuthSets ?? [];
    if (sets.length < 2) return [{ site, id: `${id}/${spec.name}`, spec, azimuthsDeg: sets[0] ?? null }];
    return sets.map((azimuthsDeg) => ({
      site,
      id: `${id}/${spec.name}@${azimuthsDeg.join('-')}`,
      spec,
      azimuthsDeg,
    }));
  });
}

function statesRadio(sites: SiteTable, site: number): boolean {
  return (
    sites.technology[site] !== null ||
    sites.azimuthsDeg[site]!.length > 0 ||
    [sites.frequencyMhz, sites.eirpDbm, sites.tiltDeg].some((own) => !Number.isNaN(own[site]!))
  );
}

/** Candidates, then existing sites with nothing but place and height: their radio is that of the upgrade. */
function joinTables(candidates: SiteTable, existing: SiteTable): SiteTable {
  const numbers = (a: Float64Array, b: Float64Array | null): Float64Array =>
    Float64Array.from([...a, ...(b ?? existing.lon.map(() => NaN))]);
  return {
    count: candidates.count + existing.count,
    ids: [...candidates.ids, ...existing.ids],
    lon: numbers(candidates.lon, existing.lon),
    lat: numbers(candidates.lat, existing.lat),
    status: [...candidates.status, ...existing.ids.map(() => 'candidate' as const)],
    cost: numbers(candidates.cost, null),
    heightM: numbers(candidates.heightM, existing.heightM),
    eirpDbm: numbers(candidates.eirpDbm, null),
    frequencyMhz: numbers(candidates.frequencyMhz, null),
    tiltDeg: numbers(candidates.tiltDeg, null),
    ...(candidates.mechanicalTiltDeg && { mechanicalTiltDeg: numbers(candidates.mechanicalTiltDeg, null) }),
    technology: [...candidates.technology, ...existing.ids.map(() => null)],
    azimuthsDeg: [...candidates.azimuthsDeg, ...existing.ids.map(() => [])],
    cellIds: [...candidates.cellIds, ...existing.ids.map(() => [])],
    ...(candidates.rooms && { rooms: [...candidates.rooms, ...existing.ids.map(() => NO_ROOM)] }),
  };
}

function tableOf(all: SiteTable, rows: readonly Row[], candidateCount: number): SiteTable {
  const picked = pickSites(
    all,
    rows.map(({ site }) => site),
  );
  const column = (own: Float64Array, key: NumberKey): Float64Array =>
    own.map((value, row) => (Number.isNaN(value) ? (rows[row]!.spec?.[key] ?? NaN) : value));
  const none = new Float64Array(rows.length).fill(NaN);
  const rooms = rows.map(({ site, spec }, row) => roomOf(picked.rooms?.[row], spec, site < candidateCount));
  return {
    ...picked,
    ids: rows.map(({ id }) => id),
    heightM: column(picked.heightM, 'heightM'),
    eirpDbm: column(picked.eirpDbm, 'eirpDbm'),
    frequencyMhz: column(picked.frequencyMhz, 'frequencyMhz'),
    tiltDeg: column(picked.tiltDeg, 'tiltDeg'),
    technology: rows.map(({ spec }, row) => picked.technology[row] ?? spec?.technology ?? null),
    azimuthsDeg: rows.map(({ azimuthsDeg }, row) => azimuthsDeg ?? picked.azimuthsDeg[row]!),
    configurationNames: rows.map(({ spec }) => spec?.name ?? null),
    bandwidthMhz: column(none, 'bandwidthMhz'),
    subcarrierKhz: column(none, 'subcarrierKhz'),
    ...(rooms.some(({ mbps, users }) => mbps !== null || users !== null) && { rooms }),
  };
}

type NumberKey = 'heightM' | 'eirpDbm' | 'frequencyMhz' | 'tiltDeg' | 'bandwidthMhz' | 'subcarrierKhz';

/** What the site itself states wins over its configuration. */
function roomOf(own: SiteRoom | undefined, spec: ConfigurationSpec | null, isNew: boolean): SiteRoom {
  if (isNew && own !== undefined && (own.mbps !== null || own.users !== null)) return own;
  return { mbps: spec?.capacityMbps ?? null, users: spec?.capacityUsers ?? null, load: null };
}
