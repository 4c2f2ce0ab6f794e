import type { Geometry } from 'geojson';
import type { FeatureRow } from '../input/stream/feature-row.ts';
import type { Survey } from './survey.ts';

export function geometryOf(row: FeatureRow): Geometry {
  return row.geometry ?? { type: 'Point', coordinates: [row.lon, row.lat] };
}

/** Properties that the row has; cells of a table that write a number are numbers. */
export function propertiesOf(row: FeatureRow, { names, facts }: Survey): Record<string, unknown> {
  const isTable = /^(csv|tsv)/.test(facts.dialect);
  const properties: Record<string, unknown> = {};
  names.forEach((name, index) => {
    const value = row.values[index];
    if (value !== undefined) properties[name] = isTable ? typedCell(value) : value;
  });
  return properties;
}

/** A cell of a table as the number it writes, where the number writes the same cell: `007` and `1e3` stay text. */
function typedCell(value: unknown): unknown {
  return typeof value === 'string' && value !== '' && String(Number(value)) === value && value !== 'NaN'
    ? Number(value)
    : value;
}
