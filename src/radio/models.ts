import { bindMixture, bindSingleState, DEFAULT_SIGMA_DB } from './bound-model.ts';
import { cost231HataLossAtOneKmDb, COST231_HATA_RANGES } from './cost231-hata.ts';
import { ericsson9999LossDb, ericssonAreaOf, ERICSSON_9999_RANGES } from './ericsson9999.ts';
import {
  bindExtendedHata,
  extendedHataLossDb,
  extendedHataSigmaDb,
  EXTENDED_HATA_RANGES,
} from './extended-hata.ts';
import { bindItmOverFlatGround, bindP1812OverFlatGround } from './flat-ground.ts';
import { freeSpaceLossAtOneMetreDb } from './free-space.ts';
import { closeInLossDb, DEFAULT_EXPONENT } from './log-distance.ts';
import { MODEL_IDS, type ModelId } from './model-ids.ts';
import type { BoundModel, LinkParameters, PropagationModel } from './model.ts';
import { hataSlopeDb, okumuraHataLossAtOneKmDb, OKUMURA_HATA_RANGES } from './okumura-hata.ts';
import { spmLossDb, spmOfLink, SPM_HEIGHT_RANGE_M } from './spm.ts';
import { suiExponent, suiLossAt100mDb, suiTerrainOf, SUI_RANGES } from './sui.ts';
import { inhLosLossDb, inhMixedOfficeLosProbability, inhNlosLossDb } from './tr38901-inh.ts';
import { rmaBreakPointM, rmaLosLossDb, rmaLosProbability, rmaNlosLossDb } from './tr38901-rma.ts';
import { umaLosLossDb, umaLosProbability, umaNlosLossDb } from './tr38901-uma.ts';
import { umiLosLossDb, umiLosProbability, umiNlosLossDb } from './tr38901-umi.ts';
import { INH_RANGES, RMA_RANGES, SHADOWING, slantDistanceM, UMA_RANGES, UMI_RANGES } from './tr38901.ts';

const BINDERS: Readonly<Record<ModelId, (link: LinkParameters) => BoundModel>> = {
  'free-space': bindFreeSpace,
  hata: bindHata,
  cost231: bindCost231,
  'extended-hata': bindExtended,
  uma: bindUma,
  umi: bindUmi,
  rma: bindRma,
  inh: bindInh,
  'log-distance': bindLogDistance,
  spm: bindSpm,
  sui: bindSui,
  ericsson9999: bindEricsson,
  p1812: bindP1812OverFlatGround,
  itm: bindItmOverFlatGround,
};

/** The registry as objects, in the order of `MODEL_IDS`. */
export const PROPAGATION_MODELS: readonly PropagationModel[] = MODEL_IDS.map((id) => ({
  id,
  bind: BINDERS[id],
}));

/**
 * Binds a model to one transmitter configuration. Losses are held at free space; values outside the published range
 * are listed in `warnings`.
 */
export function bindModel(id: ModelId, link: LinkParameters): BoundModel {
  return BINDERS[id](link);
}

function bindFreeSpace(link: LinkParameters): BoundModel {
  const atOneMetreDb = freeSpaceLossAtOneMetreDb(link.frequencyMhz);
  const lossDb = (d: number): number =>
    atOneMetreDb + 20 * Math.log10(slantDistanceM(d, link.txHeightM, link.rxHeightM));
  return bindSingleState({ name: 'free-space', link, ranges: [], lossDb, sigmaDb: DEFAULT_SIGMA_DB });
}

function bindHata(link: LinkParameters): BoundModel {
  const { frequencyMhz, txHeightM, rxHeightM, environment } = link;
  const slopeDb = hataSlopeDb(txHeightM);
  const atOneMetreDb =
    okumuraHataLossAtOneKmDb(frequencyMhz, txHeightM, rxHeightM, environment) - 3 * slopeDb;
  return bindSingleState({
    name: 'hata',
    link,
    ranges: OKUMURA_HATA_RANGES,
    lossDb: (d) => atOneMetreDb + slopeDb * Math.log10(d),
    sigmaDb: DEFAULT_SIGMA_DB,
  });
}

function bindCost231(link: LinkParameters): BoundModel {
  const { frequencyMhz, txHeightM, rxHeightM, environment } = link;
  const slopeDb = hataSlopeDb(txHeightM);
  const atOneMetreDb =
    cost231HataLossAtOneKmDb(frequencyMhz, txHeightM, rxHeightM, environment) - 3 * slopeDb;
  return bindSingleState({
    name: 'cost231',
    link,
    ranges: COST231_HATA_RANGES,
    lossDb: (d) => atOneMetreDb + slopeDb * Math.log10(d),
    sigmaDb: DEFAULT_SIGMA_DB,
  });
}

