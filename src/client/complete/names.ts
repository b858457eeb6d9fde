import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { definitionFiles } from '../local/paths.ts';
import { chosenPlatformFiles } from '../local/worker-environment.ts';
import type { Environment } from '../terminal.ts';
import type { Proposal } from './proposal.ts';

/** Only what is shown is read, and not checked: checking every file would be felt at every key. */
interface LooseFile {
  readonly name?: unknown;
  readonly title?: unknown;
  readonly params?: unknown;
  readonly secrets?: unknown;
}

async function readLoosely(file: string): Promise<LooseFile> {
  try {
    const value: unknown = parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

export async function runbookNames(): Promise<readonly Proposal[]> {
  return Promise.all(
    (await definitionFiles()).map(async (file) => ({
      value: basename(file, '.yaml'),
      description: text((await readLoosely(file)).title),
    })),
  );
}

/** Of the platforms that a worker which is started here would know. */
export async function platformNames(env: Environment, cwd: string): Promise<readonly Proposal[]> {
  const found = await Promise.all((await chosenPlatformFiles(env, cwd, [])).map(readLoosely));
  return found.flatMap(({ name, title }) =>
    text(name) === '' ? [] : [{ value: text(name), description: text(title) }],
  );
}

/** Of the same platforms, with what each one is for. */
export async function secretNames(env: Environment, cwd: string): Promise<readonly Proposal[]> {
  const found = await Promise.all((await chosenPlatformFiles(env, cwd, [])).map(readLoosely));
  return found.flatMap(({ secrets }) =>
    Object.entries(objectAt(objectAt(secrets).items)).map(([value, item]) => ({
      value,
      description: text(objectAt(item).description),
    })),
  );
}

const objectAt = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** `name=` of every parameter of a runbook, and the values of one that has few. */
export async function parameters(
  runbook: string | undefined,
  current: string,
): Promise<readonly Proposal[]> {
  const file = (await definitionFiles()).find((path) => basename(path, '.yaml') === runbook);
  const { params } = file === undefined ? {} : await readLoosely(file);
  const known = Object.entries(typeof params === 'object' && params !== null ? params : {});
  const chosen = known.find(([name]) => current.startsWith(`${name}=`));
  if (chosen === undefined) {
    return known.map(([name, param]) => ({
      value: `${name}=`,
      description: text((param as { description?: unknown } | null)?.description),
    }));
  }
  const [name, param] = chosen as [string, { type?: unknown; oneOf?: unknown } | null];
  const values = param?.type === 'boolean' ? ['true', 'false'] : (param?.oneOf ?? []);
  return Array.isArray(values) ? values.map((value) => ({ value: `${name}=${value}` })) : [];
}
