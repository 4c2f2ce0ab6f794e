import { Command, Option } from 'commander';
import { resolve } from 'node:path';
import { formatFinding, InputError } from '../errors.ts';
import { Findings } from '../input/findings.ts';
import { readAntenna } from '../input/read-antenna.ts';
import { readLinks, type LinkRow } from '../input/read-links.ts';
import { boxAround } from '../input/terrain/area.ts';
import { checkSitesOnGround, checkMastHeights } from '../input/terrain/ground-findings.ts';
import { loadTerrain, type LoadedTerrain } from '../input/terrain/load-layers.ts';
import { computeLink, type LinkRequest, type LinkResult, type LinkSettings } from '../link.ts';
import { DEFAULT_LEVELS } from '../prediction/link-levels.ts';
import type { Environment } from '../radio/model.ts';
import { MODEL_IDS, type ModelId } from '../radio/models.ts';
import type { RadioTechnology } from '../radio/resource-grid.ts';
import { writeFileAtomic } from '../report/atomic.ts';
import { jsonText } from '../report/json-text.ts';
import { linksCsv, linkText } from '../report/link-text.ts';

const EXAMPLES = `
Examples:
  mastplan link --tx -0.10,51.45 --rx -0.05,51.48 --frequency 700 --model p1812 --terrain dem.tif
  mastplan link links.csv --terrain tiles/ --model itm --json
  mastplan link links.csv --csv results.csv

Columns of a table: tx_lon, tx_lat, rx_lon, rx_lat and, where a link differs from the flags, id, tx_height_m, rx_height_m,
frequency_mhz, eirp_dbm, azimuth_deg, tilt_deg, model.`;

interface Options {
  readonly tx?: readonly [number, number];
  readonly rx?: readonly [number, number];
  readonly txHeight: number;
  readonly rxHeight: number;
  readonly frequency: number;
  readonly eirp: number;
  readonly bandwidth: number;
  readonly technology: RadioTechnology;
  readonly subcarrier: number;
  readonly ports: number;
  readonly model: string;
  readonly environment: Environment;
  readonly azimuth?: number;
  readonly tilt: number;
  readonly horizontalBeamwidth: number;
  readonly verticalBeamwidth: number;
  readonly antenna?: string;
  readonly mechanicalTilt: number;
  readonly indoorLoss: number;
  readonly polarisation: 'horizontal' | 'vertical';
  readonly time: number;
  readonly location: number;
  readonly terrain?: string;
  readonly clutter?: string;
  readonly crs?: string;
  readonly step?: number;
  readonly noiseFigure: number;
  readonly load: number;
  readonly interference?: number;
  readonly handsetPower: number;
  readonly baseGain: number;
  readonly baseNoiseFigure: number;
  readonly uplinkBlocks: number;
  readonly uplinkSinr: number;
  readonly json?: boolean;
  readonly csv?: string;
}

