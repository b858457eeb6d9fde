import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import type { DefinitionFile } from '../../shared/definition-file.ts';
import { limits } from '../../shared/limits.ts';
import { isNamesParam } from '../../shared/names-param.ts';
import type { OnFailure, RunRequest } from '../../shared/run-request.ts';
import { CommandError } from '../errors.ts';
import type { Session } from '../session.ts';
import { fileTrouble } from './file-trouble.ts';
import { operator } from './operator.ts';

export interface RequestOptions {
  readonly set: readonly string[];
  readonly vars?: string | undefined;
  readonly platform?: string | undefined;
  readonly onFailure?: OnFailure | undefined;
  readonly parkTimeout?: string | undefined;
  readonly outsideWindow?: string | undefined;
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
}

/** The one JSON object that starts a run. */
export async function buildRequest(
  definition: DefinitionFile,
  options: RequestOptions,
  session: Session,
): Promise<RunRequest> {
  const fromFile = options.vars === undefined ? {} : await readVars(options.vars, session);
  const params = { ...fromFile, ...settings(options.set, definition) };
  const { platform, onFailure, parkTimeout, outsideWindow, reason, ticket } = options;
  const wanted = {
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(parkTimeout === undefined ? {} : { parkTimeout }),
    ...(outsideWindow === undefined ? {} : { outsideWindow }),
  };
  const request: RunRequest = {
    ...(platform === undefined ? {} : { platform }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(Object.keys(wanted).length === 0 ? {} : { options: wanted }),
    meta: {
      by: operator(),
      trigger: 'cli',
      ...(reason === undefined ? {} : { reason }),
      ...(ticket === undefined ? {} : { ticket }),
    },
  };
  requireSize(request);
  return request;
}

/** A request for a plan, or for the run that a plan has been approved for. */
export function withOptions<Request extends RunRequest>(
  request: Request,
  options: RunRequest['options'],
): Request {
  return { ...request, options: { ...request.options, ...options } };
}

/** Parameters from `name=value`, read as the definition wants them. */
export function settings(
  set: readonly string[],
  { params }: DefinitionFile,
  usage = { option: '--set', example: 'runbook start NAME --set retries=3' },
): Record<string, unknown> {
  return Object.fromEntries(
    set.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw badSetting(text, usage);
      const [name, value] = [text.slice(0, at), text.slice(at + 1)];
      const type = Object.hasOwn(params, name) ? params[name]?.type : undefined;
      if (isNamesParam(type)) return [name, value.split(',').map((item) => item.trim())];
      // A version such as 1.10 is a text for a parameter that is one.
      return [name, type === 'string' ? value : scalar(value)];
    }),
  );
}

/** JSON scalars as what they are, anything else as the text it is. */
function scalar(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? text : value;
  } catch {
    return text;
  }
}

function badSetting(text: string, usage: { option: string; example: string }): CommandError {
  return new CommandError('RB_USAGE', `${usage.option} ${text} is not name=value`, {
    why: 'a parameter is set as name=value',
    fix: usage.example,
    context: { changed: false },
  });
}

async function readVars(file: string, session: Session): Promise<Record<string, unknown>> {
  const name = file === '-' ? 'standard input' : file;
  const text = await (file === '-' ? session.readStdin() : readFile(file, 'utf8')).catch(
    (error: unknown) => {
      throw new CommandError('RB_FILE_UNREADABLE', `cannot read the parameters in ${name}`, {
        why: fileTrouble(error),
        fix: 'give the path of a YAML or JSON file with --vars, or - for standard input',
        context: { changed: false },
      });
    },
  );
  if (text.length > limits.fileBytes) throw badVars(name, 'it is too large');
  const value: unknown = readYaml(text, name);
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw badVars(name, 'expected an object of parameters');
  }
  return { ...value };
}

function readYaml(text: string, name: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: limits.yamlAliases });
  } catch (error) {
    throw badVars(name, error instanceof Error ? error.message : String(error));
  }
}

function badVars(name: string, why: string): CommandError {
  return new CommandError('RB_FILE_UNREADABLE', `${name} holds no parameters`, {
    why,
    fix: 'give a YAML or JSON object, for example {"retries": 3}',
    context: { changed: false },
  });
}

/** Refused here, before it is sent; the workflow would refuse it too. */
function requireSize(request: RunRequest): void {
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes <= limits.inputBytes) return;
  throw new CommandError('RB_INPUT_TOO_LARGE', `the input of the run has ${bytes} bytes`, {
    why: `at most ${limits.inputBytes} are accepted: a history keeps them for ever`,
    fix: 'put large values into a file on the host and give its path',
    context: { changed: false },
  });
}
