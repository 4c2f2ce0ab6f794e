/** Every model that needs nothing but distance, frequency, heights and environment, by its id in scenarios. */
export const MODEL_IDS = [
  'free-space',
  'hata',
  'cost231',
  'extended-hata',
  'uma',
  'umi',
  'rma',
  'inh',
  'log-distance',
  'spm',
  'sui',
  'ericsson9999',
  'p1812',
  'itm',
] as const;

export type ModelId = (typeof MODEL_IDS)[number];
