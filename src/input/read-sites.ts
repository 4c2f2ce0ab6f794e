import type { ProgressListener } from '../progress.ts';
import { canonicalOrder, compareText } from './canonical-order.ts';
import { CELL_FIELDS, cellRow, sitesOfCells, type CellRow } from './cell-table-sites.ts';
import { contentId, settleIds } from './content-id.ts';
import type { Findings } from './findings.ts';
import { nearestKey } from './nearest-key.ts';
import { positionProblem } from './positions.ts';
import type { FeatureRow } from './stream/feature-row.ts';
import { numberOf, showValue, textOf, whereOf } from './stream/feature-row.ts';
import type { FieldSpec } from './stream/fields.ts';
import { readFeatures } from './stream/read-features.ts';
import { NO_ROOM, readRoom, ROOM_FIELDS } from './site-room.ts';
import type { InputFileSummary, SiteRoom, SiteStatus, SiteTable } from './types.ts';

const STATUSES: readonly SiteStatus[] = ['candidate', 'existing', 'required', 'forbidden'];

/** A numeric property of a site with what it must be. */
interface NumberField {
  readonly names: readonly string[];
  readonly isRight: (value: number) => boolean;
  readonly rule: string;
}

const NUMBER_FIELDS = {
  cost: { names: ['cost'], isRight: (value) => value > 0, rule: 'greater than 0' },
  heightM: {
    names: ['height_m', 'height'],
    isRight: (value) => value > 0 && value <= 1000,
    rule: 'above 0 and at most 1000',
  },
  eirpDbm: {
    names: ['eirp_dbm', 'eirp'],
    isRight: (value) => Math.abs(value) <= 150,
    rule: 'between -150 and 150',
  },
  frequencyMhz: {
    names: ['frequency_mhz', 'freq_mhz', 'frequency'],
    isRight: (value) => value > 0 && value <= 100_000,
    rule: 'above 0 and at most 100000 (MHz)',
  },
  tiltDeg: {
    names: ['tilt_deg', 'tilt', 'downtilt_deg'],
    isRight: (value) => Math.abs(value) <= 90,
    rule: 'between -90 and 90',
  },
  mechanicalTiltDeg: {
    names: ['mechanical_tilt_deg', 'mechanical_tilt', 'mech_tilt'],
    isRight: (value) => Math.abs(value) <= 90,
    rule: 'between -90 and 90',
  },
} satisfies Record<string, NumberField>;

type NumberName = keyof typeof NUMBER_FIELDS;
const NUMBER_NAMES = Object.keys(NUMBER_FIELDS) as readonly NumberName[];
const TEXT_FIELDS = ['technology', 'status', 'azimuths', 'cellIds'] as const;
const FIELDS: readonly FieldSpec[] = [
  ...NUMBER_NAMES.map((name) => ({ names: NUMBER_FIELDS[name].names, anyCase: true })),
  { names: ['technology', 'radio'], anyCase: true },
  { names: ['status'], anyCase: true },
  { names: ['azimuths', 'azimuth', 'azimuths_deg', 'azimuth_deg'], anyCase: true },
  { names: ['cell_ids', 'cells', 'cell_id', 'eci'], anyCase: true },
  ...ROOM_FIELDS.map((room) => ({ names: [room], anyCase: true })),
  ...CELL_FIELDS,
];
const FIRST_ROOM = NUMBER_NAMES.length + TEXT_FIELDS.length;
const FIRST_CELL = FIRST_ROOM + ROOM_FIELDS.length;

export interface ReadSitesOptions {
  readonly file: string;
  readonly role: 'existing' | 'candidates';
  /** Take sites of every status: for networks put together from several sources, such as the sites of a plan. */
  readonly anyStatus?: boolean | undefined;
  readonly findings: Findings;
  readonly onProgress?: ProgressListener | undefined;
}

export interface SitesInput {
  readonly sites: SiteTable;
  readonly summary: InputFileSummary;
}

