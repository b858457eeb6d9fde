import { composeDocument } from '../environment/compose-document.ts';
import { everyComposeReference } from '../environment/compose-references.ts';
import { parseDotenv } from '../environment/dotenv.ts';
import type { Left, Migration } from './migration.ts';
import { type ProjectTexts, rewriteProject } from './rewrite-project.ts';
import type { TextFile } from './sight-credentials.ts';

/** A place that takes a variable, whatever the value is for. */
interface Reference extends Left {
  readonly name: string;
}

/**
 * A migration that takes no variable away which something still refers to: Compose would fill in nothing there, without
 * a word. It looks at the texts as they are to be, so it does not matter what looked like a credential.
 */
export function keepReferred(
  migration: Migration,
  texts: ProjectTexts,
  otherEnvFiles: readonly TextFile[],
): Migration {
  const changed = new Map(
    rewriteProject(texts, migration).map(({ name, text }) => [name, text] as const),
  );
  const after = (file: TextFile) => ({ ...file, text: changed.get(file.name) ?? file.text });
  // A copy of an older one fills in nothing.
  const envFiles = texts.envFiles.filter(({ name }) => !name.endsWith('.previous'));
  const references = [
    ...[...texts.composeFiles, texts.platformFile].flatMap((file) =>
      inYaml(after(file)).map(placedBefore(file, after(file))),
    ),
    ...envFiles.flatMap((file) => inDotenv(after(file)).map(placedBefore(file, after(file)))),
    ...otherEnvFiles.flatMap(inDotenv),
  ];
  return {
    ...migration,
    secrets: migration.secrets.map((secret) => {
      if (secret.source === undefined || secret.left.length > 0) return secret;
      const own = references.filter(({ name }) => name === secret.source);
      return { ...secret, left: own.map(({ what, place, why }) => ({ what, place, why })) };
    }),
  };
}

/** People look for the line in the file as it is now. */
const placedBefore =
  (before: TextFile, after: TextFile) =>
  (reference: Reference): Reference => {
    const line = /:(\d+)$/.exec(reference.place)?.[1];
    const own = after.text.split('\n')[Number(line) - 1];
    const index = own === undefined ? -1 : before.text.split('\n').indexOf(own);
    return index === -1 ? reference : { ...reference, place: `${before.name}:${index + 1}` };
  };

function inYaml({ name: file, text }: TextFile): readonly Reference[] {
  const why = 'something there refers to it that takes no file';
  const found = (name: string, place: string) => ({ name, what: name, place, why });
  if (composeDocument(text) !== undefined) {
    return everyComposeReference(text, file).map(({ name, place }) => found(name, place));
  }
  // What cannot be read here may refer to whatever it mentions.
  return [...new Set(text.match(/[A-Za-z_]\w*/g))].map((name) => found(name, file));
}

/** Also a line that only names a variable: it takes it from the environment file. */
function inDotenv({ name: file, text }: TextFile): readonly Reference[] {
  return parseDotenv(text).entries.flatMap(({ name: what, value, line, references }) => {
    const names = value === undefined ? [what] : references.map(({ name }) => name);
    return names.map((name) => ({ name, what, place: `${file}:${line}`, why: 'it is made of it' }));
  });
}
