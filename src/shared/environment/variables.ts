import type { PlatformFile } from '../platform-file.ts';
import { interpolate, templateReferences } from './interpolation.ts';

/** The variables that a platform file declares, in its order. */
export type DeclaredVariables = PlatformFile['environment']['variables'];
export type DeclaredVariable = DeclaredVariables[string];

/** The declared variable of a name; names like `constructor` find nothing. */
export function declaredVariable(
  declared: DeclaredVariables,
  name: string,
): DeclaredVariable | undefined {
  return Object.hasOwn(declared, name) ? declared[name] : undefined;
}

export const secretVariables = (declared: DeclaredVariables): readonly string[] =>
  Object.keys(declared).filter((name) => declared[name]?.secret !== undefined);

/** The value that a derived variable should have; undefined for one that is not derived. */
export function derivedValue(
  variable: DeclaredVariable | undefined,
  lookup: (name: string) => string | undefined,
): string | undefined {
  return variable?.derive === undefined ? undefined : interpolate(variable.derive, lookup).value;
}

/** Names in an order in which each one comes after those it is derived from; a cycle is cut, not followed. */
export function sourcesFirst(
  declared: DeclaredVariables,
  names: readonly string[],
): readonly string[] {
  const wanted = new Set(names);
  const visited = new Set<string>();
  const ordered: string[] = [];
  const visit = (name: string) => {
    if (visited.has(name)) return;
    visited.add(name);
    for (const source of sourcesOf(declared, name)) visit(source);
    if (wanted.has(name)) ordered.push(name);
  };
  names.forEach(visit);
  return ordered;
}

/** The variables that a derived one refers to directly. */
export function sourcesOf(declared: DeclaredVariables, name: string): readonly string[] {
  const derive = declaredVariable(declared, name)?.derive;
  return derive === undefined ? [] : templateReferences(derive).map((reference) => reference.name);
}

/** A chain of derived variables that leads back to its start, such as `A -> B -> A`. */
export function deriveCycle(
  declared: DeclaredVariables,
  from: string,
): readonly string[] | undefined {
  const chain = [from];
  const seen = new Set(chain);
  const search = (last: string): boolean => {
    for (const source of sourcesOf(declared, last)) {
      if (source !== from && seen.has(source)) continue;
      seen.add(source);
      chain.push(source);
      if (source === from || search(source)) return true;
      chain.pop();
    }
    return false;
  };
  return search(from) ? chain : undefined;
}
