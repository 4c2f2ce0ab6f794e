import { panelAttenuationDb } from '../../radio/panel.ts';
import type { Masts } from './radio-links.ts';

/**
 * Attenuation of an antenna against its peak, dB >= 0.
 *
 * @param offDeg off boresight, -180..180
 * @param zenithDeg 0 = straight up, 90 = horizon
 * @param tiltDeg electrical tilt
 */
export type CellPattern = (offDeg: number, zenithDeg: number, tiltDeg: number) => number;

/** The cells of the masts: what may be turned, tilted or made stronger. Cells of one mast stand together. */
export interface CellTable {
  readonly count: number;
  /** [masts + 1] */
  readonly cellStart: Uint32Array;
  readonly mastOfCell: Uint32Array;
  readonly carrierOfCell: Uint8Array;
  readonly carrierCount: number;
  /** [cells] RSRP at no loss and boresight before any change of power, dBm. */
  readonly peakDbm: Float64Array;
  /** [cells] largest loss (pattern included) at which a user counts as covered, before any change of power, dB. */
  readonly maxLossDb: Float64Array;
  /** [cells] null = omni. */
  readonly pattern: readonly (CellPattern | null)[];
}

/** How the cells are set. Arrays by cell. */
export interface CellSettings {
  /** Degrees from north; of no meaning for omni cells. */
  readonly azimuthDeg: Float64Array;
  readonly tiltDeg: Float64Array;
  /** Change of power against `CellTable`, dB. */
  readonly powerDb: Float64Array;
}

export function copySettings({ azimuthDeg, tiltDeg, powerDb }: CellSettings): CellSettings {
  return { azimuthDeg: azimuthDeg.slice(), tiltDeg: tiltDeg.slice(), powerDb: powerDb.slice() };
}

/** Cells of the masts and how their rules set them: one per sector, one for an omni mast. */
export function cellsOf(masts: Masts): { readonly cells: CellTable; readonly settings: CellSettings } {
  const { count: mastCount, ruleOfMast, rules, peakDbm, carrierOfRule, carrierCount } = masts;
  const cellStart = new Uint32Array(mastCount + 1);
  for (let mast = 0; mast < mastCount; mast++) {
    const own = rules[ruleOfMast[mast]!]!.sectors?.azimuthsDeg.length ?? 1;
    cellStart[mast + 1] = cellStart[mast]! + own;
  }
  const count = cellStart[mastCount]!;
  const mastOfCell = new Uint32Array(count);
  const patterns = rules.map(({ sectors }): CellPattern | null => {
    if (sectors === null) return null;
    return (offDeg, zenithDeg, tiltDeg) => panelAttenuationDb(sectors.pattern, offDeg, zenithDeg, tiltDeg);
  });
  const settings: CellSettings = {
    azimuthDeg: new Float64Array(count),
    tiltDeg: new Float64Array(count),
    powerDb: new Float64Array(count),
  };
  for (let mast = 0; mast < mastCount; mast++) {
    const { sectors } = rules[ruleOfMast[mast]!]!;
    for (let cell = cellStart[mast]!; cell < cellStart[mast + 1]!; cell++) {
      mastOfCell[cell] = mast;
      settings.azimuthDeg[cell] = sectors?.azimuthsDeg[cell - cellStart[mast]!] ?? 0;
      settings.tiltDeg[cell] = sectors?.electricalTiltDeg ?? 0;
    }
  }
  const ruleOfCell = Array.from(mastOfCell, (mast) => ruleOfMast[mast]!);
  const cells: CellTable = {
    count,
    cellStart,
    mastOfCell,
    carrierOfCell: Uint8Array.from(ruleOfCell, (rule) => carrierOfRule[rule]!),
    carrierCount,
    peakDbm: Float64Array.from(ruleOfCell, (rule) => peakDbm[rule]!),
    maxLossDb: Float64Array.from(ruleOfCell, (rule) => rules[rule]!.maxLossDb),
    pattern: ruleOfCell.map((rule) => patterns[rule]!),
  };
  return { cells, settings };
}