/** `mastplan link [table]`: one link or a table of links, term by term. */
export function linkCommand(): Command {
  return new Command('link')
    .description('One radio link or a table of links, term by term.')
    .argument('[table]', 'CSV of links')
    .option('--tx <lon,lat>', 'transmitter', positionOf('--tx'))
    .option('--rx <lon,lat>', 'receiver', positionOf('--rx'))
    .option('--tx-height <metres>', 'transmitting antenna above ground', numberIn('--tx-height', 0, 3000), 30)
    .option('--rx-height <metres>', 'receiving antenna above ground', numberIn('--rx-height', 0, 3000), 1.5)
    .option('--frequency <mhz>', 'carrier frequency', numberIn('--frequency', 0, 100_000), 1800)
    .option('--model <name>', `propagation model: ${MODEL_IDS.join(', ')}`, 'p1812')
    .addOption(
      new Option('--environment <name>', 'for models with an environment')
        .choices(['large-city', 'medium-city', 'suburban', 'open'])
        .default('medium-city'),
    )
    .option('--terrain <file>', 'heights: GeoTIFF, .hgt or a folder of tiles (default: level ground)')
    .option('--clutter <file>', 'land-cover classes: GeoTIFF with ESA WorldCover codes')
    .option('--crs <name>', 'coordinate system of the terrain, where it names none')
    .option('--step <metres>', 'longest step between profile points', numberIn('--step', 0, 100_000))
    .option('--eirp <dbm>', 'total carrier EIRP at boresight', numberIn('--eirp', -150, 150), 62)
    .addOption(new Option('--technology <name>', 'radio technology').choices(['lte', 'nr']).default('lte'))
    .option('--bandwidth <mhz>', 'carrier bandwidth', numberIn('--bandwidth', 0, 2000), 20)
    .option('--subcarrier <khz>', 'subcarrier spacing', numberIn('--subcarrier', 0, 960), 15)
    .option('--ports <count>', 'antenna ports that share the EIRP', numberIn('--ports', 0, 64), 1)
    .option('--azimuth <degrees>', 'boresight of a sector (default: omni)', numberIn('--azimuth', -361, 360))
    .option('--tilt <degrees>', 'electrical downtilt', numberIn('--tilt', -91, 90), 0)
    .option(
      '--horizontal-beamwidth <degrees>',
      'of the sector',
      numberIn('--horizontal-beamwidth', 0, 360),
      65,
    )
    .option('--vertical-beamwidth <degrees>', 'of the sector', numberIn('--vertical-beamwidth', 0, 360), 10)
    .option('--antenna <file>', 'MSI / Planet pattern of the sector; stands in for both beamwidths')
    .option(
      '--mechanical-tilt <degrees>',
      'how far the panel leans',
      numberIn('--mechanical-tilt', -91, 90),
      0,
    )
    .option('--indoor-loss <db>', 'loss into the building', numberIn('--indoor-loss', -1, 100), 0)
    .addOption(new Option('--polarisation <name>').choices(['horizontal', 'vertical']).default('vertical'))
    .option('--time <percent>', 'share of time the loss is not exceeded', numberIn('--time', 0, 99.999), 50)
    .option(
      '--location <percent>',
      'share of locations the loss is not exceeded',
      numberIn('--location', 0, 99.999),
      50,
    )
    .option(
      '--noise-figure <db>',
      "noise figure of the user's device",
      numberIn('--noise-figure', -1, 50),
      DEFAULT_LEVELS.noiseFigureDb,
    )
    .option(
      '--load <share>',
      'share of resource elements cells use for data',
      numberIn('--load', -0.001, 1),
      DEFAULT_LEVELS.load,
    )
    .option(
      '--interference <dbm>',
      'RSRP of all other cells on the carrier together (default: none)',
      numberIn('--interference', -250, 100),
    )
    .option(
      '--handset-power <dbm>',
      'uplink: power of the handset',
      numberIn('--handset-power', -50, 60),
      DEFAULT_LEVELS.handsetPowerDbm,
    )
    .option(
      '--base-gain <dbi>',
      'uplink: base antenna less feeder',
      numberIn('--base-gain', -50, 60),
      DEFAULT_LEVELS.baseGainDbi,
    )
    .option(
      '--base-noise-figure <db>',
      'uplink: noise figure of the base station',
      numberIn('--base-noise-figure', -1, 50),
      DEFAULT_LEVELS.baseNoiseFigureDb,
    )
    .option(
      '--uplink-blocks <count>',
      'uplink: resource blocks granted',
      numberIn('--uplink-blocks', 0, 275),
      DEFAULT_LEVELS.uplinkBlocks,
    )
    .option(
      '--uplink-sinr <db>',
      'uplink: SINR that is needed',
      numberIn('--uplink-sinr', -31, 50),
      DEFAULT_LEVELS.uplinkSinrDb,
    )
    .option('--csv <file>', 'write the results as a table')
    .option('--json', 'all terms and profiles as one JSON document on stdout')
    .addHelpText('after', EXAMPLES)
    .action(runLink);
}

async function runLink(table: string | undefined, options: Options): Promise<void> {
  const findings = new Findings();
  const rows = table === undefined ? [rowOfFlags(options)] : await readLinks(resolve(table), table, findings);
  const requests = rows.map((row) => requestOf(row, options, table, findings));
  findings.throwIfErrors();
  const terrain = await terrainOf(options, requests, table ?? 'the flags', findings);
  findings.throwIfErrors();
  const antenna = options.antenna === undefined ? null : (await readAntenna(options.antenna)).antenna;
  const settings: LinkSettings = {
    antenna,
    mechanicalTiltDeg: options.mechanicalTilt,
    terrain: terrain?.layer ?? null,
    environment: options.environment,
    horizontalBeamwidthDeg: options.horizontalBeamwidth,
    verticalBeamwidthDeg: options.verticalBeamwidth,
    indoorLossDb: options.indoorLoss,
    polarisation: options.polarisation,
    timePercent: options.time,
    levels: {
      ...DEFAULT_LEVELS,
      noiseFigureDb: options.noiseFigure,
      load: options.load,
      interferenceDbm: options.interference ?? null,
      handsetPowerDbm: options.handsetPower,
      baseGainDbi: options.baseGain,
      baseNoiseFigureDb: options.baseNoiseFigure,
      uplinkBlocks: options.uplinkBlocks,
      uplinkSinrDb: options.uplinkSinr,
    },
    locationPercent: options.location,
  };
  const links = requests.map((request) => computeLink(request, settings));
  for (const note of terrain?.warnings ?? []) process.stderr.write(`${note}\n`);
  for (const finding of findings.all) process.stderr.write(`${formatFinding(finding)}\n`);
  if (options.csv !== undefined) await writeFileAtomic(options.csv, linksCsv(links));
  if (options.json === true) process.stdout.write(jsonText(linksJson(links)));
  else if (options.csv === undefined) process.stdout.write(links.map(linkText).join('\n'));
}

