import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { type RunbookError, refuse } from './errors.ts';
import { limits } from './limits.ts';
import { checkAgainst, formatPath, type Problem, prototypeKeys } from './problems.ts';
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
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
    version: '1.2',
  });
  const refuseAll = (problems: readonly Located[]) =>
    invalidFile(
      fileName,
      problems.map((problem) => `${at(fileName, lines, problem)}${problem.text}`),
    );

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

/** What makes a document unfit before its content is looked at: syntax, tags, aliases, keys. */
function structureProblems(document: Document): Located[] {
  const problems: Located[] = [...document.errors, ...document.warnings].map((issue) => ({
    offset: issue.pos[0],
    text:
      issue.code === 'MULTIPLE_DOCS'
        ? 'expected one document, got several'
        : oneLine(issue.message),
  }));
  if (problems.length > 0) return problems;
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

function keyProblem(key: unknown): string | undefined {
  if (!isScalar(key)) return 'expected a plain word as a key, got an alias, a list or an object';
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
