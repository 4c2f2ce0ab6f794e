import { z } from 'zod';
import { InputError } from '../../errors.ts';
import type { Findings } from '../../input/findings.ts';
import { nearestKey } from '../../input/nearest-key.ts';
import { schemaWords } from '../../input/schema-words.ts';
import { parseScenarioText } from '../../input/scenario-text.ts';
import { parseQuarter, quarterOfDate } from '../quarter.ts';
import { DEFAULT_INDICATORS } from './default-indicators.ts';
import type { Indicator, QuarterValue } from './indicator.ts';
import { MEASURES } from './indicator.ts';
import { csvRows } from './tables.ts';

const indicatorSchema = z.strictObject({
  id: z.string().min(1).max(100),
  name: z.string().min(1).max(200).optional(),
  unit: z.string().max(20).optional(),
  direction: z.enum(['up', 'down']).optional(),
  target: z.number().optional(),
  deadline: z
    .string()
    .refine((date) => quarterOfDate(date) !== null, { error: 'must be a date such as 2026-12-31' })
    .optional(),
  measure: z.enum(MEASURES).optional(),
  category: z.string().max(100).optional(),
  withinHours: z.number().positive().optional(),
  source: z.string().max(200).optional(),
  owner: z.string().max(200).optional(),
  note: z.string().max(1000).optional(),
  values: z
    .record(z.string(), z.number())
    .refine((values) => Object.keys(values).every((name) => parseQuarter(name) !== null), {
      error: 'must have quarters such as 2026-Q1 as keys',
    })
    .optional(),
});

const scorecardSchema = z.strictObject({
  format: z.literal('mastplan-scorecard').optional(),
  version: z.literal(1).optional(),
  /** Shown with the scorecard, for example that the figures are an example. */
  note: z.string().max(1000).optional(),
  timeZone: z.string().optional(),
  tables: z
    .strictObject({
      tickets: z.string().min(1).optional(),
      survey: z.string().min(1).optional(),
      events: z.string().min(1).optional(),
    })
    .optional(),
  /** Entries of the shipped set are changed by id, others added; absent = the shipped set. */
  indicators: z.array(indicatorSchema).optional(),
  /** False leaves the shipped set out. */
  defaults: z.boolean().optional(),
});

export interface Scorecard {
  readonly indicators: readonly Indicator[];
  readonly tables: { readonly [name in 'tickets' | 'survey' | 'events']?: string | undefined };
  readonly timeZone: string | undefined;
  readonly note: string;
}

/** The shipped scorecard without any figures. */
export const DEFAULT_SCORECARD: Scorecard = {
  indicators: DEFAULT_INDICATORS,
  tables: {},
  timeZone: undefined,
  note: '',
};

/**
 * A scorecard from YAML or JSON (definitions, tables, plain values) or from CSV (one row per indicator and quarter).
 * @throws InputError naming the line and key of what is wrong.
 */
export function parseScorecard(text: string, file: string, findings: Findings): Scorecard {
  return /\.csv$/i.test(file) ? parseCsvScorecard(text, file, findings) : parseYamlScorecard(text, file);
}

function parseYamlScorecard(text: string, file: string): Scorecard {
  const document = parseScenarioText(text, file);
  const parsed = scorecardSchema.safeParse(document.value ?? {});
  if (!parsed.success) {
    throw InputError.of(
      parsed.error.issues.map((issue) => {
        const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
        const path = unknown === undefined ? issue.path : [...issue.path, unknown];
        const line = document.lineOf(path);
        const near = unknown === undefined ? null : nearestKey(unknown, KNOWN_KEYS);
        return {
          severity: 'error' as const,
          code: 'scorecard-value',
          file,
          feature: line === null ? undefined : `line ${line}`,
          message:
            unknown === undefined
              ? `${path.join('.') || 'the scorecard'}: ${schemaWords(issue.message)}.`
              : `unknown key "${unknown}".`,
          hint: near === null ? undefined : `Did you mean "${near}"?`,
        };
      }),
    );
  }
  const { indicators = [], defaults = true, tables = {}, timeZone, note = '' } = parsed.data;
  const changes = new Map(indicators.map((entry) => [entry.id, entry]));
  if (changes.size < indicators.length) {
    throw new InputError('two indicators have the same id.', { code: 'scorecard-duplicate', file });
  }
  const shipped = (defaults ? DEFAULT_INDICATORS : []).map((known) => merge(known, changes.get(known.id)));
  const shippedIds = new Set(shipped.map(({ id }) => id));
  const added = indicators
    .filter(({ id }) => !shippedIds.has(id))
    .map((entry) => {
      if (entry.target === undefined) {
        throw new InputError(`the indicator "${entry.id}" has no target.`, {
          code: 'scorecard-value',
          file,
          hint: 'It is none of the shipped set, so it needs name, unit, direction, target and values.',
        });
      }
      return merge({ ...BLANK, id: entry.id, name: entry.id }, entry);
    });
  return { indicators: [...shipped, ...added], tables, timeZone, note };
}

