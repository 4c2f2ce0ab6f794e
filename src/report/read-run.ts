import type { FeatureCollection, Point } from 'geojson';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ComparedRun, RunArea, RunScope, RunTarget } from '../compare.ts';
import { InputError } from '../errors.ts';
import { COMPLETION_FILE } from './atomic.ts';
import { REPORT_FORMAT, REPORT_VERSION } from './report-json.ts';

interface ReportFile {
  readonly format: string;
  readonly version: number;
  readonly status: string;
  readonly cost: number;
  readonly lowerBound: number;
  readonly gap: number;
  readonly periods: readonly RunScope[];
  /** Absent in reports of earlier builds, null where no raster was drawn. */
  readonly areas?: readonly RunArea[] | null;
  readonly phases: readonly { readonly targets: readonly RunTarget[] }[];
}

/**
 * Reads a finished run of `mastplan plan` back.
 * @throws InputError when the folder is not one, or holds a version we do not know
 */
export async function readRun(dir: string): Promise<ComparedRun> {
  const report = (await readJson(dir, COMPLETION_FILE)) as ReportFile;
  if (report.format !== REPORT_FORMAT || report.version !== REPORT_VERSION) {
    throw new InputError(
      `${join(dir, COMPLETION_FILE)} is not a ${REPORT_FORMAT} of version ${REPORT_VERSION}.`,
      {
        code: 'not-a-run',
        hint: 'Name the --out folder of a finished mastplan plan.',
      },
    );
  }
  const sites = (await readJson(dir, 'sites.geojson')) as FeatureCollection<Point, SiteProperties>;
  const demand = (await readJson(dir, 'demand.geojson')) as FeatureCollection<Point, DemandProperties>;
  return {
    name: basename(resolve(dir)),
    status: report.status,
    cost: report.cost,
    lowerBound: report.lowerBound,
    gap: report.gap,
    periods: report.periods,
    areas: report.areas ?? [],
    targets: report.phases.at(-1)?.targets ?? [],
    sites: sites.features.map(({ geometry, properties }) => ({
      id: properties.id,
      lon: geometry.coordinates[0]!,
      lat: geometry.coordinates[1]!,
      cost: properties.cost,
      configuration: properties.configuration,
    })),
    demand: demand.features.map(({ properties }) => ({
      id: properties.id,
      usersMilli: Object.fromEntries(
        Object.entries(properties.users).map(([period, users]) => [period, Math.round(users * 1000)]),
      ),
      served: properties.served,
    })),
  };
}

interface SiteProperties {
  readonly id: string;
  readonly cost: number;
  readonly configuration: string;
}

interface DemandProperties {
  readonly id: string;
  readonly users: Readonly<Record<string, number>>;
  readonly served: Readonly<Record<string, boolean>>;
}

async function readJson(dir: string, name: string): Promise<unknown> {
  const path = join(dir, name);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new InputError(`${path} ${reason}.`, {
      code: 'not-a-run',
      hint: 'Name the --out folder of a finished mastplan plan.',
    });
  }
}

/** The data inside a run's `report.html`, for the page that shows runs side by side. */
export async function readPageData(dir: string): Promise<unknown> {
  const path = join(dir, 'report.html');
  const html = await readFile(path, 'utf8').catch(() => '');
  const data = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1];
  if (data !== undefined) return JSON.parse(data) as unknown;
  throw new InputError(`${path} holds no data of a plan.`, {
    code: 'not-a-run',
    hint: 'Name the --out folder of a finished mastplan plan.',
  });
}