type Numbers = Readonly<Record<NumberName, number>>;
/** A site that gives no number: the scenario's values hold. */
const NO_NUMBERS: Numbers = {
  cost: NaN,
  heightM: NaN,
  eirpDbm: NaN,
  frequencyMhz: NaN,
  tiltDeg: NaN,
  mechanicalTiltDeg: NaN,
};

interface Site extends Numbers {
  readonly id: string;
  readonly idGiven: boolean;
  readonly where: { readonly index: number; readonly line: number };
  readonly lon: number;
  readonly lat: number;
  readonly status: SiteStatus;
  readonly technology: string | null;
  readonly azimuthsDeg: readonly number[];
  readonly cellIds: readonly string[];
  readonly room: SiteRoom | null;
}

/**
 * Reads existing or candidate sites: points, sorted by (lon, lat, id).
 * @throws InputError where the file cannot be read on, or the findings are full.
 */
export async function readSites(path: string, options: ReadSitesOptions): Promise<SitesInput> {
  const { file, role, findings } = options;
  const sites: Site[] = [];
  const cells: CellRow[] = [];
  const facts = await readFeatures(path, {
    file,
    fields: FIELDS,
    findings,
    onRow: (row) => {
      const radio = row.values[NUMBER_NAMES.length];
      const cell = cellRow(radio, row.values.slice(FIRST_CELL), row.lon, row.lat);
      const site = siteOf(row, options);
      if (site === null) return;
      if (cell === null) sites.push(site);
      else cells.push(cell);
    },
    onProgress: options.onProgress,
  });
  if (facts.featuresRead === 0) findings.error('holds no sites.', { code: 'no-features', file });
  const setAside = addCellSites(cells, sites, options);
  const { sha256, dialect, featuresRead, identifiersDropped } = facts;
  const summary = { role, file: facts.file, sha256, dialect, featuresRead, setAside, identifiersDropped };
  return { sites: buildTable(sites, options), summary };
}

/** Adds the base stations of a cell table, with a warning about their positions. */
function addCellSites(
  cells: readonly CellRow[],
  sites: Site[],
  { file, role, findings }: ReadSitesOptions,
): Record<string, number> {
  if (cells.length === 0) return {};
  const { sites: stations, others } = sitesOfCells(cells);
  for (const station of stations) {
    sites.push({
      ...NO_NUMBERS,
      ...station,
      idGiven: true,
      where: { index: 0, line: 0 },
      status: role === 'existing' ? 'existing' : 'candidate',
      azimuthsDeg: [],
      room: null,
    });
  }
  findings.warn(
    `is a table of cells: ${cells.length - others} LTE and NR cells make ${stations.length} sites.`,
    {
      code: 'cell-table',
      file,
      hint: 'Their positions are estimated from phones, often some hundred metres off; antennas are taken as omni.',
    },
  );
  return others === 0 ? {} : { 'neither LTE nor NR': others };
}

function siteOf(row: FeatureRow, { file, role, anyStatus, findings }: ReadSitesOptions): Site | null {
  const complain = (code: string, message: string, hint?: string): null => {
    findings.error(message, { code, file, feature: whereOf(row), hint });
    return null;
  };
  if (row.geometry !== null)
    return complain('geometry-type', `is a ${row.geometry.type}, a point is expected.`);
  const problem = positionProblem(row.lon, row.lat);
  if (problem !== null) return complain(problem.code, problem.message, problem.hint);
  const numbers: Record<NumberName, number> = { ...NO_NUMBERS };
  for (const [field, name] of NUMBER_NAMES.entries()) {
    const { names, isRight, rule } = NUMBER_FIELDS[name];
    const value = numberOf(row.values[field]);
    if (value === undefined) continue;
    if (!Number.isFinite(value) || !isRight(value)) {
      return complain('site-value', `${names[0]} must be ${rule}, got ${showValue(row.values[field])}.`);
    }
    numbers[name] = value;
  }
  const text = (name: (typeof TEXT_FIELDS)[number]): unknown =>
    row.values[NUMBER_NAMES.length + TEXT_FIELDS.indexOf(name)];
  const status = statusOf(textOf(text('status')), role, anyStatus === true);
  if (typeof status !== 'string') return complain('site-status', status.message, status.hint);
  const azimuthsDeg = listOf(text('azimuths')).map(Number);
  if (azimuthsDeg.some((azimuth) => !Number.isFinite(azimuth) || Math.abs(azimuth) > 360)) {
    return complain('site-value', `azimuths must be degrees from north, got ${showValue(text('azimuths'))}.`);
  }
  const room = readRoom(row.values.slice(FIRST_ROOM, FIRST_CELL));
  if (typeof room === 'string') return complain('site-value', room);
  const { mechanicalTiltDeg, ...others } = numbers;
  const lean = Number.isNaN(mechanicalTiltDeg) ? [] : [mechanicalTiltDeg];
  return {
    ...numbers,
    id: row.id ?? contentId('s', [row.lon, row.lat, ...Object.values(others), ...azimuthsDeg, ...lean]),
    idGiven: row.id !== null,
    where: { index: row.index, line: row.line },
    lon: row.lon === 0 ? 0 : row.lon,
    lat: row.lat === 0 ? 0 : row.lat,
    status,
    technology: textOf(text('technology')),
    azimuthsDeg,
    cellIds: listOf(text('cellIds')),
    room,
  };
}

