import { cascadedKnifeEdgeLossDb } from '../../src/radio/cascaded-edges.ts';
import { Itm, type ItmLink } from '../../src/radio/itm/itm.ts';
import { fieldStrengthDbuv, P1812, type P1812Link } from '../../src/radio/p1812/basic-loss.ts';
import { bullingtonLossDb, diffractionParameter, knifeEdgeLossDb } from '../../src/radio/p526.ts';
import { createPathProfile, latitudeAlongPath, type PathProfile } from '../../src/radio/profile.ts';
import {
  numberOf,
  parseTable,
  settingOf,
  settingsOf,
  textOf,
  type Comparison,
  type FileCheck,
  type ReferenceFolder,
  type Row,
} from './check.ts';

/** Terrain of `profiles.csv` by id. */
interface ReferenceProfile {
  readonly stepM: number;
  readonly heightsM: Float64Array;
}

const profilesOfFolder = new WeakMap<ReferenceFolder, ReadonlyMap<string, ReferenceProfile>>();

function referenceProfile(folder: ReferenceFolder, id: string): ReferenceProfile {
  let profiles = profilesOfFolder.get(folder);
  if (profiles === undefined) {
    const rows = parseTable(folder.text('profiles.csv') ?? '');
    profiles = new Map(
      rows.map((row) => [
        textOf(row, 'profile_id'),
        {
          stepM: numberOf(row, 'step_m'),
          heightsM: Float64Array.from(textOf(row, 'heights_m').trim().split(/\s+/), Number),
        },
      ]),
    );
    profilesOfFolder.set(folder, profiles);
  }
  const profile = profiles.get(id);
  if (profile === undefined) throw new Error(`profiles.csv lacks the profile ${id}`);
  return profile;
}

/** @param clutterM representative clutter at a point, m; not asked for at the ends */
function pathProfile(
  { stepM, heightsM }: ReferenceProfile,
  clutterM: (index: number) => number = () => 0,
): PathProfile {
  const count = heightsM.length;
  const profile = createPathProfile(count);
  profile.count = count;
  for (let i = 0; i < count; i++) {
    profile.distanceKm[i] = (i * stepM) / 1000;
    profile.groundM[i] = heightsM[i]!;
    profile.surfaceM[i] = heightsM[i]! + (i === 0 || i === count - 1 ? 0 : clutterM(i));
  }
  return profile;
}

function checkKnifeEdge(row: Row): Comparison[] {
  const settings = settingsOf(textOf(row, 'input'));
  const v =
    textOf(row, 'case') === 'J'
      ? settingOf(settings, 'v')
      : diffractionParameter(
          settingOf(settings, 'h_m'),
          settingOf(settings, 'd1_km'),
          settingOf(settings, 'd2_km'),
          settingOf(settings, 'f_ghz'),
        );
  return [{ what: 'loss', expected: numberOf(row, 'loss_db'), got: knifeEdgeLossDb(v), tolerance: 0.001 }];
}

function checkDiffraction(row: Row, folder: ReferenceFolder): Comparison[] {
  const profile = pathProfile(referenceProfile(folder, textOf(row, 'profile_id')));
  const surface = profile.surfaceM;
  const txM = surface[0]! + numberOf(row, 'h_tx_agl_m');
  const rxM = surface[profile.count - 1]! + numberOf(row, 'h_rx_agl_m');
  const radius = numberOf(row, 'ae_km');
  const f = numberOf(row, 'f_ghz');
  return [
    {
      what: 'Bullington',
      expected: numberOf(row, 'bullington_db'),
      got: bullingtonLossDb(profile, surface, txM, rxM, radius, f),
      tolerance: 0.01,
    },
    {
      what: 'Deygout',
      expected: numberOf(row, 'deygout3_db'),
      got: cascadedKnifeEdgeLossDb(profile, surface, txM, rxM, radius, f),
      tolerance: 0.05,
    },
  ];
}

