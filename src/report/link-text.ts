import type { LinkResult } from '../prediction/link-types.ts';

/** One link for people: geometry, every term of the sum, clearance, warnings. */
export function linkText(link: LinkResult): string {
  const { fresnel } = link;
  const lines = [
    `${link.id}: ${link.distanceKm.toFixed(3)} km, bearing ${link.bearingDeg.toFixed(1)} degrees, ${link.frequencyMhz} MHz, model ${link.model}`,
    `  ground ${link.txGroundM.toFixed(1)} m at the transmitter, ${link.rxGroundM.toFixed(1)} m at the receiver, ${link.profile.groundM.length} profile points`,
    ...link.modelTerms.map(({ name, db }) => `    ${name.padEnd(44)} ${decibels(db)} dB`),
    ...link.terms.map(({ name, db }) => `  ${name.padEnd(46)} ${decibels(db)} dB`),
    `  ${'total loss'.padEnd(46)} ${decibels(link.totalLossDb)} dB`,
    `  ${'RSRP'.padEnd(46)} ${decibels(link.rsrpDbm)} dBm`,
    ...levelLines(link),
    `  Fresnel clearance ${fresnel.ratio.toFixed(2)} of the first zone (${fresnel.clearanceM.toFixed(1)} m of ${fresnel.radiusM.toFixed(1)} m) at ${fresnel.atKm.toFixed(3)} km${fresnel.ratio < 0.6 ? ': obstructed' : ''}`,
    ...link.warnings.map((warning) => `  Note: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function levelLines({ levels }: LinkResult): string[] {
  const rows: [string, number, string][] = [
    ['noise in a resource element', levels.noiseDbm, 'dBm'],
    ['SINR', levels.sinrDb, 'dB'],
    ['RSRQ', levels.rsrqDb, 'dB'],
    ['uplink SINR', levels.uplinkSinrDb, 'dB'],
    [
      `uplink, ${levels.uplinkMarginDb < 0 ? 'missing' : 'above the need'}`,
      Math.abs(levels.uplinkMarginDb),
      'dB',
    ],
  ];
  return rows.map(([name, value, unit]) => `  ${name.padEnd(46)} ${decibels(value)} ${unit}`);
}

/** Two decimals, right-aligned; no minus before zero. */
function decibels(db: number): string {
  return (Math.abs(db) < 0.005 ? 0 : db).toFixed(2).padStart(9);
}

const COLUMNS = [
  'id',
  'model',
  'distance_km',
  'bearing_deg',
  'frequency_mhz',
  'tx_ground_m',
  'rx_ground_m',
  'path_loss_db',
  'total_loss_db',
  'rsrp_dbm',
  'noise_dbm',
  'sinr_db',
  'rsrq_db',
  'uplink_sinr_db',
  'uplink_margin_db',
  'fresnel_ratio',
  'fresnel_at_km',
  'warnings',
];

/** All links as a table, one row each. */
export function linksCsv(links: readonly LinkResult[]): string {
  const rows = links.map((link) =>
    [
      link.id,
      link.model,
      link.distanceKm.toFixed(4),
      link.bearingDeg.toFixed(2),
      String(link.frequencyMhz),
      link.txGroundM.toFixed(2),
      link.rxGroundM.toFixed(2),
      link.pathLossDb.toFixed(3),
      link.totalLossDb.toFixed(3),
      link.rsrpDbm.toFixed(3),
      link.levels.noiseDbm.toFixed(3),
      link.levels.sinrDb.toFixed(3),
      link.levels.rsrqDb.toFixed(3),
      link.levels.uplinkSinrDb.toFixed(3),
      link.levels.uplinkMarginDb.toFixed(3),
      link.fresnel.ratio.toFixed(3),
      link.fresnel.atKm.toFixed(4),
      link.warnings.join(' '),
    ]
      .map(csvCell)
      .join(','),
  );
  return `${[COLUMNS.join(','), ...rows].join('\n')}\n`;
}

/** Quoted where needed; a leading sign that a spreadsheet would run as a formula is defused unless it is a number. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
