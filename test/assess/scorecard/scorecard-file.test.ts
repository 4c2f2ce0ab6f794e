import { describe, expect, it } from 'vitest';
import { parseScorecard } from '../../../src/assess/scorecard/scorecard-file.ts';
import { csvRows } from '../../../src/assess/scorecard/tables.ts';
import { InputError } from '../../../src/errors.ts';
import { Findings } from '../../../src/input/findings.ts';

const read = (text: string, file = 'scorecard.yaml') => parseScorecard(text, file, new Findings());

describe('parseScorecard', () => {
  it('changes shipped indicators by id, keeps the rest and adds new ones', () => {
    const card = read(`
tables: { tickets: tickets.csv }
timeZone: Europe/Dublin
indicators:
  - { id: response-time, target: 20, owner: Care }
  - { id: drop-rate, name: Dropped calls, direction: down, target: 0.5, values: { 2026-Q1: 0.7, 2025-Q4: 0.9 } }
`);
    expect(card.indicators).toHaveLength(11);
    expect(card.indicators.find(({ id }) => id === 'response-time')).toMatchObject({
      target: 20,
      owner: 'Care',
      unit: 's',
      direction: 'down',
    });
    expect(card.indicators.at(-1)?.values).toEqual([
      { quarter: 2025 * 4 + 3, value: 0.9 },
      { quarter: 2026 * 4, value: 0.7 },
    ]);
    expect(card.tables).toEqual({ tickets: 'tickets.csv' });
  });

  it.each([
    ['indicators:\n  - { id: x }', 'has no target'],
    ['indicatorz: []', 'Did you mean "indicators"?'],
    ['indicators:\n  - { id: x, target: 1, values: { 2026-1: 3 } }', '2026-Q1'],
    ['indicators:\n  - { id: x, target: 1, deadline: 2026-13-01 }', 'must be a date'],
    ['indicators:\n  - { id: x, target: 1 }\n  - { id: x, target: 2 }', 'same id'],
  ])('explains what is wrong in %j', (text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });

  it('reads plain values from CSV; an empty value is no value', () => {
    const card = read(
      'id,period,value,target,unit\nself-service,2026-Q1,81,,\nself-service,2026-Q2,,,\nrepair,2026-Q1,4,3,h\n',
      'card.csv',
    );
    expect(card.indicators.find(({ id }) => id === 'self-service')?.values).toEqual([
      { quarter: 2026 * 4, value: 81 },
    ]);
    expect(card.indicators.at(-1)).toMatchObject({ id: 'repair', target: 3, unit: 'h', measure: 'given' });
  });

  it('names the line of a bad CSV value', () => {
    expect(() => read('id,period,value\nself-service,2026-Q1,many\n', 'card.csv')).toThrow('line 2');
  });
});

describe('csvRows', () => {
  it('reads quotes, line breaks in cells, ragged rows, CRLF, a BOM and an empty text', () => {
    expect(csvRows('\uFEFFa,b\r\n"x, ""y""","1\n2"\r\n\r\n3\r\n,4,5')).toEqual([
      ['a', 'b'],
      ['x, "y"', '1\n2'],
      ['3'],
      ['', '4', '5'],
    ]);
    expect(csvRows('')).toEqual([]);
  });
});