/** ITM's parameters under the short column names of our tables. */
function itmLink(row: Row): ItmLink {
  return {
    frequencyMhz: numberOf(row, 'f_mhz'),
    txHeightM: numberOf(row, 'h_tx_m'),
    rxHeightM: numberOf(row, 'h_rx_m'),
    polarisation: numberOf(row, 'pol') === 1 ? 'vertical' : 'horizontal',
    climate: numberOf(row, 'climate'),
    refractivityN: numberOf(row, 'N0'),
    permittivity: numberOf(row, 'epsilon'),
    conductivitySm: numberOf(row, 'sigma'),
    mdvar: numberOf(row, 'mdvar'),
    timePercent: numberOf(row, 'time'),
    locationPercent: numberOf(row, 'location'),
    situationPercent: numberOf(row, 'situation'),
  };
}

/** NTIA's own files spell the units out. */
function withShortNames(row: Row): Row {
  const renamed = Object.entries(row).map(([name, value]) => {
    const short = name.replace('__meter', '_m').replace('__mhz', '_mhz').replace('N_0', 'N0');
    return [
      short.replace('__km', '_km').replace('_siting_criteria', '_siting').replace('A__db', 'A_db'),
      value,
    ];
  });
  return Object.fromEntries(renamed) as Row;
}

/** Codes and masks must be equal; with an error code there is no loss to compare. */
function itmComparisons(row: Row, model: Itm): Comparison[] {
  const { code, warnings, mode, lossDb, referenceDb } = model.result;
  const exact = (column: string, got: number): Comparison => ({
    what: column,
    expected: numberOf(row, column),
    got,
    tolerance: 0,
  });
  const codes = [exact('return_code', code), exact('warnings', warnings)];
  if (numberOf(row, 'return_code') >= 1000) return codes;
  const loss = (column: string, got: number): Comparison => ({
    what: column,
    expected: numberOf(row, column),
    got,
    tolerance: 0.01,
  });
  return [...codes, exact('mode', mode), loss('A_db', lossDb), loss('A_ref_db', referenceDb)];
}

function runArea(row: Row): Itm {
  const model = new Itm(itmLink(row));
  model.area(
    numberOf(row, 'd_km') * 1000,
    numberOf(row, 'delta_h_m'),
    numberOf(row, 'tx_siting'),
    numberOf(row, 'rx_siting'),
  );
  return model;
}

function checkItmPointToPoint(row: Row, folder: ReferenceFolder): Comparison[] {
  const { stepM, heightsM } = referenceProfile(folder, textOf(row, 'profile_id'));
  const model = new Itm(itmLink(row));
  model.pointToPoint({ intervals: heightsM.length - 1, stepM, heightsM });
  return itmComparisons(row, model);
}

/** Row n of NTIA's p2p.csv goes with line n of pfls.csv: intervals, step, heights. */
function checkPublishedPointToPoint(row: Row, folder: ReferenceFolder, index: number): Comparison[] {
  const lines = (folder.text('itm-ntia-published/pfls.csv') ?? '').split(/\r?\n/);
  const [intervals, stepM, ...heights] = (lines[index] ?? '').split(',').map(Number);
  if (intervals === undefined || stepM === undefined || heights.length <= intervals) {
    throw new Error(`pfls.csv has no profile in line ${index + 1}`);
  }
  const short = withShortNames(row);
  const model = new Itm(itmLink(short));
  model.pointToPoint({ intervals, stepM, heightsM: Float64Array.from(heights) });
  return [{ what: 'A', expected: numberOf(short, 'A_db'), got: model.result.lossDb, tolerance: 0.01 }];
}

function checkPublishedArea(row: Row): Comparison[] {
  const short = withShortNames(row);
  const { lossDb } = runArea(short).result;
  return [{ what: 'A', expected: numberOf(short, 'A_db'), got: lossDb, tolerance: 0.1 }];
}

