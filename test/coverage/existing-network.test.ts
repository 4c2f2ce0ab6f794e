import { describe, expect, it } from 'vitest';
import { existingNetwork } from '../../src/coverage/existing-network.ts';
import {
  bindRule,
  boresightReachM,
  defaultConfiguration,
  linkBudget,
  linkRule,
  type ModelChoice,
} from '../../src/coverage/link-rule.ts';
import { normalCdf } from '../../src/radio/normal.ts';
import { at, scenario, siteTable } from './tables.ts';

const freeSpace: ModelChoice = { id: 'free-space', offsetDb: 0, sigmaDb: 8 };
const auto: ModelChoice = { id: null, offsetDb: 0, sigmaDb: null };

describe('linkRule', () => {
  it('allows the loss of the RSRP budget: EIRP over 1200 subcarriers less threshold and indoor loss', () => {
    // 62 dBm - 10 lg(12 x 100) = 31.208 dBm per resource element; to -105 dBm 136.208 dB, less 12 dB indoors.
    const base = defaultConfiguration(scenario().radio);
    expect(linkRule(base, scenario(), auto).maxLossDb).toBeCloseTo(136.208, 3);
    expect(linkRule(base, scenario('service: { indoorLossDb: 12 }'), auto).maxLossDb).toBeCloseTo(124.208, 3);
    // Two ports share the power: 3.010 dB; a signal 6 dB better.
    expect(linkRule(base, scenario('radio: { ports: 2 }'), auto).maxLossDb).toBeCloseTo(133.198, 3);
    expect(linkRule(base, scenario(), auto, 6).maxLossDb).toBeCloseTo(142.208, 3);
    const losses = scenario('service: { indoorLossDb: 12, vehicleLossDb: 9, bodyLossDb: 3 }');
    expect(linkRule(base, losses, auto).maxLossDb).toBeCloseTo(112.208, 3);
  });

  it('adds what a calibration found to the model, and never falls below free space with it', () => {
    const at1km = (offsetDb: number): number => {
      const choice: ModelChoice = { id: 'log-distance', exponent: 3, offsetDb, sigmaDb: 8 };
      return bindRule(linkRule(defaultConfiguration(scenario().radio), scenario(), choice)).medianLossDb(
        1000,
      );
    };
    expect(at1km(4) - at1km(0)).toBeCloseTo(4, 9);
    // 37.553 dB at 1 m and 1800 MHz, 20 lg of the slant distance 1000.406 m.
    expect(at1km(-60)).toBeCloseTo(37.5532 + 20 * Math.log10(Math.hypot(1000, 28.5)), 3);
  });

  it('takes the gain of the SSB beam less that of the stated antenna for NR', () => {
    const nr =
      'radio: { technology: nr, frequencyMhz: 3500, bandwidthMhz: 100, subcarrierKhz: 30, gainDbi: 24';
    const lossWith = (more: string): number => {
      const asked = scenario(`${nr}${more} }`);
      return linkRule(defaultConfiguration(asked.radio), asked, auto).maxLossDb;
    };
    expect(lossWith(', ssbGainDbi: 18') - lossWith('')).toBeCloseTo(-6, 9);
  });

  it('lets the weaker direction decide when asked, and states both otherwise', () => {
    // kT + 10 lg(12 x 5 x 15 kHz) = -174 + 59.54 = -114.43; + 3 noise figure - 4 SINR + 2 margin = -113.43 dBm;
    // 23 dBm + 15 dBi - (-113.43) = 151.43 dB against 136.21 dB of the downlink; with 1 dBm of handset power 129.43 dB.
    const ruleWith = (more: string) => {
      const asked = scenario(`radio: { uplink: { ${more} } }`);
      const base = defaultConfiguration(asked.radio);
      const rule = linkRule(base, asked, auto);
      return { rule, budget: linkBudget(base, asked, rule) };
    };
    const strong = ruleWith('decides: true');
    expect(strong.budget.uplinkMaxLossDb).toBeCloseTo(151.43, 2);
    expect(strong.budget.weaker).toBe('downlink');
    expect(strong.rule.maxLossDb).toBeCloseTo(136.208, 3);
    const beside = ruleWith('powerDbm: 1');
    expect(beside.budget).toMatchObject({ weaker: 'uplink', uplinkDecides: false });
    expect(beside.rule.maxLossDb).toBeCloseTo(136.208, 3);
    const weak = ruleWith('powerDbm: 1, decides: true');
    expect(weak.rule.maxLossDb).toBeCloseTo(129.43, 2);
    expect(weak.rule.uplinkShortfallDb).toBeCloseTo(136.208 - 129.43, 2);
    // 38.901 UMa: 6 dB NLOS at the default probability of 0.95.
    expect(weak.budget.shadowMarginDb).toBeCloseTo(1.644854 * 6, 4);
  });

  it('leaves the predicted level alone where the uplink decides, and asks more of it', () => {
    const site = siteTable([{ id: 'a', eastM: 0, northM: 0 }]);
    const asked = (more: string) => scenario(`radio: { uplink: { powerDbm: 1, ${more} } }`);
    const [lon, lat] = at(2000, 0);
    const beside = existingNetwork(site, asked('decides: false'), freeSpace).predict(lon, lat)!;
    const decides = existingNetwork(site, asked('decides: true'), freeSpace).predict(lon, lat)!;
    expect(decides.rsrpDbm).toBeCloseTo(beside.rsrpDbm, 9);
    expect(decides.thresholdDbm - beside.thresholdDbm).toBeCloseTo(6.78, 2);
    expect(decides.probability).toBeLessThan(beside.probability);
  });

  it('takes UMa from 20 m on and UMi below, unless a model is chosen', () => {
    const ruleAt = (heightM: number, model: ModelChoice) =>
      linkRule({ ...defaultConfiguration(scenario().radio), heightM }, scenario(), model).modelId;
    expect([ruleAt(19.9, auto), ruleAt(20, auto), ruleAt(20, freeSpace)]).toEqual([
      'umi',
      'uma',
      'free-space',
    ]);
  });
});

