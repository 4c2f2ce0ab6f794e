// The checks of `npm run verify`: everything is counted again from the written files alone.
import { assignmentCheck, loadCheck } from './assignment.mjs';
import { coverageCheck, regionCheck, servedCheck } from './coverage.mjs';
import { serviceCheck, splitCheck, thresholdCheck } from './services.mjs';
import { evaluatedCoverageCheck, evaluationCheck, readEvaluation } from './evaluation.mjs';
import { linesCheck } from './lines.mjs';
import { costCheck, siteCheck, spacingCheck } from './sites.mjs';
import { gapCheck, periodCheck, scenarioCheck, targetCheck } from './targets.mjs';

/**
 * @param {ReturnType<import('./read-run.mjs').readRun>} run
 * @param {{ sites: { id: string, covers: number[] }[], demand: Record<string, number[]> } | null} instance
 * @returns {{ name: string, detail: string, failures: string[] }[]}
 */
export function checkRun(run, instance) {
  const rows = [];
  const check = (name, body) => {
    const failures = [];
    let detail = '';
    try {
      detail = body((condition, message) => condition || failures.push(message())) ?? '';
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
    rows.push({ name, detail, failures });
  };
  check('files named by report.json exist', (expect) => filesCheck(run, expect));
  if (run.report.scenario.services !== undefined) {
    check('users of every point split by service', (expect) => splitCheck(run, expect));
    check('stricter services are served where laxer ones are', (expect) => thresholdCheck(run, expect));
    check('users and traffic by service', (expect) => serviceCheck(run, expect));
  }
  check('who is covered by which site', (expect) => coverageCheck(run, instance, expect));
  if (run.assignment !== null) {
    check('users assigned to covering sites within room', (expect) => assignmentCheck(run, expect));
    check('loads, traffic carried and left over', (expect) => loadCheck(run, expect));
  }
  check('served flags follow from coverage and today', (expect) => servedCheck(run, expect));
  check('regions re-derived from polygons', (expect) => regionCheck(run, expect));
  check('users per period', (expect) => periodCheck(run, expect));
  check('targets of every phase', (expect) => targetCheck(run, expect));
  check('targets of the scenario are all there', (expect) => scenarioCheck(run, expect));
  check('ranks, new users, shares along the building order', (expect) => siteCheck(run, expect));
  check('cost, bound and gap', (expect) => costCheck(run, expect));
  check('spacing between new sites', (expect) => spacingCheck(run, expect));
  check('gaps hold everybody left unserved', (expect) => gapCheck(run, expect));
  if (run.report.lines !== undefined) {
    check('kilometres of lines served', (expect) => linesCheck(run, expect));
  }
  if (run.report.evaluation !== undefined) {
    check('who is covered in the evaluated periods', (expect) =>
      evaluatedCoverageCheck(withEvaluated(run), expect),
    );
    check('shares of every evaluated period', (expect) => evaluationCheck(withEvaluated(run), expect));
  }
  return rows;
}

/** The run with its evaluated users, read once. */
function withEvaluated(run) {
  run.evaluated ??= readEvaluation(run.dir, run.report);
  return run;
}

function filesCheck({ report, missingFiles }, expect) {
  expect(
    report.format === 'mastplan-report' && report.version === 1,
    () => 'not a mastplan-report of version 1',
  );
  expect(missingFiles.length === 0, () => `missing: ${missingFiles.join(', ')}`);
  return `${report.files.length} files`;
}
