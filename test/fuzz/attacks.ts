/** Attacks on parsers that are known by name: depth, counts, expansion, repetition. */
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const deep = `${'['.repeat(1e6)}${']'.repeat(1e6)}`;
const deepKeys = `${'{"a":'.repeat(1e6)}1${'}'.repeat(1e6)}`;
const collection = (feature: string): string => `{"type":"FeatureCollection","features":[${feature}]}`;
const nestedWkb = (): Uint8Array => {
  const bytes = new Uint8Array(9e6);
  for (let at = 0; at < bytes.length; at += 9) bytes.set([1, 7, 0, 0, 0, 1, 0, 0, 0], at);
  return bytes;
};
const manyKeys = Array.from({ length: 50_000 }, (_, index) => `key${index}: 1`).join('\n');
const laughs = ['a: &a [x,x,x,x,x,x,x,x,x,x]', ...'bcdefghij'].map((name, index) =>
  index === 0
    ? name
    : `${name}: &${name} [${Array(10)
        .fill(`*${String.fromCharCode(96 + index)}`)
        .join(',')}]`,
);
/** What is tried, target, the file. */
export const ATTACKS: readonly (readonly [string, string, () => Uint8Array])[] = [
  ['a million nested arrays', 'features', () => encode(collection(deep))],
  ['a million nested objects', 'features', () => encode(collection(`{"properties":${deepKeys}}`))],
  ['a million nested arrays', 'scenario', () => encode(`demand: ${deep}`)],
  ['nested blocks', 'scenario', () => encode(`${'- '.repeat(20_000)}1`)],
  ['a million nested objects', 'scenario', () => encode(deepKeys)],
  ['aliases that multiply', 'scenario', () => encode(laughs.join('\n'))],
  ['50,000 unknown keys', 'scenario', () => encode(manyKeys)],
  ['a key of a megabyte', 'scenario', () => encode(`${'k'.repeat(1e6)}: 1`)],
  ['a million nested arrays', 'json', () => encode(`{"sites":${deep}}`)],
  ['10^9 sites and rows', 'scp', () => encode('1000000000 1000000000\n1 1\n')],
  ['10^9 columns in a row', 'scp', () => encode('2 2\n1 1\n1000000000 1\n')],
  ['10^9 rows in a column', 'rail', () => encode('1000000000 1000000000\n1 1000000000 1\n')],
  ['10^9 facilities', 'planar', () => encode('1000000000 1000000000\nF 0 1 1 1 1\n')],
  ['10^9 nodes', 'mclp-lonlat', () => encode('1000000000 1\n45 25 1\n')],
  [
    'an index of 10^9',
    'json',
    () =>
      encode(
        '{"sites":[{"id":"a","cost":1,"covers":[1000000000]}],"demand":{"all":[1]},"targets":[{"share":1}]}',
      ),
  ],
  ['a million nested collections', 'wkb', nestedWkb],
  ['4 * 10^9 positions', 'wkb', () => Uint8Array.of(1, 2, 0, 0, 0, 255, 255, 255, 255)],
  ['a million quotes', 'scorecardTable', () => encode(`id,period,value\n${'"'.repeat(1e6 + 1)}`)],
  ['an empty first name', 'scorecardTable', () => encode(',id,period,value\n1,a,2026-Q1,3\n')],
  ['a million nested arrays', 'model', () => encode(deep)],
  ['a million digits', 'time', () => encode('9'.repeat(1e6))],
  ['a million blanks', 'time', () => encode(`2026${' '.repeat(1e6)}x`)],
  ['a million blanks', 'antenna', () => encode(`HORIZONTAL 360\n${' '.repeat(1e6)}x\n`)],
];
