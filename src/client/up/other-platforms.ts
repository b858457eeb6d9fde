import { resolve } from 'node:path';
import { CommandError } from '../errors.ts';
import { shownPath } from '../local/paths.ts';
import { shellWord } from '../render/text.ts';
import type { UpNote } from './note.ts';

/** Refuses platform files that the worker of the running `up` was not started with: it will never know them. */
export function requireKnownPlatforms(
  asked: readonly string[],
  { platforms: known }: Pick<UpNote, 'platforms'>,
  cwd: string,
): void {
  // An `up` of an earlier version has not noted its files: nothing can be compared.
  if (known === undefined) return;
  const wanted = asked.map((file) => resolve(cwd, file));
  const missing = wanted.filter((file) => !known.includes(file));
  if (missing.length === 0) return;
  const shown = (file: string) => shownPath(file, cwd);
  const flags = [...new Set([...known, ...wanted])].map(
    (file) => `--platform ${shellWord(shown(file))}`,
  );
  throw new CommandError('RB_UP_OTHER_PLATFORMS', 'runbook is up with other platforms', {
    why:
      `its worker was started with ${known.map(shown).join(', ') || 'none'}, ` +
      `not with ${missing.map(shown).join(', ')}`,
    fix: `runbook down, then runbook up ${flags.join(' ')}`,
    context: { changed: false },
  });
}
