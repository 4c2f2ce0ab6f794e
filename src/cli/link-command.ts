import { Command } from 'commander';
import { resolve } from 'node:path';
import { formatFinding, InputError } from '../errors.ts';
import { Findings } from '../input/findings.ts';
import { readAntenna } from '../input/read-antenna.ts';
import { readLinks, type LinkRow } from '../input/read-links.ts';
import { boxAround } from '../input/terrain/area.ts';
import { checkSitesOnGround, checkMastHeights } from '../input/terrain/ground-findings.ts';
import { loadTerrain, type LoadedTerrain } from '../input/terrain/load-layers.ts';
import { computeLink } from '../link.ts';
import type { LinkRequest, LinkResult, LinkSettings } from '../prediction/link-types.ts';
import { DEFAULT_LEVELS } from '../prediction/link-levels.ts';
import { MODEL_IDS, type ModelId } from '../radio/model-ids.ts';
import { writeFileAtomic } from '../report/atomic.ts';
import { jsonText } from '../report/json-text.ts';
import { linksCsv, linkText } from '../report/link-text.ts';
import { withLinkFlags, type LinkFlags } from './link-flags.ts';

const EXAMPLES = `
Examples:
  mastplan link --tx -0.10,51.45 --rx -0.05,51.48 --frequency 700 --model p1812 --terrain dem.tif
  mastplan link links.csv --terrain tiles/ --model itm --json
  mastplan link links.csv --csv results.csv

Columns of a table: tx_lon, tx_lat, rx_lon, rx_lat and, where a link differs from the flags, id, tx_height_m, rx_height_m,
frequency_mhz, eirp_dbm, azimuth_deg, tilt_deg, model.`;

/** `mastplan link [table]`: one link or a table of links, term by term. */
export function linkCommand(): Command {
  const command = new Command('link')
    .description('One radio link or a table of links, term by term.')
    .argument('[table]', 'CSV of links');
  return withLinkFlags(command).addHelpText('after', EXAMPLES).action(runLink);
}

async function runLink(table: string | undefined, options: LinkFlags): Promise<void> {
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

function rowOfFlags({ tx, rx }: LinkFlags): LinkRow {
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
  options: LinkFlags,
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
  options: LinkFlags,
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
