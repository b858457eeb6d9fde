import type { ComposeReference } from './compose-references.ts';
import type { TemplateReference } from './interpolation.ts';
import { alwaysSet } from './missing.ts';
import { type DeclaredVariable, type DeclaredVariables, sourcesOf } from './variables.ts';

/** Where the value of a variable comes from. */
type Origin =
  /** A person sets it; nothing works without. */
  | 'required'
  | 'default'
  | 'derived'
  /** A secret that deploy makes up once. */
  | 'generated'
  /** Nobody has to set it. */
  | 'optional';

/** Whole words: a port of KEYCLOAK is no key. */
const secretWord = /(?:^|_)(?:password|passwd|passphrase|secret|token|key|credentials?)(?:_|$)/i;

interface VariableUse {
  readonly place: string;
  readonly need: TemplateReference['need'];
}

/** Everything that is known about a variable of a platform but its value. */
export interface VariableReference {
  readonly name: string;
  readonly description: string;
  /** False for one that only a compose file knows. */
  readonly declared: boolean;
  /** `maybe`: nobody declares it to be one, but it is called like one. */
  readonly secret: 'yes' | 'maybe' | 'no';
  readonly origin: Origin;
  /** Never of a secret, nor of what is called like one. */
  readonly default?: string;
  /** The template; the values of its variables do not stand in it. */
  readonly derive?: string;
  readonly usedAt: readonly VariableUse[];
  /** Variables that are derived from this one. */
  readonly derives: readonly string[];
}

/** The variables of a platform: the declared ones in their order, then those that only compose knows. */
export function environmentReference(
  declared: DeclaredVariables,
  references: readonly ComposeReference[],
): readonly VariableReference[] {
  const others = new Set(references.map(({ name }) => name));
  for (const name of [...Object.keys(declared), ...alwaysSet]) others.delete(name);
  return [
    ...Object.entries(declared).map(([name, variable]) => ({
      ...declaredFacts(name, variable),
      ...usesOf(name, declared, references),
    })),
    ...[...others].sort().map((name) => {
      const uses = usesOf(name, declared, references);
      return { ...foreignFacts(name, uses.usedAt), ...uses };
    }),
  ];
}

type Facts = Omit<VariableReference, 'usedAt' | 'derives'>;

function declaredFacts(name: string, variable: DeclaredVariable): Facts {
  const { description, derive } = variable;
  const secret = variable.secret === undefined ? byName(name) : 'yes';
  const known = variable.default;
  return {
    name,
    description,
    declared: true,
    secret,
    origin: originOf(variable),
    ...(known === undefined || secret !== 'no' ? {} : { default: known }),
    ...(derive === undefined ? {} : { derive }),
  };
}

/** Whether a variable is called like a secret. */
export const isCalledSecret = (name: string): boolean => secretWord.test(name);

const byName = (name: string): 'maybe' | 'no' => (isCalledSecret(name) ? 'maybe' : 'no');

function originOf(variable: DeclaredVariable): Origin {
  if (variable.secret !== undefined) return 'generated';
  if (variable.derive !== undefined) return 'derived';
  if (variable.default !== undefined) return 'default';
  return variable.required ? 'required' : 'optional';
}

function foreignFacts(name: string, usedAt: readonly VariableUse[]): Facts {
  const origin: Origin = usedAt.every(({ need }) => need === 'optional') ? 'optional' : 'required';
  return { name, description: '', declared: false, secret: byName(name), origin };
}

/** Two references of a line are one use, at the stricter need; the order is that of the files. */
function usesOf(
  name: string,
  declared: DeclaredVariables,
  references: readonly ComposeReference[],
) {
  const needs = { must: 0, plain: 1, optional: 2 } as const;
  const byPlace = new Map<string, VariableUse>();
  for (const { place, need, name: used } of references) {
    const known = byPlace.get(place);
    if (used !== name || (known !== undefined && needs[known.need] <= needs[need])) continue;
    byPlace.set(place, { place, need });
  }
  const derives = Object.keys(declared).filter((other) =>
    sourcesOf(declared, other).includes(name),
  );
  return { usedAt: [...byPlace.values()], derives };
}
