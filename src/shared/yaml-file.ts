import { type Document, isCollection, isScalar, LineCounter, visit, type YAMLMap } from 'yaml';
import type { z } from 'zod';
import { type RunbookError, refuse } from './errors.ts';
import { limits } from './limits.ts';
import {
  checkAgainst,
  describeValue,
  formatPath,
  type Problem,
  prototypeKeys,
} from './problems.ts';
import { yamlDocument } from './yaml-document.ts';
import { offsetOf, startOf } from './yaml-place.ts';

/** A problem with its place in the file. */
interface Located {
  readonly offset: number;
  readonly text: string;
}

/**
 * Reads one YAML file under a schema. Throws `RB_FILE_INVALID` with every problem as
 * `file:line:column path: expected ..., got ...`. `crossChecks` look at a value that the schema accepts.
 */
export function parseYamlFile<T>(
  text: string,
  fileName: string,
  schema: z.ZodType<T>,
  crossChecks: (value: T) => readonly Problem[] = () => [],
): T {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > limits.fileBytes) throw tooLarge(fileName, bytes);
  const lines = new LineCounter();
  const refuseAll = (problems: readonly Located[]) =>
    invalidFile(
      fileName,
      problems.map((problem) => `${at(fileName, lines, problem)}${inOneLine(problem.text)}`),
    );
  const document = yamlDocument(text, { lineCounter: lines });
  if (document === undefined) throw refuseAll([{ offset: 0, text: tooDeep }]);

  const structure = structureProblems(document);
  if (structure.length > 0) throw refuseAll(structure);
  const located = ({ path, text, at }: Problem): Located => ({
    offset: offsetOf(document, path, at),
    text: `${formatPath(path)}: ${text}`,
  });
  const checked = checkAgainst(schema, plainValue(document));
  if ('problems' in checked) throw refuseAll(checked.problems.map(located));
  const crossed = crossChecks(checked.value);
  if (crossed.length > 0) throw refuseAll(crossed.map(located));
  return checked.value;
}

const tooDeep = `expected at most ${limits.yamlDepth} levels of nesting, got more`;

/** What makes a document unfit before its content is looked at: syntax, size, tags, aliases, keys. */
function structureProblems(document: Document): Located[] {
  const problems: Located[] = [...document.errors, ...document.warnings].map((issue) => ({
    offset: issue.pos[0],
    text:
      issue.code === 'MULTIPLE_DOCS'
        ? 'expected one document, got several'
        : oneLine(issue.message),
  }));
  if (problems.length > 0) return problems;
  const excess = excessProblem(document);
  if (excess) return [excess];
  let aliases = 0;
  visit(document, {
    Alias(_, alias, ancestors) {
      aliases += 1;
      if (aliases > limits.yamlAliases) return visit.BREAK;
      // Such an alias has no end; writing it out would need a file without one.
      const target = alias.resolve(document);
      if (!target)
        problems.push({ offset: startOf(alias), text: `unknown alias *${alias.source}` });
      else if (ancestors.includes(target)) {
        problems.push({ offset: startOf(alias), text: `alias *${alias.source} contains itself` });
      }
      return undefined;
    },
    Map(_, map) {
      problems.push(...repeatedKeys(map));
    },
    Pair(_, { key }) {
      const text = keyProblem(key);
      if (text !== undefined) problems.push({ offset: startOf(key), text });
    },
  });
  if (aliases > limits.yamlAliases || !fitsAliasLimit(document, problems)) {
    problems.push({ offset: 0, text: `expected at most ${limits.yamlAliases} aliases, got more` });
  }
  return problems;
}

/** More than any file of ours needs, and enough to keep the checks that follow busy for minutes. */
function excessProblem(document: Document): Located | undefined {
  let entries = 0;
  let excess: Located | undefined;
  const look = (node: unknown, ancestors: readonly unknown[]) => {
    entries += 1;
    // Between two levels stands a pair or nothing; the document itself is the first.
    const levels = ancestors.filter((ancestor) => isCollection(ancestor)).length;
    if (levels > limits.yamlDepth) excess = { offset: startOf(node), text: tooDeep };
    if (entries > limits.yamlEntries) {
      const text = `expected at most ${limits.yamlEntries} keys and list items, got more`;
      excess = { offset: startOf(node), text };
    }
    return excess ? visit.BREAK : undefined;
  };
  visit(document, {
    Pair: (_, { key }, ancestors) => look(key, ancestors),
    Node: (key, node, ancestors) => (typeof key === 'number' ? look(node, ancestors) : undefined),
  });
  return excess;
}

function repeatedKeys({ items }: YAMLMap): Located[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    if (!seen.has(key.value)) {
      seen.add(key.value);
      return [];
    }
    return [{ offset: startOf(key), text: `the key ${describeValue(key.value)} is there twice` }];
  });
}

function keyProblem(key: unknown): string | undefined {
  if (!isScalar(key)) return 'expected a plain word as a key, got an alias, a list or an object';
  if (key.value instanceof Uint8Array) return 'expected a plain word as a key, got bytes';
  if (key.value === '<<') return 'merge keys are not read; write the keys out';
  if (prototypeKeys.has(String(key.value))) return `the key "${String(key.value)}" is not allowed`;
  return undefined;
}

/** Aliases of aliases multiply; the library counts what they come to and stops at the limit. */
function fitsAliasLimit(document: Document, problems: readonly Located[]): boolean {
  if (problems.length > 0) return true;
  try {
    plainValue(document);
    return true;
  } catch (error) {
    if (error instanceof ReferenceError) return false;
    throw error;
  }
}

/** The library counts an anchor as its first alias. An empty file is nothing rather than null. */
const plainValue = (document: Document): unknown =>
  document.toJS({ maxAliasCount: limits.yamlAliases + 1 }) ?? undefined;

function at(fileName: string, lines: LineCounter, { offset }: Located): string {
  const { line, col } = lines.linePos(offset);
  return `${fileName}:${Math.max(line, 1)}:${Math.max(col, 1)} `;
}

/** What a file says may stand in a message of another library as it is: no terminal is to obey it. */
const inOneLine = (text: string) =>
  text.replace(
    /\p{Cc}/gu,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const oneLine = (message: string) => message.replace(/\s+/g, ' ').slice(0, 300);

/** How many problems an error spells out; a file with more is not the one that was meant. */
const maxListed = 50;

function invalidFile(fileName: string, problems: readonly string[]): RunbookError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const rest = problems.length > maxListed ? [`and ${problems.length - maxListed} more`] : [];
  return refuse(
    'RB_FILE_INVALID',
    `${fileName} has ${count}`,
    [...problems.slice(0, maxListed), ...rest].join('\n'),
    `correct ${fileName} and run the same command again`,
  );
}

function tooLarge(fileName: string, bytes: number): RunbookError {
  return invalidFile(fileName, [
    `${fileName}:1:1 (top): expected at most ${limits.fileBytes} bytes, got ${bytes}`,
  ]);
}
