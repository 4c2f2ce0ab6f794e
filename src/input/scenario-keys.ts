import { z } from 'zod';
import { scenarioSchema } from './scenario-schema.ts';

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The scenario's JSON Schema (draft 2020-12), as shipped for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(scenarioSchema, { io: 'input' });
  return {
    $schema,
    title: 'mastplan scenario',
    description: 'What mastplan plan reads: docs/formats.md says what each key means.',
    ...schema,
  };
}

/** Keys the schema knows at a path (of all its alternative forms), in the order of the schema. */
export function knownKeysAt(path: readonly PropertyKey[]): string[] {
  let nodes: SchemaNode[] = alternatives(scenarioJsonSchema() as SchemaNode);
  for (const step of path) {
    nodes = nodes.flatMap((node) => {
      const next = typeof step === 'number' ? node.items : node.properties?.[String(step)];
      return next === undefined ? [] : alternatives(next);
    });
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** Dotted paths under which a key is known, for a key written in the wrong section. */
export function sectionsKnowing(key: string): string[] {
  const found: string[] = [];
  const visit = (node: SchemaNode, path: string): void => {
    for (const option of alternatives(node)) {
      for (const [name, child] of Object.entries(option.properties ?? {})) {
        if (name === key) found.push(path);
        visit(child, path === '' ? name : `${path}.${name}`);
      }
      if (option.items !== undefined) visit(option.items, `${path}[]`);
    }
  };
  visit(scenarioJsonSchema() as SchemaNode, '');
  return [...new Set(found)];
}

function alternatives(node: SchemaNode): SchemaNode[] {
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(alternatives);
}
