import { elementAttenuationDb } from '../../src/radio/antenna.ts';
import { cost231HataLossDb } from '../../src/radio/cost231-hata.ts';
import { ehataLossDb } from '../../src/radio/ehata.ts';
import type { EricssonArea } from '../../src/radio/ericsson9999.ts';
import { ericsson9999LossDb } from '../../src/radio/ericsson9999.ts';
import { bindExtendedHata, extendedHataLossDb } from '../../src/radio/extended-hata.ts';
import { freeSpaceLossDb } from '../../src/radio/free-space.ts';
import {
  energyPerResourceElementDbm,
  noisePerResourceElementDbm,
  receiverLossDb,
} from '../../src/radio/link-budget.ts';
import type { Environment } from '../../src/radio/model.ts';
import { okumuraHataLossDb } from '../../src/radio/okumura-hata.ts';
import {
  ABOVE_ROOFTOP,
  BELOW_ROOFTOP,
  overRooftopLossDb,
  siteGeneralLossDb,
  streetCanyonLosLossDb,
} from '../../src/radio/p1411.ts';
import type { SiteGeneralCoefficients } from '../../src/radio/p1411.ts';
import { p1546FieldStrengthDbuv, p1546LossDb } from '../../src/radio/p1546.ts';
import type { P1546Area, P1546Link } from '../../src/radio/p1546.ts';
import type { ClutterType } from '../../src/radio/p2108.ts';
import { terminalClutterLossDb, terrestrialClutterLossDb } from '../../src/radio/p2108.ts';
import { buildingEntryLossDb } from '../../src/radio/p2109.ts';
import { areaReliability, edgeReliability, shadowMarginDb } from '../../src/radio/reliability.ts';
import { resourceBlocks } from '../../src/radio/resource-grid.ts';
import type { SuiTerrain } from '../../src/radio/sui.ts';
import { suiLossDb } from '../../src/radio/sui.ts';
import { inhLosLossDb, inhNlosLossDb } from '../../src/radio/tr38901-inh.ts';
import type { WallMaterial } from '../../src/radio/tr38901-o2i.ts';
import { materialLossDb, o2iWallLossDb } from '../../src/radio/tr38901-o2i.ts';
import { rmaLosLossDb, rmaLosProbability, rmaNlosLossDb } from '../../src/radio/tr38901-rma.ts';
import { umaLosLossDb, umaLosProbability, umaNlosLossDb } from '../../src/radio/tr38901-uma.ts';
import { umiLosLossDb, umiLosProbability, umiNlosLossDb } from '../../src/radio/tr38901-umi.ts';
import { slantDistanceM } from '../../src/radio/tr38901.ts';
import type { Comparison, FileCheck, ReferenceFolder, Row } from './check.ts';
import { numberOf, numberOr, settingOf, settingsOf, textOf } from './check.ts';
import { referenceProfile } from './profiles.ts';

const loss = (expected: number, got: number, tolerance: number): Comparison[] => [
  { what: 'loss dB', expected, got, tolerance },
];

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`unknown ${what}`);
  return value;
}

const HATA_ENVIRONMENT: Readonly<Record<string, Environment>> = {
  urban_large: 'large-city',
  urban_medium: 'medium-city',
  urban: 'medium-city',
  suburban: 'suburban',
  open: 'open',
  metropolitan: 'large-city',
  medium_suburban: 'medium-city',
};

function empiricalLossDb(row: Row): number {
  const frequencyMhz = numberOf(row, 'f_mhz');
  const distanceM = numberOf(row, 'd_km') * 1000;
  const model = textOf(row, 'model');
  if (model === 'fspl_p525') return freeSpaceLossDb(distanceM, frequencyMhz);
  const baseM = numberOf(row, 'h_b_m');
  const mobileM = numberOf(row, 'h_m_m');
  const env = textOf(row, 'env');
  if (model === 'sui') return suiLossDb(distanceM, frequencyMhz, baseM, mobileM, env as SuiTerrain);
  if (model === 'ericsson9999') {
    return ericsson9999LossDb(distanceM, frequencyMhz, baseM, mobileM, env as EricssonArea);
  }
  const environment = known(HATA_ENVIRONMENT[env], `environment ${env}`);
  if (model === 'okumura_hata') {
    return okumuraHataLossDb(distanceM, frequencyMhz, baseM, mobileM, environment);
  }
  if (model === 'cost231_hata') {
    return cost231HataLossDb(distanceM, frequencyMhz, baseM, mobileM, environment);
  }
  if (model === 'seamcat_extended_hata') {
    return extendedHataLossDb(distanceM, bindExtendedHata(frequencyMhz, baseM, mobileM, environment));
  }
  throw new Error(`unknown model ${model}`);
}

