import { parse } from 'yaml';
import { asList, composeDocument } from './environment/compose-document.ts';
import { limits } from './limits.ts';

/** A compose service as the text of one file shows it, without what it extends and without other files. */
export interface WrittenService {
  readonly name: string;
  readonly profiles: readonly string[];
  /** Compose services that it waits for until they have ended well. */
  readonly waitsForEndOf: readonly string[];
}

export interface WrittenCompose {
  readonly services: readonly WrittenService[];
  /** Files that it includes, as written. */
  readonly includes: readonly string[];
}

/** What stands in a compose file; nothing of one that is no YAML, which is for Compose to complain about. */
export function writtenCompose(composeText: string): WrittenCompose {
  const { services, include } = asObject(plainValue(composeText));
  return {
    services: Object.entries(asObject(services)).map(([name, service]) => {
      const { profiles, depends_on: dependsOn } = asObject(service);
      return {
        name,
        profiles: asList(profiles).map(String),
        waitsForEndOf: Object.entries(asObject(dependsOn)).flatMap(([other, how]) =>
          asObject(how).condition === 'service_completed_successfully' ? [other] : [],
        ),
      };
    }),
    includes: asList(include)
      .flatMap((entry) => (typeof entry === 'string' ? [entry] : asList(asObject(entry).path)))
      .filter((path) => typeof path === 'string'),
  };
}

function plainValue(text: string): unknown {
  if (composeDocument(text) === undefined) return undefined;
  try {
    return parse(text, { merge: true, maxAliasCount: limits.yamlAliases, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
