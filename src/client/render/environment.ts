import type { EnvironmentFinding } from '../../shared/environment/audit.ts';
import type { Style } from './style.ts';
import { labelled } from './text.ts';

/** Findings about an environment file, each with its line and what to do. */
export function environmentLines(
  findings: readonly EnvironmentFinding[],
  width: number,
  style: Style,
): string[] {
  return findings.flatMap(({ severity, line, what, fix }) => {
    const place = line === undefined ? '' : `line ${line}: `;
    const label = severity === 'error' ? 'error    ' : 'warning  ';
    const [first = '', ...rest] = labelled(label, `${place}${what}`, width);
    const paint = severity === 'error' ? style.bad : style.caution;
    return [
      `${paint(first.slice(0, label.length))}${first.slice(label.length)}`,
      ...rest,
      ...labelled('  fix    ', fix, width),
    ];
  });
}