/** One cellular scenario of TR 38.901: loss and LOS probability by (distance, frequency, heights). */
function tr38901(row: Row): { lossDb: number; losProbability: number } {
  const frequencyMhz = numberOf(row, 'f_ghz') * 1000;
  const distanceM = numberOf(row, 'd_m(2D;InH=3D)');
  const scenario = textOf(row, 'scenario');
  if (scenario === 'InH_LOS') return { lossDb: inhLosLossDb(distanceM, frequencyMhz), losProbability: NaN };
  if (scenario === 'InH_NLOS') return { lossDb: inhNlosLossDb(distanceM, frequencyMhz), losProbability: NaN };
  const args = [distanceM, frequencyMhz, numberOf(row, 'h_bs_m'), numberOf(row, 'h_ut_m')] as const;
  const losProbability = scenario.startsWith('RMa')
    ? rmaLosProbability(distanceM)
    : scenario.startsWith('UMa')
      ? umaLosProbability(distanceM, args[3])
      : umiLosProbability(distanceM);
  return { lossDb: cellularLossDb(scenario, args, row), losProbability };
}

function cellularLossDb(scenario: string, args: readonly [number, number, number, number], row: Row): number {
  switch (scenario) {
    case 'UMa_LOS':
      return umaLosLossDb(...args);
    case 'UMa_NLOS':
      return umaNlosLossDb(...args);
    case 'UMi_LOS':
      return umiLosLossDb(...args);
    case 'UMi_NLOS':
      return umiNlosLossDb(...args);
    case 'RMa_LOS':
      return rmaLosLossDb(...args, numberOr(row, 'bldg_h_m', 5));
    case 'RMa_NLOS':
      return rmaNlosLossDb(...args, numberOr(row, 'bldg_h_m', 5), numberOr(row, 'street_w_m', 20));
    default:
      throw new Error(`unknown scenario ${scenario}`);
  }
}

function buildingEntryDb(row: Row): number {
  const model = textOf(row, 'model');
  const frequencyMhz = numberOf(row, 'f_ghz') * 1000;
  if (model === 'o2i_tw_low') return o2iWallLossDb('low', frequencyMhz);
  if (model === 'o2i_tw_high') return o2iWallLossDb('high', frequencyMhz);
  if (model === 'material') {
    return materialLossDb(textOf(row, 'param').replace('_', '-') as WallMaterial, frequencyMhz);
  }
  const settings = settingsOf(textOf(row, 'param'));
  const building = model === 'p2109_efficient' ? 'thermally-efficient' : 'traditional';
  return buildingEntryLossDb(
    building,
    frequencyMhz,
    settingOf(settings, 'p') / 100,
    settingOf(settings, 'theta'),
  );
}

function antennaGainDbi(row: Row): number {
  const pattern = {
    horizontalBeamwidthDeg: numberOf(row, 'hpbw_h'),
    verticalBeamwidthDeg: numberOf(row, 'hpbw_v'),
    maxAttenuationDb: numberOf(row, 'a_max_db'),
    sideLobeDb: numberOf(row, 'sla_v_db'),
  };
  const azimuthDeg = numberOf(row, 'azimuth_off_boresight_deg');
  const zenithDeg = numberOf(row, 'zenith_deg(90=horizon;>90=down)');
  const tiltDeg = numberOf(row, 'downtilt_deg');
  return numberOf(row, 'g_max_dbi') - elementAttenuationDb(pattern, azimuthDeg, zenithDeg, tiltDeg);
}

