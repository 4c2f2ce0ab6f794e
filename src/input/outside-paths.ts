import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Finding } from '../errors.ts';
import { InputError } from '../errors.ts';
import type { ScenarioOverride } from './flags.ts';
import type { LoadedScenario } from './read-scenario.ts';
import { mapScenarioPaths } from './resolved-scenario.ts';

/**
 * Refuses a scenario that names files outside its own folder, by `..`, by an absolute path or through a link: scenarios come from
 * others, and what they name is read with the rights of whoever starts the run. Within the current folder (a project) every file may be
 * named; what the flags name, the user named.
 *
 * @throws InputError with every such path
 */
export async function refuseOutside(
  { scenario, baseDir, scenarioFile }: LoadedScenario,
  overrides: readonly ScenarioOverride[] = [],
): Promise<void> {
  if (scenarioFile === null) return;
  const named: string[] = [];
  mapScenarioPaths(scenario, (path) => {
    named.push(path);
    return path;
  });
  const own = new Set(
    overrides.flatMap(({ value }) => [value].flat()).map((value) => resolve(String(value))),
  );
  const roots = await allowedRoots(dirname(scenarioFile));
  const findings: Finding[] = [];
  for (const path of new Set(named)) {
    const target = resolve(baseDir, path);
    if (own.has(target) || roots.some((root) => isWithin(root, target))) {
      const real = await realpath(target).catch(() => target);
      if (own.has(target) || roots.some((root) => isWithin(root, real))) continue;
    }
    findings.push({
      severity: 'error',
      code: 'path-outside',
      file: scenarioFile,
      message: `"${path}" lies outside the scenario's folder.`,
      hint: 'Give --allow-outside if you trust this scenario.',
    });
  }
  if (findings.length > 0) throw InputError.of(findings);
}

/** The scenario's folder as it is and as links lead to it; the current folder too where that holds it. */
async function allowedRoots(folder: string): Promise<string[]> {
  const current = process.cwd();
  const root = isWithin(current, folder) ? current : folder;
  return [root, ...(await Promise.all([root, folder].map((path) => realpath(path))))];
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
