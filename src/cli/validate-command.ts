import { Command, Option } from 'commander';
import { formatFinding } from '../errors.ts';
import { sanitizeForTerminal } from '../report/terminal-text.ts';
import type { FileReport, InputRole } from '../validate.ts';
import { INPUT_ROLES, isClean, validateFile } from '../validate.ts';
import { maxErrorsOption } from './flag-values.ts';
import { withInterrupt } from './interrupt.ts';
import { createProgress } from './progress.ts';

const EXAMPLES = `
Examples:
  mastplan validate data/ottawa/scenario.yaml
  mastplan validate --as demand data/helsinki/users.geojson.gz --users workday_h12
  mastplan validate --json drive.csv

Exit codes: 0 no errors (warnings may be listed), 2 errors found, 130 interrupted.`;

interface ValidateFlags {
  readonly as?: InputRole;
  readonly users?: string;
  readonly timeZone?: string;
  readonly maxErrors: number;
  readonly allowOutside?: boolean;
  readonly json?: boolean;
  readonly progress: boolean;
}

/** `mastplan validate <file> ...`: checks inputs, lists every finding, changes nothing. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('Check scenarios and data files: name the dialect and every finding, change nothing.')
    .argument('<file...>', 'scenario files, or data files')
    .addOption(
      new Option('--as <role>', 'what data files are (default: told by content)').choices(INPUT_ROLES),
    )
    .option('--users <property>', 'property that holds the users, for demand')
    .option('--time-zone <name>', 'IANA time zone of timestamps without an offset')
    .addOption(maxErrorsOption())
    .option('--allow-outside', 'let the scenario name files outside its own folder')
    .option('--json', 'findings as one JSON document on stdout')
    .option('--no-progress', 'no progress lines')
    .addHelpText('after', EXAMPLES)
    .action(async (files: readonly string[], flags: ValidateFlags) => {
      const reports = await withInterrupt(
        ({ signal }) => validateFiles(files, flags, signal),
        'no more files are read',
      );
      const clean = reports.every(isClean);
      const document = { format: 'mastplan-validation', version: 1, clean, files: reports };
      const text =
        flags.json === true ? `${JSON.stringify(document, null, 2)}\n` : reports.map(reportText).join('');
      process.stdout.write(text);
      if (!clean) process.exitCode = 2;
    });
}

async function validateFiles(
  files: readonly string[],
  flags: ValidateFlags,
  signal: AbortSignal,
): Promise<FileReport[]> {
  const progress = createProgress({ enabled: flags.progress, stream: process.stderr, delayS: 1 });
  const reports: FileReport[] = [];
  try {
    for (const file of files) {
      reports.push(
        await validateFile(file, {
          ...(flags.as !== undefined && { role: flags.as }),
          ...(flags.users !== undefined && { users: flags.users }),
          ...(flags.timeZone !== undefined && { timeZone: flags.timeZone }),
          refuseOutside: flags.allowOutside !== true,
          maxErrors: flags.maxErrors,
          signal,
          onProgress: progress.report,
        }),
      );
    }
  } finally {
    progress.end();
  }
  return reports;
}

function reportText(report: FileReport): string {
  const errors = report.findings.filter(({ severity }) => severity === 'error').length;
  const warnings = report.findings.length - errors;
  const quantity = report.quantity === null ? '' : ` (${report.quantity.replaceAll('_', ' ')})`;
  const dialect = report.dialect === null ? '' : `, ${report.dialect}`;
  const features = report.featuresRead === null ? '' : `, ${report.featuresRead} features`;
  const verdict = errors === 0 ? 'no errors' : `${errors} error${errors === 1 ? '' : 's'}`;
  const noted = warnings === 0 ? '' : `, ${warnings} warning${warnings === 1 ? '' : 's'}`;
  const lines = [
    `${report.file}: ${report.kind}${dialect}${quantity}${features}: ${verdict}${noted}`,
    ...report.inputs.flatMap(inputLines),
    ...report.findings.map((finding) => `  ${finding.severity}: ${formatFinding(finding)}`),
  ];
  return `${lines.map(sanitizeForTerminal).join('\n')}\n`;
}

function inputLines(input: FileReport['inputs'][number]): string[] {
  const counts = [
    ...Object.entries(input.setAside),
    ...Object.entries(input.identifiersDropped).map(dropped),
  ];
  return counts.map(([reason, count]) => `  ${input.file}: ${count} ${reason}`);
}

function dropped([name, count]: [string, number]): [string, number] {
  return [`identifiers dropped (${name})`, count];
}
