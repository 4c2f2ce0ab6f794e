import type { z } from 'zod';
import type { Finding } from '../errors.ts';
import { nearestKey } from './nearest-key.ts';
import { knownKeysAt, sectionsKnowing } from './scenario-keys.ts';
import type { ScenarioText } from './scenario-text.ts';

type Issue = z.core.$ZodIssue;

/** Findings listed of one scenario: whoever hands over another kind of file need not read all that is wrong with it. */
const MAX_FINDINGS = 50;

/** Schema violations as findings: line, path of the wrong key, what is wrong and what would be right. */
export function scenarioFindings(
  issues: readonly Issue[],
  text: ScenarioText,
  file: string | undefined,
): Finding[] {
  const listed = issues.slice(0, MAX_FINDINGS).flatMap((issue) => {
    const { issue: cause, path } = deepest(issue, []);
    const keys = cause.code === 'unrecognized_keys' ? cause.keys.slice(0, MAX_FINDINGS) : [null];
    return keys.map((key): Finding => {
      const at = key === null ? path : [...path, key];
      const line = text.lineOf(at);
      const worded = key === null ? wordIssue(cause, path, text.value) : wordUnknownKey(key, path);
      return {
        severity: 'error',
        code: key === null ? 'scenario-value' : 'scenario-unknown-key',
        file,
        feature: line === null ? undefined : `line ${line}`,
        ...worded,
      };
    });
  });
  return listed.slice(0, MAX_FINDINGS);
}

/** `phases[0].targets[1].share`. */
export function keyPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}${text === '' ? '' : '.'}${String(step)}`,
    '',
  );
}

/** Of a key with alternative forms, the form that came nearest: the one whose first violation lies deepest. */
function deepest(issue: Issue, prefix: readonly PropertyKey[]): { issue: Issue; path: PropertyKey[] } {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union') return { issue, path };
  const candidates = issue.errors
    .flatMap((errors) => errors.slice(0, 1))
    .map((nested) => deepest(nested, path))
    .filter((nested) => nested.path.length > path.length || nested.issue.code === 'unrecognized_keys');
  candidates.sort((a, b) => b.path.length - a.path.length);
  return candidates[0] ?? { issue, path };
}

function wordUnknownKey(key: string, path: readonly PropertyKey[]): { message: string; hint: string } {
  const known = knownKeysAt(path);
  const nearest = nearestKey(key, known);
  const where = path.length === 0 ? 'at the top level' : `in ${keyPath(path)}`;
  const message = `unknown key "${key}" ${where}.`;
  if (nearest !== null) return { message, hint: `Did you mean "${nearest}"?` };
  const section = sectionsKnowing(key)[0];
  if (section !== undefined) {
    return {
      message,
      hint: section === '' ? 'It belongs at the top level.' : `It belongs under ${section}.`,
    };
  }
  return { message, hint: `Known keys here: ${known.join(', ')}.` };
}

const FORMS_HINT = 'docs/formats.md lists the forms.';

function wordIssue(
  issue: Issue,
  path: readonly PropertyKey[],
  root: unknown,
): { message: string; hint?: string } {
  const key = path.length === 0 ? 'the scenario' : keyPath(path);
  const got = valueAt(root, path);
  if (got === undefined) return { message: `${key} is missing.` };
  const shown = `got ${show(got)}`;
  switch (issue.code) {
    case 'custom':
      return { message: `${key} ${issue.message}; ${shown}.` };
    case 'invalid_type':
      return { message: `${key} must be ${article(issue.expected)}, ${shown}.` };
    case 'invalid_value':
      return {
        message: `${key} must be one of ${issue.values.map(String).join(', ')}; ${shown}.`,
        ...meant(got, issue),
      };
    case 'too_small':
      return {
        message: `${key} must be ${issue.inclusive ? 'at least' : 'greater than'} ${issue.minimum}, ${shown}.`,
      };
    case 'too_big':
      return {
        message: `${key} must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}, ${shown}.`,
      };
    case 'invalid_union':
      if (issue.message.startsWith('must ')) return { message: `${key} ${issue.message}; ${shown}.` };
      return { message: `${key} has a form that is not known here, ${shown}.`, hint: FORMS_HINT };
    case 'invalid_format':
      return { message: `${key} has the wrong form, ${shown}.` };
    default:
      return { message: `${key} has a form that is not known here, ${shown}.`, hint: FORMS_HINT };
  }
}

function meant(got: unknown, issue: z.core.$ZodIssueInvalidValue): { hint?: string } {
  const nearest = nearestKey(String(got), issue.values.map(String));
  return nearest === null ? {} : { hint: `Did you mean "${nearest}"?` };
}

function article(expected: string): string {
  const words: Record<string, string> = {
    object: 'a group of keys',
    record: 'a group of keys',
    array: 'a list',
    string: 'text',
    number: 'a finite number',
    int: 'a whole number',
    boolean: 'true or false',
  };
  return words[expected] ?? `a value of type ${expected}`;
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    root,
  );
}

function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
