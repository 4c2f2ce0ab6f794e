import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { readInstance, type InstanceOptions } from '../../../src/input/instance/read-instance.ts';

const folder = mkdtempSync(join(tmpdir(), 'mastplan-bad-'));
afterAll(() => rmSync(folder, { recursive: true }));

const share = { numerator: 19, denominator: 20 };
const json = (extra: object, drop: readonly string[] = []): string => {
  const good: Record<string, unknown> = {
    sites: [
      { id: 'a', cost: 1, covers: [0, 1] },
      { id: 'b', cost: 2, covers: [1] },
    ],
    demand: { day: [3, 4] },
    targets: [{ period: 'day', share: 0.5 }],
    ...extra,
  };
  return JSON.stringify(Object.fromEntries(Object.entries(good).filter(([key]) => !drop.includes(key))));
};

interface Case {
  readonly what: string;
  readonly content: string | Uint8Array;
  readonly options?: InstanceOptions;
  readonly says: string;
}

const cases: readonly Case[] = [
  { what: 'empty file', content: '', says: 'the file is empty' },
  {
    what: 'binary',
    content: Uint8Array.from({ length: 300 }, (_, i) => (i * 73) & 255),
    says: 'format cannot be told',
  },
  { what: 'broken gzip', content: gzipSync('2 3\n1 1 1').subarray(0, 14), says: 'gzip stream is broken' },
  { what: 'cut gzip', content: gzipSync('x'.repeat(99)).subarray(0, 22), says: 'gzip stream is broken' },
  { what: 'prose', content: 'hello world\n', says: 'format cannot be told' },
  { what: 'scp cut short', content: '2 3\n1 1 1\n2 1 2\n2 1', says: 'file ends inside row 2' },
  {
    what: 'scp with a column that is not there',
    content: '2 3\n1 1 1\n2 1 4\n1 1\n',
    says: 'row 1 lists column 4; there are columns 1 to 3',
  },
  {
    what: 'scp with cost 0',
    content: '1 2\n0 1\n1 1\n',
    options: { format: 'scp' },
    says: 'the cost of column 1 must be greater than 0',
  },
  {
    what: 'scp with numbers left over',
    content: '1 2\n1 1\n1 1\n7 7',
    options: { format: 'scp' },
    says: '2 numbers are left over',
  },
  {
    what: 'scp listing a column twice',
    content: '1 2\n1 1\n2 1 1\n',
    options: { format: 'scp' },
    says: 'row 1 lists column 1 twice',
  },
  { what: 'scp with a word', content: '1 2\n1 one\n1 1\n', says: 'line 2: "one" is not a number' },
  { what: 'scp promising too much', content: '2000000000 2000000000\n1\n', says: 'the header says' },
  {
    what: 'rail cut short',
    content: '2 2\n1 1 1\n2 1',
    options: { format: 'rail' },
    says: 'file ends inside column 2',
  },
  {
    what: 'rail with row 0',
    content: '2 1\n1 1 0\n',
    options: { format: 'rail' },
    says: 'column 1 lists row 0',
  },
  { what: 'fits scp and rail', content: '1 1\n1\n1 1\n', says: 'Say which with --format' },
  {
    what: 'bds without radius',
    content: '1 1\nF 0 1 1 5\nC 0 1 1 3\n',
    options: { share },
    says: 'Give it with --radius',
  },
  {
    what: 'planar with a radius given',
    content: '1 1\nF 0 1 1 5 2\nC 0 1 1 3\n',
    options: { share, radius: 1 },
    says: 'has a radius of its own',
  },
  {
    what: 'planar without a goal',
    content: '1 1\nF 0 1 1 5 2\nC 0 1 1 3\n',
    says: 'nothing about what to reach',
  },
  {
    what: 'planar with fewer lines than promised',
    content: '1 2\nF 0 1 1 5 2\nC 0 1 1 3\n',
    options: { share },
    says: 'promises 1 sites and 2 customers',
  },
  {
    what: 'planar with an odd line',
    content: '1 1\nF 0 1 1 5 2\nX 0 1 1 3\n',
    options: { share },
    says: 'line 3: a line must begin with F or C',
  },
  {
    what: 'planar with a short line',
    content: '1 1\nF 0 1 1 5 2\nC 0 1 1\n',
    options: { share },
    says: 'must have 5 fields, got 4',
  },
  {
    what: 'planar with NaN',
    content: '1 1\nF 0 NaN 1 5 2\nC 0 1 1 3\n',
    options: { share },
    says: 'line 2: x must be a number, got "NaN"',
  },
  {
    what: 'planar with negative users',
    content: '1 1\nF 0 1 1 5 2\nC 0 1 1 -3\n',
    options: { share },
    says: 'users must be 0 or more',
  },
  {
    what: 'planar with radius 0',
    content: '1 1\nF 0 1 1 5 0\nC 0 1 1 3\n',
    options: { share },
    says: 'radius must be greater than 0',
  },
  {
    what: 'planar with a repeated id',
    content: '2 1\nF 0 1 1 5 2\nF 0 1 1 5 2\nC 0 1 1 3\n',
    options: { share },
    says: 'site id "0" stands twice',
  },
  {
    what: 'F lines of a strange length',
    content: '1 1\nF 0 1 1\nC 0 1 1 3\n',
    options: { share },
    says: 'neither 5 nor 6 fields',
  },
  {
    what: 'nodes that may be degrees or not',
    content: '2 9 0\n1.5 1.5 3\n30.5 40.5 3\n',
    options: { share, radius: 1 },
    says: 'Say which with --format',
  },
  {
    what: 'nodes with latitude 91',
    content: '1 9 0\n91 0 3\n',
    options: { share, radius: 1, format: 'mclp-lonlat' },
    says: 'latitude 91 is outside',
  },
  {
    what: 'nodes of two fields',
    content: '1 9 0\n1 2\n',
    options: { share, radius: 1, format: 'mclp' },
    says: 'must have 3 fields',
  },
  {
    what: 'fewer nodes than promised',
    content: '3 9 0\n1 2 3\n',
    options: { share, radius: 1 },
    says: 'promises 3 nodes, the file has 1',
  },
  {
    what: 'share and budget',
    content: json({}),
    options: { share, budgetSites: 2 },
    says: 'cannot both be asked for',
  },
  {
    what: '--of without --share',
    content: json({}),
    options: { of: 'reachable' },
    says: '--share is missing',
  },
  {
    what: 'JSON with a radius',
    content: json({}),
    options: { radius: 3 },
    says: 'a radius has no meaning here',
  },
  { what: 'JSON cut short', content: json({}).slice(0, 40), says: 'ends before the document does' },
  { what: 'JSON without sites', content: json({}, ['sites']), says: '"sites" is missing' },
  { what: 'JSON with no site', content: json({ sites: [] }), says: 'there is no site' },
  { what: 'JSON without periods', content: json({ demand: {} }), says: 'demand has no period' },
  { what: 'JSON without a goal', content: json({}, ['targets']), says: 'nothing about what to reach' },
  {
    what: 'JSON of another format',
    content: json({ format: 'geojson' }),
    says: 'format must be "mastplan-instance"',
  },
  { what: 'JSON of a later version', content: json({ version: 2 }), says: 'version 2 is not known' },
  { what: 'JSON with a mistyped key', content: json({ conflict: [] }), says: 'did you mean "conflicts"?' },
  { what: 'JSON with a repeated key', content: '{"sites":[],"sites":[]}', says: '"sites" stands twice' },
  {
    what: 'JSON covering demand that is not there',
    content: json({ sites: [{ id: 'a', cost: 1, covers: [2] }] }),
    says: 'covers demand 2; there are 2, numbered from 0',
  },
  {
    what: 'JSON covering demand -1',
    content: json({ sites: [{ id: 'a', cost: 1, covers: [-1] }] }),
    says: 'sites[0].covers[0]',
  },
  {
    what: 'JSON covering twice',
    content: json({ sites: [{ id: 'a', cost: 1, covers: [1, 1] }] }),
    says: 'covers demand 1 twice',
  },
  {
    what: 'JSON with cost 0',
    content: json({ sites: [{ id: 'a', cost: 0, covers: [1] }] }),
    says: 'cost must be greater than 0',
  },
  {
    what: 'JSON with a cost in words',
    content: json({ sites: [{ id: 'a', cost: 'x', covers: [1] }] }),
    says: 'expected a cost greater than 0, found the text "x"',
  },
  {
    what: 'JSON site without covers',
    content: json({ sites: [{ id: 'a', cost: 1 }] }),
    says: '"covers" is missing',
  },
  {
    what: 'JSON with ids alike',
    content: json({
      sites: [
        { id: 'a', cost: 1, covers: [] },
        { id: 'a', cost: 1, covers: [] },
      ],
    }),
    says: 'site id "a" stands twice',
  },
  {
    what: 'JSON with an existing site',
    content: json({ sites: [{ id: 'a', cost: 1, covers: [0], status: 'existing' }] }),
    says: 'act through servedToday',
  },
  {
    what: 'JSON with a conflict of one',
    content: json({ conflicts: [[1]] }),
    says: 'two different site indices',
  },
  {
    what: 'JSON with a conflict beyond the sites',
    content: json({ conflicts: [[0, 9]] }),
    says: 'a conflict names site 9',
  },
  {
    what: 'JSON with periods of unlike length',
    content: json({ demand: { day: [1, 2], night: [1] } }),
    says: 'demand "night" 1',
  },
  { what: 'JSON with negative users', content: json({ demand: { day: [1, -2] } }), says: 'demand.day[1]' },
  {
    what: 'JSON with users too fine',
    content:
      '{"sites":[{"id":"a","cost":1,"covers":[0]}],"demand":{"d":[0.1234567891]},"targets":[{"share":1}]}',
    says: 'at most 9 decimals',
  },
  {
    what: 'JSON with users beyond counting',
    content: json({ demand: { day: [9e15, 9e15] } }),
    says: 'sum to more than can be counted exactly',
  },
  {
    what: 'JSON served today of another length',
    content: json({ servedToday: { day: [1] } }),
    says: 'servedToday "day" has 1 entries',
  },
  {
    what: 'JSON served today of an unknown period',
    content: json({ servedToday: { dusk: [1, 0] } }),
    says: 'names a period "dusk"',
  },
  {
    what: 'JSON served today as 2',
    content: json({ servedToday: { day: [2, 0] } }),
    says: 'expected 0 or 1, found 2',
  },
  {
    what: 'JSON with targets and phases',
    content: json({ phases: [] }),
    says: '"targets" and "phases" stand side by side',
  },
  {
    what: 'JSON with targets and a budget',
    content: json({ budget: { sites: 1 } }),
    says: 'a budget stands beside targets',
  },
  {
    what: 'JSON with an empty phase',
    content: json({ phases: [{ name: 'p', targets: [] }] }, ['targets']),
    says: 'phase "p" has no target',
  },
  {
    what: 'JSON with share 1.2',
    content: json({ targets: [{ share: 1.2 }] }),
    says: 'share must be above 0 and at most 1',
  },
  {
    what: 'JSON with share 95',
    content: json({ targets: [{ share: '95 %' }] }),
    says: 'share must be above 0 and at most 1',
  },
  {
    what: 'JSON with an unknown period',
    content: json({ targets: [{ period: 'dusk', share: 1 }] }),
    says: 'names period "dusk"; there are day',
  },
  {
    what: 'JSON with a region of nobody',
    content: json({ targets: [{ region: 'R', share: 1 }] }),
    says: 'must list its members',
  },
  {
    what: 'JSON with an empty budget',
    content: json({ budget: {} }, ['targets']),
    says: 'must say sites, cost or both',
  },
  {
    what: 'JSON with half a site in the budget',
    content: json({ budget: { sites: 0.5 } }, ['targets']),
    says: 'a whole number of 0 or more',
  },
];

describe('readInstance refuses in one clear sentence', () => {
  it.each(cases)('$what', async ({ content, options, says }) => {
    const path = join(folder, 'bad-instance');
    writeFileSync(path, content);
    const error = await readInstance(path, options).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(InputError);
    const message = (error as InputError).message;
    expect(message).toContain(says);
    expect(message).not.toContain('\n');
    if (!/--share|share and budget/.test(says) && !says.includes('cannot both'))
      expect(message).toContain('bad-instance');
  });

  it.each([
    ['a missing file', join(folder, 'nowhere.txt'), 'no such file'],
    ['a folder', folder, 'folder'],
  ])('%s', async (_, path, says) => {
    mkdirSync(folder, { recursive: true });
    await expect(readInstance(path)).rejects.toThrow(says);
    await expect(readInstance(path)).rejects.toBeInstanceOf(InputError);
  });
});
