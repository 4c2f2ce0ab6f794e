import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AntennaFileError, filePattern, parseAntennaFile } from '../../src/radio/antenna-file.ts';
import {
  elementAttenuationDb,
  elementPattern,
  mountAntenna,
  sectorAntenna,
  TR38901_ELEMENT,
} from '../../src/radio/antenna.ts';

const macro = { horizontalBeamwidthDeg: 65, verticalBeamwidthDeg: 10, maxAttenuationDb: 30, sideLobeDb: 30 };

describe('38.901 sector', () => {
  it('falls 3 dB at half the beamwidth and 30 dB behind', () => {
    expect(elementAttenuationDb(TR38901_ELEMENT, 0, 90)).toBe(0);
    expect(elementAttenuationDb(TR38901_ELEMENT, 32.5, 90)).toBeCloseTo(3, 12);
    expect(elementAttenuationDb(TR38901_ELEMENT, 180, 90)).toBe(30);
  });

  it('turns with its azimuth: the same point seen by a turned antenna', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 359 }),
        fc.integer({ min: -180, max: 180 }),
        fc.constantFrom(0, 4),
        (azimuthDeg, offDeg, tilt) => {
          const antenna = sectorAntenna(macro, { azimuthDeg, mechanicalTiltDeg: tilt });
          const north = sectorAntenna(macro, { azimuthDeg: 0, mechanicalTiltDeg: tilt });
          const at = ((azimuthDeg + offDeg) * Math.PI) / 180;
          const off = (offDeg * Math.PI) / 180;
          expect(antenna.attenuationDb(1000 * Math.sin(at), 1000 * Math.cos(at), 30)).toBeCloseTo(
            north.attenuationDb(1000 * Math.sin(off), 1000 * Math.cos(off), 30),
            6,
          );
        },
      ),
    );
  });

  it('electrical and mechanical tilt agree straight ahead and differ to the side and behind', () => {
    const down = 100 * Math.tan((6 * Math.PI) / 180);
    const electrical = sectorAntenna(macro, { azimuthDeg: 0, mechanicalTiltDeg: 0 }, 6);
    const mechanical = sectorAntenna(macro, { azimuthDeg: 0, mechanicalTiltDeg: 6 });
    expect(electrical.attenuationDb(0, 100, down)).toBeCloseTo(0, 9);
    expect(mechanical.attenuationDb(0, 100, down)).toBeCloseTo(0, 9);
    // At 90 degrees to the side a leaning panel still looks at the horizon: only the horizontal cut is left.
    expect(mechanical.attenuationDb(100, 0, 0)).toBeCloseTo(12 * (90 / 65) ** 2, 1);
    expect(electrical.attenuationDb(100, 0, 0)).toBeCloseTo(12 * (90 / 65) ** 2 + 12 * 0.6 ** 2, 9);
  });
});

const rows = (value: (degree: number) => string): string =>
  Array.from({ length: 360 }, (_, degree) => `${degree} ${value(degree)}`).join('\n');
const cosineDb = (degree: number): string => (10 * (1 - Math.cos((degree * Math.PI) / 180))).toFixed(2);
const msi = `NAME K-80010\nFREQUENCY 1850\nGAIN 15.00 dBd\nTILT ELECTRICAL\nHORIZONTAL 360\n${rows(cosineDb)}\nVERTICAL 360\n${rows(cosineDb)}\n`;

describe('MSI files', () => {
  it('reads header and cuts; dBd becomes dBi', () => {
    const file = parseAntennaFile(msi);
    expect(file.name).toBe('K-80010');
    expect(file.gainDbi).toBeCloseTo(17.15, 12);
    expect(file.frequencyMhz).toBe(1850);
    expect(file.horizontalDb[90]).toBe(10);
    expect(parseAntennaFile(msi.replace('15.00 dBd', '17.5 dBi')).gainDbi).toBe(17.5);
  });

  it('gives back each cut in its own plane', () => {
    const file = parseAntennaFile(msi);
    const pattern = filePattern(file);
    for (const degree of [-170, -45, 0, 30.5, 120, 180]) {
      const low = Math.floor(degree);
      const at = (d: number): number => file.horizontalDb[((d % 360) + 360) % 360]!;
      const expected = at(low) * (1 - (degree - low)) + at(low + 1) * (degree - low);
      expect(pattern(degree, 90)).toBeCloseTo(expected, 9);
    }
    expect(pattern(0, 90 + 25)).toBeCloseTo(file.verticalDb[25]!, 9);
    expect(pattern(180, 90 + 25)).toBeCloseTo(file.verticalDb[155]!, 9);
    const mounted = mountAntenna(pattern, { azimuthDeg: 90, mechanicalTiltDeg: 0 });
    expect(mounted.attenuationDb(500, 0, 0)).toBeCloseTo(0, 9);
  });

  it('a pattern of 359 rows is one clear error', () => {
    const short = msi.replace('\n200 ', '\n#');
    expect(() => parseAntennaFile(short.replace(/#.*\n/, ''))).toThrow(
      'line 5: HORIZONTAL must have 360 rows, one per degree; found 359 (first missing: 200 degrees).',
    );
    expect(() => parseAntennaFile(msi.replace('HORIZONTAL 360', 'HORIZONTAL 359'))).toThrow(/says 359/);
  });

  it.each([
    ['an angle that stands twice', msi.replace('\n200 ', '\n199 '), /twice/],
    ['a word for a number', msi.replace('\n200 ', '\n200 x'), /two numbers/],
    ['no vertical cut', msi.slice(0, msi.indexOf('VERTICAL')), /no VERTICAL 360 block/],
  ])('%s is an error with its line', (_, text, message) => {
    expect(() => parseAntennaFile(text)).toThrow(AntennaFileError);
    expect(() => parseAntennaFile(text)).toThrow(message);
  });
});

describe('pattern kernel', () => {
  it('elementPattern equals the formula', () => {
    expect(elementPattern(macro, 4)(20, 97)).toBe(elementAttenuationDb(macro, 20, 97, 4));
  });
});