function statusOf(
  given: string | null,
  role: ReadSitesOptions['role'],
  anyStatus: boolean,
): SiteStatus | { message: string; hint: string } {
  if (given === null) return role === 'existing' ? 'existing' : 'candidate';
  const status = STATUSES.find((known) => known === given.toLowerCase());
  if (status === undefined) {
    const nearest = nearestKey(given, STATUSES);
    const hint =
      nearest === null ? `One of ${STATUSES.join(', ')} is expected.` : `Did you mean "${nearest}"?`;
    return { message: `status ${showValue(given)} is not known.`, hint };
  }
  if (!anyStatus && (role === 'existing') !== (status === 'existing')) {
    const home = status === 'existing' ? 'existing' : 'candidates';
    return { message: `has status ${status}.`, hint: `Such sites belong in the file named under ${home}.` };
  }
  return status;
}

/** A list as JSON list, as text split by blanks, commas, semicolons or bars, or as one value. */
function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => textOf(item) ?? []);
  const text = textOf(value);
  return text === null
    ? []
    : text
        .replace(/^\[|\]$/g, '')
        .split(/[\s,;|]+/)
        .filter((item) => item !== '');
}

function buildTable(sites: readonly Site[], { file, findings }: ReadSitesOptions): SiteTable {
  const given = sites.map(({ id }) => id);
  settleIds(
    given,
    (index) => sites[index]!.idGiven,
    (index) => {
      const feature = whereOf({ ...sites[index]!.where, id: given[index]! });
      const hint = 'Ids must be unique, or left out.';
      findings.error('has an id that another site has too.', { code: 'duplicate-id', file, feature, hint });
    },
  );
  const lon = Float64Array.from(sites, (site) => site.lon);
  const lat = Float64Array.from(sites, (site) => site.lat);
  const order = canonicalOrder(lon, lat, (a, b) => compareText(given[a]!, given[b]!));
  const sorted = Array.from(order, (index) => sites[index]!);
  const ids = Array.from(order, (index) => given[index]!);
  const column = (name: NumberName | 'lon' | 'lat'): Float64Array =>
    Float64Array.from(sorted, (site) => site[name]);
  return {
    count: sorted.length,
    ids,
    lon: column('lon'),
    lat: column('lat'),
    status: sorted.map(({ status }) => status),
    cost: column('cost'),
    heightM: column('heightM'),
    eirpDbm: column('eirpDbm'),
    frequencyMhz: column('frequencyMhz'),
    tiltDeg: column('tiltDeg'),
    mechanicalTiltDeg: column('mechanicalTiltDeg'),
    technology: sorted.map(({ technology }) => technology),
    azimuthsDeg: sorted.map(({ azimuthsDeg }) => azimuthsDeg),
    cellIds: sorted.map(({ cellIds }) => cellIds),
    ...(sorted.some(({ room }) => room !== null) && { rooms: sorted.map(({ room }) => room ?? NO_ROOM) }),
  };
}
