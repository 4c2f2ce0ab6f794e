import { expect, it } from 'vitest';
import type { RadioNetwork } from '../../src/planning/radio-network.ts';
import { siteRatesMbps } from '../../src/planning/site-rates.ts';
import { cellRateMbps, type CellCarrier } from '../../src/radio/spectral-efficiency.ts';

const LTE10: CellCarrier = {
  technology: 'lte',
  bandwidthMhz: 10,
  subcarrierKhz: 15,
  frequencyMhz: 800,
  layers: 1,
  overhead: 0.25,
};

/** Mast 0 stands today (cell 0); mast 1 has the cells 1 and 2, mast 2 the cell 3. */
function network(best: number[], sinr: number[], covering: number[]): RadioNetwork {
  const state = {
    best: Int32Array.from(best),
    covering: Uint16Array.from(covering),
    sinr: [Float64Array.from(sinr)],
    cells: { count: 4, cellStart: Uint32Array.from([0, 1, 3, 4]) },
  };
  const rateBps = (_cell: number, linear: number): number =>
    1e6 * cellRateMbps(LTE10, 10 * Math.log10(linear));
  return { state, rateBps, setOfPeriod: Uint8Array.from([0]) } as unknown as RadioNetwork;
}

it('is the harmonic mean of rates weighted by traffic, summed over the cells of a site', () => {
  // By hand. 50 blocks of 180 kHz are 9 MHz, a quarter is overhead: 6.75 MHz. SINR 10 gives 0.6 log2(11) = 2.07566 bit/s/Hz,
  // 14.01070 Mbit/s; SINR 1 gives 0.6, 4.05 Mbit/s; SINR 1e6 gives the most, 4.4, 29.7 Mbit/s.
  // Cell 1: 3 Mbit/s at SINR 10, 1 at SINR 1: 4 / (3 / 14.01070 + 1 / 4.05) = 8.67612.
  // Cell 2: 2 Mbit/s at 1e6: 29.7. Cell 3 serves nobody and takes the mean: 6 / (0.461036 + 2 / 29.7) = 11.35556. Rounded down to kbit/s.
  const of = network([1, 1, 2, 0, 1, 1], [10, 1, 1e6, 1, 10, 0.01], [1, 1, 1, 1, 0, 1]);
  // The fourth place is the old site's, the fifth is not covered, the sixth has -20 dB and carries nothing.
  const traffic = [Float64Array.from([3e6, 1e6, 2e6, 9e6, 9e6, 9e6])];
  const [rates] = siteRatesMbps(of, traffic, 1);
  expect(rates![0]).toBeCloseTo(38.376, 9);
  expect(rates![1]).toBeCloseTo(11.355, 9);
});

it('is nothing where nobody is served', () => {
  expect([...siteRatesMbps(network([-1], [0], [0]), [Float64Array.of(1)], 1)[0]!]).toEqual([0, 0]);
});
