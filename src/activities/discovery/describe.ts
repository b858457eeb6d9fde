import { errorFacts } from '../../shared/errors.ts';
import { PlatformFileSchema } from '../../shared/platform-file.ts';
import type { DockerEngine } from '../docker/engine.ts';
import { logicalServices } from '../docker/logical-services.ts';
import type { Settings } from '../services/recognition.ts';
import type { ComposeSighting } from './compose-sighting.ts';
import type { ContainerSighting } from './container-sighting.ts';
import type { Certainty, DiscoveredService } from './discovered.ts';
import { type Guess, ungrouped } from './guess.ts';
import { type Proof, prove } from './prove.ts';

interface Seen {
  readonly composed: readonly ComposeSighting[];
  readonly containers: readonly ContainerSighting[];
}

interface Described {
  readonly services: readonly DiscoveredService[];
  readonly doubts: readonly string[];
}

/** Questions at a time: each is a program in a container. */
const atOnce = 8;

/** Asks the services that run whether they are what they look like, and settles for what is true. */
export async function describeServices(
  engine: DockerEngine,
  { project, ask }: { readonly project: string; readonly ask: boolean },
  guesses: readonly Guess[],
  seen: Seen,
): Promise<Described> {
  const isCircle = waitInACircle(guesses, seen.composed);
  const open = [...(isCircle ? ungrouped(guesses) : guesses)];
  const described: { service: DiscoveredService; doubt?: string }[] = [];
  while (open.length > 0) {
    const asked = open.splice(0, atOnce).map(async (guess) => {
      const there = containersOf(guess, seen);
      const proof = ask && there.length > 0 ? await prove(engine, project, guess) : undefined;
      return describe(guess, there, proof, seen.composed);
    });
    described.push(...(await Promise.all(asked)));
  }
  return {
    services: described.map(({ service }) => service),
    doubts: [
      ...(isCircle
        ? ['members stay services of their own: together they would wait for each other']
        : []),
      ...described.flatMap(({ doubt }) => (doubt === undefined ? [] : [doubt])),
    ],
  };
}

function waitInACircle(guesses: readonly Guess[], composed: readonly ComposeSighting[]): boolean {
  const { services } = PlatformFileSchema.pick({ services: true }).parse({
    services: Object.fromEntries(
      guesses.map(({ name, kind, members }) => [name, { kind, members: [...members] }]),
    ),
  });
  const config = Object.fromEntries(
    composed.map(({ service, waitsFor }) => [
      service,
      {
        depends_on: Object.fromEntries(
          Object.entries(waitsFor).map(([name, condition]) => [name, { condition }]),
        ),
      },
    ]),
  );
  try {
    logicalServices({ services }, { services: config });
    return false;
  } catch (error) {
    if (errorFacts(error).code === 'RB_DEPENDENCY_CYCLE') return true;
    throw error;
  }
}

const containersOf = ({ members }: Guess, { containers }: Seen) =>
  containers.filter(({ facts }) => members.includes(facts.service));

function describe(
  guess: Guess,
  containers: readonly ContainerSighting[],
  proof: Proof | undefined,
  composed: readonly ComposeSighting[],
): { service: DiscoveredService; doubt?: string } {
  const { name, kind, members, reasons } = guess;
  const own = composed.filter(({ service }) => members.includes(service));
  const startMs = Math.max(0, ...own.map((seen) => seen.startMs ?? 0));
  const facts = {
    ...{ name, members, reasons },
    waitsFor: Object.assign({}, ...own.map(({ waitsFor }) => waitsFor)),
    ...(startMs === 0 ? {} : { startMs }),
  };
  const [first] = guess.settings;
  if (proof === undefined) {
    if (!guess.needsProof) {
      return { service: { ...facts, kind, settings: first, certainty: certaintyOf(guess) } };
    }
    return { service: asContainer(facts, `if it answers as one: ${kindWords(kind, first)}`) };
  }
  const { settings, verdict } = proof;
  const answer = verdict.summary;
  // Of a container without a kind there is nothing to prove.
  if (verdict.healthy && kind !== 'container') {
    return { service: { ...facts, kind, settings, answer, certainty: 'proved' } };
  }
  if (verdict.healthy) return { service: { ...facts, kind, settings, answer, certainty: 'guess' } };
  const doubt = `${name} is not healthy now: ${answer}`;
  const isRight = verdict.ready || kind === 'container' || !containers.every(isWell);
  if (isRight && !guess.needsProof) {
    return { service: { ...facts, kind, settings, answer, certainty: certaintyOf(guess) }, doubt };
  }
  // Docker finds it well and it does not answer as its kind: the settings are not the right ones.
  const todo = guess.needsProof
    ? `it did not answer as ${kindWords(kind, first)} (${answer})`
    : `it looks like ${kindWords(kind, first)}, and did not answer as one (${answer}): correct the settings`;
  return { service: asContainer(facts, todo) };
}

type Facts = Omit<DiscoveredService, 'kind' | 'settings' | 'certainty' | 'todo'>;

/** What is always true of a service: what Docker says of its containers. */
const asContainer = (facts: Facts, todo: string): DiscoveredService => ({
  ...facts,
  kind: 'container',
  settings: {},
  certainty: 'guess',
  todo,
});

const isWell = ({ facts }: ContainerSighting): boolean =>
  facts.state === 'running' && ['healthy', 'none'].includes(facts.dockerHealth);

const sureWeight = 5;
const likelyWeight = 2;

function certaintyOf({ weight, kind }: Guess): Certainty {
  if (weight >= sureWeight) return 'sure';
  return weight >= likelyWeight && kind !== 'container' ? 'likely' : 'guess';
}

function kindWords(kind: string, settings: Settings): string {
  const words = Object.entries(settings).map(([key, value]) => `${key}: ${value}`);
  return words.length === 0
    ? `{ kind: ${kind} }`
    : `{ kind: ${kind}, settings: { ${words.join(', ')} } }`;
}