function reliability(row: Row): Comparison[] {
  const settings = settingsOf(textOf(row, 'input'));
  const expected = numberOf(row, 'value');
  const sigmaDb = settingOf(settings, 'sigma_db');
  switch (textOf(row, 'case')) {
    case 'jakes_area': {
      const got = areaReliability(settingOf(settings, 'p_edge'), sigmaDb, settingOf(settings, 'n'));
      return [{ what: 'area share', expected, got, tolerance: 1e-5 }];
    }
    case 'edge_for_area': {
      const got = edgeReliability(settingOf(settings, 'p_area'), sigmaDb, settingOf(settings, 'n'));
      return [{ what: 'edge probability', expected, got, tolerance: 1e-5 }];
    }
    case 'edge_margin_db': {
      const got = shadowMarginDb(settingOf(settings, 'p_edge'), sigmaDb);
      return [{ what: 'margin dB', expected, got, tolerance: 0.001 }];
    }
    default:
      throw new Error(`unknown case ${textOf(row, 'case')}`);
  }
}

function rsrpBudget(row: Row): Comparison[] {
  const technology = textOf(row, 'tech') === 'LTE' ? 'lte' : 'nr';
  const subcarrierKhz = numberOf(row, 'scs_khz');
  const blocks = resourceBlocks(technology, numberOf(row, 'bw_mhz'), subcarrierKhz);
  const epreDbm = energyPerResourceElementDbm(
    numberOf(row, 'p_carrier_dbm(per port)'),
    blocks,
    numberOf(row, 'rs_boost_db'),
  );
  const atReceiverDb = receiverLossDb({
    bodyDb: numberOf(row, 'body_db'),
    vehicleDb: 0,
    buildingDb: 0,
    gainDbi: 0,
  });
  const antennaDb = numberOf(row, 'g_ant_dbi') - numberOf(row, 'feeder_db');
  const rsrp = epreDbm + antennaDb - numberOf(row, 'pathloss_db') - atReceiverDb;
  const noiseDbm = noisePerResourceElementDbm(subcarrierKhz, numberOf(row, 'ue_nf_db'));
  const compare = (column: string, got: number): Comparison => ({
    what: column,
    expected: numberOf(row, column),
    got,
    tolerance: 0.001,
  });
  return [
    { what: 'n_rb', expected: numberOf(row, 'n_rb'), got: blocks, tolerance: 0 },
    compare('epre_dbm', epreDbm),
    compare('rsrp_dbm', rsrp),
    compare('noise_per_re_dbm', noiseDbm),
    compare('snr_db', rsrp - noiseDbm),
  ];
}

function clutterDb(row: Row): number {
  const settings = settingsOf(textOf(row, 'input'));
  const name = textOf(row, 'case');
  const frequencyMhz = settingOf(settings, 'f_ghz') * 1000;
  if (name === 's3.2_terrestrial') {
    const probability = settingOf(settings, 'p_pct') / 100;
    return terrestrialClutterLossDb(frequencyMhz, settingOf(settings, 'd_km') * 1000, probability);
  }
  return terminalClutterLossDb(
    name.replace('s3.1_', '').replace('_', '-') as ClutterType,
    frequencyMhz,
    settingOf(settings, 'h_m'),
    settingOf(settings, 'R_m'),
    settingOf(settings, 'ws_m'),
  );
}

const BELOW: Readonly<Record<string, SiteGeneralCoefficients>> = {
  'URBAN_HIGH_RISE;LOS': BELOW_ROOFTOP['high-rise-los'],
  'URBAN_LOW_RISE_OR_SUBURBAN;LOS': BELOW_ROOFTOP['low-rise-los'],
  'URBAN_HIGH_RISE;NLOS': BELOW_ROOFTOP['high-rise-nlos'],
  'URBAN_LOW_RISE_OR_SUBURBAN;NLOS': BELOW_ROOFTOP['low-rise-nlos'],
  'RESIDENTIAL;NLOS': BELOW_ROOFTOP['residential-nlos'],
};

