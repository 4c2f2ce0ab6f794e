import type { LinkRule } from '../../src/coverage/link-rule.ts';
import { TR38901_ELEMENT } from '../../src/radio/antenna.ts';

/** An omnidirectional site of 1.8 GHz at 30 m by 3GPP TR 38.901 UMa. */
export const OMNI_RULE: LinkRule = {
  modelId: 'uma',
  link: { frequencyMhz: 1800, txHeightM: 30, rxHeightM: 1.5, environment: 'medium-city', sigmaDb: null },
  maxLossDb: 130,
  locationProbability: 0.95,
  extraSigmaDb: 0,
  maxReachM: 20_000,
  sectors: null,
};

/** Vertical lobes narrow enough for tilt to matter. */
export const NARROW_ELEMENT = { ...TR38901_ELEMENT, verticalBeamwidthDeg: 10 };
