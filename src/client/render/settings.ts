import type { Setting } from '../config/setting.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';

/** A path that is cut is of no use: a line may be longer than the terminal. */
const width = 10_000;

/** Settings with their values and where they come from; what is set by nobody is drawn faintly. */
export function settingLines(settings: readonly Setting[], style: Style): string[] {
  const rows = settings.map((one) => [one.name, one.value ?? '-', sourceWords(one)]);
  const [head = '', ...lines] = table(['SETTING', 'VALUE', 'FROM'], rows, width, style);
  return [
    head,
    ...lines.map((line, index) =>
      settings[index]?.source === 'default' ? style.faint(line) : line,
    ),
  ];
}

function sourceWords({ source, from, why }: Setting): string {
  if (why !== undefined) return why;
  if (source === 'profile') return `profile ${from}`;
  if (source === 'up') return `up, in ${from}`;
  return from ?? source;
}
