import { asWritten } from './decide-moves.ts';
import { configurationMount, type Migration, type Move, secretsMount } from './migration.ts';
import {
  fileFor,
  filesWithEntry,
  hasKey,
  hasMount,
  type OpenedFiles,
  openFiles,
  pathFrom,
} from './obstacles.ts';
import { rewriteCompose, type ServiceChange } from './rewrite-compose.ts';
import { removeVariables } from './rewrite-dotenv.ts';
import { rewritePlatform } from './rewrite-platform.ts';
import type { ComposeTextFile, TextFile } from './sight-credentials.ts';

/** The files of a platform that a migration changes. */
export interface ProjectTexts {
  readonly composeFiles: readonly ComposeTextFile[];
  readonly platformFile: TextFile;
  /** The environment file, and copies of older ones. */
  readonly envFiles: readonly TextFile[];
  /** From the project's folder: `.secrets/delivered`. */
  readonly delivered: string;
}

/** Every file as it is to be; those that stay as they are left out. */
export function rewriteProject(texts: ProjectTexts, migration: Migration): readonly TextFile[] {
  const gone = new Set(
    migration.secrets.flatMap(({ source, left }) =>
      source === undefined || left.length > 0 ? [] : [source],
    ),
  );
  const files = openFiles(texts.composeFiles);
  const rewritten = [
    ...files.map(({ name, text }) => {
      const changes = migration.services.flatMap(({ service }) =>
        changeOf(files, name, service, texts, migration),
      );
      return { name, text: changes.length === 0 ? text : rewriteCompose(text, changes) };
    }),
    ...texts.envFiles.map(({ name, text }) => ({ name, text: removeVariables(text, gone) })),
    {
      name: texts.platformFile.name,
      text: rewritePlatform(texts.platformFile.text, itemsOf(migration), gone),
    },
  ];
  const before = new Map(
    [...texts.composeFiles, ...texts.envFiles, texts.platformFile].map(({ name, text }) => [
      name,
      text,
    ]),
  );
  return rewritten.filter(({ name, text }) => before.get(name) !== text);
}

/** What becomes of a service in one of the files; nothing when that file has no part of it. */
function changeOf(
  files: OpenedFiles,
  file: string,
  service: string,
  { delivered }: ProjectTexts,
  migration: Migration,
): readonly ServiceChange[] {
  const isFor = (key: string) => fileFor(files, service, key)?.name === file;
  const own = migration.moves.filter((move) => move.service === service);
  const written = own.filter(
    ({ variable, handedOver }) =>
      !handedOver && filesWithEntry(files, service, variable).some(({ name }) => name === file),
  );
  const folder = files.find(({ name }) => name === file)?.folder;
  const path = `${delivered}/${service}`;
  const mount = `${pathFrom(folder, path)}:${secretsMount}:ro`;
  const { start, uid } = migration.services.find((one) => one.service === service) ?? {};
  const change: ServiceChange = {
    service,
    variables: written.map(variableChange),
    added: isFor('environment')
      ? own.filter(({ handedOver }) => handedOver).flatMap(replacement)
      : [],
    volumes: isFor('volumes') && !hasMount(files, service, path) ? [mount] : [],
    tmpfs:
      start !== undefined && isFor('tmpfs')
        ? [`${configurationMount}:uid=${uid},gid=${uid},mode=0700,size=1m`]
        : [],
    ...(start !== undefined && isFor('entrypoint')
      ? started(start, own, hasKey(files, service, 'command'))
      : {}),
  };
  const { variables, added, volumes, tmpfs, entrypoint } = change;
  const isEmpty = [variables, added, volumes, tmpfs].every((list) => list.length === 0);
  return isEmpty && entrypoint === undefined ? [] : [change];
}

const fileOf = ({ secret }: Move): string => `${secretsMount}/${secret}`;

const replacement = (move: Move) =>
  move.intake.how === 'file variable' ? [{ name: move.intake.variable, value: fileOf(move) }] : [];

function variableChange(move: Move): ServiceChange['variables'][number] {
  const [instead] = replacement(move);
  return { name: move.variable, ...(instead && { instead }) };
}

/** The script gets pairs of setting and secret up to `--`, then what it is to become. */
function started(
  { script, entrypoint, command }: NonNullable<Migration['services'][number]['start']>,
  moves: readonly Move[],
  saysCommand: boolean,
): Pick<ServiceChange, 'entrypoint' | 'command'> {
  const pairs = moves.flatMap(({ intake, secret }) =>
    intake.how === 'configuration file' ? [intake.setting, secret] : [],
  );
  return {
    entrypoint: ['sh', '-c', asWritten(script), 'secrets-entry', ...pairs, '--', ...entrypoint],
    // With an entry point of its own a service has no command of its image any more.
    ...(saysCommand || command.length === 0 ? {} : { command }),
  };
}

const itemsOf = ({ secrets, moves, services }: Migration) =>
  secrets.map(({ name, description, length, credential }) => ({
    ...{ name, description, length, credential },
    deliver: Object.fromEntries(
      moves
        .filter(({ secret }) => secret === name)
        .map(({ service, takes }) => {
          const uid = services.find((one) => one.service === service)?.uid ?? 0;
          return [service, takes === undefined ? uid : { uid, takes }] as const;
        }),
    ),
  }));
