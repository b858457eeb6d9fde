import type { Coverage } from '../local/read-platforms.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** One table a platform: a service a line, a capability a column. */
export function coverageLines(
  platforms: readonly Coverage[],
  width: number,
  style: Style,
): readonly string[] {
  return platforms.flatMap(({ platform, capabilities, services }, index) => [
    ...(index === 0 ? [] : ['']),
    ...table(
      [`SERVICE OF ${platform}`, 'KIND', ...capabilities.map(({ name }) => name.toUpperCase())],
      services.map(({ service, kind, described, covered }) => [
        service,
        described ? kind : `${kind} (not in the file)`,
        ...capabilities.map(({ name }) => (covered.includes(name) ? 'covered' : 'not covered')),
      ]),
      width,
      style,
    ),
  ]);
}

/** What is missing, by name. */
export function gapLines({ platform, capabilities, services }: Coverage): readonly string[] {
  const gaps = capabilities.flatMap(({ name, meaning }) => {
    const without = services.filter(({ notCovered }) => notCovered.includes(name));
    if (without.length === 0) return [];
    return [
      `${platform}: ${name} (${meaning}) of ${without.map((s) => s.service).join(', ')} is not covered`,
    ];
  });
  return gaps.length > 0 ? gaps : [`${platform}: every service has every capability there is`];
}
