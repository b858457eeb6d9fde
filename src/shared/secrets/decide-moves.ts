import type {
  Intake,
  Left,
  MigratedSecret,
  MigratedService,
  Migration,
  Move,
} from './migration.ts';
import { type OpenedFiles, serviceObstacle, variableObstacle } from './obstacles.ts';
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
  /** As its container is started now. */
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
  const secrets: MigratedSecret[] = [];
  const moves: Move[] = [];
  const notCovered: Migration['notCovered'][number][] = [];
  for (const { name, source, own } of credentials) {
    // A waiver of the line in the environment file is one of all that it brings.
    const [waived] = own.flatMap((one) => (one.name === source ? (facts.waiverOf(one) ?? []) : []));
    const judged = own.map((sighting) => ({
      sighting,
      verdict: waived ?? judge(sighting, source, facts),
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
    secrets.push({
      ...{ name, description, left },
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
  source: string | undefined,
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
    serviceObstacle(facts.files, service, { delivered, needsScript }) ??
    intake
  );
}

function servicesOf(moves: readonly Move[], facts: MigrationFacts): readonly MigratedService[] {
  const names = [...new Set(moves.map(({ service }) => service))];
  return names.flatMap((service): readonly MigratedService[] => {
    const known = facts.services.get(service);
    if (known === undefined || typeof known.uid === 'object') return [];
    const { uid, script, entrypoint, command } = known;
    const needsScript = moves.some(
      (move) => move.service === service && move.intake.how === 'configuration file',
    );
    if (!needsScript || script === undefined) return [{ service, uid }];
    return [{ service, uid, start: { script, entrypoint, command } }];
  });
}

/** A variable that several compose files set for a service moves once. */
function unique(moves: readonly Move[]): readonly Move[] {
  const keyOf = ({ service, variable }: Move) => JSON.stringify([service, variable]);
  // The line of its own comes before the file that hands everything over.
  return [...Map.groupBy(moves, keyOf).values()].flatMap(([first]) => first ?? []);
}
