/** What reading leaves behind: structs of arrays, checked once, sorted canonically. Positions are WGS 84 degrees. */

/** One input file as the report names it: base name and content hash, never an absolute path. */
export interface InputFileSummary {
  readonly role:
    | 'demand'
    | 'evaluate'
    | 'lines'
    | 'measurements'
    | 'existing'
    | 'candidates'
    | 'regions'
    | 'keepOut'
    | 'terrain'
    | 'clutter'
    | 'model'
    | 'antenna'
    | 'feedback'
    | 'fibre'
    | 'start';
  readonly file: string;
  readonly sha256: string;
  /** As recognised, for example `geojson`, `ndjson`, `csv`, `geojson+gzip`. */
  readonly dialect: string;
  readonly featuresRead: number;
  /** Reason → count of features left aside, sorted by reason. */
  readonly setAside: Readonly<Record<string, number>>;
  /** Identifier properties that were dropped on reading (design section 11), name → count. */
  readonly identifiersDropped: Readonly<Record<string, number>>;
}

/** Who needs service where and when. Sorted by (lon, lat, id, users). Cells without users in every period are gone. */
export interface Demand {
  readonly count: number;
  readonly ids: readonly string[];
  /** [count] centre of the cell, degrees. */
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** [count] side of the square cell the users stand in, metres; 0 for a bare point. */
  readonly cellM: Float32Array;
  readonly periods: readonly string[];
  /** Per period [count] users in whole thousandths: integers, so every sum is exact. */
  readonly usersMilli: readonly Float64Array[];
  /** Per period [count] traffic of all users of the cell, whole bit/s, when `demand.trafficMbps` is set. */
  readonly trafficBps?: readonly Float64Array[] | undefined;
  /** [count] name given by `demand.regionProperty`, when that is set. */
  readonly regionNames: readonly (string | null)[] | null;
  /** Where the scenario has several services: a row is a point and a service. */
  readonly services?: ServiceRows | undefined;
}

/** Which row wants which service. Rows of one point stand together, in the order of the scenario's services. */
export interface ServiceRows {
  readonly names: readonly string[];
  /** [count] index into `names`. */
  readonly ofRow: Uint8Array;
  /** [count] the point a row belongs to: rises by row. */
  readonly placeOfRow: Uint32Array;
}

export type SiteStatus = 'candidate' | 'existing' | 'required' | 'forbidden';

/** One number for every period, or one per period by name. */
export type PerPeriod = number | Readonly<Record<string, number>>;

/** Room of a site as its own properties state it; null = not given. */
export interface SiteRoom {
  readonly mbps: PerPeriod | null;
  readonly users: PerPeriod | null;
  /** Of an existing site: traffic (or users) it carries besides the users of the demand file. */
  readonly load: PerPeriod | null;
}

/** Existing or candidate sites, sorted by (lon, lat, id). NaN means "not given: the scenario's value holds". */
export interface SiteTable {
  readonly count: number;
  readonly ids: readonly string[];
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  readonly status: readonly SiteStatus[];
  readonly cost: Float64Array;
  readonly heightM: Float64Array;
  readonly eirpDbm: Float64Array;
  readonly frequencyMhz: Float64Array;
  readonly tiltDeg: Float64Array;
  /** How far the panels lean forward, degrees; absent = nowhere given. */
  readonly mechanicalTiltDeg?: Float64Array | undefined;
  readonly technology: readonly (string | null)[];
  /** Boresights, degrees clockwise from north; empty = omni. */
  readonly azimuthsDeg: readonly (readonly number[])[];
  /** Cell identifiers that measurements may name as serving cell; empty when unknown. */
  readonly cellIds: readonly (readonly string[])[];
  /** Of a scenario's configurations, absent where there are none: name, carrier width and subcarrier spacing of each site. */
  readonly configurationNames?: readonly (string | null)[] | undefined;
  readonly bandwidthMhz?: Float64Array | undefined;
  readonly subcarrierKhz?: Float64Array | undefined;
  /** Absent where no site states any. */
  readonly rooms?: readonly SiteRoom[] | undefined;
}

export type MeasuredQuantity = 'rsrp' | 'ss-rsrp' | 'rxlev' | 'path_loss' | 'relative';

/** Samples kept after the set-aside rules, sorted by (lon, lat, time, value). */
export interface MeasurementTable {
  readonly count: number;
  readonly quantity: MeasuredQuantity;
  readonly lon: Float64Array;
  readonly lat: Float64Array;
  /** [count] dBm (dB for path loss and relative levels). */
  readonly level: Float64Array;
  /** [count] Unix seconds; NaN = no timestamp. */
  readonly timeS: Float64Array;
  /** [count] index into the scenario's periods, 255 = in no period. */
  readonly period: Uint8Array;
  /** [count] index into cellNames; -1 = unknown cell. */
  readonly cell: Int32Array;
  readonly cellNames: readonly string[];
  readonly frequencyMhz: Float64Array;
  readonly accuracyM: Float64Array;
  /** [count] which device took the sample, by a number that means nothing else; -1 = not told. Absent: no sample tells. */
  readonly device?: Int32Array;
}

/** Named areas: one entry per group value, possibly of several polygons. Sorted by name. */
export interface RegionTable {
  readonly names: readonly string[];
  /** GeoJSON MultiPolygon coordinates per region. */
  readonly polygons: readonly (readonly (readonly (readonly (readonly [number, number])[])[])[])[];
  readonly areaKm2: readonly number[];
}
