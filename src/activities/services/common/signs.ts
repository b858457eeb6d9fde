import type { Recognition, Recognize, Settings, Sighting } from '../recognition.ts';

/** By what a kind is recognised: the image or the program says it, the rest is in support. */
interface Signs {
  /** The last part of the image's name, without its tag: `postgres` of `registry/library/postgres:17`. */
  readonly image: RegExp;
  /** A program of the entrypoint or the command, without its folder. */
  readonly program: RegExp;
  /** Programs of the same image that make it something else: a client, a job. */
  readonly notProgram?: RegExp;
  readonly variable?: RegExp;
  readonly ports?: readonly number[];
  readonly mount?: RegExp;
  readonly healthCheck?: RegExp;
  readonly settings: (seen: Sighting) => readonly [Settings, ...Settings[]];
  readonly grouped?: true;
}

const weights = { image: 3, program: 3, healthCheck: 2, variable: 2, port: 1, mount: 1 } as const;
/** An image's name alone is enough. */
const threshold = 3;
/** Ports, variables and mounts prove nothing: clients have such variables, other programs of an image its ports. */
const strong: ReadonlySet<string> = new Set(['image', 'program', 'healthCheck']);

export const recognizedBy =
  (signs: Signs): Recognize =>
  (seen) => {
    const programs = programsOf(seen.words);
    if (programs.some((program) => signs.notProgram?.test(program))) return undefined;
    const found = evidence(signs, seen, programs);
    const weight = found.reduce((sum, [sign]) => sum + weights[sign], 0);
    if (weight < threshold || !found.some(([sign]) => strong.has(sign))) return undefined;
    return {
      weight,
      reasons: found.map(([, words]) => words),
      settings: signs.settings(seen),
      ...(signs.grouped ? { grouped: true } : {}),
    } satisfies Recognition;
  };

type Evidence = readonly [sign: keyof typeof weights, words: string];

function evidence(signs: Signs, seen: Sighting, programs: readonly string[]): readonly Evidence[] {
  const image = imageName(seen.image);
  const program = programs.find((name) => signs.program.test(name));
  const variable = seen.variables.find((name) => signs.variable?.test(name));
  const port = seen.ports.find((number) => signs.ports?.includes(number));
  const mount = seen.mounts.find((folder) => signs.mount?.test(folder));
  const check = seen.healthCheck.join(' ').match(signs.healthCheck ?? never)?.[0];
  return [
    ...(signs.image.test(image) ? [['image', `its image is ${image}`] as const] : []),
    ...(program === undefined ? [] : [['program', `it runs ${program}`] as const]),
    ...(variable === undefined ? [] : [['variable', `it has ${variable}`] as const]),
    ...(port === undefined ? [] : [['port', `it has port ${port}`] as const]),
    ...(mount === undefined ? [] : [['mount', `it mounts ${mount}`] as const]),
    ...(check === undefined ? [] : [['healthCheck', `its health check asks ${check}`] as const]),
  ];
}

const never = /(?!)/;

/** `postgres` of `registry:5000/library/postgres:17@sha256:...`. */
function imageName(reference: string): string {
  const [withoutDigest = ''] = reference.split('@');
  const last = withoutDigest.split('/').at(-1) ?? '';
  return last.split(':')[0] ?? '';
}

/** The first words decide what runs; what follows are its arguments. */
const maxWords = 8;

/** The names of the programs at the head of a command; those of a shell's script among them. */
function programsOf(words: readonly string[]): readonly string[] {
  return words
    .flatMap((word) => word.split(/[\s;&|]+/))
    .slice(0, maxWords)
    .filter((word) => word !== '' && !word.startsWith('-') && !word.includes('='))
    .map((word) => word.split('/').at(-1) ?? word);
}

/** The value of an option in a command, such as `-U app` or `--username=app`. */
export function optionOf(
  words: readonly string[],
  ...names: readonly string[]
): string | undefined {
  const flat = words.flatMap((word) => word.split(/\s+/));
  for (const [index, word] of flat.entries()) {
    const [name = '', value] = word.split('=', 2);
    if (!names.includes(name)) continue;
    const text = (value ?? flat[index + 1] ?? '').replaceAll(/["']/g, '');
    if (text !== '') return text;
  }
  return undefined;
}

interface AskedUrl {
  readonly scheme: 'http' | 'https';
  readonly port: number;
  readonly path: string;
}

/** What Docker's health check asks of the container itself. A URL with a query could hold a token. */
export function askedUrl({ healthCheck }: Sighting): AskedUrl | undefined {
  const text = healthCheck.join(' ');
  const url =
    /\b(https?):\/\/(?:127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0)(?::(\d{1,5}))?(\/[\w./~%-]*)?(?=["'\s;|&)]|$)/;
  const found = url.exec(text);
  if (found === null) return undefined;
  const scheme = found[1] === 'https' ? 'https' : 'http';
  const port = Number(found[2] ?? (scheme === 'https' ? 443 : 80));
  if (port < 1 || port > 65_535) return undefined;
  return { scheme, port, path: found[3] ?? '/' };
}
