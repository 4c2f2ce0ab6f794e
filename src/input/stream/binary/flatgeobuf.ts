import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { deserialize } from 'flatgeobuf/lib/mjs/geojson.js';
import type { HeaderMeta } from 'flatgeobuf/lib/mjs/header-meta.js';
import { InputError } from '../../../errors.ts';
import type { BinaryRecord, BinarySource } from './record.ts';
import { isWgs84, plainValue, unreadableKind, wrongCrs } from './record.ts';

/** The features of a FlatGeobuf file, streamed. */
export async function* readFlatgeobuf({ path, file }: BinarySource): AsyncGenerator<BinaryRecord> {
  let crs: { code: number; org: string | null } | null = null;
  let expected = 0;
  let count = 0;
  const stream = Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 20 })) as ReadableStream;
  try {
    const features = deserialize(stream, {
      headerMetaFn: (header: HeaderMeta) => {
        crs = header.crs;
        expected = header.featuresCount;
        // The library looks for the size of an index over nothing without end.
        if (header.indexNodeSize > 0 && !(expected > 0))
          throw new RangeError('it has an index of no features');
      },
    });
    for await (const feature of features) {
      const { code, org } = (crs ?? { code: 0, org: null }) as { code: number; org: string | null };
      if (!isWgs84(code)) throw wrongCrs(file, `${org ?? 'EPSG'}:${code}`);
      count++;
      const properties = Object.fromEntries(
        Object.entries(feature.properties ?? {}).map(([name, value]) => [name, plainValue(value)]),
      );
      yield { type: 'Feature', geometry: feature.geometry, properties };
    }
  } catch (error) {
    throw unreadableKind(file, 'FlatGeobuf', error);
  }
  if (count < expected) {
    throw new InputError(`is cut off: it ends after ${count} of ${expected} features.`, {
      code: 'file-truncated',
      file,
      hint: 'Copy or export the file again.',
    });
  }
}