const KNOWN_KEYS = [...Object.keys(scorecardSchema.shape), ...Object.keys(indicatorSchema.shape)];

const BLANK: Omit<Indicator, 'id' | 'name'> = {
  unit: '%',
  direction: 'up',
  target: 0,
  deadline: null,
  measure: 'given',
  category: null,
  withinHours: null,
  source: '',
  owner: '',
  note: '',
  values: [],
};

function merge(known: Indicator, entry: z.output<typeof indicatorSchema> | undefined): Indicator {
  if (entry === undefined) return known;
  const { values, ...given } = entry;
  return {
    ...known,
    ...(Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as Partial<Indicator>),
    values: values === undefined ? known.values : valuesOf(values),
  };
}

function valuesOf(values: Readonly<Record<string, number>>): QuarterValue[] {
  return Object.entries(values)
    .map(([name, value]) => ({ quarter: parseQuarter(name)!, value }))
    .sort((a, b) => a.quarter - b.quarter);
}

/** `id, period, value` and optionally name, unit, direction, target, deadline, source, owner, note. */
function parseCsvScorecard(text: string, file: string, findings: Findings): Scorecard {
  const rows = csvRows(text);
  const header = (rows[0] ?? []).map((name) => name.trim().toLowerCase());
  for (const column of ['id', 'period', 'value']) {
    if (!header.includes(column)) {
      findings.error(`has no column "${column}".`, {
        code: 'column-missing',
        file,
        hint: 'A scorecard table has id, period (2026-Q1), value, and where wanted target, unit, owner.',
      });
    }
  }
  findings.throwIfErrors();
  const indicators = new Map(DEFAULT_INDICATORS.map((known) => [known.id, known]));
  for (const [k, row] of rows.slice(1).entries()) {
    const cell = (column: string): string => (row[header.indexOf(column)] ?? '').trim();
    const problem = (message: string, hint: string): void =>
      findings.error(message, { code: 'scorecard-value', file, feature: `line ${k + 2}`, hint });
    const quarter = parseQuarter(cell('period'));
    const value = cell('value') === '' ? null : Number(cell('value'));
    const target = cell('target') === '' ? undefined : Number(cell('target'));
    const known = indicators.get(cell('id'));
    if (cell('id') === '') problem('has no id.', 'Name the indicator.');
    else if (quarter === null) problem(`has the period "${cell('period')}".`, 'Write 2026-Q1.');
    else if (value !== null && !Number.isFinite(value))
      problem(`has the value "${cell('value')}".`, 'A number, or nothing.');
    else if (target !== undefined && !Number.isFinite(target))
      problem(`has the target "${cell('target')}".`, 'A number.');
    else if (known === undefined && target === undefined)
      problem(`the indicator "${cell('id')}" has no target.`, 'Add it.');
    else {
      const base = known ?? { ...BLANK, id: cell('id'), name: cell('id') };
      const words = Object.fromEntries(
        ['name', 'unit', 'deadline', 'source', 'owner', 'note']
          .filter((column) => cell(column) !== '')
          .map((column) => [column, cell(column)]),
      ) as Partial<Indicator>;
      indicators.set(base.id, {
        ...base,
        ...words,
        direction: cell('direction') === 'down' ? 'down' : cell('direction') === 'up' ? 'up' : base.direction,
        target: target ?? base.target,
        values:
          value === null
            ? base.values
            : [...base.values, { quarter, value }].sort((a, b) => a.quarter - b.quarter),
      });
    }
  }
  findings.throwIfErrors();
  return { indicators: [...indicators.values()], tables: {}, timeZone: undefined, note: '' };
}
