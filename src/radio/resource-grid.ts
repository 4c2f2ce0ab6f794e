export type RadioTechnology = 'lte' | 'nr';

type Table = Readonly<Record<string, number>>;

/** LTE resource blocks by channel bandwidth in MHz: 3GPP TS 36.104, Table 5.6-1. */
const LTE: Table = { '1.4': 6, '3': 15, '5': 25, '10': 50, '15': 75, '20': 100 };

/** NR resource blocks, FR1: 3GPP TS 38.104, Table 5.3.2-1 (subcarrier spacing, then bandwidth in MHz). */
const NR_FR1: Readonly<Record<number, Table>> = {
  15: { 3: 15, 5: 25, 10: 52, 15: 79, 20: 106, 25: 133, 30: 160, 35: 188, 40: 216, 45: 242, 50: 270 },
  30: {
    5: 11,
    10: 24,
    15: 38,
    20: 51,
    25: 65,
    30: 78,
    35: 92,
    40: 106,
    45: 119,
    50: 133,
    60: 162,
    70: 189,
    80: 217,
    90: 245,
    100: 273,
  },
  60: {
    10: 11,
    15: 18,
    20: 24,
    25: 31,
    30: 38,
    35: 44,
    40: 51,
    45: 58,
    50: 65,
    60: 79,
    70: 93,
    80: 107,
    90: 121,
    100: 135,
  },
};

/** NR resource blocks, FR2-1: 3GPP TS 38.104, Table 5.3.2-2. */
const NR_FR2: Readonly<Record<number, Table>> = {
  60: { 50: 66, 100: 132, 200: 264 },
  120: { 50: 32, 100: 66, 200: 132, 400: 264 },
};

/** Start of FR2, MHz (3GPP TS 38.104, Table 5.1-1). */
const FR2_START_MHZ = 24_250;

/**
 * Number of resource blocks N_RB of a carrier.
 *
 * @param subcarrierKhz 15 for LTE; 15, 30, 60 or 120 for NR
 * @param frequencyMhz tells FR1 from FR2 at 60 kHz; FR1 when absent
 * @throws RangeError when the combination does not exist; the message names the nearest ones that do
 */
export function resourceBlocks(
  technology: RadioTechnology,
  bandwidthMhz: number,
  subcarrierKhz = 15,
  frequencyMhz = 0,
): number {
  const tables = tablesOf(technology, frequencyMhz);
  const blocks = tables[subcarrierKhz]?.[String(bandwidthMhz)];
  if (blocks !== undefined) return blocks;
  throw new RangeError(
    `${technology.toUpperCase()} has no ${bandwidthMhz} MHz carrier at ${subcarrierKhz} kHz subcarrier spacing; ` +
      `nearest: ${nearest(tables, bandwidthMhz, subcarrierKhz).join(', ')}`,
  );
}

function tablesOf(technology: RadioTechnology, frequencyMhz: number): Readonly<Record<number, Table>> {
  if (technology === 'lte') return { 15: LTE };
  if (frequencyMhz >= FR2_START_MHZ) return NR_FR2;
  return { ...NR_FR1, 120: NR_FR2[120] ?? {} };
}

/** The two nearest bandwidths at this spacing, else the nearest bandwidth at every spacing. */
function nearest(
  tables: Readonly<Record<number, Table>>,
  bandwidthMhz: number,
  subcarrierKhz: number,
): string[] {
  const offers: { bandwidth: number; spacing: number; miss: number }[] = [];
  for (const [spacing, table] of Object.entries(tables)) {
    for (const bandwidth of Object.keys(table).map(Number)) {
      const otherSpacing = Number(spacing) === subcarrierKhz ? 0 : 1;
      offers.push({
        bandwidth,
        spacing: Number(spacing),
        miss: Math.abs(Math.log(bandwidth / bandwidthMhz)) + otherSpacing,
      });
    }
  }
  offers.sort((a, b) => a.miss - b.miss || a.spacing - b.spacing || a.bandwidth - b.bandwidth);
  return offers.slice(0, 2).map(({ bandwidth, spacing }) => `${bandwidth} MHz at ${spacing} kHz`);
}
