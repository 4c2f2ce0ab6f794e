import { isAbsolute, relative, resolve } from 'node:path';
import { InputError } from '../errors.ts';
import type { TileChoice } from '../solve/solution.ts';
import { TILE_CHOICES, tileChoiceSchema } from './schema/solver.ts';

type FlagKind = 'path' | 'paths' | 'text' | 'number' | 'integer' | 'users' | 'shares' | 'tiles';

export interface PlanFlag {
  /** As commander takes it: `--site-cost <number>`. */
  readonly flags: string;
  /** commander's name of the value: `siteCost`. */
  readonly option: string;
  /** Dotted scenario key of the same meaning. */
  readonly key: string;
  readonly kind: FlagKind;
  readonly description: string;
}

/** Every option of `plan` that has a key in the scenario file; flags win over the file. */
export const PLAN_FLAGS: readonly PlanFlag[] = [
  flag('--name <text>', 'name', 'text', 'name of the plan in every report'),
  flag('--demand <file>', 'demand.file', 'path', 'users: points or polygons'),
  flag(
    '--users <property>',
    'demand.users',
    'users',
    'property that holds the users, or day=users_day,night=users_night',
  ),
  flag('--scale <number>', 'demand.scale', 'number', 'users = property x scale'),
  flag('--cell <metres>', 'demand.cellM', 'number', 'polygons are split into cells of at most this side'),
  flag(
    '--region-property <property>',
    'demand.regionProperty',
    'text',
    'property that names the region of a demand point',
  ),
  flag(
    '--privacy-k <users>',
    'demand.privacyK',
    'integer',
    'merge demand to cells of at least this many users',
  ),
  flag('--measurements <files...>', 'measurements.files', 'paths', 'measured signal'),
  flag('--existing <file>', 'existing.file', 'path', "today's sites"),
  flag(
    '--candidates <file>',
    'candidates.file',
    'path',
    'places where a site may be built (default: generated)',
  ),
  flag('--spacing <metres>', 'candidates.generate.spacingM', 'number', 'spacing of generated candidates'),
  flag('--keep-out <file>', 'candidates.generate.keepOut', 'path', 'polygons without generated candidates'),
  flag('--min-spacing <metres>', 'candidates.minSpacingM', 'number', 'no two new sites nearer than this'),
  flag('--regions <file>', 'regions.file', 'path', 'region polygons'),
  flag('--terrain <file>', 'terrain.file', 'path', 'heights: GeoTIFF, .hgt or a folder of tiles'),
  flag('--clutter <file>', 'clutter.file', 'path', 'land-cover classes: GeoTIFF'),
  flag('--group-by <property>', 'regions.groupBy', 'text', 'property whose value names the region'),
  flag('--time-zone <name>', 'timeZone', 'text', 'IANA time zone of timestamps without an offset'),
  flag('--technology <lte|nr>', 'radio.technology', 'text', 'radio technology of new sites'),
  flag('--frequency <mhz>', 'radio.frequencyMhz', 'number', 'carrier frequency'),
  flag('--bandwidth <mhz>', 'radio.bandwidthMhz', 'number', 'carrier bandwidth'),
  flag('--eirp <dbm>', 'radio.eirpDbm', 'number', 'total carrier EIRP at boresight'),
  flag('--height <metres>', 'radio.heightM', 'number', 'antenna height above ground'),
  flag('--model <name>', 'radio.model', 'text', 'propagation model (default: auto)'),
  flag('--rsrp <dbm>', 'service.rsrpDbm', 'number', 'threshold at the user'),
  flag(
    '--location-probability <share>',
    'service.locationProbability',
    'number',
    'share of places that must hear the threshold',
  ),
  flag('--indoor-loss <db>', 'service.indoorLossDb', 'number', 'loss into buildings'),
  flag('--unmeasured <served|unserved>', 'baseline.unmeasured', 'text', 'what holds where nothing is known'),
  flag('--site-cost <number>', 'cost.site', 'number', 'cost of a site without a cost of its own'),
  flag(
    '--share <shares...>',
    'phases',
    'shares',
    'one phase per share of all users, for example --share 0.95 0.99',
  ),
  flag('--budget-sites <count>', 'budget.sites', 'integer', 'best coverage with at most this many sites'),
  flag('--budget-cost <number>', 'budget.cost', 'number', 'best coverage for at most this cost'),
  flag(
    '--objective <mean|worst>',
    'budget.objective',
    'text',
    'with a budget: mean over periods, or the worst period',
  ),
  flag('--start <run>', 'start.run', 'path', 'earlier plan to start from: a run folder or its report.json'),
  flag(
    '--change-cost <number>',
    'start.changeCost',
    'number',
    'give up a site of --start only where that saves more',
  ),
  flag('--seed <integer>', 'solver.seed', 'integer', 'seed of every random choice'),
  flag('--effort <quick|normal|thorough>', 'solver.effort', 'text', 'how much work is spent'),
  flag('--threads <count>', 'solver.threads', 'integer', 'worker threads (default: available cores)'),
  flag(
    '--memory <size>',
    'solver.memory',
    'text',
    'most memory to use, for example 4G (default: 80 % of what is granted)',
  ),
  flag('--time-limit <seconds>', 'solver.timeLimitS', 'number', 'stop the search after this time'),
  flag(
    '--tiles <auto|off|count>',
    'solver.tiles',
    'tiles',
    'cut the area into tiles (default: auto, only where it is very large)',
  ),
];

