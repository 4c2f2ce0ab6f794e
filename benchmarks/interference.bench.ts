/**
 * Loads and SINR of 9,291 cells, and tuning of the 57 sectors of 3GPP's calibration. Of Milan (../shared/data/milan-lte-sites) no
 * figure about its network is printed: the table has neither height, azimuth, power, operator nor carrier of a cell, its
 * positions are estimates from phones, and the demand here is made up.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { SignalState } from '../src/coverage/interference/signal-state.ts';
import type { ServiceQuestion } from '../src/coverage/interference/service.ts';
import { tuneCells } from '../src/coverage/interference/tune.ts';
import { Findings } from '../src/input/findings.ts';
import { interferenceSchema } from '../src/input/schema/interference.ts';
import { parseScenario } from '../src/input/read-scenario.ts';
import { readSites } from '../src/input/read-sites.ts';
import { parseScenarioText } from '../src/input/scenario-text.ts';
import type { Demand } from '../src/input/types.ts';
import { createPool } from '../src/parallel/pool.ts';
import { radioNetwork } from '../src/planning/radio-network.ts';
import { sharedPath } from '../test/support/shared.ts';
import {
  PUBLISHED_SINR_DB,
  PUBLISHED_SIR_DB,
  umaReferenceDrop,
  type ReferenceDrop,
} from '../test/support/uma-calibration.ts';
import type { Metric, Row, RunOptions } from './benchmark.ts';

export const name = 'interference';
export const question =
  "How long do loads and SINR of 9,291 cells take (bar: 60 s), how near is the reference layout to 3GPP's calibration (bar: 1 dB), and " +
  'what does tuning win there?';

/** Synthetic, stated: every square of the grid makes as much traffic. */
const SQUARE_MBPS = 3;
const SCENARIO = `
demand: { file: grid.csv }
radio: { technology: lte, frequencyMhz: 1800, bandwidthMhz: 20, eirpDbm: 62, heightM: 30, model: uma }
service: { rsrpDbm: -105 }
traffic: { mbpsPerUser: ${SQUARE_MBPS} }
`;

export async function run({ only, log }: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  const cases: readonly (readonly [string, () => Row | Promise<Row>])[] = [
    ['9,291 cells', () => milan(log)],
    ['57 sectors, before tuning', reference],
    ['57 sectors, tuned', tuned],
  ];
  for (const [label, measure] of cases) {
    if (label.includes(only)) rows.push(await measure());
  }
  return rows;
}

async function milan(log: (line: string) => void): Promise<Row> {
  const label = '9,291 cells';
  const sitesPath = sharedPath('data/milan-lte-sites/sites_lte.geojson');
  const gridPath = sharedPath('data/milan-lte-sites/grid_10000_centroids.csv');
  if (sitesPath === null || gridPath === null) {
    log('left out: ../shared/data/milan-lte-sites is not there');
    return { label, metrics: [], note: 'left out: ../shared is not beside the clone' };
  }
  const findings = new Findings();
  const { sites } = await readSites(sitesPath, { file: 'sites_lte.geojson', role: 'existing', findings });
  const demand = gridDemand(gridPath);
  const scenario = parseScenario(parseScenarioText(SCENARIO, 'scenario.yaml'), 'scenario.yaml', [], '.');
  const threads = availableParallelism();
  const pool = await createPool({ threads });
  try {
    const model = { id: 'uma', offsetDb: 0, sigmaDb: null } as const;
    const interference = interferenceSchema.parse({});
    const from = performance.now();
    const network = await radioNetwork({
      ...{ scenario, interference, demand, sites, model, terrain: null, executor: pool },
    });
    const seconds = (performance.now() - from) / 1000;
    const { rounds } = network.loads![0]!;
    return {
      label,
      metrics: [
        { name: 'loads and SINR', unit: 's', value: seconds, better: 'smaller', noise: 0.15 },
        info('cells', '', network.state.cells.count),
        info('places', '', demand.count),
        info('rounds until loads settle', '', rounds),
      ],
      note: `${threads} threads; omni, one assumed carrier of 20 MHz, ${SQUARE_MBPS} Mbit/s in each of ${demand.count} squares (synthetic)`,
    };
  } finally {
    await pool.close();
  }
}

