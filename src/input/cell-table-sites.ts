import type { FieldSpec } from './stream/fields.ts';
import { numberOf, textOf } from './stream/feature-row.ts';

/** Columns of a cell table (`stream/cell-table.ts`) beside the position. */
export const CELL_FIELDS: readonly FieldSpec[] = ['mcc', 'net', 'cell', 'samples'].map((name) => ({
  names: [name],
  anyCase: true,
}));

/** One row of a cell table. */
export interface CellRow {
  readonly radio: string;
  readonly mcc: number;
  readonly net: number;
  readonly cell: number;
  /** Observations behind the position, at least 1. */
  readonly samples: number;
  readonly lon: number;
  readonly lat: number;
}

/** The cells of one base station. */
export interface CellSite {
  readonly id: string;
  readonly technology: 'lte' | 'nr';
  /** Mean of its cells' estimated positions, weighted by observations. */
  readonly lon: number;
  readonly lat: number;
  readonly cellIds: readonly string[];
}

/** Bits of a cell identity that number the cell within its base station. */
const CELL_BITS: Readonly<Record<CellSite['technology'], number>> = {
  // ECI: 28 bits, the last 8 are the cell (3GPP TS 36.300, 8.2).
  lte: 8,
  // NCI: 36 bits, the last 4 to 14 are the cell (3GPP TS 38.300, 8.2); 12 leaves the 24-bit gNB id most networks use.
  nr: 12,
};

/** A row of wanted values as a cell; null where an identity is missing or no whole number. */
export function cellRow(
  radio: unknown,
  values: readonly unknown[],
  lon: number,
  lat: number,
): CellRow | null {
  const [mcc, net, cell, samples] = values.map((value) => numberOf(value));
  const technology = textOf(radio);
  if (technology === null || mcc === undefined || net === undefined || cell === undefined) return null;
  if (![mcc, net, cell].every(Number.isSafeInteger)) return null;
  return { radio: technology, mcc, net, cell, samples: Math.max(1, samples ?? 1), lon, lat };
}

/**
 * Cells of LTE and NR joined to base stations by their identities, sorted by id. Other cells are left out and counted.
 */
export function sitesOfCells(cells: readonly CellRow[]): { sites: CellSite[]; others: number } {
  const groups = new Map<string, { technology: CellSite['technology']; cells: CellRow[] }>();
  let others = 0;
  for (const cell of cells) {
    const technology = cell.radio.toLowerCase();
    if (technology !== 'lte' && technology !== 'nr') {
      others++;
      continue;
    }
    const station = Math.floor(cell.cell / 2 ** CELL_BITS[technology]);
    const id = `${technology}-${cell.mcc}-${cell.net}-${station}`;
    const group = groups.get(id) ?? { technology, cells: [] };
    group.cells.push(cell);
    groups.set(id, group);
  }
  const sites = [...groups].map(([id, group]) => siteOf(id, group.technology, group.cells));
  return { sites: sites.sort((a, b) => (a.id < b.id ? -1 : 1)), others };
}

function siteOf(id: string, technology: CellSite['technology'], cells: readonly CellRow[]): CellSite {
  // In a fixed order, so that the sums do not depend on that of the file.
  const sorted = [...cells].sort((a, b) => a.cell - b.cell || a.lon - b.lon || a.lat - b.lat);
  const weight = sorted.reduce((sum, { samples }) => sum + samples, 0);
  const mean = (axis: 'lon' | 'lat'): number =>
    sorted.reduce((sum, cell) => sum + cell.samples * (cell[axis] - sorted[0]![axis]), 0) / weight +
    sorted[0]![axis];
  const cellIds = [...new Set(sorted.map(({ cell }) => String(cell)))];
  return { id, technology, lon: mean('lon'), lat: mean('lat'), cellIds };
}
