import type { DefinitionFile } from '../shared/definition-file.ts';
import { isNamesParam } from '../shared/names-param.ts';
import { membersOf, type Platform } from '../shared/platform-file.ts';

/** The services that a run is about by its parameters; none when it is about its platform as a whole. */
export function servicesNamedBy(
  { params: definitions }: DefinitionFile,
  params: Readonly<Record<string, unknown>>,
  platform: Platform,
): readonly string[] {
  return Object.entries(definitions).flatMap(([name, { type }]) => {
    if (!isNamesParam(type)) return [];
    const names = (params[name] ?? []) as readonly string[];
    return type === 'services' ? names : names.flatMap((secret) => servicesOf(secret, platform));
  });
}

/** Who accepts a secret, and who reads it. */
function servicesOf(secret: string, { secrets, services }: Platform): readonly string[] {
  const item = secrets.items[secret];
  if (item === undefined) return [];
  const readers = Object.keys(item.deliver).map((consumer) =>
    Object.keys(services).find((name) =>
      membersOf(name, services[name] as Platform['services'][string]).includes(consumer),
    ),
  );
  const accepting = item.credential?.service;
  return [
    ...(accepting === undefined ? [] : [accepting]),
    ...readers.filter((name) => name !== undefined),
  ];
}