const ABOVE: Readonly<Record<string, SiteGeneralCoefficients>> = {
  'URBAN_HIGH_RISE;LOS': ABOVE_ROOFTOP['high-rise-los'],
  'URBAN_LOW_RISE_OR_SUBURBAN;LOS': ABOVE_ROOFTOP['low-rise-los'],
  'URBAN_HIGH_RISE;NLOS': ABOVE_ROOFTOP['high-rise-nlos'],
};

function p1411LossDb(row: Row): number {
  const section = textOf(row, 'section');
  const env = textOf(row, 'env');
  const frequencyMhz = numberOf(row, 'f_ghz') * 1000;
  const distanceM = numberOf(row, 'd_m');
  if (section.includes('4.1.1')) return siteGeneralLossDb(known(BELOW[env], env), distanceM, frequencyMhz);
  if (section.includes('4.2.1')) return siteGeneralLossDb(known(ABOVE[env], env), distanceM, frequencyMhz);
  return overRooftopLossDb(env.startsWith('METRO') ? 'metropolitan' : 'medium-city', frequencyMhz, {
    distanceM,
    baseHeightM: numberOf(row, 'h1_m'),
    mobileHeightM: numberOf(row, 'h2_m'),
    roofHeightM: numberOf(row, 'hr_m'),
    buildingsLengthM: numberOf(row, 'l_m'),
    separationM: numberOf(row, 'b_m'),
    streetWidthM: numberOf(row, 'w2_m'),
    streetAngleDeg: numberOf(row, 'phi_deg'),
  });
}

function publishedLossDb(row: Row): number {
  const model = textOf(row, 'model');
  const distanceM = numberOf(row, 'd_m');
  const args = [distanceM, numberOf(row, 'f_mhz'), numberOf(row, 'h_bs_m'), numberOf(row, 'h_ut_m')] as const;
  switch (model) {
    case 'okumura_hata_urban_large':
      return okumuraHataLossDb(...args, 'large-city');
    case 'okumura_hata_urban_small':
      return okumuraHataLossDb(...args, 'medium-city');
    case 'okumura_hata_suburban':
      return okumuraHataLossDb(...args, 'suburban');
    case 'okumura_hata_open':
      return okumuraHataLossDb(...args, 'open');
    case 'cost231_hata_medium_suburban':
      return cost231HataLossDb(...args, 'medium-city');
    case 'p1411_los_uhf_mean_of_lower_and_upper_bound':
      return streetCanyonLosLossDb(slantDistanceM(args[0], args[2], args[3]), args[1], args[2], args[3]);
    default:
      return cellularLossDb(model, args, row);
  }
}

function p1546Land(row: Row): Comparison[] {
  if (textOf(row, 'path') !== 'Land')
    throw new Error(`path ${textOf(row, 'path')}: only land paths are built`);
  const link: P1546Link = {
    frequencyMhz: numberOf(row, 'f_mhz'),
    timePercent: numberOf(row, 'time_pct'),
    effectiveHeightM: numberOf(row, 'heff_m'),
    rxHeightM: numberOf(row, 'h2_m'),
    clutterHeightM: numberOf(row, 'R2_m'),
    area: textOf(row, 'area').toLowerCase().replace(' ', '-') as P1546Area,
    distanceM: numberOf(row, 'd_km') * 1000,
  };
  const field = { what: 'field dB(uV/m)', expected: numberOf(row, 'E_dbuv_m_1kW_erp'), tolerance: 0.05 };
  return [
    { ...field, got: p1546FieldStrengthDbuv(link) },
    ...loss(numberOf(row, 'Lb_db'), p1546LossDb(link), 0.05),
  ];
}

function ehataDb(row: Row, folder: ReferenceFolder): number {
  const { heightsM, stepM } = referenceProfile(folder, textOf(row, 'profile_id(mobile_first)'));
  const cover = numberOf(row, 'nlcd_env');
  return ehataLossDb({
    heightsM,
    stepM,
    frequencyMhz: numberOf(row, 'f_mhz'),
    baseHeightM: numberOf(row, 'h_b_m'),
    mobileHeightM: numberOf(row, 'h_m_m'),
    environment: cover === 22 ? 'suburban' : cover === 23 || cover === 24 ? 'urban' : 'rural',
    reliability: numberOf(row, 'reliability'),
  });
}