function bindExtended(link: LinkParameters): BoundModel {
  const bound = bindExtendedHata(link.frequencyMhz, link.txHeightM, link.rxHeightM, link.environment);
  return bindSingleState({
    name: 'extended-hata',
    link,
    ranges: EXTENDED_HATA_RANGES,
    lossDb: (d) => extendedHataLossDb(d, bound),
    sigmaDb: 9,
    sigmaAtDb: extendedHataSigmaDb,
  });
}

function bindUma(link: LinkParameters): BoundModel {
  const { frequencyMhz: f, txHeightM: hb, rxHeightM: hm } = link;
  return bindMixture({
    name: 'uma',
    link,
    ranges: UMA_RANGES,
    losLossDb: (d) => umaLosLossDb(d, f, hb, hm),
    nlosLossDb: (d) => umaNlosLossDb(d, f, hb, hm),
    losProbability: (d) => umaLosProbability(d, hm),
    losSigmaDb: () => SHADOWING.umaLosDb,
    nlosSigmaDb: SHADOWING.umaNlosDb,
  });
}

function bindUmi(link: LinkParameters): BoundModel {
  const { frequencyMhz: f, txHeightM: hb, rxHeightM: hm } = link;
  return bindMixture({
    name: 'umi',
    link,
    ranges: UMI_RANGES,
    losLossDb: (d) => umiLosLossDb(d, f, hb, hm),
    nlosLossDb: (d) => umiNlosLossDb(d, f, hb, hm),
    losProbability: umiLosProbability,
    losSigmaDb: () => SHADOWING.umiLosDb,
    nlosSigmaDb: SHADOWING.umiNlosDb,
  });
}

function bindRma(link: LinkParameters): BoundModel {
  const { frequencyMhz: f, txHeightM: hb, rxHeightM: hm } = link;
  const breakM = rmaBreakPointM(f, hb, hm);
  return bindMixture({
    name: 'rma',
    link,
    ranges: RMA_RANGES,
    losLossDb: (d) => rmaLosLossDb(d, f, hb, hm),
    nlosLossDb: (d) => rmaNlosLossDb(d, f, hb, hm),
    losProbability: rmaLosProbability,
    losSigmaDb: (d) => (d <= breakM ? SHADOWING.rmaLosNearDb : SHADOWING.rmaLosFarDb),
    nlosSigmaDb: SHADOWING.rmaNlosDb,
  });
}

function bindInh(link: LinkParameters): BoundModel {
  const { frequencyMhz: f, txHeightM: hb, rxHeightM: hm } = link;
  return bindMixture({
    name: 'inh',
    link,
    ranges: INH_RANGES,
    losLossDb: (d) => inhLosLossDb(slantDistanceM(d, hb, hm), f),
    nlosLossDb: (d) => inhNlosLossDb(slantDistanceM(d, hb, hm), f),
    losProbability: inhMixedOfficeLosProbability,
    losSigmaDb: () => SHADOWING.inhLosDb,
    nlosSigmaDb: SHADOWING.inhNlosDb,
  });
}

function bindLogDistance(link: LinkParameters): BoundModel {
  const exponent = link.exponent ?? DEFAULT_EXPONENT;
  const offsetDb = link.offsetDb ?? 0;
  return bindSingleState({
    name: 'log-distance',
    link,
    ranges: [],
    lossDb: (d) =>
      closeInLossDb(slantDistanceM(d, link.txHeightM, link.rxHeightM), link.frequencyMhz, exponent) +
      offsetDb,
    sigmaDb: DEFAULT_SIGMA_DB,
  });
}

function bindSpm(link: LinkParameters): BoundModel {
  const parameters = spmOfLink(link);
  return bindSingleState({
    name: 'spm',
    link,
    ranges: [{ parameter: 'txHeightM', ...SPM_HEIGHT_RANGE_M }],
    lossDb: (d) =>
      spmLossDb(
        parameters,
        slantDistanceM(d, link.txHeightM, link.rxHeightM),
        link.txHeightM,
        link.rxHeightM,
      ),
    sigmaDb: DEFAULT_SIGMA_DB,
  });
}

function bindSui(link: LinkParameters): BoundModel {
  const terrain = suiTerrainOf(link.environment);
  const slopeDb = 10 * suiExponent(terrain, link.txHeightM);
  const atOneMetreDb = suiLossAt100mDb(terrain, link.frequencyMhz, link.rxHeightM) - 2 * slopeDb;
  return bindSingleState({
    name: 'sui',
    link,
    ranges: SUI_RANGES,
    lossDb: (d) => atOneMetreDb + slopeDb * Math.log10(d),
    sigmaDb: DEFAULT_SIGMA_DB,
  });
}

function bindEricsson(link: LinkParameters): BoundModel {
  const area = ericssonAreaOf(link.environment);
  return bindSingleState({
    name: 'ericsson9999',
    link,
    ranges: ERICSSON_9999_RANGES,
    lossDb: (d) => ericsson9999LossDb(d, link.frequencyMhz, link.txHeightM, link.rxHeightM, area),
    sigmaDb: DEFAULT_SIGMA_DB,
  });
}
