import { createTwoFilesPatch, structuredPatch } from 'diff';
import { parseDotenv } from '../../shared/environment/dotenv.ts';
import type { TextFile } from '../../shared/secrets/sight-credentials.ts';
import type { ProjectFile } from './project-texts.ts';
import { sightFiles } from './secret-values.ts';

/** The changes of files as a unified diff, with no value of a credential in it. */
export function blankedDiff(before: readonly ProjectFile[], after: readonly TextFile[]): string {
  const blank = blanker(before);
  return after
    .map(({ name, text }) => {
      const old = before.find((file) => file.name === name);
      const hide = old?.role === 'environment' ? hideAssignments : blank;
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

const hidden = '[value]';

function blanker(files: readonly ProjectFile[]): (text: string) => string {
  const values = [...new Set(sightFiles(files).map(({ value }) => value))].sort(
    (a, b) => b.length - a.length,
  );
  return (text) => values.reduce((left, value) => left.replaceAll(standing(value), hidden), text);
}

/** A short value is no part of a longer word. */
function standing(value: string): RegExp {
  const literal = value.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return value.length >= 8
    ? new RegExp(literal, 'g')
    : new RegExp(`(?<!\\w)${literal}(?!\\w)`, 'g');
}

/** Of an environment file no value at all is shown: nobody has said which of them are harmless. */
function hideAssignments(text: string): string {
  return parseDotenv(text)
    .segments.map(({ text: own, valueStart }) =>
      valueStart === undefined ? own : `${own.slice(0, valueStart)}${hidden}`,
    )
    .join('');
}
