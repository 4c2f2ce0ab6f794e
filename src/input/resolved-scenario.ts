import { isAbsolute, relative, resolve, sep } from 'node:path';
import { stringify } from 'yaml';
import type { LoadedScenario } from './read-scenario.ts';
import type { Scenario } from './scenario-schema.ts';

/** The text of `scenario.resolved.yaml`: every default spelled out, paths relative to the folder it is written to. */
export function resolvedScenarioText(loaded: LoadedScenario, targetDir: string): string {
  const move = (path: string): string => {
    if (isAbsolute(path)) return path;
    return relative(resolve(targetDir), resolve(loaded.baseDir, path)).split(sep).join('/');
  };
  const { phases, ...rest } = mapScenarioPaths(loaded.scenario, move);
  // Threads and memory change no plan, so they have no place in what a plan is made from.
  const { seed, effort, tiles, timeLimitS } = rest.solver;
  const solver = { seed, effort, tiles, ...(timeLimitS !== undefined && { timeLimitS }) };
  const document = { ...rest, solver, ...(phases !== null && { phases }) };
  return `# Every default of this run spelled out; planning this file again gives the same plan.\n${stringify(document, { lineWidth: 110 })}`;
}

/** A copy with every input path changed; the one place that knows which keys hold paths. */
export function mapScenarioPaths(scenario: Scenario, move: (path: string) => string): Scenario {
  const {
    demand,
    evaluate,
    lines,
    measurements,
    existing,
    candidates,
    regions,
    terrain,
    clutter,
    radio,
    cost,
    start,
    feedback,
  } = scenario;
  const { generate } = candidates;
  return {
    ...scenario,
    demand: { ...demand, file: move(demand.file) },
    ...(evaluate && { evaluate: { demand: { ...evaluate.demand, file: move(evaluate.demand.file) } } }),
    ...(measurements && { measurements: { ...measurements, files: measurements.files.map(move) } }),
    ...(existing && { existing: { ...existing, file: move(existing.file) } }),
    candidates: {
      ...candidates,
      ...(candidates.file !== undefined && { file: move(candidates.file) }),
      ...(generate && {
        generate: { ...generate, ...(generate.keepOut !== undefined && { keepOut: move(generate.keepOut) }) },
      }),
    },
    ...(regions && { regions: { ...regions, file: move(regions.file) } }),
    ...(lines && { lines: { ...lines, file: move(lines.file) } }),
    ...(terrain && { terrain: { ...terrain, file: move(terrain.file) } }),
    ...(clutter && { clutter: { ...clutter, file: move(clutter.file) } }),
    cost: {
      ...cost,
      ...(cost.backhaul && { backhaul: { ...cost.backhaul, file: move(cost.backhaul.file) } }),
    },
    ...(start && { start: { ...start, run: move(start.run) } }),
    ...(feedback && { feedback: { ...feedback, file: move(feedback.file) } }),
    radio: {
      ...radio,
      ...(radio.modelFile !== undefined && { modelFile: move(radio.modelFile) }),
      ...(radio.antennaFile !== undefined && { antennaFile: move(radio.antennaFile) }),
    },
  };
}
