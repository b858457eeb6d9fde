import { createTwoFilesPatch, structuredPatch } from 'diff';
import type { TextFile } from '../../shared/secrets/sight-credentials.ts';
import { blankDotenv, blankYaml } from './blank-values.ts';
import type { ProjectFile } from './project-texts.ts';
import { sightFiles } from './secret-values.ts';

/** The changes of files as a unified diff, with no value of a credential in it. */
export function blankedDiff(before: readonly ProjectFile[], after: readonly TextFile[]): string {
  const credentials = sightFiles(before);
  return after
    .map(({ name, text }) => {
      const old = before.find((file) => file.name === name);
      const hide = (own: string) =>
        old?.role === 'environment' ? blankDotenv(own) : blankYaml(own, credentials);
      return createTwoFilesPatch(name, name, hide(old?.text ?? ''), hide(text), '', '', {
        context: 2,
      }).replace(/^Index: .*\n=+\n/, '');
    })
    .join('');
}

/** `compose.yaml (+12 -5), .env (-4)` */
export function changedFiles(before: readonly ProjectFile[], after: readonly TextFile[]): string {
  return after
    .map(({ name, text }) => {
      const old = before.find((file) => file.name === name)?.text ?? '';
      const lines = structuredPatch(name, name, old, text, '', '', { context: 0 }).hunks.flatMap(
        (hunk) => hunk.lines,
      );
      const counts = ['+', '-'].flatMap((sign) => {
        const count = lines.filter((line) => line.startsWith(sign)).length;
        return count === 0 ? [] : [`${sign}${count}`];
      });
      return `${name} (${counts.join(' ')})`;
    })
    .join(', ');
}
