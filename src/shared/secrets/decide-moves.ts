import type {
  Intake,
  Left,
  MigratedSecret,
  MigratedService,
  Migration,
  Move,
} from './migration.ts';
import {
  fileVariableObstacle,
  hasKey,
  type OpenedFiles,
  serviceObstacle,
  variableObstacle,
  writtenWords,
} from './obstacles.ts';
import { secretNames } from './secret-names.ts';
import type { Sighting } from './sight-credentials.ts';

/** What is known of a service beside its compose files. */
export interface ServiceFacts {
  /** How its image takes a variable from a file; undefined when nobody knows. */
  intakeOf(variable: string): Intake | undefined;
  /** Runs before its program where an intake asks for a configuration file. */
  readonly script: string | undefined;
  /** The user that its process runs as, or why that cannot be told. */
  readonly uid: number | { readonly unknown: string };
  /** As its container is started now, references filled in. */
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

export interface MigrationFacts {
  readonly files: OpenedFiles;
  /** By compose service; one without a container is not in it. */
  readonly services: ReadonlyMap<string, ServiceFacts>;
  /** From the project's folder: `.secrets/delivered`. */
  readonly delivered: string;
  /** What the platform file says of secret variables. */
  readonly declared: ReadonlyMap<
    string,
    { readonly description: string; readonly length?: number }
  >;
  /** Why something stays where it is by the owner's wish. */
  waiverOf(sighting: Sighting): string | undefined;
  /** Whether a secret may have a name: nobody has it, or it has this value already. */
  isFree(name: string, value: string): boolean;
}

/** Decides which variables become files, and says of everything else why it stays. */
export function decideMoves(sightings: readonly Sighting[], facts: MigrationFacts): Migration {
  const credentials = secretNames(sightings, facts.isFree);
  const values = new Set(sightings.map(({ value }) => value));
  const secrets: MigratedSecret[] = [];
  const moves: Move[] = [];
  const notCovered: Migration['notCovered'][number][] = [];
  for (const { name, source, own, value } of credentials) {
    // A waiver of the line in the environment file is one of all that it brings.
    const [waived] = own.flatMap((one) => (one.name === source ? (facts.waiverOf(one) ?? []) : []));
    const judged = own.map((sighting) => ({
      sighting,
      verdict: waived ?? judge(sighting, { source, values }, facts),
    }));
    const moved = judged.flatMap(({ sighting, verdict }) =>
      typeof verdict === 'object' ? [moveOf(name, sighting, verdict)] : [],
    );
    const left = judged.flatMap(({ sighting: { what, place }, verdict }): readonly Left[] =>
      typeof verdict === 'string' ? [{ what, place, why: verdict }] : [],
    );
    if (moved.length === 0) {
      const reasons = left.length > 0 ? left : own.slice(0, 1).map(unused);
      notCovered.push(...reasons.map((one) => ({ ...one, name: source ?? name })));
      continue;
    }
    moves.push(...moved);
    const { description, length } = facts.declared.get(source ?? '') ?? {
      description: describe(source, moved),
    };
    const twins = credentials.filter((other) => other.value === value && other.name !== name);
    secrets.push({
      ...{ name, description, left },
      ...(twins.length === 0 ? {} : { twins: twins.map((twin) => twin.name) }),
      ...(source === undefined ? {} : { source }),
      ...(length === undefined ? {} : { length }),
    });
  }
  return { secrets, moves: unique(moves), services: servicesOf(moves, facts), notCovered };
}

const unused = ({ what, place }: Sighting): Left => ({
  ...{ what, place },
  why: 'no service of the compose files takes it: remove it',
});

const describe = (source: string | undefined, [first]: readonly Move[]): string =>
  source === undefined
    ? `Was ${first?.variable} in the environment of ${first?.service}`
    : `Was ${source} in the environment file`;

const moveOf = (secret: string, { service = '', name, how }: Sighting, intake: Intake): Move => ({
  ...{ secret, service, variable: name, intake },
  handedOver: how === 'env_file',
});

/** An intake when it moves, a reason when it stays, nothing when it goes by itself. */
function judge(
  sighting: Sighting,
  { source, values }: { readonly source: string | undefined; readonly values: ReadonlySet<string> },
  facts: MigrationFacts,
): Intake | string | undefined {
  const { how, name, service = '', isWhole } = sighting;
  const waiver = facts.waiverOf(sighting);
  if (waiver !== undefined) return waiver;
  if (how === 'environment file') return name === source ? undefined : 'it is made of it';
  if (how === 'file') return 'it is in a file of its own already, or in one of settings';
  if (how === 'container') return 'only its container has it: its files say otherwise';
  if (how !== 'variable' && how !== 'env_file') return `a ${how} takes no file`;
  if (!isWhole) return 'it is only a part of the value';
  const known = facts.services.get(service);
  if (known === undefined) return 'it has no container that shows how it is started';
  const intake = known.intakeOf(name);
  if (intake === undefined) return `no way is known in which its image takes ${name} from a file`;
  if (typeof known.uid === 'object') return known.uid.unknown;
  const delivered = `${facts.delivered}/${service}`;
  const needsScript = intake.how === 'configuration file';
  return (
    variableObstacle(facts.files, service, name) ??
    (intake.how === 'file variable'
      ? fileVariableObstacle(facts.files, service, intake.variable)
      : undefined) ??
    serviceObstacle(facts.files, service, { delivered, needsScript }) ??
    (needsScript ? startObstacle(facts.files, service, known, values) : undefined) ??
    intake
  );
}

/** What a container was started with has its references filled in: it may not come into a file like that. */
function startObstacle(
  files: OpenedFiles,
  service: string,
  { entrypoint, command }: ServiceFacts,
  values: ReadonlySet<string>,
): string | undefined {
  const words = [
    ...(writtenWords(files, service) === undefined ? entrypoint : []),
    ...(hasKey(files, service, 'command') ? [] : command),
  ];
  const shows = words.some((word) => [...values].some((value) => word.includes(value)));
  return shows ? 'its entry point or command holds a credential' : undefined;
}

/** A word as a compose file has to say it. */
export const asWritten = (word: string): string => word.replaceAll('$', '$$$$');

function servicesOf(moves: readonly Move[], facts: MigrationFacts): readonly MigratedService[] {
  const names = [...new Set(moves.map(({ service }) => service))];
  return names.flatMap((service): readonly MigratedService[] => {
    const known = facts.services.get(service);
    if (known === undefined || typeof known.uid === 'object') return [];
    const { uid, script, command } = known;
    const needsScript = moves.some(
      (move) => move.service === service && move.intake.how === 'configuration file',
    );
    if (!needsScript || script === undefined) return [{ service, uid }];
    const entrypoint = writtenWords(facts.files, service) ?? known.entrypoint.map(asWritten);
    return [{ service, uid, start: { script, entrypoint, command: command.map(asWritten) } }];
  });
}

/** A variable that several compose files set for a service moves once. */
function unique(moves: readonly Move[]): readonly Move[] {
  const keyOf = ({ service, variable }: Move) => JSON.stringify([service, variable]);
  // The line of its own comes before the file that hands everything over.
  return [...Map.groupBy(moves, keyOf).values()].flatMap(([first]) => first ?? []);
}
