import type { FieldSpec } from './stream/fields.ts';
import type { MeasuredQuantity } from './types.ts';

/** Property names of a level by what it measures; the first quantity of the order that a file holds is the file's. */
const LEVEL_NAMES: Readonly<Record<MeasuredQuantity, readonly string[]>> = {
  rsrp: ['rsrp_dbm', 'rsrp', 'lte_rsrp', 'lte_rsrp_dbm', 'signal_dbm', 'signal', 'signal_strength', 'dbm'],
  'ss-rsrp': ['ss_rsrp_dbm', 'ss_rsrp', 'ssrsrp', 'nr_rsrp_dbm', 'nr_rsrp', 'nr_ss_rsrp'],
  rxlev: ['rxlev_dbm', 'rxlev', 'rx_dbm', 'rscp_dbm', 'rscp'],
  path_loss: ['path_loss_db', 'path_loss', 'pathloss_db', 'pathloss'],
  relative: ['rss_rel_db', 'rss_rel'],
};

/** Quantities in the order in which a file that holds several is taken: the scenario's technology comes first. */
export function quantityOrder(technology: 'lte' | 'nr'): readonly MeasuredQuantity[] {
  const cellular: MeasuredQuantity[] = technology === 'nr' ? ['ss-rsrp', 'rsrp'] : ['rsrp', 'ss-rsrp'];
  return [...cellular, 'path_loss', 'rxlev', 'relative'];
}

export const QUANTITIES = Object.keys(LEVEL_NAMES) as readonly MeasuredQuantity[];

/** What a level may be: what 3GPP lets a device report (TS 36.133 9.1.4, TS 38.133 10.1.6), else anything finite. */
export const LEVEL_RANGE: Readonly<Partial<Record<MeasuredQuantity, readonly [number, number]>>> = {
  rsrp: [-140, -43],
  'ss-rsrp': [-156, -31],
};

/** Fields of a measurement after the levels, in this order. */
export const OTHER_FIELDS = [
  'timestamp',
  'period',
  'technology',
  'cell',
  'frequencyMhz',
  'accuracyM',
] as const;
const OTHER_NAMES: Readonly<Record<(typeof OTHER_FIELDS)[number], readonly string[]>> = {
  timestamp: [
    'timestamp',
    'timestamp_utc',
    'timestamp_local',
    'time',
    'datetime',
    'date_time',
    'measured_at',
    'time_utc',
  ],
  period: ['period'],
  technology: ['technology', 'radio', 'network_type', 'rat', 'networkmode'],
  cell: ['cell_id', 'cellid', 'serving_cell', 'eci', 'nci', 'cgi', 'bts_id', 'station_id', 'cell'],
  frequencyMhz: ['frequency_mhz', 'freq_mhz', 'frequency'],
  accuracyM: ['gps_accuracy_m', 'accuracy_m', 'position_accuracy_m', 'accuracy', 'gps_accuracy'],
};

/** Fields to read of every sample: one level per quantity, OTHER_FIELDS, then what identifies its device. */
export const MEASUREMENT_FIELDS: readonly FieldSpec[] = [
  ...QUANTITIES.map((quantity) => ({ names: LEVEL_NAMES[quantity], anyCase: true })),
  ...OTHER_FIELDS.map((field) => ({ names: OTHER_NAMES[field], anyCase: true })),
  { names: [], identifiers: true },
];

/** Place of what tells devices apart among MEASUREMENT_FIELDS. */
export const DEVICE_FIELD = QUANTITIES.length + OTHER_FIELDS.length;

/** All names a level may have, for messages. */
export const KNOWN_LEVEL_NAMES: readonly string[] = QUANTITIES.flatMap((quantity) => LEVEL_NAMES[quantity]);
