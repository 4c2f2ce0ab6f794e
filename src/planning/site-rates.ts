import { NO_CELL } from '../coverage/interference/signal-state.ts';
import type { RadioNetwork } from './radio-network.ts';

const BPS_PER_MBPS = 1e6;

/**
 * Per period [new masts] what the masts from `firstNew` on carry when all their resources are used, whole kbit/s in Mbit/s: the
 * sum over their cells. A cell's capacity is that of the traffic mix at the places whose best server it is and which it
 * covers: traffic / time, so the harmonic mean of their rates, weighted by traffic. Traffic at a SINR that carries
 * nothing is left out; a cell with no traffic takes the mean of all new cells.
 *
 * @param trafficBps per period [places]
 */
export function siteRatesMbps(
  network: RadioNetwork,
  trafficBps: readonly Float64Array[],
  firstNew: number,
): Float64Array[] {
  const { cellStart } = network.state.cells;
  return trafficBps.map((traffic, period) => {
    const rates = cellRatesBps(network, traffic, period, cellStart[firstNew]!);
    const masts = Array.from(cellStart.subarray(firstNew, -1), (from, k) =>
      rates.subarray(from, cellStart[firstNew + k + 1]).reduce((sum, own) => sum + own, 0),
    );
    return Float64Array.from(masts, (bps) => Math.floor((bps / BPS_PER_MBPS) * 1000) / 1000);
  });
}

function cellRatesBps(
  { state, rateBps, setOfPeriod }: RadioNetwork,
  trafficBps: Float64Array,
  period: number,
  firstCell: number,
): Float64Array {
  const { cells, best, covering } = state;
  const sinr = state.sinr[setOfPeriod[period]!]!;
  const carried = new Float64Array(cells.count);
  const time = new Float64Array(cells.count);
  for (let place = 0; place < best.length; place++) {
    const cell = best[place]!;
    if (cell === NO_CELL || cell < firstCell || covering[place] === 0 || trafficBps[place] === 0) continue;
    const rate = rateBps(cell, sinr[place]!);
    if (rate === 0) continue;
    carried[cell]! += trafficBps[place]!;
    time[cell]! += trafficBps[place]! / rate;
  }
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const mean = total(time) === 0 ? 0 : total(carried) / total(time);
  return carried.map((bps, cell) => (time[cell] === 0 ? mean : bps / time[cell]!));
}
