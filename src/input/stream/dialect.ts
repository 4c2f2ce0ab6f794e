import { InputError } from '../../errors.ts';

export type TextDialect = 'geojson' | 'ndjson' | 'geojsonseq' | 'csv' | 'tsv';

const RECORD_SEPARATOR = 0x1e;
const BOM = [0xef, 0xbb, 0xbf] as const;

/** Files told by their first bytes that hold no features, and what to give instead. */
const OTHER_KINDS: readonly {
  readonly magic: readonly number[];
  readonly what: string;
  readonly hint: string;
}[] = [
  { magic: [0xff, 0xfe], what: 'UTF-16 text', hint: 'Save it as UTF-8.' },
  { magic: [0xfe, 0xff], what: 'UTF-16 text', hint: 'Save it as UTF-8.' },
  { magic: [0x50, 0x4b, 0x03, 0x04], what: 'a ZIP archive', hint: 'Unpack it and name the file inside.' },
  {
    magic: [0x25, 0x50, 0x44, 0x46],
    what: 'a PDF document',
    hint: 'Features are expected: see docs/formats.md.',
  },
  {
    magic: [0x89, 0x50, 0x4e, 0x47],
    what: 'a PNG image',
    hint: 'Features are expected: see docs/formats.md.',
  },
  { magic: [0xff, 0xd8, 0xff], what: 'a JPEG image', hint: 'Features are expected: see docs/formats.md.' },
  { magic: [0x42, 0x5a, 0x68], what: 'a bzip2 archive', hint: 'Pack it as gzip or zstd.' },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'an xz archive', hint: 'Pack it as gzip or zstd.' },
];

const GEOMETRY_TYPES = /^(Multi)?(Point|LineString|Polygon)$|^GeometryCollection$/;

/** The length of a UTF-8 byte order mark at the start, 0 or 3. */
export function bomLength(head: Uint8Array): number {
  return BOM.every((byte, index) => head[index] === byte) ? 3 : 0;
}

/** Tells a text dialect by its content, whatever the file is called. @throws InputError naming what it looks like. */
export function textDialectOf(head: Uint8Array, file: string): TextDialect {
  if (head.length === 0) throw new InputError('is empty once decompressed.', { code: 'file-empty', file });
  const other = OTHER_KINDS.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
  if (other !== undefined) {
    throw new InputError(`is ${other.what}.`, { code: 'file-kind', file, hint: other.hint });
  }
  const body = head.subarray(bomLength(head));
  const start = body.findIndex((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  if (start === -1) throw new InputError('holds nothing but blanks.', { code: 'file-empty', file });
  if (body.includes(0)) {
    throw new InputError('is binary data of no known kind.', {
      code: 'file-kind',
      file,
      hint: 'GeoJSON, newline-delimited GeoJSON or CSV is expected: see docs/formats.md.',
    });
  }
  const first = body[start];
  if (first === RECORD_SEPARATOR) return 'geojsonseq';
  const text = Buffer.from(body.subarray(start)).toString('utf8');
  if (first === 0x7b) return jsonDialectOf(text, file);
  if (first === 0x5b) {
    throw new InputError('is a JSON list.', {
      code: 'file-kind',
      file,
      hint: 'Wrap it: {"type": "FeatureCollection", "features": [...]}.',
    });
  }
  if (first === 0x3c) {
    throw new InputError('is XML or HTML.', {
      code: 'file-kind',
      file,
      hint: 'Convert it to GeoJSON, for example with ogr2ogr.',
    });
  }
  return tableDialectOf(text, file);
}

/** Which object the first top-level keys belong to; `features` or a type may come in any order. */
function jsonDialectOf(head: string, file: string): TextDialect {
  const keys = topLevelKeys(head);
  if (keys.has('features') || keys.get('type') === 'FeatureCollection') return 'geojson';
  const type = keys.get('type');
  if (type === 'Feature') return 'ndjson';
  if (type === 'Topology') {
    throw new InputError('is TopoJSON.', {
      code: 'file-kind',
      file,
      hint: 'Convert it to GeoJSON, for example with topo2geo.',
    });
  }
  if (type !== undefined && GEOMETRY_TYPES.test(type)) {
    throw new InputError(`is a bare ${type}.`, {
      code: 'file-kind',
      file,
      hint: 'Wrap it in a Feature and a FeatureCollection.',
    });
  }
  throw new InputError('is JSON, but not GeoJSON: the top level has no "features".', {
    code: 'file-kind',
    file,
    hint: 'A FeatureCollection is expected.',
  });
}

/** Keys of the first object in the text with their string values; stops where the text ends. */
function topLevelKeys(text: string): Map<string, string | undefined> {
  const keys = new Map<string, string | undefined>();
  const token = /"((?:[^"\\]|\\.)*)"|[{}[\],:]/g;
  let depth = 0;
  let key: string | null = null;
  let expectKey = false;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const sign = match[0];
    if (sign === '{' || sign === '[') {
      depth++;
      expectKey = depth === 1;
    } else if (sign === '}' || sign === ']') {
      depth--;
      if (depth === 0) break;
    } else if (sign === ',') {
      expectKey = depth === 1;
      if (depth === 1) key = null;
    } else if (depth === 1 && sign !== ':') {
      if (expectKey) {
        key = match[1] ?? '';
        keys.set(key, undefined);
        expectKey = false;
      } else if (key !== null) keys.set(key, match[1]);
    }
  }
  return keys;
}

function tableDialectOf(head: string, file: string): TextDialect {
  const header = head.split(/\r\n|\n|\r/, 1)[0] ?? '';
  const delimiter = delimiterOf(header);
  const columns = header.split(delimiter).map((column) => column.trim().replace(/^"|"$/g, ''));
  if (columns.length >= 2) return delimiter === '\t' ? 'tsv' : 'csv';

  throw new InputError('is text of no known kind.', {
    code: 'file-kind',
    file,
    hint: 'GeoJSON, newline-delimited GeoJSON or CSV with lon and lat columns is expected.',
  });
}

/** The sign that splits a header line most often, of tab, semicolon, bar and comma. */
export function delimiterOf(header: string): string {
  const counts = ['\t', ';', '|', ','].map((sign) => ({ sign, count: header.split(sign).length }));
  counts.sort((a, b) => b.count - a.count);
  return counts[0]?.sign ?? ',';
}
