import type { RunArea } from '../compare.ts';

/** "2445.0 of 3070.2", or a dash where the run drew no raster. */
export function areaText(areas: readonly RunArea[]): string {
  const [whole] = areas;
  return whole === undefined ? '–' : `${whole.servedKm2.toFixed(1)} of ${whole.km2.toFixed(1)}`;
}