/** The clutter patterns of p1812_synthetic.csv, by point index. */
function syntheticClutter(name: string, count: number): (index: number) => number {
  const third = Math.floor(count / 3);
  if (name === 'none') return () => 0;
  if (name === 'uniform10') return () => 10;
  if (name === 'thirds_0_15_8') return (i) => (i < third ? 0 : i < 2 * third ? 15 : 8);
  throw new Error(`unknown clutter ${name}`);
}

const FAR_INLAND_KM = 500;

function checkP1812Synthetic(row: Row, folder: ReferenceFolder): Comparison[] {
  const reference = referenceProfile(folder, textOf(row, 'profile_id'));
  const count = reference.heightsM.length;
  const profile = pathProfile(reference, syntheticClutter(textOf(row, 'clutter'), count));
  const dKm = profile.distanceKm[count - 1]!;
  const lat = numberOf(row, 'lat_tx_deg');
  const model = new P1812({
    frequencyGhz: numberOf(row, 'f_ghz'),
    timePercent: numberOf(row, 'p_time_pct'),
    locationPercent: numberOf(row, 'pL_pct'),
    locationSigmaDb: numberOf(row, 'sigmaL_db'),
    txHeightM: numberOf(row, 'htg_m'),
    rxHeightM: numberOf(row, 'hrg_m'),
    polarisation: numberOf(row, 'pol(1=H;2=V)') === 1 ? 'horizontal' : 'vertical',
    deltaN: numberOf(row, 'DN'),
    surfaceRefractivityN: numberOf(row, 'N0'),
    txCoastKm: FAR_INLAND_KM,
    rxCoastKm: FAR_INLAND_KM,
  });
  model.lossDb(profile, latitudeAlongPath(0, lat, 0, lat + dKm / 111.19, dKm / 2));
  const { terms } = model;
  const compare = (column: string, got: number): Comparison => ({
    what: column,
    expected: numberOf(row, column),
    got,
    tolerance: 0.01,
  });
  return [
    compare('Lb_db', terms.lossDb),
    compare('Lbfs_db', terms.freeSpaceDb),
    compare('Ld50_db', terms.diffractionMedianDb),
    compare('Lbs_db', terms.troposcatterDb),
    compare('b0_pct', terms.anomalousPercent),
  ];
}

/** A path file of ITU-R Study Group 3: keys with values, a profile block and a block of measurements. */
class OfficialPath {
  readonly #lines: readonly string[];
  readonly #file: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#lines = text.split(/\r?\n/);
  }

  value(key: string): number {
    const at = this.#find(key);
    return Number(this.#lines[at]!.split(',')[1]);
  }

  profile(): PathProfile {
    const at = this.#find('Number of Points');
    const count = this.value('Number of Points');
    const profile = createPathProfile(count);
    profile.count = count;
    for (let i = 0; i < count; i++) {
      const [d = NaN, ground = NaN, , clutter = 0, zone = NaN] = this.#numbers(at + 1 + i);
      profile.distanceKm[i] = d;
      profile.groundM[i] = ground;
      profile.surfaceM[i] = ground + (i === 0 || i === count - 1 ? 0 : clutter);
      profile.zone[i] = zone;
    }
    return profile;
  }

  /** Fields of one case; NaN where empty. */
  measurement(index: number): number[] {
    return this.#numbers(this.#find('{Begin of Measurements') + 1 + index);
  }

  #numbers(line: number): number[] {
    return (this.#lines[line] ?? '').split(',').map((field) => (field.trim() === '' ? NaN : Number(field)));
  }

  #find(key: string): number {
    const at = this.#lines.findIndex((line) => line.startsWith(key));
    if (at < 0) throw new Error(`${this.#file} has no line "${key}"`);
    return at;
  }
}

function officialRows(text: string): Row[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, file = '', dataset = '', reference = ''] = line.split(',').map((field) => field.trim());
    return { file, dataset, reference };
  });
}

