import type { CoverageRaster } from '../prediction/raster-grid.ts';
import { geotiffBytes } from './geotiff/geotiff.ts';

/** `coverage.tif`: best RSRP, probability of service, best server; three bands of one type, NaN = nothing there. */
export function coverageTif(raster: CoverageRaster, thresholdDbm: number): Uint8Array {
  const { rsrpDbm, probability, server, ...grid } = raster;
  return geotiffBytes({
    ...grid,
    noData: NaN,
    bands: [
      { values: rsrpDbm, overviews: 'mean', description: 'RSRP of the best server, dBm' },
      {
        values: probability,
        overviews: 'mean',
        description: `Probability of RSRP at or above ${thresholdDbm} dBm`,
      },
      {
        values: server,
        overviews: 'nearest',
        description: 'Best server: rank of the new site, or minus the number of the existing site',
      },
    ],
  });
}