function gridDemand(path: string): Demand {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const columns = head.trim().split(',');
  const column = (wanted: string): Float64Array =>
    Float64Array.from(lines, (line) => Number(line.split(',')[columns.indexOf(wanted)]));
  return {
    count: lines.length,
    ids: lines.map((_, i) => String(i + 1)),
    lon: column('lon'),
    lat: column('lat'),
    cellM: new Float32Array(lines.length).fill(235),
    periods: ['busy hour'],
    usersMilli: [new Float64Array(lines.length).fill(1000)],
    regionNames: null,
  };
}

function stateOf({ links, cells, settings, noiseMw }: ReferenceDrop, noise = noiseMw): SignalState {
  return new SignalState(links, cells, settings, {
    noiseMw: noise,
    loads: [new Float64Array(cells.count).fill(1)],
    restLoad: Float64Array.of(1),
  });
}

const REFERENCE_USERS = 57_000;

function reference(): Row {
  const drop = umaReferenceDrop(REFERENCE_USERS);
  const metrics: Metric[] = [];
  for (const [what, noise, published] of [
    ['SINR', drop.noiseMw, PUBLISHED_SINR_DB],
    ['SIR', Float64Array.of(1e-30), PUBLISHED_SIR_DB],
  ] as const) {
    const sorted = stateOf(drop, noise).sinr[0]!.toSorted();
    for (const percent of [10, 50, 90] as const) {
      const value = 10 * Math.log10(sorted[Math.floor((percent / 100) * sorted.length)]!);
      metrics.push(info(`${what} at ${percent} %`, 'dB', value));
      metrics.push(info(`${what} at ${percent} % against R1-165974`, 'dB', value - published[percent]));
    }
  }
  return { label: '57 sectors, before tuning', metrics, note: `${REFERENCE_USERS} users, seed 1` };
}

const TUNED_USERS = 5700;

async function tuned(): Promise<Row> {
  const drop = umaReferenceDrop(TUNED_USERS);
  const state = stateOf(drop);
  const covered = state.covering.reduce((sum, cells) => sum + (cells > 0 ? 1000 : 0), 0);
  const question: ServiceQuestion = {
    usersMilli: [new Float64Array(TUNED_USERS).fill(1000)],
    setOfPeriod: Uint8Array.of(0),
    servedAnyway: null,
    leastSinr: 1,
    targets: [{ period: 0, members: null, by: 'signal', needMilli: covered }],
  };
  const from = performance.now();
  const { before, after, passes, moves } = await tuneCells({
    state,
    question,
    mayChange: new Uint8Array(drop.cells.count).fill(1),
    limits: interferenceSchema.parse({}).tune,
  });
  const percent = (milli: number): number => milli / (10 * TUNED_USERS);
  return {
    label: '57 sectors, tuned',
    metrics: [
      info('served at 0 dB SINR before', '%', percent(before.sinrMilli[0]!)),
      { name: 'after', unit: '%', value: percent(after.sinrMilli[0]!), better: 'larger', noise: 0.005 },
      info('covered before (a target)', '%', percent(before.targetMilli[0]!)),
      info('covered after', '%', percent(after.targetMilli[0]!)),
      info('passes', '', passes),
      info('moves', '', moves),
      { name: 'search', unit: 's', value: (performance.now() - from) / 1000, better: 'smaller', noise: 0.15 },
    ],
    note: `${TUNED_USERS} users, full load; azimuth 30, tilt 4 degrees either way, power 6 dB down`,
  };
}

function info(metric: string, unit: string, value: number): Metric {
  return { name: metric, unit, value, better: 'info' };
}
