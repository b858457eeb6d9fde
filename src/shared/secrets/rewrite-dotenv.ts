import { parseDotenv } from '../environment/dotenv.ts';
import { applyEdits, lineEnd, lineStart } from './text-edits.ts';

/** An environment file without some variables: their lines go, whatever stands on others stays. */
export function removeVariables(text: string, names: ReadonlySet<string>): string {
  let offset = 0;
  const edits = parseDotenv(text).segments.flatMap((segment) => {
    const start = offset;
    offset += segment.text.length;
    if (segment.entry === undefined || !names.has(segment.entry.name)) return [];
    return [{ start: lineStart(text, start), end: lineEnd(text, offset), text: '' }];
  });
  return applyEdits(text, edits);
}
