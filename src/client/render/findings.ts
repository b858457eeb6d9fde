import type { Finding, Verdict } from '../doctor/check.ts';
import type { Style } from './style.ts';
import { labelled, padEnd } from './text.ts';

const tones: Readonly<Record<Verdict, keyof Style>> = { ok: 'good', warn: 'caution', fail: 'bad' };

/** One check a line, its fix below it. */
export function findingLines(findings: readonly Finding[], width: number, style: Style): string[] {
  const nameWidth = Math.max(0, ...findings.map(({ name }) => name.length));
  return findings.flatMap(({ name, verdict, observed, fix }) => {
    const [first = '', ...rest] = labelled(
      `${padEnd(verdict, 4)}  ${padEnd(name, nameWidth)}  `,
      observed,
      width,
    );
    return [
      `${style[tones[verdict]](first.slice(0, 4))}${first.slice(4)}`,
      ...rest,
      ...(fix === undefined ? [] : labelled(`      ${padEnd('fix', nameWidth)}  `, fix, width)),
    ];
  });
}
