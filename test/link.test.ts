import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Findings } from '../src/input/findings.ts';
import { readLinks } from '../src/input/read-links.ts';
import { computeLink } from '../src/link.ts';
import type { LinkRequest, LinkSettings } from '../src/prediction/link-types.ts';
import { DEFAULT_LEVELS } from '../src/prediction/link-levels.ts';
import { linksCsv, linkText } from '../src/report/link-text.ts';
import { gridOf, terrainOf } from './support/grids.ts';

const request: LinkRequest = {
  id: 'A-B',
  tx: { lon: 10, lat: 50, heightM: 30 },
  rx: { lon: 10.1, lat: 50, heightM: 10 },
  model: 'p1812',
  carrier: {
    technology: 'lte',
    bandwidthMhz: 20,
    subcarrierKhz: 15,
    frequencyMhz: 900,
    eirpDbm: 60,
    ports: 1,
    boostDb: 0,
    ssbBeamDb: 0,
  },
  azimuthDeg: null,
  tiltDeg: 0,
};
const settings: LinkSettings = {
  terrain: null,
  environment: 'open',
  horizontalBeamwidthDeg: 65,
  verticalBeamwidthDeg: 10,
  indoorLossDb: 0,
  antenna: null,
  mechanicalTiltDeg: 0,
  polarisation: 'vertical',
  timePercent: 50,
  locationPercent: 50,
};
const BOX = { west: 9.9, south: 49.9, east: 10.2, north: 50.1 };

describe('one link', () => {
  it('adds up: the terms make the total, the total makes the RSRP', () => {
    const link = computeLink({ ...request, azimuthDeg: 45 }, { ...settings, indoorLossDb: 12 });
    expect(link.terms.map(({ name }) => name)).toEqual(['path loss', 'antenna pattern', 'building']);
    expect(link.terms.reduce((sum, { db }) => sum + db, 0)).toBeCloseTo(link.totalLossDb, 9);
    // LTE 20 MHz: 1200 subcarriers, 10 lg 1200 = 30.79 dB below the carrier EIRP of 60 dBm.
    expect(link.rsrpDbm).toBeCloseTo(60 - 30.7918 - link.totalLossDb, 3);
    // 45 degrees off a beam of 65: 12 (45/65)^2 = 5.75 dB; the angle down, 0.16 degrees, adds 0.003 dB.
    expect(link.terms[1]!.db).toBeCloseTo(5.75, 1);
  });

  it('states noise, SINR, RSRQ and the uplink as by hand', () => {
    const { levels, rsrpDbm, totalLossDb } = computeLink(request, settings);
    // -173.975 dBm/Hz + 10 lg 15000 + 7 = -125.21 dBm; alone on the carrier SINR is RSRP over that noise.
    expect(levels.noiseDbm).toBeCloseTo(-125.21, 1);
    expect(levels.sinrDb).toBeCloseTo(rsrpDbm + 125.21, 1);
    // One port, load 0.5: 2 + 5 elements of 12 sent, noise far below: RSRQ = -10 lg 7 = -8.45 dB.
    expect(levels.rsrqDb).toBeCloseTo(-8.45, 2);
    // 23 + 15 - loss - (-173.975 + 10 lg 900000 + 3 + 2) dB.
    const uplinkSinrDb = 38 - totalLossDb + 173.975 - 10 * Math.log10(900_000) - 5;
    expect(levels.uplinkSinrDb).toBeCloseTo(uplinkSinrDb, 2);
    expect(levels.uplinkMarginDb).toBeCloseTo(uplinkSinrDb + 4, 2);
    // An equally strong other cell at load 0.5: SINR = 10 lg 2 = 3.01 dB; RSRQ 3.01 dB lower.
    const disturbed = computeLink(request, {
      ...settings,
      levels: { ...DEFAULT_LEVELS, interferenceDbm: rsrpDbm },
    });
    expect(disturbed.levels.sinrDb).toBeCloseTo(3.01, 2);
    expect(disturbed.levels.rsrqDb).toBeCloseTo(levels.rsrqDb - 3.01, 2);
    expect(linkText(disturbed)).toContain('uplink SINR');
  });

  it('takes diffraction for SPM from the profile', () => {
    const ridge = terrainOf(
      gridOf(BOX, (lon) => (Math.abs(lon - 10.05) < 0.0004 ? 120 : 0)),
      20,
    );
    const level = computeLink({ ...request, model: 'spm' }, settings);
    const over = computeLink({ ...request, model: 'spm' }, { ...settings, terrain: ridge });
    // K4 = 0.5 of an edge 100 m above the ray in the middle of 7.1 km at 900 MHz: v = 5.8, J = 28 dB, with (54) 38 dB.
    expect(over.pathLossDb - level.pathLossDb).toBeGreaterThan(12);
    expect(over.pathLossDb - level.pathLossDb).toBeLessThan(22);
  });

  it('states the clearance of a single ridge as by hand', () => {
    // A ridge of 20 m in the middle of a level path of 7.147 km (0.1 degree at latitude 50).
    const ridge = terrainOf(
      gridOf(BOX, (lon) => (Math.abs(lon - 10.05) < 0.0004 ? 20 : 0)),
      20,
    );
    const { fresnel, distanceKm } = computeLink(request, { ...settings, terrain: ridge });
    expect(distanceKm).toBeCloseTo(7.148, 2);
    expect(fresnel.atKm).toBeCloseTo(distanceKm / 2, 1);
    // Ray 20 m up in the middle, Earth bulge (d/2)^2 / (2 * 8500 km) = 0.751 m, ridge 20 m: -0.75 m.
    expect(fresnel.clearanceM).toBeCloseTo(-0.751, 1);
    // Zone radius sqrt(0.3331 m * 7148 m / 4) = 24.4 m.
    expect(fresnel.radiusM).toBeCloseTo(24.4, 1);
  });

  it.each(['p1812', 'itm', 'hata', 'uma'] as const)('%s: its terms end in the path loss', (model) => {
    const hills = terrainOf(gridOf(BOX, (lon, lat) => 60 + 50 * Math.sin(300 * lon) * Math.cos(260 * lat)));
    const link = computeLink({ ...request, model }, { ...settings, terrain: hills });
    expect(link.modelTerms.at(-1)).toEqual({ name: 'basic transmission loss', db: link.pathLossDb });
    expect(link.pathLossDb).toBeGreaterThan(100);
    expect(link.profile.groundM).toHaveLength(link.profile.distanceKm.length);
    expect(linkText(link)).toContain('RSRP');
  });

  it('warns outside the model and still gives the number; ITM without a result says why', () => {
    const high = { ...request, carrier: { ...request.carrier, frequencyMhz: 7000 } };
    expect(computeLink(high, settings).warnings).toEqual(['p1812: frequencyMhz 7000 is outside 30..6000.']);
    const beyond = computeLink({ ...high, model: 'itm', tx: { ...request.tx, heightM: 0.3 } }, settings);
    expect(beyond.pathLossDb).toBeNaN();
    expect(beyond.warnings.join(' ')).toContain('txHeight is out of range (return code 1000)');
  });
});