/** A scenario key set from the command line. */
export interface ScenarioOverride {
  readonly key: string;
  readonly value: unknown;
  readonly flag: string;
}

/** Command-line values (commander's `opts()`) as scenario keys; options not in PLAN_FLAGS are left to their command. */
export function resolveFlags(options: Readonly<Record<string, unknown>>): ScenarioOverride[] {
  return PLAN_FLAGS.filter(({ option }) => options[option] !== undefined).map((known) => ({
    key: known.key,
    value: flagValue(known, options[known.option]),
    flag: known.flags.split(' ')[0] ?? known.flags,
  }));
}

/** A copy of the scenario data with the overrides set; their paths, relative to the current folder, are moved to `baseDir`. */
export function applyOverrides(
  value: object,
  overrides: readonly ScenarioOverride[],
  baseDir: string,
): object {
  const copy = structuredClone(value) as Record<string, unknown>;
  for (const { key, value: wanted } of overrides) {
    const known = PLAN_FLAGS.find((candidate) => candidate.key === key);
    if (key === 'phases') delete copy['budget'];
    if (key.startsWith('budget.')) delete copy['phases'];
    if (key === 'candidates.file') deleteIn(copy, ['candidates', 'generate']);
    if (key.startsWith('candidates.generate.')) deleteIn(copy, ['candidates', 'file']);
    if (key === 'radio.eirpDbm')
      ['powerDbm', 'gainDbi', 'lossDb'].forEach((name) => deleteIn(copy, ['radio', name]));
    setIn(copy, key.split('.'), movePaths(wanted, known?.kind, baseDir));
  }
  return copy;
}

function flag(flags: string, key: string, kind: FlagKind, description: string): PlanFlag {
  const long = /^--([a-z-]+)/.exec(flags)?.[1] ?? flags;
  const option = long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return { flags, option, key, kind, description };
}

function flagValue(known: PlanFlag, given: unknown): unknown {
  const texts = Array.isArray(given) ? given.map(String) : [String(given)];
  const text = texts[0] ?? '';
  switch (known.kind) {
    case 'number':
    case 'integer':
      return numberOf(text, known);
    case 'paths':
      return texts;
    case 'shares':
      return texts.map((share) => ({ name: `${percent(share)} %`, targets: [{ share }] }));
    case 'tiles':
      return tileChoiceOf(text);
    case 'users':
      return text.includes('=') ? usersByPeriod(text, known) : text;
    default:
      return text;
  }
}

/** The value of `--tiles`. */
export function tileChoiceOf(text: string): TileChoice {
  const choice = tileChoiceSchema.safeParse(/^\d+$/.test(text) ? Number(text) : text);
  if (choice.success) return choice.data;
  throw new InputError(`--tiles must be ${TILE_CHOICES}, got "${text}".`, { code: 'flag-value' });
}

function numberOf(text: string, known: PlanFlag): number {
  const value = Number(text);
  const fits =
    text.trim() !== '' && (known.kind === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(value));
  if (fits) return value;
  const wanted = known.kind === 'integer' ? 'a whole number' : 'a number';
  throw new InputError(`${known.flags.split(' ')[0]} must be ${wanted}, got "${text}".`, {
    code: 'flag-value',
  });
}

function usersByPeriod(text: string, known: PlanFlag): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  if (pairs.some((pair) => pair.length !== 2 || pair.includes(''))) {
    throw new InputError(
      `${known.flags.split(' ')[0]} must be a property or period=property,..., got "${text}".`,
      {
        code: 'flag-value',
      },
    );
  }
  return Object.fromEntries(pairs) as Record<string, string>;
}

/** `0.95` as `95`, moved by text so that no digit is invented. */
function percent(share: string): string {
  const value = Number(share) * 100;
  return Number.isFinite(value) ? String(Number(value.toFixed(7))) : share;
}

function movePaths(value: unknown, kind: FlagKind | undefined, baseDir: string): unknown {
  if (kind === 'path') return movePath(String(value), baseDir);
  if (kind === 'paths') return (value as string[]).map((path) => movePath(path, baseDir));
  return value;
}

function movePath(path: string, baseDir: string): string {
  return isAbsolute(path) ? path : relative(baseDir, resolve(path));
}

function setIn(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [step, ...rest] = path;
  if (step === undefined) return;
  if (rest.length === 0) {
    target[step] = value;
    return;
  }
  const below = target[step];
  const next = typeof below === 'object' && below !== null && !Array.isArray(below) ? below : {};
  target[step] = next;
  setIn(next as Record<string, unknown>, rest, value);
}

function deleteIn(target: Record<string, unknown>, path: readonly string[]): void {
  const [step, ...rest] = path;
  if (step === undefined) return;
  const below = target[step];
  if (rest.length === 0) Reflect.deleteProperty(target, step);
  else if (typeof below === 'object' && below !== null) deleteIn(below as Record<string, unknown>, rest);
}
