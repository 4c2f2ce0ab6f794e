import { Option, type Command } from 'commander';
import { InputError } from '../errors.ts';
import { DEFAULT_LEVELS } from '../prediction/link-levels.ts';
import type { Environment } from '../radio/model.ts';
import { MODEL_IDS } from '../radio/model-ids.ts';
import type { RadioTechnology } from '../radio/resource-grid.ts';

/** Flags of `mastplan link`, checked by the command line's parser. */
export interface LinkFlags {
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

/** Adds every flag of `mastplan link` to a command. */
export function withLinkFlags(command: Command): Command {
  return command
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
    .option('--json', 'all terms and profiles as one JSON document on stdout');
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