describe('a table of links', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mastplan-links-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  const write = async (text: string): Promise<string> => {
    const path = join(folder, 'links.csv');
    await writeFile(path, text);
    return path;
  };

  it('reads what is given and leaves the rest to the run', async () => {
    const findings = new Findings();
    const path = await write(
      'id,tx_lon,tx_lat,rx_lon,rx_lat,frequency_mhz\nx,10,50,10.1,50,700\n,10,50,10.2,50,\n',
    );
    const links = await readLinks(path, 'links.csv', findings);
    expect(findings.all).toEqual([]);
    expect(links.map(({ id, frequencyMhz }) => [id, frequencyMhz])).toEqual([
      ['x', 700],
      ['line 3', NaN],
    ]);
    expect(links[0]!.txHeightM).toBeNaN();
  });

  it('names line and column of what is wrong', async () => {
    const findings = new Findings();
    const path = await write('tx_lon,tx_lat,rx_lon,rx_lat,tx_height_m\n10,50,10.1,95,-3\n');
    expect(await readLinks(path, 'links.csv', findings)).toEqual([]);
    expect(findings.all.map(({ feature, message }) => `${feature}: ${message}`)).toEqual([
      'line 2: rx_lat must be a latitude in degrees, got "95".',
      'line 2: tx_height_m must be above 0 and at most 3000 (metres), got "-3".',
    ]);
    await expect(readLinks(await write('lon,lat\n1,2\n'), 'links.csv', findings)).rejects.toThrow(
      'lacks the column tx_lon, tx_lat, rx_lon, rx_lat',
    );
  });

  it('writes one row a link, with texts that a spreadsheet would run defused', () => {
    const csv = linksCsv([computeLink({ ...request, id: '=cmd, "x"' }, settings)]);
    const [header = '', row = ''] = csv.split('\n');
    expect(header.split(',')).toContain('rsrp_dbm');
    expect(row.startsWith(`"'=cmd, ""x""",p1812,`)).toBe(true);
  });
});
