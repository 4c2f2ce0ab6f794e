import { describe, expect, it } from 'vitest';
import { SignalState } from '../../../src/coverage/interference/signal-state.ts';
import { tuneCells, type TuneLimits } from '../../../src/coverage/interference/tune.ts';
import type { ServiceQuestion } from '../../../src/coverage/interference/service.ts';
import {
  PUBLISHED_SINR_DB,
  PUBLISHED_SIR_DB,
  umaReferenceDrop,
  type ReferenceDrop,
} from '../../support/uma-calibration.ts';

const percentiles = [10, 50, 90] as const;

function stateOf({ links, cells, settings, noiseMw }: ReferenceDrop, load = 1): SignalState {
  return new SignalState(links, cells, settings, {
    noiseMw,
    loads: [new Float64Array(cells.count).fill(load)],
    restLoad: Float64Array.of(load),
  });
}

function percentileDb(state: SignalState, percent: number): number {
  const sorted = state.sinr[0]!.toSorted();
  return 10 * Math.log10(sorted[Math.floor((percent / 100) * sorted.length)]!);
}

describe('57 sectors of the 3GPP calibration', () => {
  const drop = umaReferenceDrop(20_000);

  it('have the published SINR at 10, 50 and 90 %, within 1 dB', () => {
    const state = stateOf(drop);
    for (const percent of percentiles) {
      expect(Math.abs(percentileDb(state, percent) - PUBLISHED_SINR_DB[percent])).toBeLessThan(1);
    }
  });

  it('have the published SIR without noise, within 0.5 dB', () => {
    const state = stateOf({ ...drop, noiseMw: Float64Array.of(1e-30) });
    for (const percent of percentiles) {
      expect(Math.abs(percentileDb(state, percent) - PUBLISHED_SIR_DB[percent])).toBeLessThan(0.5);
    }
  });
});

describe('tuning the 57 sectors', () => {
  const limits: TuneLimits = {
    azimuthDeg: 30,
    azimuthStepDeg: 15,
    tiltDeg: 6,
    tiltStepDeg: 2,
    powerDownDb: 6,
    powerUpDb: 0,
    powerStepDb: 3,
  };
  const users = 1500;

  async function run(): Promise<{
    before: number;
    after: number;
    signal: number;
    need: number;
    settings: string;
  }> {
    const drop = umaReferenceDrop(users, 7);
    const state = stateOf(drop);
    const covered = state.covering.reduce((sum, cells) => sum + (cells > 0 ? 1000 : 0), 0);
    const question: ServiceQuestion = {
      usersMilli: [new Float64Array(users).fill(1000)],
      setOfPeriod: Uint8Array.of(0),
      servedAnyway: null,
      leastSinr: 1,
      targets: [{ period: 0, members: null, by: 'signal', needMilli: covered - 2000 }],
    };
    const mayChange = new Uint8Array(drop.cells.count).fill(1);
    const { before, after } = await tuneCells({ state, question, mayChange, limits, mostPasses: 2 });
    return {
      before: before.sinrMilli[0]!,
      after: after.sinrMilli[0]!,
      signal: after.targetMilli[0]!,
      need: covered - 2000,
      settings: JSON.stringify([state.settings.azimuthDeg, state.settings.tiltDeg, state.settings.powerDb]),
    };
  }

  it('raises the share served at 0 dB SINR and keeps the covered users', async () => {
    const { before, after, signal, need } = await run();
    expect(after).toBeGreaterThan(before);
    expect(signal).toBeGreaterThanOrEqual(need);
  });

  it('leads to the same settings every time', async () => {
    expect((await run()).settings).toBe((await run()).settings);
  });
});