/** Every reference file that the closed forms and the extended Hata model answer. */
export const CLOSED_FORM_CHECKS: readonly FileCheck[] = [
  {
    file: 'published_reference.csv',
    columns: ['model', 'f_mhz', 'd_m', 'h_bs_m', 'h_ut_m', 'expected_loss_db', 'published_tolerance_db'],
    check: (row) =>
      loss(numberOf(row, 'expected_loss_db'), publishedLossDb(row), numberOf(row, 'published_tolerance_db')),
  },
  {
    file: 'empirical_pathloss.csv',
    columns: ['model', 'env', 'f_mhz', 'd_km', 'h_b_m', 'h_m_m', 'loss_db'],
    check: (row) => loss(numberOf(row, 'loss_db'), empiricalLossDb(row), 0.001),
  },
  {
    file: 'tr38901_pathloss.csv',
    columns: ['scenario', 'f_ghz', 'd_m(2D;InH=3D)', 'h_bs_m', 'h_ut_m', 'pathloss_db', 'los_probability'],
    check: (row) => {
      const { lossDb, losProbability } = tr38901(row);
      const comparisons = loss(numberOf(row, 'pathloss_db'), lossDb, 0.01);
      if ((row['los_probability'] ?? '') === '') return comparisons;
      const expected = numberOf(row, 'los_probability');
      return [...comparisons, { what: 'P(LOS)', expected, got: losProbability, tolerance: 1e-6 }];
    },
  },
  {
    file: 'tr38901_losprob_tall.csv',
    columns: ['d2d_m', 'h_ut_m', 'p_los'],
    check: (row) => [
      {
        what: 'P(LOS)',
        expected: numberOf(row, 'p_los'),
        got: umaLosProbability(numberOf(row, 'd2d_m'), numberOf(row, 'h_ut_m')),
        tolerance: 1e-6,
      },
    ],
  },
  {
    file: 'building_entry.csv',
    columns: ['model', 'f_ghz', 'param', 'loss_db'],
    check: (row) => loss(numberOf(row, 'loss_db'), buildingEntryDb(row), 0.01),
  },
  {
    file: 'antenna_38901.csv',
    columns: ['azimuth_off_boresight_deg', 'hpbw_h', 'hpbw_v', 'g_max_dbi', 'downtilt_deg', 'gain_dbi'],
    check: (row) => [
      { what: 'gain dBi', expected: numberOf(row, 'gain_dbi'), got: antennaGainDbi(row), tolerance: 0.001 },
    ],
  },
  { file: 'reliability.csv', columns: ['case', 'input', 'value'], check: reliability },
  {
    file: 'rsrp_budget.csv',
    columns: ['tech', 'bw_mhz', 'scs_khz', 'n_rb', 'epre_dbm', 'rsrp_dbm', 'noise_per_re_dbm', 'snr_db'],
    check: rsrpBudget,
  },
  {
    file: 'p2108_clutter.csv',
    columns: ['case', 'input', 'loss_db'],
    check: (row) => loss(numberOf(row, 'loss_db'), clutterDb(row), 0.02),
  },
  {
    file: 'p1411.csv',
    columns: ['section', 'env', 'f_ghz', 'd_m', 'Lb_db'],
    check: (row) => loss(numberOf(row, 'Lb_db'), p1411LossDb(row), 0.05),
  },
  {
    file: 'p1546_land.csv',
    columns: [
      'f_mhz',
      'time_pct',
      'heff_m',
      'h2_m',
      'R2_m',
      'area',
      'd_km',
      'path',
      'E_dbuv_m_1kW_erp',
      'Lb_db',
    ],
    check: p1546Land,
  },
  {
    file: 'ehata_ntia.csv',
    columns: ['profile_id(mobile_first)', 'f_mhz', 'h_b_m', 'h_m_m', 'nlcd_env', 'reliability', 'plb_db'],
    check: (row, folder) => loss(numberOf(row, 'plb_db'), ehataDb(row, folder), 0.05),
  },
];
