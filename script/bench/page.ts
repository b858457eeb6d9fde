import { readFile, writeFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';
import type { Figure } from './measure.ts';

export interface Bench {
  readonly schema: 'runbook.bench/v1';
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly seconds: number;
  readonly figures: readonly (Figure & { readonly kept: boolean })[];
}

const measuredOf = ({ value, unit }: Pick<Figure, 'value' | 'unit'>): string =>
  unit === 'x'
    ? `${value.toFixed(2)} ×`
    : `${value.toFixed(['events', 'logins'].includes(unit) ? 0 : 1)} ${unit}`;

const budgetOf = ({ budget, unit }: Figure): string => {
  if (budget === undefined) return '';
  const [sign, value] = 'atMost' in budget ? ['≤', budget.atMost] : ['≥', budget.atLeast];
  return `${sign} ${value} ${unit === 'x' ? '×' : unit}`;
};

const verdict = ({ budget, kept }: Bench['figures'][number]): string => {
  if (budget === undefined) return '';
  return kept ? 'ok' : 'over';
};

/** For a terminal: one line a figure, what it was made of below. */
export function benchText({ figures, machine, commit, seconds }: Bench): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  const lines = figures.flatMap((figure) => [
    [
      figure.what.padEnd(width),
      measuredOf(figure).padStart(12),
      budgetOf(figure).padStart(13),
      verdict(figure),
    ]
      .join('  ')
      .trimEnd(),
    `  ${figure.detail}`,
  ]);
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return [...lines, '', `${facts.join(', ')}`, `commit ${commit}, ${seconds} s`, ''].join('\n');
}

/** For docs/performance.md. */
export function benchTable({ figures, machine, commit, date, seconds }: Bench): string {
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return [
    `Measured on ${date.slice(0, 10)} at commit ${commit}, in ${seconds} s: ${facts.join('; ')}.`,
    '',
    '| what | measured | budget | | made of |',
    '|---|---|---|---|---|',
    ...figures.map(
      (figure) =>
        `| ${figure.what} | ${measuredOf(figure)} | ${budgetOf(figure)} | ${verdict(figure)} | ${figure.detail} |`,
    ),
  ].join('\n');
}

const [begin, end] = ['<!-- bench -->\n', '\n<!-- /bench -->'] as const;

/** Puts the table between the marks of the page; what stands around them is left alone. */
export async function writeTable(page: string, bench: Bench): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no marks for the table of the benchmark`);
  const head = text.slice(0, from + begin.length);
  await writeFile(page, head + benchTable(bench) + text.slice(to));
}