function linksJson(links: readonly LinkResult[]): object {
  return { format: 'mastplan-links', version: 1, links };
}

function rowOfFlags({ tx, rx }: Options): LinkRow {
  if (tx === undefined || rx === undefined) {
    throw new InputError('give --tx and --rx, or a table of links.', { code: 'link-without-ends' });
  }
  const own = {
    txHeightM: NaN,
    rxHeightM: NaN,
    frequencyMhz: NaN,
    eirpDbm: NaN,
    azimuthDeg: NaN,
    tiltDeg: NaN,
  };
  return { id: 'link', line: 0, txLon: tx[0], txLat: tx[1], rxLon: rx[0], rxLat: rx[1], ...own, model: null };
}

function requestOf(
  row: LinkRow,
  options: Options,
  table: string | undefined,
  findings: Findings,
): LinkRequest {
  const either = (value: number, otherwise: number): number => (Number.isNaN(value) ? otherwise : value);
  const place = table === undefined ? {} : { file: table, feature: `line ${row.line}` };
  const model = row.model ?? options.model;
  if (!(MODEL_IDS as readonly string[]).includes(model)) {
    findings.error(`there is no model "${model}".`, {
      code: 'model-unknown',
      ...place,
      hint: `Models: ${MODEL_IDS.join(', ')}.`,
    });
  }
  if (row.txLon === row.rxLon && row.txLat === row.rxLat) {
    findings.error('both ends are one place.', { code: 'link-without-length', ...place });
  }
  const azimuthDeg = either(row.azimuthDeg, options.azimuth ?? NaN);
  return {
    id: row.id,
    tx: { lon: row.txLon, lat: row.txLat, heightM: either(row.txHeightM, options.txHeight) },
    rx: { lon: row.rxLon, lat: row.rxLat, heightM: either(row.rxHeightM, options.rxHeight) },
    model: model as ModelId,
    carrier: {
      technology: options.technology,
      bandwidthMhz: options.bandwidth,
      subcarrierKhz: options.subcarrier,
      frequencyMhz: either(row.frequencyMhz, options.frequency),
      eirpDbm: either(row.eirpDbm, options.eirp),
      ports: options.ports,
      boostDb: 0,
      ssbBeamDb: 0,
    },
    azimuthDeg: Number.isNaN(azimuthDeg) ? null : azimuthDeg,
    tiltDeg: either(row.tiltDeg, options.tilt),
  };
}

/** Reads the terrain around all ends and says which of them do not stand on it. */
async function terrainOf(
  options: Options,
  requests: readonly LinkRequest[],
  file: string,
  findings: Findings,
): Promise<LoadedTerrain | null> {
  const ends = {
    file,
    ids: requests.flatMap(({ id }) => [`${id}, transmitter`, `${id}, receiver`]),
    lon: requests.flatMap(({ tx, rx }) => [tx.lon, rx.lon]),
    lat: requests.flatMap(({ tx, rx }) => [tx.lat, rx.lat]),
    heightM: requests.flatMap(({ tx, rx }) => [tx.heightM, rx.heightM]),
  };
  if (options.terrain === undefined) {
    if (options.clutter !== undefined) {
      throw new InputError('--clutter needs --terrain.', { code: 'clutter-without-terrain' });
    }
    checkMastHeights(ends, findings);
    return null;
  }
  const loaded = await loadTerrain(
    {
      terrain: {
        file: options.terrain,
        ...(options.crs !== undefined && { crs: options.crs }),
        ...(options.step !== undefined && { stepM: options.step }),
      },
      ...(options.clutter !== undefined && { clutter: { file: options.clutter } }),
    },
    (path) => resolve(path),
    boxAround(ends.lon, ends.lat, 1000),
  );
  checkSitesOnGround(ends, { grid: loaded.layer.grid, file: loaded.file }, findings);
  return loaded;
}

function positionOf(flag: string): (text: string) => [number, number] {
  return (text) => {
    const [lon = NaN, lat = NaN, ...more] = text
      .split(',')
      .map((part) => (part.trim() === '' ? NaN : Number(part)));
    if (more.length === 0 && Math.abs(lon) <= 180 && Math.abs(lat) <= 90) return [lon, lat];
    throw new InputError(`${flag} must be lon,lat in degrees, got "${text}".`, { code: 'flag-value' });
  };
}

/** A number above `min` and at most `max`. */
function numberIn(flag: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value > min && value <= max) return value;
    throw new InputError(`${flag} must be a number above ${min} and at most ${max}, got "${text}".`, {
      code: 'flag-value',
    });
  };
}