function checkOfficial(row: Row, folder: ReferenceFolder): Comparison[] {
  const file = textOf(row, 'file');
  const text = folder.text(`p1812-official/${file}`);
  if (text === null) throw new Error(`p1812-official/${file} is missing`);
  const path = new OfficialPath(file, text);
  const profile = path.profile();
  const fields = path.measurement(numberOf(row, 'dataset'));
  const [frequencyMhz = NaN, txHeightM = NaN, , rxHeightM = NaN, polarisation = 1] = fields;
  const link: P1812Link = {
    frequencyGhz: frequencyMhz / 1000,
    timePercent: orElse(fields[14], 50),
    locationPercent: 50,
    locationSigmaDb: 0,
    txHeightM,
    rxHeightM,
    polarisation: polarisation === 2 ? 'vertical' : 'horizontal',
    deltaN: path.value('Average annual values dN'),
    surfaceRefractivityN: path.value('Average annual sea-level'),
    txCoastKm: FAR_INLAND_KM,
    rxCoastKm: FAR_INLAND_KM,
  };
  const half = profile.distanceKm[profile.count - 1]! / 2;
  const [lonTx, latTx] = [path.value('Tx LON'), path.value('Tx LAT')];
  const latitude = latitudeAlongPath(lonTx, latTx, path.value('Rx LON'), path.value('Rx LAT'), half);
  const lossDb = new P1812(link).lossDb(profile, latitude);
  const got = fieldStrengthDbuv(lossDb, link.frequencyGhz) + transmitterDbKw(fields);
  return [{ what: 'field strength', expected: numberOf(row, 'reference'), got, tolerance: 0.001 }];
}

/** Transmitter power, dB(kW): stated as e.r.p., else implied by measured field strength and loss. */
function transmitterDbKw(fields: readonly number[]): number {
  const erpDbw = orElse(fields[12], NaN);
  if (!Number.isNaN(erpDbw)) return erpDbw - 30;
  return -137.2217 + fields[16]! - 20 * Math.log10(fields[0]!) + fields[17]!;
}

function orElse(value: number | undefined, fallback: number): number {
  return value === undefined || Number.isNaN(value) ? fallback : value;
}

const ITM_COLUMNS = [
  'h_tx_m',
  'h_rx_m',
  'f_mhz',
  'climate',
  'N0',
  'return_code',
  'warnings',
  'mode',
  'A_db',
  'A_ref_db',
];

/** The references of the terrain models. */
export const TERRAIN_CHECKS: readonly FileCheck[] = [
  { file: 'p526_knife_edge.csv', columns: ['case', 'input', 'loss_db'], check: checkKnifeEdge },
  {
    file: 'diffraction_profiles.csv',
    columns: ['profile_id', 'f_ghz', 'h_tx_agl_m', 'h_rx_agl_m', 'ae_km', 'bullington_db', 'deygout3_db'],
    check: checkDiffraction,
  },
  { file: 'itm_p2p.csv', columns: ['profile_id', ...ITM_COLUMNS], check: checkItmPointToPoint },
  {
    file: 'itm_area.csv',
    columns: ['d_km', 'delta_h_m', 'tx_siting', 'rx_siting', ...ITM_COLUMNS],
    check: (row) => itmComparisons(row, runArea(row)),
  },
  { file: 'itm-ntia-published/p2p.csv', columns: ['f__mhz', 'A__db'], check: checkPublishedPointToPoint },
  { file: 'itm-ntia-published/area.csv', columns: ['f__mhz', 'd__km', 'A__db'], check: checkPublishedArea },
  {
    file: 'p1812_synthetic.csv',
    columns: ['profile_id', 'f_ghz', 'p_time_pct', 'pL_pct', 'clutter', 'Lb_db'],
    check: checkP1812Synthetic,
  },
  {
    file: 'p1812-official/expected_field_strength.csv',
    columns: [],
    readRows: officialRows,
    check: checkOfficial,
  },
];
