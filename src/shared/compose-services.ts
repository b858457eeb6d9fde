import { asList, asObject, composeValue } from './environment/compose-document.ts';

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
  const { services, include } = asObject(composeValue(composeText));
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
