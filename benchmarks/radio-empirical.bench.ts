import { sectorAntenna } from '../src/radio/antenna.ts';
import type { BoundModel, LinkParameters } from '../src/radio/model.ts';
import type { ModelId } from '../src/radio/model-ids.ts';
import { bindModel } from '../src/radio/models.ts';
import type { Row } from './benchmark.ts';

export const name = 'radio-empirical';
export const question =
  'How many points a second does one thread predict with an empirical model and a sector pattern? (bar: 3 M/s with Hata)';

const RUNS = 5;
const STEP_M = 30;
const HALF_SIDE_M = 15_000;

const link: LinkParameters = {
  frequencyMhz: 1800,
  txHeightM: 30,
  rxHeightM: 1.5,
  environment: 'medium-city',
  sigmaDb: null,
};
const pattern = {
  horizontalBeamwidthDeg: 65,
  verticalBeamwidthDeg: 10,
  maxAttenuationDb: 30,
  sideLobeDb: 30,
};

/** One box of 1 002 001 points at 30 m around one sector: level per point, or P(served) per point. */
function predictBox(bound: BoundModel, levels: Float32Array, probability: boolean): number {
  const antenna = sectorAntenna(pattern, { azimuthDeg: 120, mechanicalTiltDeg: 0 }, 4);
  const drop = link.txHeightM - link.rxHeightM;
  let point = 0;
  for (let north = -HALF_SIDE_M; north <= HALF_SIDE_M; north += STEP_M) {
    for (let east = -HALF_SIDE_M; east <= HALF_SIDE_M; east += STEP_M) {
      const distance = Math.sqrt(east * east + north * north);
      const attenuation = antenna.attenuationDb(east, north, drop);
      levels[point++] = probability
        ? bound.probabilityWithin(136 - attenuation, distance, 0)
        : 31.2 - bound.medianLossDb(distance) - attenuation;
    }
  }
  return point;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

export function run(): Promise<Row[]> {
  const side = (2 * HALF_SIDE_M) / STEP_M + 1;
  const levels = new Float32Array(side * side);
  const cases: readonly { model: ModelId; what: string; probability: boolean }[] = [
    { model: 'hata', what: 'median level', probability: false },
    { model: 'cost231', what: 'median level', probability: false },
    { model: 'extended-hata', what: 'median level', probability: false },
    { model: 'hata', what: 'P(served)', probability: true },
    { model: 'uma', what: 'P(served)', probability: true },
    { model: 'umi', what: 'P(served)', probability: true },
  ];
  const rows = cases.map(({ model, what, probability }): Row => {
    const bound = bindModel(model, link);
    predictBox(bound, levels, probability);
    const rates = Array.from({ length: RUNS }, () => {
      const used = process.cpuUsage();
      const points = predictBox(bound, levels, probability);
      const { user, system } = process.cpuUsage(used);
      return points / (user + system);
    });
    return {
      label: `${model}, ${what}`,
      metrics: [
        {
          name: 'by processor time',
          unit: 'M points/s',
          value: Math.round(10 * median(rates)) / 10,
          better: 'larger',
          noise: 0.2,
        },
      ],
      ...(model === 'hata' && !probability && { note: 'bar 3 M points/s' }),
    };
  });
  return Promise.resolve(rows);
}