describe('boresightReachM', () => {
  it('is where free space and margin use up the budget', () => {
    // 136.208 - 1.64485 x 8 = 123.049 dB; 20 lg(4 pi d f / c) = 123.049 at 1800 MHz: d = 18 832 m slant, drop 28.5 m.
    const rule = linkRule(defaultConfiguration(scenario().radio), scenario(), freeSpace);
    const slantM = (299_792_458 / (4 * Math.PI * 1.8e9)) * 10 ** ((136.20818754 - 1.644853627 * 8) / 20);
    expect(boresightReachM(rule)).toBeCloseTo(Math.sqrt(slantM ** 2 - 28.5 ** 2), 1);
  });

  it('ends at maxReachM', () => {
    const near = scenario('radio: { maxReachM: 700 }');
    expect(boresightReachM(linkRule(defaultConfiguration(near.radio), near, freeSpace))).toBe(700);
  });
});

describe('existingNetwork', () => {
  it('gives the RSRP of the link budget and its probability', () => {
    const network = existingNetwork(siteTable([{ id: 'a', eastM: 0, northM: 0 }]), scenario(), freeSpace);
    const server = network.predict(...at(1000, 0));
    // 31.208 dBm less free space over the slant distance; the zone's 1000 m are 1000.24 m on the ground here.
    const lossDb = 20 * Math.log10((4 * Math.PI * Math.hypot(1000, 28.5) * 1.8e9) / 299_792_458);
    expect(server?.rsrpDbm).toBeCloseTo(31.208 - lossDb, 2);
    expect(server?.probability).toBeCloseTo(normalCdf((31.208 - lossDb + 105) / 8), 6);
    expect(network.sigmaDb).toBe(8);
  });

  it('takes what the sector pattern attenuates in azimuth and elevation', () => {
    const omni = existingNetwork(siteTable([{ id: 'a', eastM: 0, northM: 0 }]), scenario(), freeSpace);
    const north = existingNetwork(
      siteTable([{ id: 'a', eastM: 0, northM: 0, azimuthsDeg: [0] }]),
      scenario(),
      freeSpace,
    );
    const [lon, lat] = at(1000 * Math.sin(Math.PI / 3), 1000 * Math.cos(Math.PI / 3));
    const lost = omni.predict(lon, lat)!.rsrpDbm - north.predict(lon, lat)!.rsrpDbm;
    // 12 (60 / 65)² = 10.225 dB in azimuth (grid north is 1.8 degrees off true north here) and, 1.63 degrees below
    // the horizon with 10 degrees of beam, 12 x 0.163² = 0.320 dB.
    const convergenceDeg = Math.sin((60.2 * Math.PI) / 180) * 2.09;
    const expected = 12 * ((60 - convergenceDeg) / 65) ** 2 + 12 * 0.1633 ** 2;
    expect(lost).toBeGreaterThan(expected - 0.15);
    expect(lost).toBeLessThan(expected + 0.15);
  });

  it('serves from the strongest site, and from none beyond maxReachM', () => {
    const sites = siteTable([
      { id: 'near', eastM: 500, northM: 0, eirpDbm: 40 },
      { id: 'strong', eastM: 2000, northM: 0, eirpDbm: 70 },
    ]);
    const network = existingNetwork(sites, scenario('radio: { maxReachM: 5000 }'), freeSpace);
    expect(network.predict(...at(0, 0))?.site).toBe(1);
    expect(network.predict(...at(-2900, 0))?.site).toBe(1);
    expect(network.predict(...at(-3100, 0))?.site).toBe(0);
    expect(network.predict(...at(-4600, 0))).toBeNull();
  });
});
