import { csvField } from '../escape.ts';
import type { FlatTable } from './flat-table.ts';

/** One layer as CSV (RFC 4180): points with `lon` and `lat`, areas with a `WKT` column; text never becomes a formula. */
export function* csvText(table: FlatTable): Generator<string> {
  const isPoints = table.geometryType === 'Point';
  const names = table.columns.map(({ name }) => name);
  yield line([...(isPoints ? ['lon', 'lat'] : ['WKT']), ...names]);
  for (const [row, geometry] of table.geometries.entries()) {
    const place =
      geometry.type === 'Point'
        ? geometry.coordinates
        : [wellKnownText(geometry.type, 'coordinates' in geometry ? geometry.coordinates : [])];
    yield line([...place, ...table.rows[row]!]);
  }
}

function line(fields: readonly (string | number | boolean | null)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

function wellKnownText(type: string, coordinates: unknown): string {
  const text = (value: unknown): string => {
    if (!Array.isArray(value)) return '';
    return typeof value[0] === 'number' ? value.join(' ') : `(${value.map(text).join(', ')})`;
  };
  return `${type.toUpperCase()} ${text(coordinates)}`;
}
